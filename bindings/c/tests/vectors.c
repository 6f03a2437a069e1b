/* Every answer of the kernels' headers, and the words of running kernels, through the C interface. Lines on stdin, numbers in hex,
 * `-` for what a kernel does not have; `cargo xtask c` writes them from tests/vectors:
 *   E variant kernel type offset word exclusive soft-dirty uffd-wp none present
 *   R variant kernel word none present type offset, and for each marker: is_set, set, clear
 *   L variant kernel word none present type offset exclusive soft-dirty uffd-wp: what a guest's pagemap said, and how it came to be
 * Prints how many comparisons were made; the exit code is 1 if one of them failed. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "swp_pte.h"

static unsigned long compared, wrong;
static const char *line_now;

static void same(const char *what, uint64_t expected, uint64_t got)
{
	compared++;
	if (expected == got)
		return;
	if (wrong++ < 20)
		fprintf(stderr, "%s: expected %#" PRIx64 ", got %#" PRIx64 " in: %s\n", what, expected, got, line_now);
}

/* The next field; false if the kernel does not have it. */
static bool next(char **rest, uint64_t *value)
{
	const char *field = strsep(rest, " ");

	if (!field || !*field) {
		fprintf(stderr, "a field is missing: %s\n", line_now);
		exit(2);
	}
	if (!strcmp(field, "-"))
		return false;
	*value = strtoull(field, NULL, 16);
	return true;
}

static const swp_pte_kernel *find(const char *variant, const char *kernel)
{
	static char last[512];
	static swp_pte_kernel found;
	char key[512];

	snprintf(key, sizeof(key), "%s %s", variant, kernel);
	if (strcmp(key, last)) {
		swp_pte_status status = swp_pte_find(variant, kernel, NULL, &found);

		same("swp_pte_find", SWP_PTE_STATUS_OK, status);
		memcpy(last, key, sizeof(key));
	}
	return &found;
}

/* The kernel's `none` and `present` as a kind; false where it has neither. */
static bool kind_of(char **rest, swp_pte_kind *kind)
{
	uint64_t none, present;
	bool has_none = next(rest, &none), has_present = next(rest, &present);

	*kind = has_none && none ? SWP_PTE_KIND_NONE : present ? SWP_PTE_KIND_PRESENT : SWP_PTE_KIND_SWAP;
	return has_none && has_present;
}

static void encoded(const swp_pte_kernel *in, char *rest)
{
	swp_pte_layout layout = in->layout;
	uint64_t type = 0, offset = 0, word = 0, got = 0, marked;
	swp_pte_kind kind, expected;
	swp_pte_entry entry;
	swp_pte_status status;
	unsigned int marker;

	next(&rest, &type);
	next(&rest, &offset);
	next(&rest, &word);
	status = swp_pte_encode(layout, type, offset, &got);
	/* What our encoder refuses reads as none or present in the kernel, or the decoder reads another entry. */
	if (status == SWP_PTE_STATUS_OK)
		same("swp_pte_encode", word, got);
	for (marker = 0; marker < 3; marker++) {
		bool has = next(&rest, &marked);

		if (status != SWP_PTE_STATUS_OK)
			continue;
		if (has) {
			same("swp_pte_set", SWP_PTE_STATUS_OK, swp_pte_set(layout, word, marker, &got));
			same("the marker", marked, got);
		}
	}
	if (!kind_of(&rest, &expected))
		return;
	same("swp_pte_kind_of", SWP_PTE_STATUS_OK, swp_pte_kind_of(layout, word, &kind));
	same("the kind", expected, kind);
	if (status != SWP_PTE_STATUS_OK) {
		same("refused, for a reason", true,
		     expected != SWP_PTE_KIND_SWAP || status == SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE ||
			     status == SWP_PTE_STATUS_TYPE_LOST);
		return;
	}
	same("an entry is a swap PTE", SWP_PTE_KIND_SWAP, expected);
	same("swp_pte_decode", SWP_PTE_STATUS_OK, swp_pte_decode(layout, word, &entry));
	same("the type", type, entry.type_);
	same("the offset", offset, entry.offset);
	same("the markers", 0, entry.markers);
	same("stray bits", 0, entry.stray);
}

