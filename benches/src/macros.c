/*
 * The layouts one word at a time, as on a fault path, each operation in a loop over an array. Decoding asks for none and
 * present first, as the kernel's callers do.
 */
#include "layouts.h"

/* One word at a time: without this, a compiler may make several at once of a loop. */
static inline u64 alone(u64 word)
{
	__asm__ volatile("" : "+r"(word));
	return word;
}

/*
 * A word and what becomes of it, side by side, so that a loop has one pointer; eight a turn, so that the loop itself,
 * and where it happens to lie in memory, costs next to nothing.
 */
struct pair {
	u64 in, out;
};

#define TURN(ONE, arch) \
	ONE(arch, 0) ONE(arch, 1) ONE(arch, 2) ONE(arch, 3) ONE(arch, 4) ONE(arch, 5) ONE(arch, 6) ONE(arch, 7)

/* A function over all words; it stops at the first that it refuses, and returns whether there was none. */
#define EACH(ONE, arch, name) \
	int arch##_##name(struct pair (*turn)[8], size_t turns) \
	{ \
		for (struct pair (*end)[8] = turn + turns; turn != end; turn++) { \
			TURN(ONE, arch) \
		} \
		return 1; \
	}

#define IN(k) (*turn)[k].in
#define OUT(k) (*turn)[k].out

#define ENCODE(arch, k) OUT(k) = alone(arch##_pack(entry_type(IN(k)), entry_offset(IN(k))));
/* The same with what the Rust encoders refuse: what does not fit, and what would read as none. */
#define ENCODE_CHECKED(arch, k) \
	{ \
		u64 pte = arch##_pack(entry_type(IN(k)), entry_offset(IN(k))); \
		if (entry_offset(IN(k)) > arch##_max_offset || arch##_none(pte)) \
			return 0; \
		OUT(k) = alone(pte); \
	}
#define DECODE(arch, k) \
	{ \
		u64 pte = alone(IN(k)); \
		if (arch##_none(pte) || arch##_present(pte)) \
			return 0; \
		OUT(k) = entry(arch##_type(pte), arch##_offset(pte)); \
	}
#define IS_EXCLUSIVE(arch, k) OUT(k) = (alone(IN(k)) & arch##_exclusive) != 0;
#define MK_EXCLUSIVE(arch, k) OUT(k) = alone(IN(k)) | arch##_exclusive;
#define CLEAR_EXCLUSIVE(arch, k) OUT(k) = alone(IN(k)) & ~arch##_exclusive;

#define LAYOUT(arch) \
	EACH(ENCODE, arch, encode) \
	EACH(ENCODE_CHECKED, arch, encode_checked) \
	EACH(DECODE, arch, decode) \
	EACH(IS_EXCLUSIVE, arch, is_exclusive) \
	EACH(MK_EXCLUSIVE, arch, mk_exclusive) \
	EACH(CLEAR_EXCLUSIVE, arch, clear_exclusive)

LAYOUT(x86_64)
LAYOUT(s390)
LAYOUT(arm64)
