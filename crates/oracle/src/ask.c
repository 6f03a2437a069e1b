/*
 * Asks the kernel's own swap helpers, out of its own headers. Compiled with the flags that the kernel build uses for
 * this architecture and configuration, linked without any library, run as a program: questions come in on stdin, answers
 * go out on stdout. Numbers are 64 bits wide, most significant byte first, whatever the machine is.
 *
 *   'C'                  the constants of the build, "NAME VALUE" lines, ended by an empty line
 *   'E' type offset      the word of an entry: swp_entry_to_pte()
 *   'W' word             everything the helpers say of a word, see ask_word()
 *   'P' type offset      as 'E' for a PMD: swp_entry_to_pmd()
 *   'A' word             what hardware and kernel may do with a present word, see ask_access()
 */
#include <linux/version.h>
#ifdef ORACLE_SVRSW60T59B
/* A hart that has the extension: at boot the kernel patches this question to yes, here the compiler does. */
#include <linux/types.h>
#include <linux/stddef.h>
#include <asm/cpufeature-macros.h>
#define riscv_has_extension_unlikely(extension) ((extension) == RISCV_ISA_EXT_SVRSW60T59B)
#endif
/* arch/powerpc/Makefile of 5.10 defines it from asm-offsets.h, too late for the command that compiles asm-offsets. Where
   the number of the processor lies in a task does not matter to anything that is asked here. */
#if defined(CONFIG_PPC32) && defined(CONFIG_SMP) && !defined(_TASK_CPU)
#define _TASK_CPU 0
#endif

#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
/* The generic decoder's newer name. */
#define pte_to_swp_entry softleaf_from_pte
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0) || defined(__HAVE_ARCH_PTE_SWP_EXCLUSIVE)
#define HAS_EXCLUSIVE 1
#define is_exclusive pte_swp_exclusive
#define mk_exclusive pte_swp_mkexclusive
#define clear_exclusive pte_swp_clear_exclusive
#else
#define HAS_EXCLUSIVE 0
#define is_exclusive(pte) 0
#define mk_exclusive(pte) (pte)
#define clear_exclusive(pte) (pte)
#endif

#ifdef CONFIG_X86_64
/* Processor features are looked up here until the kernel has patched the code: a processor that has none of them. */
struct cpuinfo_x86 boot_cpu_data;
/* The bits that this processor lets a PTE have: all. pgprot_t values go through it. */
pteval_t __supported_pte_mask = ~0UL;
#endif
#ifdef CONFIG_ARM64
/* Whether the kernel hides itself from user space (KPTI), which gives its own mappings another bit. */
bool arm64_use_ng_mappings;
#endif

#ifdef CONFIG_S390
/* What this machine lets a protection be: it can forbid execution. */
unsigned long page_noexec_mask = ~0UL;
#endif

#define ORACLE notrace noinline __attribute__((used))
#define INSIDE notrace __always_inline

/* The system calls: number, three arguments. */
static INSIDE long call(long number, long a, long b, long c)
{
#if defined(CONFIG_X86_64)
	long result;
	asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
#elif defined(CONFIG_ARM64)
	register long x8 asm("x8") = number, x0 asm("x0") = a, x1 asm("x1") = b, x2 asm("x2") = c;
	asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#elif defined(CONFIG_S390)
	register long r1 asm("1") = number, r2 asm("2") = a, r3 asm("3") = b, r4 asm("4") = c;
	asm volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4) : "memory", "cc");
	return r2;
#elif defined(CONFIG_PPC)
	register long r0 asm("r0") = number, r3 asm("r3") = a, r4 asm("r4") = b, r5 asm("r5") = c;
	/* The summary overflow bit says that r3 is an error number. */
	asm volatile("sc\n\tbns+ 1f\n\tneg %1, %1\n1:"
		     : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5)
		     : : "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "memory");
	return r3;
#elif defined(CONFIG_RISCV)
	register long a7 asm("a7") = number, a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c;
	asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
#else
#error "no system call known for this architecture"
#endif
}

