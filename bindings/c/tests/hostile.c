/* What must give a code and never a crash: null, handles and numbers that are none, texts without end, overlapping columns. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "swp_pte.h"

static int wrong;

#define EXPECT(condition)                                                                                              \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                        \
			wrong++;                                                                                       \
		}                                                                                                      \
	} while (0)

static void texts(void)
{
	static char endless[4096];
	static const char *const releases[] = { "", "6", "6.", ".12", "x6.12", "6.012", "99999.1", "6.12\xff", "-1.2" };
	swp_pte_layout layout;
	swp_pte_kernel kernel;
	size_t i;

	memset(endless, 'a', sizeof(endless) - 1);
	EXPECT(swp_pte_newest(NULL, &layout) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_newest("x86_64", NULL) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_newest("vax", &layout) == SWP_PTE_STATUS_UNKNOWN_VARIANT);
	EXPECT(swp_pte_newest("", &layout) == SWP_PTE_STATUS_UNKNOWN_VARIANT);
	EXPECT(swp_pte_newest(endless, &layout) == SWP_PTE_STATUS_BAD_TEXT);
	EXPECT(swp_pte_newest("x86_64\xff", &layout) == SWP_PTE_STATUS_BAD_TEXT);
	for (i = 0; i < sizeof(releases) / sizeof(*releases); i++) {
		swp_pte_status status = swp_pte_find("x86_64", releases[i], NULL, &kernel);

		EXPECT(status == SWP_PTE_STATUS_NOT_A_RELEASE || status == SWP_PTE_STATUS_BAD_TEXT);
	}
	EXPECT(swp_pte_find("x86_64", endless, NULL, &kernel) == SWP_PTE_STATUS_BAD_TEXT);
	EXPECT(swp_pte_find("x86_64", "2.4", NULL, &kernel) == SWP_PTE_STATUS_TOO_OLD);
	EXPECT(swp_pte_find("arm64", NULL, NULL, &kernel) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_find("arm64", "6.12", NULL, NULL) == SWP_PTE_STATUS_NULL_POINTER);
}

static void handles(swp_pte_layout good)
{
	static const uint32_t none[] = { 0, 100000, UINT32_MAX };
	swp_pte_facts facts;
	swp_pte_entry entry;
	swp_pte_kind kind;
	uint64_t word;
	bool set;
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(*none); i++) {
		swp_pte_layout layout = { none[i] };

		EXPECT(swp_pte_kind_of(layout, 0, &kind) == SWP_PTE_STATUS_BAD_LAYOUT);
		EXPECT(swp_pte_decode(layout, 0, &entry) == SWP_PTE_STATUS_BAD_LAYOUT);
		EXPECT(swp_pte_encode(layout, 0, 1, &word) == SWP_PTE_STATUS_BAD_LAYOUT);
		EXPECT(swp_pte_layout_facts(layout, &facts) == SWP_PTE_STATUS_BAD_LAYOUT);
		EXPECT(!swp_pte_layout_variant(layout));
	}
	EXPECT(swp_pte_layout_at(SIZE_MAX).id == 0);
	EXPECT(swp_pte_layout_at(swp_pte_layout_count()).id == 0);
	EXPECT(swp_pte_layout_at(swp_pte_layout_count() - 1).id != 0);
	EXPECT(swp_pte_kind_of(good, 0, NULL) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_decode(good, 0, &entry) == SWP_PTE_STATUS_NONE);
	EXPECT(swp_pte_decode(good, 1, &entry) == SWP_PTE_STATUS_PRESENT);
	EXPECT(swp_pte_decode(good, 0x07fffffffffffe00, NULL) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_encode(good, 32, 1, &word) == SWP_PTE_STATUS_TYPE_OUT_OF_RANGE);
	EXPECT(swp_pte_encode(good, UINT64_MAX, UINT64_MAX, &word) == SWP_PTE_STATUS_TYPE_OUT_OF_RANGE);
	EXPECT(swp_pte_encode(good, 0, UINT64_MAX, &word) == SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE);
	EXPECT(swp_pte_is_set(good, 0, 3, &set) == SWP_PTE_STATUS_BAD_ARGUMENT);
	EXPECT(swp_pte_set(good, 0, UINT32_MAX, &word) == SWP_PTE_STATUS_BAD_ARGUMENT);
}

static void kernels(void)
{
	swp_pte_build both = { SWP_PTE_OPTION_MIGRATION, SWP_PTE_OPTION_MIGRATION, 0 };
	swp_pte_build wide = { 0, 0, 64 };
	swp_pte_entry entry = { 0x1234, 0, UINT32_MAX, 0 };
	swp_pte_kernel kernel, garbage;
	swp_pte_softleaf leaf;

	EXPECT(swp_pte_find("x86_64", "6.12", &both, &kernel) == SWP_PTE_STATUS_BAD_ARGUMENT);
	EXPECT(swp_pte_find("x86_64", "6.12", &wide, &kernel) == SWP_PTE_STATUS_BAD_ARGUMENT);
	EXPECT(swp_pte_find("x86_64", "6.12", NULL, &kernel) == SWP_PTE_STATUS_OK);
	EXPECT(kernel.assumed == 0);
	EXPECT(swp_pte_name_entry(&kernel, entry, &leaf) == SWP_PTE_STATUS_TYPE_OUT_OF_RANGE);
	entry.type_ = 31;
	EXPECT(swp_pte_name_entry(NULL, entry, &leaf) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_name_entry(&kernel, entry, NULL) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_name_entry(&kernel, entry, &leaf) == SWP_PTE_STATUS_OK);
	EXPECT(!strcmp(swp_pte_meaning_name(leaf.meaning), "marker"));
	memset(&garbage, 0xff, sizeof(garbage));
	EXPECT(swp_pte_name_entry(&garbage, entry, &leaf) == SWP_PTE_STATUS_BAD_ARGUMENT);
	EXPECT(!swp_pte_meaning_name(14));
	EXPECT(!swp_pte_assumed_message(3));
	EXPECT(swp_pte_assumed_message(SWP_PTE_ASSUMED_NEWER) != NULL);
	EXPECT(!strcmp(swp_pte_message(SWP_PTE_STATUS_OK), "success"));
	EXPECT(!strcmp(swp_pte_message(UINT32_MAX), swp_pte_message(SWP_PTE_STATUS_OTHER)));
}

static void arrays(swp_pte_layout layout)
{
	/* One byte off, so that no word is aligned. */
	static unsigned char bytes[1 + 4 * 8 + 8];
	static const uint64_t words[4] = { 0, 1, 0x07fffffffffffe00, 0x0bffffffffff7e08 };
	unsigned char kind[4], type[4], markers[4];
	uint64_t offset[4];
	swp_pte_columns columns = { kind, type, markers, offset };
	swp_pte_columns none = { NULL, NULL, NULL, NULL };
	swp_pte_columns over = { bytes + 8, NULL, NULL, NULL };
	swp_pte_columns each = { kind, kind + 3, NULL, NULL };
	size_t i;

	for (i = 0; i < sizeof(words); i++)
		bytes[1 + i] = (unsigned char)(words[i / 8] >> i % 8 * 8);
	EXPECT(swp_pte_decode_array(layout, bytes + 1, 32, SWP_PTE_BYTE_ORDER_LITTLE, columns) == SWP_PTE_STATUS_OK);
	for (i = 0; i < 4; i++) {
		swp_pte_kind expected;
		swp_pte_entry entry = { 0, 0, 0, 0 };

		EXPECT(swp_pte_kind_of(layout, words[i], &expected) == SWP_PTE_STATUS_OK);
		EXPECT(kind[i] == expected);
		if (expected == SWP_PTE_KIND_SWAP)
			EXPECT(swp_pte_decode(layout, words[i], &entry) == SWP_PTE_STATUS_OK);
		EXPECT(type[i] == entry.type_ && offset[i] == entry.offset && markers[i] == entry.markers);
	}
	EXPECT(swp_pte_decode_array(layout, bytes + 1, 31, SWP_PTE_BYTE_ORDER_LITTLE, columns) == SWP_PTE_STATUS_BAD_BUFFER);
	EXPECT(swp_pte_decode_array(layout, bytes, 32, SWP_PTE_BYTE_ORDER_LITTLE, over) == SWP_PTE_STATUS_BAD_BUFFER);
	EXPECT(swp_pte_decode_array(layout, bytes, 32, SWP_PTE_BYTE_ORDER_LITTLE, each) == SWP_PTE_STATUS_BAD_BUFFER);
	EXPECT(swp_pte_decode_array(layout, bytes, SIZE_MAX - 7, 0, columns) == SWP_PTE_STATUS_BAD_BUFFER);
	EXPECT(swp_pte_decode_array(layout, bytes, 32, 3, columns) == SWP_PTE_STATUS_BAD_ARGUMENT);
	EXPECT(swp_pte_decode_array(layout, NULL, 32, 0, columns) == SWP_PTE_STATUS_NULL_POINTER);
	EXPECT(swp_pte_decode_array(layout, NULL, 0, 0, none) == SWP_PTE_STATUS_OK);
	EXPECT(swp_pte_decode_array(layout, bytes, 32, SWP_PTE_BYTE_ORDER_MACHINE, none) == SWP_PTE_STATUS_OK);
}

int main(void)
{
	swp_pte_layout x86;

	EXPECT(swp_pte_newest("x86_64", &x86) == SWP_PTE_STATUS_OK);
	texts();
	handles(x86);
	kernels();
	arrays(x86);
	puts(wrong ? "failed" : "every misuse gave a code");
	return wrong != 0;
}
