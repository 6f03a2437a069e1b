/* The library on machines without an operating system: every function is called, nothing of libc is here. What it is linked to is an
 * ELF file that starts by itself; qemu's user emulation runs it, for want of the machine, so that it can say how it went: the exit
 * code is 0, or else the number of the first check that failed. */
#include "swp_pte.h"

#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__
#error "to be compiled with -ffreestanding"
#endif

static int checks, failed;

static void check(bool so)
{
	checks++;
	if (!so && !failed)
		failed = checks;
}

/* Linux's exit(), of the machine on which this runs. */
static void leave(long code)
{
#if defined(__x86_64__)
	__asm__ volatile("syscall" : : "a"(60L), "D"(code) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long number __asm__("x8") = 93;
	register long first __asm__("x0") = code;

	__asm__ volatile("svc 0" : : "r"(number), "r"(first) : "memory");
#elif defined(__riscv)
	register long number __asm__("a7") = 93;
	register long first __asm__("a0") = code;

	__asm__ volatile("ecall" : : "r"(number), "r"(first) : "memory");
#elif defined(__arm__)
	/* The number's register is the frame pointer of Thumb, which nobody needs any more. */
	__asm__ volatile("mov r0, %0\n\tmovs r7, #1\n\tsvc 0" : : "r"(code) : "r0", "memory");
#else
#error "no exit() is written for this machine"
#endif
	for (;;)
		;
}

static bool same(const char *one, const char *other)
{
	while (*one && *one == *other)
		one++, other++;
	return *one == *other;
}

/* An entry there and back, with each marker. */
static void round_trip(swp_pte_layout layout, uint64_t type, uint64_t offset)
{
	swp_pte_entry entry;
	swp_pte_kind kind;
	uint64_t word, marked, clear;
	swp_pte_facts facts;
	unsigned int marker;
	bool set;

	check(swp_pte_layout_facts(layout, &facts) == SWP_PTE_STATUS_OK);
	check(facts.width == 32 || facts.width == 64);
	if (swp_pte_encode(layout, type, offset, &word) != SWP_PTE_STATUS_OK)
		return;
	check(swp_pte_kind_of(layout, word, &kind) == SWP_PTE_STATUS_OK && kind == SWP_PTE_KIND_SWAP);
	check(swp_pte_decode(layout, word, &entry) == SWP_PTE_STATUS_OK);
	check(entry.type_ == type && entry.offset == offset && !entry.markers && !entry.stray);
	for (marker = 0; marker < 3; marker++) {
		swp_pte_status status = swp_pte_set(layout, word, marker, &marked);

		check(status == (facts.markers[marker] ? SWP_PTE_STATUS_OK : SWP_PTE_STATUS_NO_MARKER));
		if (status != SWP_PTE_STATUS_OK)
			continue;
		check(marked == (word | facts.markers[marker]));
		check(swp_pte_is_set(layout, marked, marker, &set) == SWP_PTE_STATUS_OK && set);
		check(swp_pte_clear(layout, marked, marker, &clear) == SWP_PTE_STATUS_OK && clear == word);
	}
}

static void layouts(void)
{
	size_t count = swp_pte_layout_count(), i;

	check(count > 100);
	for (i = 0; i < count; i++) {
		swp_pte_layout layout = swp_pte_layout_at(i);

		check(swp_pte_layout_variant(layout) != NULL);
		round_trip(layout, 0, 1);
		round_trip(layout, 3, 0x1234);
		round_trip(layout, 31, 0x41);
	}
	check(swp_pte_layout_at(count).id == 0);
}

static void kernels(void)
{
	swp_pte_kernel kernel;
	swp_pte_softleaf leaf;
	swp_pte_entry entry;
	swp_pte_layout newest;
	uint64_t word;

	check(swp_pte_find("arm64", "6.12.0-55.el10.aarch64", NULL, &kernel) == SWP_PTE_STATUS_OK);
	check(swp_pte_decode(kernel.layout, 0x41040, &entry) == SWP_PTE_STATUS_OK);
	check(entry.type_ == 1 && entry.offset == 0x41);
	check(swp_pte_name_entry(&kernel, entry, &leaf) == SWP_PTE_STATUS_OK);
	check(same(swp_pte_meaning_name(leaf.meaning), "swap"));
	check(swp_pte_find("arm64", "99.1", NULL, &kernel) == SWP_PTE_STATUS_OK);
	check(kernel.assumed == SWP_PTE_ASSUMED_NEWER && swp_pte_assumed_message(kernel.assumed) != NULL);
	check(swp_pte_newest("s390", &newest) == SWP_PTE_STATUS_OK);
	check(swp_pte_newest("vax", &newest) == SWP_PTE_STATUS_UNKNOWN_VARIANT);
	check(swp_pte_find(NULL, "6.12", NULL, &kernel) == SWP_PTE_STATUS_NULL_POINTER);
	check(swp_pte_encode(newest, 32, 1, &word) == SWP_PTE_STATUS_TYPE_OUT_OF_RANGE);
	check(same(swp_pte_message(SWP_PTE_STATUS_OK), "success"));
}

static void arrays(void)
{
	/* As s390 has them in memory, one byte off. */
	static const unsigned char bytes[1 + 16] = { 0xff, 0, 0, 0, 0, 0, 0, 0x16, 0x00, 0, 0, 0, 0, 0, 0, 4, 0 };
	swp_pte_layout s390 = { 0 };
	unsigned char kind[2], type[2], markers[2];
	uint64_t offset[2];
	swp_pte_columns columns = { kind, type, markers, offset };
	swp_pte_columns over = { kind, kind, NULL, NULL };

	check(swp_pte_newest("s390", &s390) == SWP_PTE_STATUS_OK);
	check(swp_pte_decode_array(s390, bytes + 1, 16, SWP_PTE_BYTE_ORDER_MACHINE, columns) == SWP_PTE_STATUS_OK);
	check(kind[0] == SWP_PTE_KIND_SWAP && type[0] == 0 && offset[0] == 1 && !markers[0]);
	check(kind[1] == SWP_PTE_KIND_NONE && type[1] == 0 && offset[1] == 0 && !markers[1]);
	check(swp_pte_decode_array(s390, bytes, 16, SWP_PTE_BYTE_ORDER_MACHINE, over) == SWP_PTE_STATUS_BAD_BUFFER);
}

#if defined(__x86_64__)
/* Nobody called it, so that the stack is not where a function has it. */
__attribute__((force_align_arg_pointer))
#endif
void _start(void);

void _start(void)
{
	layouts();
	kernels();
	arrays();
	/* An exit code is a byte. */
	leave(failed ? 1 + (failed - 1) % 255 : 0);
}
