/*
 * The only program of the guest: makes pages of every kind, says what /proc/PID/pagemap says of each, and waits for the
 * dump. One line each on the console, all after "live ":
 *
 *   kernel RELEASE PAGE_SIZE HUGE_PAGE_SIZE
 *   note TEXT                                what this kernel does not have
 *   region CASE PID ADDRESS PAGES EXCLUSIVE  the marker that its pages on swap must have: 1, 0, or - where none is known
 *   page PID ADDRESS WORD                    in hex, as pagemap has it
 *   end LINES                                how many lines of pages there were
 *   swapped PID COUNT                        pages on swap of a process that has very many (live.pages=N)
 *   kcore ps 0 LENGTH                        bytes that `swp-pte ps /proc/kcore` wrote to the second disk; -STATUS if it failed
 *   kcore walk PID LENGTH                    the same of `swp-pte walk /proc/kcore --pid PID --json`, behind it
 *   moving ENTRY PID ADDRESS PAGES           pages that are moved from now on, and the migration entry that they have meanwhile
 *   ready                                    for the dump
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the C library's headers may be too old for; the numbers are those of the kernel's uapi headers. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFDIO_POISON
struct uffdio_poison {
    struct uffdio_range range;
    __u64 mode;
    __s64 pages_updated;
};
#define UFFDIO_POISON _IOWR(UFFDIO, 0x08, struct uffdio_poison)
#endif

enum {
    FORKED, CLEARED, SWAP, HALF, WP, WP_UNPOPULATED, NONE_SWAPPED, NONE, HUGE_PRESENT, HUGE_SWAPPED, READ_BACK, IN_MEMORY,
    HWPOISON, POISON, GUARD, SECOND, SECOND_WP, CASES
};
static const char *const names[CASES] = {
    [FORKED] = "fork", [CLEARED] = "soft-dirty-cleared", [SWAP] = "swapped", [HALF] = "half-untouched", [WP] = "uffd-wp",
    [WP_UNPOPULATED] = "uffd-wp-marker", [NONE_SWAPPED] = "prot-none-swapped", [NONE] = "prot-none", [HUGE_PRESENT] = "huge",
    [HUGE_SWAPPED] = "huge-swapped", [READ_BACK] = "read-back", [IN_MEMORY] = "in-memory", [HWPOISON] = "hwpoison",
    [POISON] = "poison-marker", [GUARD] = "guard-marker", [SECOND] = "second-file", [SECOND_WP] = "second-file-uffd-wp",
};

long page, huge;
static int console;
static unsigned long lines;

void say(const char *format, ...)
{
    char line[256] = "live ";
    va_list arguments;
    va_start(arguments, format);
    int length = 5 + vsnprintf(line + 5, sizeof line - 6, format, arguments);
    va_end(arguments);
    line[length++] = '\n';
    for (int at = 0; at < length;) {
        ssize_t written = write(console, line + at, length - at);
        if (written > 0)
            at += written;
    }
}

void note(const char *what)
{
    say("note %s: %s", what, strerror(errno));
}

int put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    if (file < 0)
        return -1;
    int result = write(file, text, strlen(text)) < 0 ? -1 : 0;
    close(file);
    return result;
}

static void load_modules(void)
{
    char name[128], path[160];
    FILE *list = fopen("/modules", "r");
    while (list && fscanf(list, "%127s", name) == 1) {
        snprintf(path, sizeof path, "/lib/%s", name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || (syscall(SYS_finit_module, file, "", 0) && errno != EEXIST && errno != ENODEV))
            note(name);
        close(file);
    }
}

/* A swap signature as mkswap writes it, and swapon. */
static int swap_on(const char *device, int priority)
{
    int file = -1;
    for (int i = 0; i < 100 && (file = open(device, O_RDWR)) < 0; i++)
        usleep(100000);
    off_t size = file < 0 ? 0 : lseek(file, 0, SEEK_END);
    char *header = calloc(1, page);
    uint32_t info[3] = { 1, size / page - 1, 0 };
    memcpy(header + 1024, info, sizeof info);
    memcpy(header + page - 10, "SWAPSPACE2", 10);
    int wrong = size < 16 * page || pwrite(file, header, page, 0) != page || fsync(file);
    close(file);
    free(header);
    if (wrong || swapon(device, SWAP_FLAG_PREFER | priority)) {
        note(device);
        return -1;
    }
    return 0;
}

static char *at(int which)
{
    return (char *)(BASE + which * APART);
}

static long pages_of(int which)
{
    return which == HUGE_PRESENT || which == HUGE_SWAPPED ? huge / page : which == HWPOISON ? 2 : 32;
}

static size_t size_of(int which)
{
    return pages_of(which) * page;
}