static void raw(const swp_pte_kernel *in, char *rest)
{
	swp_pte_layout layout = in->layout;
	static const char *const names[] = { "exclusive", "soft-dirty", "uffd-wp" };
	uint64_t word = 0, type = 0, offset = 0, expected, got;
	swp_pte_kind kind, expected_kind;
	swp_pte_entry entry;
	swp_pte_status status;
	bool has_kind, has_entry, set;
	uint32_t markers = 0;
	unsigned int marker;

	next(&rest, &word);
	has_kind = kind_of(&rest, &expected_kind);
	has_entry = next(&rest, &type);
	has_entry &= next(&rest, &offset);
	for (marker = 0; marker < 3; marker++) {
		if (next(&rest, &expected)) {
			same(names[marker], SWP_PTE_STATUS_OK, swp_pte_is_set(layout, word, marker, &set));
			same(names[marker], expected, set && !(marker == SWP_PTE_MARKER_EXCLUSIVE && in->exclusive_unseen));
			markers |= (uint32_t)set << marker;
		}
		if (next(&rest, &expected)) {
			same("swp_pte_set", SWP_PTE_STATUS_OK, swp_pte_set(layout, word, marker, &got));
			same(names[marker], expected, got);
		}
		if (next(&rest, &expected)) {
			same("swp_pte_clear", SWP_PTE_STATUS_OK, swp_pte_clear(layout, word, marker, &got));
			same(names[marker], expected, got);
		}
	}
	if (!has_kind)
		return;
	same("swp_pte_kind_of", SWP_PTE_STATUS_OK, swp_pte_kind_of(layout, word, &kind));
	same("the kind", expected_kind, kind);
	if (kind != SWP_PTE_KIND_SWAP || !has_entry)
		return;
	status = swp_pte_decode(layout, word, &entry);
	if (type > 31) {
		same("a type of more than five bits", SWP_PTE_STATUS_TYPE_OUT_OF_RANGE, status);
	} else if (status != SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE) {
		same("swp_pte_decode", SWP_PTE_STATUS_OK, status);
		same("the type", type, entry.type_);
		same("the offset", offset, entry.offset);
		same("the markers", markers, entry.markers & markers);
	}
}

/* A word out of a running kernel: alone, and as it lay in memory. */
static void live(const swp_pte_kernel *in, char *rest)
{
	uint64_t word = 0, type = 0, offset = 0, expected, got;
	unsigned char memory[8], kind_there, type_there, markers_there;
	uint64_t offset_there;
	swp_pte_columns columns = { &kind_there, &type_there, &markers_there, &offset_there };
	swp_pte_kind kind, expected_kind;
	swp_pte_entry entry = { 0, 0, 0, 0 };
	swp_pte_softleaf leaf;
	unsigned int marker, i;

	next(&rest, &word);
	if (!kind_of(&rest, &expected_kind)) {
		same("a capture says what a page is", true, false);
		return;
	}
	same("swp_pte_kind_of", SWP_PTE_STATUS_OK, swp_pte_kind_of(in->layout, word, &kind));
	same("the kind", expected_kind, kind);
	if (kind == SWP_PTE_KIND_SWAP) {
		same("swp_pte_decode", SWP_PTE_STATUS_OK, swp_pte_decode(in->layout, word, &entry));
		next(&rest, &type);
		next(&rest, &offset);
		same("the type", type, entry.type_);
		same("the offset", offset, entry.offset);
		same("stray bits", 0, entry.stray);
		same("swp_pte_encode", SWP_PTE_STATUS_OK, swp_pte_encode(in->layout, type, offset, &got));
		for (marker = 0; marker < 3; marker++) {
			if (next(&rest, &expected))
				same("a marker", expected, entry.markers >> marker & 1);
			if (entry.markers >> marker & 1)
				same("swp_pte_set", SWP_PTE_STATUS_OK, swp_pte_set(in->layout, got, marker, &got));
		}
		same("the word, made again", word, got);
		same("swp_pte_name_entry", SWP_PTE_STATUS_OK, swp_pte_name_entry(in, entry, &leaf));
		same("in a swap file", SWP_PTE_MEANING_SWAP, leaf.meaning);
	}
	for (i = 0; i < 8; i++)
		memory[i] = (unsigned char)(word >> 8 * (7 - i));
	same("swp_pte_decode_array", SWP_PTE_STATUS_OK,
	     swp_pte_decode_array(in->layout, memory, sizeof(memory), SWP_PTE_BYTE_ORDER_BIG, columns));
	same("the kind in an array", expected_kind, kind_there);
	same("the type in an array", entry.type_, type_there);
	same("the offset in an array", entry.offset, offset_there);
	same("the markers in an array", entry.markers, markers_there);
}

int main(void)
{
	static char line[4096], copy[4096];

	line_now = copy;
	while (fgets(line, sizeof(line), stdin)) {
		char *rest = line;
		const char *form, *variant, *kernel;

		line[strcspn(line, "\n")] = 0;
		memcpy(copy, line, sizeof(copy));
		form = strsep(&rest, " ");
		variant = strsep(&rest, " ");
		kernel = strsep(&rest, " ");
		if (!rest) {
			fprintf(stderr, "no line of this test: %s\n", copy);
			return 2;
		}
		if (!strcmp(form, "E"))
			encoded(find(variant, kernel), rest);
		else if (!strcmp(form, "R"))
			raw(find(variant, kernel), rest);
		else
			live(find(variant, kernel), rest);
	}
	printf("%lu comparisons, %lu wrong\n", compared, wrong);
	return wrong || !compared;
}
