/*
 * The layouts over whole slices, where a compiler may make several words at once: compiled at -O2 and at -O3, under
 * names that end in LEVEL. Neither loop ends early, as a scan of a page table does not.
 */
#include "layouts.h"

#define NAME_(name, level) name##_##level
#define NAME(name, level) NAME_(name, level)

/* Types and offsets of all swap PTEs, added up; other words are passed over. */
#define DECODE_SUM(arch) \
	u64 NAME(arch##_decode_sum, LEVEL)(const u64 *words, size_t count) \
	{ \
		u64 sum = 0; \
		for (size_t i = 0; i < count; i++) { \
			u64 pte = words[i]; \
			if (!arch##_none(pte) && !arch##_present(pte)) \
				sum += arch##_type(pte) + arch##_offset(pte); \
		} \
		return sum; \
	}

/* A word for each entry, 0 for what the Rust encoder refuses; how many those were. */
#define ENCODE_EACH(arch) \
	size_t NAME(arch##_encode_each, LEVEL)(const u64 *restrict entries, u64 *restrict words, size_t count) \
	{ \
		size_t refused = 0; \
		for (size_t i = 0; i < count; i++) { \
			u64 offset = entry_offset(entries[i]); \
			u64 pte = arch##_pack(entry_type(entries[i]), offset); \
			int fits = offset <= arch##_max_offset && !arch##_none(pte); \
			words[i] = fits ? pte : 0; \
			refused += !fits; \
		} \
		return refused; \
	}

#define LAYOUT(arch) \
	DECODE_SUM(arch) \
	ENCODE_EACH(arch)

LAYOUT(x86_64)
LAYOUT(s390)
LAYOUT(arm64)