/* No page like another: they would be compressed away. */
static void touch(int which, long from, long step)
{
    for (long i = from; i < pages_of(which); i += step) {
        uint64_t *words = (uint64_t *)(at(which) + i * page), next = which * 1000003 + i + 1;
        for (long j = 0; j < page / 8; j++) {
            next ^= next << 13, next ^= next >> 7, next ^= next << 17;
            words[j] = next;
        }
    }
}

uint64_t pagemap(int file, char *address)
{
    uint64_t word = 0;
    if (pread(file, &word, 8, (uintptr_t)address / page * 8) != 8)
        note("pagemap");
    return word;
}

static void page_out(int file, int which)
{
    long left = 1;
    for (int i = 0; i < 100 && left; i++) {
        if (madvise(at(which), size_of(which), MADV_PAGEOUT)) {
            note(names[which]);
            return;
        }
        left = 0;
        for (long j = 0; j < pages_of(which); j++)
            left += (pagemap(file, at(which) + j * page) & PRESENT) != 0;
        if (left)
            usleep(20000);
    }
    if (left)
        say("note %s: %ld pages stay in memory", names[which], left);
}

/* Registers for what is asked; 0 if this kernel has it. */
static int user_fault(int fd, int which, uint64_t mode)
{
    struct uffdio_register ask = { .range = { (uintptr_t)at(which), size_of(which) }, .mode = mode };
    return ioctl(fd, UFFDIO_REGISTER, &ask);
}

static int write_protect(int fd, int which)
{
    struct uffdio_writeprotect ask = { .range = { (uintptr_t)at(which), size_of(which) },
                                       .mode = UFFDIO_WRITEPROTECT_MODE_WP };
    return ioctl(fd, UFFDIO_WRITEPROTECT, &ask);
}

/* The descriptor with as many of the features as this kernel has. */
static int user_fault_open(void)
{
    static const uint64_t features[] = { UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_UNPOPULATED,
                                         UFFD_FEATURE_PAGEFAULT_FLAG_WP, 0 };
    for (int i = 0; i < 3; i++) {
        int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
        struct uffdio_api api = { .api = UFFD_API, .features = features[i] };
        if (fd < 0 || ioctl(fd, UFFDIO_API, &api) == 0)
            return fd;
        close(fd);
    }
    return -1;
}

static void report(int which, int file, int pid, char exclusive)
{
    say("region %s %d %llx %ld %c", names[which], pid, (unsigned long long)(uintptr_t)at(which), pages_of(which), exclusive);
    for (long i = 0; i < pages_of(which); i++, lines++) {
        char *address = at(which) + i * page;
        say("page %d %llx %llx", pid, (unsigned long long)(uintptr_t)address, (unsigned long long)pagemap(file, address));
    }
}

static void heard(int signal)
{
    (void)signal;
}

