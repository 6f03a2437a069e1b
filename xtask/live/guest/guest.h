/* What the parts of the guest's program share; init.c says what the lines on the console are. */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <stdint.h>

#define PRESENT (1ull << 63)
#define SWAPPED (1ull << 62)

/* Below the end of every machine's user addresses (256 GiB with Sv39), apart by the largest huge page that is used. */
#if UINTPTR_MAX > 0xffffffff
#define BASE ((uintptr_t)0x1000000000)
#define APART ((uintptr_t)32 << 20)
#else
#define BASE ((uintptr_t)0x20000000)
#define APART ((uintptr_t)4 << 20)
#endif

/* Bytes of a page, and of what an entry of the level above maps. */
extern long page, huge;

/* A line on the console. */
void say(const char *format, ...);
/* What this kernel does not have, with errno. */
void note(const char *what);
int put(const char *path, const char *text);
uint64_t pagemap(int file, char *address);

/* So many pages on swap, in the process that calls; then it waits. */
void swapped(long pages, int answer);
/* Goes on moving its pages between two nodes. */
void mover(int answer);
/* What /swp-pte, if it is there, says of the machine that it runs on; to the disk for answers. */
void ask_kcore(const int *pids);
