/*
 * One process with very many pages on swap. They are zero: kernels from 6.12 on keep a bit for such a page and write nothing,
 * older ones write it to the disk, which is a hole in a file.
 */
#include "guest.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* How much is in memory before it goes to swap. */
#define STEP (64l << 20)
/* Of every so many pages the console tells the word. */
#define TOLD 5003

void swapped(long pages, int answer)
{
    prctl(PR_SET_NAME, "victim");
    size_t size = (size_t)pages * page;
    char *start = mmap((void *)BASE, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE,
                       -1, 0);
    int file = open("/proc/self/pagemap", O_RDONLY);
    if (start != (char *)BASE || file < 0) {
        note("mmap");
        return;
    }
    /* Huge pages go to swap whole, which is most of the speed. */
    madvise(start, size, MADV_HUGEPAGE);
    uint64_t *words = malloc(STEP / page * 8);
    long count = 0;
    for (size_t at = 0; at < size; at += STEP) {
        size_t length = size - at < STEP ? size - at : STEP;
        for (size_t i = 0; i < length; i += page)
            *(volatile char *)(start + at + i) = 0;
        long left = 1;
        for (int i = 0; i < 20 && left; i++) {
            madvise(start + at, length, MADV_PAGEOUT);
            left = 0;
            if (pread(file, words, length / page * 8, (BASE + at) / page * 8) != (ssize_t)(length / page * 8))
                note("pagemap");
            for (size_t j = 0; j < length / page; j++)
                left += (words[j] & PRESENT) != 0;
            if (left)
                usleep(20000);
        }
        for (size_t j = 0; j < length / page; j++)
            count += (words[j] & SWAPPED) != 0;
        if (at / STEP % 16 == 0)
            say("swapping %ld of %ld", count, pages);
    }
    unsigned long lines = 0;
    for (long i = 0; i < pages; i += TOLD, lines++) {
        char *address = start + i * page;
        say("region bulk %d %llx 1 1", getpid(), (unsigned long long)(uintptr_t)address);
        say("page %d %llx %llx", getpid(), (unsigned long long)(uintptr_t)address, (unsigned long long)pagemap(file, address));
    }
    say("swapped %d %ld", getpid(), count);
    say("end %lu", lines);
    if (write(answer, &(int){ 0 }, sizeof(int)) != sizeof(int))
        note("pipe");
    for (;;)
        pause();
}
