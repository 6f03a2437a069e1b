/*
 * What the kernel's macros compute for a swap PTE, said again in C.
 *
 * Written for this benchmark from the layouts (arch/x86/include/asm/pgtable_64.h, arch/arm64/include/asm/pgtable.h,
 * arch/s390/include/asm/pgtable.h of 6.12); no line is the kernel's. As there, packing checks nothing: what does not
 * fit is masked or runs over.
 */
#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;

/* A swap entry as include/linux/swapops.h packs it: the type from bit 58 up, the offset below. */
#define TYPE_SHIFT 58
#define LOW_BITS(count) ((1ULL << (count)) - 1)

static inline u64 entry(u64 type, u64 offset) { return type << TYPE_SHIFT | (offset & LOW_BITS(TYPE_SHIFT)); }
static inline u64 entry_type(u64 entry) { return entry >> TYPE_SHIFT; }
static inline u64 entry_offset(u64 entry) { return entry & LOW_BITS(TYPE_SHIFT); }

/* x86_64: type 59..63, offset 9..58 inverted, shifted up and down again to cut it to size; exclusive 3. */
static inline u64 x86_64_pack(u64 type, u64 offset) { return type << 59 | ~offset << 14 >> 5; }
static inline u64 x86_64_type(u64 pte) { return pte >> 59; }
static inline u64 x86_64_offset(u64 pte) { return ~pte << 5 >> 14; }
static inline int x86_64_none(u64 pte) { return !(pte & ~0x60ULL); }
static inline int x86_64_present(u64 pte) { return (pte & 0x101) != 0; }
#define x86_64_max_offset LOW_BITS(50)
#define x86_64_exclusive (1ULL << 3)

/* s390: offset 12..63, type 2..6, protect and invalid (9, 10) set; exclusive 11. */
static inline u64 s390_pack(u64 type, u64 offset)
{
	return 0x600 | (offset & LOW_BITS(52)) << 12 | (type & LOW_BITS(5)) << 2;
}
static inline u64 s390_type(u64 pte) { return pte >> 2 & LOW_BITS(5); }
static inline u64 s390_offset(u64 pte) { return pte >> 12 & LOW_BITS(52); }
static inline int s390_none(u64 pte) { return pte == 0x400; }
static inline int s390_present(u64 pte) { return (pte & 1) != 0; }
#define s390_max_offset LOW_BITS(52)
#define s390_exclusive (1ULL << 11)

/* arm64: type 6..10, offset 12..61, neither masked on the way in; exclusive 2. */
static inline u64 arm64_pack(u64 type, u64 offset) { return type << 6 | offset << 12; }
static inline u64 arm64_type(u64 pte) { return pte >> 6 & LOW_BITS(5); }
static inline u64 arm64_offset(u64 pte) { return pte >> 12 & LOW_BITS(50); }
static inline int arm64_none(u64 pte) { return !pte; }
static inline int arm64_present(u64 pte) { return (pte & 1) || (pte & 0x801) == 0x800; }
#define arm64_max_offset LOW_BITS(50)
#define arm64_exclusive (1ULL << 2)
