/*
 * Moves its pages to and fro between two nodes of memory, so that a machine that is stopped has them in the middle of it. Each
 * page begins with its address: the frame that a migration entry names must have it.
 */
#include "guest.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <errno.h>
#include <unistd.h>

/* Kernels from 6.3 on take up to 512 out of the page tables before they move the first. */
#define COUNT 512
#define MOVE_ALL 4 /* MPOL_MF_MOVE_ALL: pages that a child shares too */

enum { WRITE, READ_EXCLUSIVE, READ, KINDS };
static const char *const kinds[KINDS] = { "migration-write", "migration-read-exclusive", "migration-read" };
static void *addresses[KINDS * COUNT];
static int nodes[KINDS * COUNT], status[KINDS * COUNT];

void mover(int answer)
{
    prctl(PR_SET_NAME, "mover");
    for (int kind = 0; kind < KINDS; kind++) {
        char *start = (char *)(BASE + kind * APART);
        if (mmap(start, COUNT * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != start) {
            note("mmap");
            return;
        }
        madvise(start, COUNT * page, MADV_NOHUGEPAGE);
        for (int i = 0; i < COUNT; i++) {
            addresses[kind * COUNT + i] = start + i * page;
            *(uint64_t *)(start + i * page) = (uintptr_t)start + i * page;
        }
    }
    mprotect((void *)(BASE + READ_EXCLUSIVE * APART), COUNT * page, PROT_READ);
    if (fork() == 0) {
        prctl(PR_SET_NAME, "mover's child");
        close(answer); /* Or nobody would hear that its parent died. */
        for (;;)
            pause();
    }
    /* Its own again, after the child shared them. */
    for (int i = 0; i < COUNT; i++) {
        volatile uint64_t *word = (uint64_t *)(BASE + WRITE * APART + i * page);
        *word = *word;
    }
    mprotect((void *)(BASE + READ_EXCLUSIVE * APART), COUNT * page, PROT_READ | PROT_WRITE);
    for (int i = 0; i < COUNT; i++) {
        volatile uint64_t *word = (uint64_t *)(BASE + READ_EXCLUSIVE * APART + i * page);
        *word = *word;
    }
    mprotect((void *)(BASE + READ_EXCLUSIVE * APART), COUNT * page, PROT_READ);

    for (int node = 1, told = 0;; node ^= 1) {
        for (int i = 0; i < KINDS * COUNT; i++)
            nodes[i] = node;
        if (syscall(SYS_move_pages, 0, (long)KINDS * COUNT, addresses, nodes, status, MOVE_ALL) < 0) {
            note("move_pages");
            return;
        }
        if (!told++) {
            for (int kind = 0; kind < KINDS; kind++)
                say("moving %s %d %llx %d", kinds[kind], getpid(), (unsigned long long)(BASE + kind * APART), COUNT);
            if (write(answer, &(int){ 0 }, sizeof(int)) != sizeof(int))
                note("pipe");
        }
    }
}