static void victim(int answer)
{
    char has[CASES];
    memset(has, 1, sizeof has);
    prctl(PR_SET_NAME, "victim");
    /* MADV_HWPOISON sends it, and kills who ignores it; nobody reads the lost page again. */
    signal(SIGBUS, heard);
    int file = open("/proc/self/pagemap", O_RDONLY);
    for (int i = 0; i < CASES; i++) {
        char *got = mmap(at(i), i == HUGE_PRESENT || i == HUGE_SWAPPED ? (size_t)huge : size_of(i), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (got != at(i)) {
            note("mmap");
            return;
        }
        madvise(at(i), size_of(i), i == HUGE_PRESENT || i == HUGE_SWAPPED ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    }

    /* What is on swap when a process forks is no longer its own. */
    touch(FORKED, 0, 1);
    page_out(file, FORKED);
    int child = fork();
    if (child == 0) {
        prctl(PR_SET_NAME, "child");
        close(answer); /* Or nobody would hear that its parent died. */
        for (;;)
            pause();
    }

    /* Clears the mappings' own flag too, so that pagemap tells of the pages from here on. */
    touch(CLEARED, 0, 1);
    if (put("/proc/self/clear_refs", "4"))
        note("clear_refs");
    touch(CLEARED, 0, 2);

    int fd = user_fault_open();
    if (fd < 0)
        note("userfaultfd");
    static const int wp[] = { WP, WP_UNPOPULATED, SECOND_WP };
    for (int i = 0; i < 3; i++) {
        int which = wp[i];
        if (user_fault(fd, which, UFFDIO_REGISTER_MODE_WP)) {
            note(names[which]);
            has[which] = 0;
            continue;
        }
        if (which != WP_UNPOPULATED)
            touch(which, 0, 1);
        if (write_protect(fd, which)) {
            note(names[which]);
            has[which] = 0;
        }
    }
    struct uffdio_poison poison = { .range = { (uintptr_t)at(POISON), size_of(POISON) } };
    if (user_fault(fd, POISON, UFFDIO_REGISTER_MODE_MISSING) || ioctl(fd, UFFDIO_POISON, &poison)) {
        note(names[POISON]);
        has[POISON] = 0;
    }
    if (madvise(at(GUARD), size_of(GUARD), MADV_GUARD_INSTALL)) {
        note(names[GUARD]);
        has[GUARD] = 0;
    }

    static const int whole[] = { SWAP, NONE_SWAPPED, NONE, HUGE_PRESENT, HUGE_SWAPPED, READ_BACK, IN_MEMORY, HWPOISON, SECOND };
    for (unsigned i = 0; i < sizeof whole / sizeof *whole; i++)
        touch(whole[i], 0, 1);
    touch(HALF, 0, 2);
    static const int out[] = { CLEARED, SWAP, HALF, WP, NONE_SWAPPED, HUGE_SWAPPED, READ_BACK };
    for (unsigned i = 0; i < sizeof out / sizeof *out; i++)
        if (has[out[i]])
            page_out(file, out[i]);
    mprotect(at(NONE_SWAPPED), size_of(NONE_SWAPPED), PROT_NONE);
    mprotect(at(NONE), size_of(NONE), PROT_NONE);
    for (long i = 0; i < pages_of(READ_BACK); i += 3)
        *(volatile char *)(at(READ_BACK) + i * page);
    if (madvise(at(HWPOISON), size_of(HWPOISON), MADV_HWPOISON)) {
        note(names[HWPOISON]);
        has[HWPOISON] = 0;
    }

    if (swap_on("/dev/zram0", 5) == 0) {
        page_out(file, SECOND);
        if (has[SECOND_WP])
            page_out(file, SECOND_WP);
    }

    /* Nothing is to move while it is told. */
    sync();
    sleep(1);
    for (int i = 0; i < CASES; i++) {
        char exclusive = i == FORKED ? '0' : i == HWPOISON || i == POISON || i == GUARD || i == WP_UNPOPULATED ? '-' : '1';
        report(i, file, getpid(), exclusive);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", child);
    int other = open(path, O_RDONLY);
    report(FORKED, other, child, '0');
    say("end %lu", lines);
    if (write(answer, &child, sizeof child) != sizeof child)
        note("pipe");
    for (;;)
        pause();
}

/* What stands behind a name on the kernel's command line, a number. */
static long parameter(const char *name)
{
    char text[4096] = "";
    int file = open("/proc/cmdline", O_RDONLY);
    if (file < 0 || read(file, text, sizeof text - 1) < 0)
        note("cmdline");
    close(file);
    const char *found = strstr(text, name);
    return found ? atol(found + strlen(name)) : 0;
}

/* Starts a process, and waits until it answers. */
static int begin(long what, int *answered)
{
    int ends[2], status = 0;
    if (pipe(ends))
        note("pipe");
    int pid = fork();
    if (pid == 0) {
        if (what < 0)
            mover(ends[1]);
        else if (what > 0)
            swapped(what, ends[1]);
        else
            victim(ends[1]);
        _exit(1);
    }
    close(ends[1]);
    if (read(ends[0], answered, sizeof *answered) != sizeof *answered)
        waitpid(pid, &status, 0), say(what < 0 ? "note mover %d ended with %x" : "failed: %d ended with %x", pid, status);
    close(ends[0]);
    return pid;
}

int main(void)
{
    mkdir("/proc", 0755), mkdir("/sys", 0755), mkdir("/dev", 0755);
    mount("proc", "/proc", "proc", 0, "");
    mount("sysfs", "/sys", "sysfs", 0, "");
    mount("devtmpfs", "/dev", "devtmpfs", 0, "");
    console = open("/dev/console", O_WRONLY);
    klogctl(8, NULL, 1); /* The console is ours. */
    page = sysconf(_SC_PAGESIZE);
    struct utsname system;
    uname(&system);

    char text[32] = "";
    int file = open("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", O_RDONLY);
    ssize_t got = read(file, text, sizeof text - 1);
    huge = got > 0 ? atol(text) : 0;
    if (!huge || huge > (long)APART) {
        say("note huge pages of %ld bytes: not used", huge);
        huge = 32 * page;
    }
    say("kernel %s %ld %ld", system.release, page, huge);
    /* What was told of pages must hold until the dump: nobody moves them to make room for huge ones. */
    put("/proc/sys/vm/compaction_proactiveness", "0");
    put("/sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "0");
    load_modules();
    long many = parameter("live.pages=");
    if (many)
        put("/sys/block/vda/queue/rotational", "0"); /* Swap takes huge pages whole on such disks only. */
    else if (put("/sys/block/zram0/disksize", "32M"))
        note("zram");
    swap_on("/dev/vda", 1);

    int child, pid = begin(many, &child);
    if (!many) {
        ask_kcore((const int[]){ pid, child, 0 });
        if (access("/sys/devices/system/node/node1", F_OK) == 0)
            begin(-1, &child);
    }
    say("ready");
    for (;;)
        pause();
}