#if defined(CONFIG_X86_64)
enum { CALL_READ = 0, CALL_WRITE = 1, CALL_EXIT = 60 };
#elif defined(CONFIG_S390) || defined(CONFIG_PPC)
enum { CALL_READ = 3, CALL_WRITE = 4, CALL_EXIT = 1 };
#else
enum { CALL_READ = 63, CALL_WRITE = 64, CALL_EXIT = 93 };
#endif

static unsigned char input[4096], output[4096];
static unsigned long in_at, in_end, out_at;

static ORACLE void leave(long code)
{
	for (;;)
		call(CALL_EXIT, code, 0, 0);
}

static ORACLE void flush(void)
{
	unsigned long at = 0;

	while (at < out_at) {
		long n = call(CALL_WRITE, 1, (long)(output + at), out_at - at);
		if (n <= 0)
			leave(3);
		at += n;
	}
	out_at = 0;
}

static ORACLE int get(void)
{
	if (in_at == in_end) {
		long n;

		flush();
		n = call(CALL_READ, 0, (long)input, sizeof(input));
		if (n < 0)
			leave(4);
		if (n == 0)
			return -1;
		in_at = 0;
		in_end = n;
	}
	return input[in_at++];
}

static ORACLE u64 get_number(void)
{
	u64 number = 0;
	int i;

	for (i = 0; i < 8; i++) {
		int byte = get();
		if (byte < 0)
			leave(5);
		number = number << 8 | byte;
	}
	return number;
}

static ORACLE void put(unsigned char byte)
{
	if (out_at == sizeof(output))
		flush();
	output[out_at++] = byte;
}

static ORACLE void put_number(u64 number)
{
	int i;

	for (i = 0; i < 8; i++) {
		put(number >> 56);
		number <<= 8;
	}
}

static ORACLE void constant(const char *name, u64 number)
{
	int i;

	while (*name)
		put(*name++);
	put(' ');
	for (i = 0; i < 16; i++) {
		put("0123456789abcdef"[number >> 60]);
		number <<= 4;
	}
	put('\n');
}

/* An entry that is in range everywhere and encodes to no empty word. */
static ORACLE pte_t sample(void)
{
	return swp_entry_to_pte(swp_entry(1, 2));
}

#define CONSTANT(name) constant(#name, name)

/*
 * A word whose bytes are all different, as the kernel stores it: "memory_size" bytes, which "memory_0" and its like give,
 * eight to a number, the first of them most significant.
 */
static ORACLE void constants_of_memory(void)
{
	static union {
		pte_t pte;
		unsigned char bytes[sizeof(pte_t)];
	} memory;
	pte_t pte = __pte(sizeof(pte_val(memory.pte)) == 8 ? 0x0102030405060708ULL : 0x01020304);
	char name[] = "memory_0";
	unsigned long at, i;

	BUILD_BUG_ON(sizeof(pte_t) > 80);
#if defined(CONFIG_PPC32) && !defined(CONFIG_PPC_BOOK3S)
	/* __pte() fills the first of an 8xx's four words of a 16K page; storing it fills all. */
	__set_pte_at(NULL, 0, &memory.pte, pte, 0);
#else
	memory.pte = pte;
#endif
	barrier();
	constant("memory_size", sizeof(memory));
	for (at = 0; at < sizeof(memory); at += 8) {
		u64 number = 0;

		for (i = at; i < at + 8; i++)
			number = number << 8 | (i < sizeof(memory) ? memory.bytes[i] : 0);
		constant(name, number);
		name[7]++;
	}
}

static ORACLE void ask_constants(void)
{
	pte_t some = sample();
	u64 value = pte_val(some);
	/* What a helper does, not whether a name exists: the stubs have the same names. */
	bool sets_exclusive = pte_val(mk_exclusive(some)) != value;
	bool sets_soft_dirty = pte_val(pte_swp_mksoft_dirty(some)) != value;
	bool sets_uffd_wp = pte_val(pte_swp_mkuffd_wp(some)) != value;

	CONSTANT(MAX_SWAPFILES_SHIFT);
	CONSTANT(MAX_SWAPFILES);
	CONSTANT(SWP_TYPE_SHIFT);
	CONSTANT(SWP_OFFSET_MASK);
#ifdef SWP_PFN_BITS
	CONSTANT(SWP_PFN_BITS);
#endif
#ifdef SWP_MIG_TOTAL_BITS
	CONSTANT(SWP_MIG_TOTAL_BITS);
#endif
#ifdef MAX_PHYSMEM_BITS
	CONSTANT(MAX_PHYSMEM_BITS);
#endif
#ifdef SWP_DEVICE_READ
	CONSTANT(SWP_DEVICE_READ);
	CONSTANT(SWP_DEVICE_WRITE);
#endif
#ifdef SWP_DEVICE_EXCLUSIVE_READ
	CONSTANT(SWP_DEVICE_EXCLUSIVE_READ);
	CONSTANT(SWP_DEVICE_EXCLUSIVE_WRITE);
#endif
#ifdef SWP_DEVICE_EXCLUSIVE
	CONSTANT(SWP_DEVICE_EXCLUSIVE);
#endif
#ifdef SWP_MIGRATION_READ
	CONSTANT(SWP_MIGRATION_READ);
#endif
#ifdef SWP_MIGRATION_READ_EXCLUSIVE
	CONSTANT(SWP_MIGRATION_READ_EXCLUSIVE);
#endif
#ifdef SWP_MIGRATION_WRITE
	CONSTANT(SWP_MIGRATION_WRITE);
#endif
#ifdef SWP_HWPOISON
	CONSTANT(SWP_HWPOISON);
#endif
#ifdef SWP_SWAPIN_ERROR
	CONSTANT(SWP_SWAPIN_ERROR);
#endif
#ifdef SWP_PTE_MARKER
	CONSTANT(SWP_PTE_MARKER);
#endif
#ifdef PTE_MARKER_MASK
	CONSTANT(PTE_MARKER_MASK);
#endif
	/* Compiled in; on RISC-V they may still do nothing, for want of an extension. */
	constant("HAVE_EXCL", sets_exclusive);
	constant("HAVE_SOFT_DIRTY", sets_soft_dirty || IS_ENABLED(CONFIG_MEM_SOFT_DIRTY));
	constant("HAVE_UFFD_WP",
		 sets_uffd_wp || (IS_ENABLED(CONFIG_USERFAULTFD) && IS_ENABLED(CONFIG_HAVE_ARCH_USERFAULTFD_WP)));
	constant("HAVE_PMD", IS_ENABLED(CONFIG_ARCH_ENABLE_THP_MIGRATION));
	constant("CONFIG_MIGRATION", IS_ENABLED(CONFIG_MIGRATION));
	constant("CONFIG_MEMORY_FAILURE", IS_ENABLED(CONFIG_MEMORY_FAILURE));
	constant("CONFIG_DEVICE_PRIVATE", IS_ENABLED(CONFIG_DEVICE_PRIVATE));
	constant("CONFIG_SWAP", IS_ENABLED(CONFIG_SWAP));
	/*
	 * As generic_max_swapfile_size() in mm/swapfile.c has it, but by the architecture's decoder: the generic one gives
	 * up on the empty word in later kernels.
	 */
	constant("GENERIC_MAX_OFFSET", __swp_offset(__pte_to_swp_entry(swp_entry_to_pte(swp_entry(0, ~0UL)))));
#ifdef SWP_TYPE_BITS
	CONSTANT(SWP_TYPE_BITS);
#endif
#ifdef SWP_OFFSET_FIRST_BIT
	CONSTANT(SWP_OFFSET_FIRST_BIT);
#endif
#ifdef SWP_OFFSET_SHIFT
	CONSTANT(SWP_OFFSET_SHIFT);
#endif
	/* For the header of a vector file; lower case keeps them apart from the kernel's names. */
	CONSTANT(sets_exclusive);
	CONSTANT(sets_soft_dirty);
	CONSTANT(sets_uffd_wp);
	constant("pte_bits", sizeof(pte_val(some)) * 8);
	constant("long_bits", sizeof(long) * 8);
	constant("page_shift", PAGE_SHIFT);
	constant("version", LINUX_VERSION_CODE);
	/* Without it pte_protnone() is a stub. */
	constant("has_protnone", IS_ENABLED(CONFIG_NUMA_BALANCING));
	constants_of_memory();
	/* "symbol:NAME" for each name of ours that is a macro in this build. */
#include "symbols.h"
	put('\n');
}

/*
 * none, present, exclusive, soft-dirty, uffd-wp as a byte each; then numbers: type and offset (the architecture's decoder,
 * once all markers are clear), and the word with each marker set, then with each clear, then with all clear.
 */
static ORACLE void ask_word(u64 word)
{
	pte_t pte = __pte(word);
	pte_t cleared = pte_swp_clear_uffd_wp(pte_swp_clear_soft_dirty(clear_exclusive(pte)));
	swp_entry_t entry = __pte_to_swp_entry(cleared);

	put(!!pte_none(pte));
	put(!!pte_present(pte));
	put(!!is_exclusive(pte));
	put(!!pte_swp_soft_dirty(pte));
	put(!!pte_swp_uffd_wp(pte));
	put_number(__swp_type(entry));
	put_number(__swp_offset(entry));
	put_number(pte_val(mk_exclusive(pte)));
	put_number(pte_val(pte_swp_mksoft_dirty(pte)));
	put_number(pte_val(pte_swp_mkuffd_wp(pte)));
	put_number(pte_val(clear_exclusive(pte)));
	put_number(pte_val(pte_swp_clear_soft_dirty(pte)));
	put_number(pte_val(pte_swp_clear_uffd_wp(pte)));
	put_number(pte_val(cleared));
}

/* The word of the entry, then the entry that the kernel's generic decoder reads back. */
static ORACLE void ask_entry(u64 type, u64 offset)
{
	pte_t pte = swp_entry_to_pte(swp_entry(type, offset));
	swp_entry_t back = pte_to_swp_entry(pte);

	put_number(pte_val(pte));
	put_number(swp_type(back));
	put_number(swp_offset(back));
}

/* Whether a processor that finds the word in a page table may use it: the header's own question or bit. */
#if defined(CONFIG_ARM64)
#define hardware_valid(pte) pte_valid(pte)
#elif defined(CONFIG_S390)
#define hardware_valid(pte) (!(pte_val(pte) & _PAGE_INVALID))
#elif defined(CONFIG_PPC_BOOK3S_64)
#define hardware_valid(pte) pte_hw_valid(pte)
#else
#define hardware_valid(pte) (pte_val(pte) & _PAGE_PRESENT)
#endif

/*
 * present, PROT_NONE, young, valid to the hardware as a byte each; then the words that the kernel makes of it: for a page
 * that shall be old, and for one that nobody may access.
 */
static ORACLE void ask_access(u64 word)
{
	pte_t pte = __pte(word);

	put(!!pte_present(pte));
	put(!!pte_protnone(pte));
	put(!!pte_young(pte));
	put(!!hardware_valid(pte));
	put_number(pte_val(pte_mkold(pte)));
	put_number(pte_val(pte_modify(pte, PAGE_NONE)));
}

#ifdef CONFIG_ARCH_ENABLE_THP_MIGRATION
static ORACLE void ask_pmd(u64 type, u64 offset)
{
	pmd_t pmd = swp_entry_to_pmd(swp_entry(type, offset));
	swp_entry_t back = __pmd_to_swp_entry(pmd);

	put_number(pmd_val(pmd));
	put_number(__swp_type(back));
	put_number(__swp_offset(back));
	put_number(pmd_val(pmd_swp_mksoft_dirty(pmd)));
	put_number(pmd_val(pmd_swp_mkuffd_wp(pmd)));
	put(!!pmd_present(pmd));
}
#else
static ORACLE void ask_pmd(u64 type, u64 offset)
{
	leave(6);
}
#endif

ORACLE void oracle_start(void);
ORACLE void oracle_start(void)
{
	for (;;) {
		int question = get();
		u64 first, second;

		switch (question) {
		case -1:
			flush();
			leave(0);
			break;
		case 'C':
			ask_constants();
			break;
		case 'W':
			ask_word(get_number());
			break;
		case 'A':
			ask_access(get_number());
			break;
		case 'E':
		case 'P':
			first = get_number();
			second = get_number();
			if (question == 'E')
				ask_entry(first, second);
			else
				ask_pmd(first, second);
			break;
		default:
			leave(7);
		}
	}
}
