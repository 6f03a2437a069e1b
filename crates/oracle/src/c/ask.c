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
#include "kernel.h"
/* The tree's own names of what is asked, see names.rs: asked_NAME is a helper, or what stands for one that is missing. */
#include "names.h"

#include "given.h"
#include "talk.h"

/* An entry that is in range everywhere and encodes to no empty word. */
static ORACLE pte_t sample(void)
{
	return asked_encode(swp_entry(1, 2));
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
	static char name[] = "memory_0";
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
	bool sets_exclusive = pte_val(asked_mk_exclusive(some)) != value;
	bool sets_soft_dirty = pte_val(asked_mk_soft_dirty(some)) != value;
	bool sets_uffd_wp = pte_val(asked_mk_uffd(some)) != value;

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
	constant("HAVE_SOFT_DIRTY", sets_soft_dirty || (IS_ENABLED(CONFIG_MEM_SOFT_DIRTY) && ASKED_FOUND_mk_soft_dirty));
	constant("HAVE_UFFD_WP",
		 sets_uffd_wp || (IS_ENABLED(CONFIG_USERFAULTFD) && ASKED_HAS_UFFD && ASKED_FOUND_mk_uffd));
	constant("HAVE_PMD", ASKED_HAS_PMD);
	constant("CONFIG_MIGRATION", IS_ENABLED(CONFIG_MIGRATION));
	constant("CONFIG_MEMORY_FAILURE", IS_ENABLED(CONFIG_MEMORY_FAILURE));
	constant("CONFIG_DEVICE_PRIVATE", IS_ENABLED(CONFIG_DEVICE_PRIVATE));
	constant("CONFIG_SWAP", IS_ENABLED(CONFIG_SWAP));
	/*
	 * As generic_max_swapfile_size() in mm/swapfile.c has it, but by the architecture's decoder: the generic one gives
	 * up on the empty word in later kernels.
	 */
	constant("GENERIC_MAX_OFFSET", __swp_offset(__pte_to_swp_entry(asked_encode(swp_entry(0, ~0UL)))));
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
	/* Without it asked_protnone() is a stub. */
	constant("has_protnone", ASKED_HAS_PROTNONE);
	constants_of_memory();
	/* "lacks:NAME" for each helper and option that the tree has under no name that we know. */
	ASKED_LACKS
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
	pte_t cleared = asked_clear_uffd(asked_clear_soft_dirty(asked_clear_exclusive(pte)));
	swp_entry_t entry = __pte_to_swp_entry(cleared);

	put(!!pte_none(pte));
	put(!!pte_present(pte));
	put(!!asked_is_exclusive(pte));
	put(!!asked_is_soft_dirty(pte));
	put(!!asked_is_uffd(pte));
	put_number(__swp_type(entry));
	put_number(__swp_offset(entry));
	put_number(pte_val(asked_mk_exclusive(pte)));
	put_number(pte_val(asked_mk_soft_dirty(pte)));
	put_number(pte_val(asked_mk_uffd(pte)));
	put_number(pte_val(asked_clear_exclusive(pte)));
	put_number(pte_val(asked_clear_soft_dirty(pte)));
	put_number(pte_val(asked_clear_uffd(pte)));
	put_number(pte_val(cleared));
}

/*
 * The word, of which the compiler knows nothing any more, as of one out of memory. (gcc 12 for SH loses a test for zero when it
 * knows that the word is a shifted one.)
 */
static INSIDE pte_t as_read(pte_t pte)
{
	typeof(pte_val(pte)) word = pte_val(pte);

	asm volatile("" : : "r"(&word) : "memory");
	return __pte(word);
}

/* The word of the entry, then the entry that the kernel's generic decoder reads back. */
static ORACLE void ask_entry(u64 type, u64 offset)
{
	pte_t pte = as_read(asked_encode(swp_entry(type, offset)));
	swp_entry_t back = asked_decode(pte);

	put_number(pte_val(pte));
	put_number(swp_type(back));
	put_number(swp_offset(back));
}

/*
 * Whether a processor that finds the word in a page table may use it: the header's own question or bit. Where the kernel
 * itself fills the TLB from the word, or nothing tells more than pte_present(), that is the answer.
 */
#if defined(CONFIG_ARM64)
#define hardware_valid(pte) pte_valid(pte)
#elif defined(CONFIG_S390)
#define hardware_valid(pte) (!(pte_val(pte) & _PAGE_INVALID))
#elif defined(CONFIG_PPC_BOOK3S_64)
#define hardware_valid(pte) pte_hw_valid(pte)
#elif defined(CONFIG_ARM_LPAE)
#define hardware_valid(pte) (pte_val(pte) & L_PTE_VALID)
#elif defined(CONFIG_ARM)
/* The hardware's table is another one, which cpu_v7_set_pte_ext() fills beside the word. */
#define hardware_valid(pte) (pte_present(pte) && pte_young(pte) && !(pte_val(pte) & L_PTE_NONE))
#elif defined(CONFIG_LOONGARCH) || defined(CONFIG_SPARC64)
#define hardware_valid(pte) (pte_val(pte) & _PAGE_VALID)
#elif defined(CONFIG_XTENSA)
#define hardware_valid(pte) (pte_present(pte) && (pte_val(pte) & _PAGE_ATTRIB_MASK) != _PAGE_NONE)
#elif defined(CONFIG_X86) || defined(CONFIG_UML) || defined(CONFIG_PPC) || defined(CONFIG_RISCV) || defined(CONFIG_SUPERH) || \
	defined(CONFIG_MMU_MOTOROLA)
#define hardware_valid(pte) (pte_val(pte) & _PAGE_PRESENT)
#else
#define hardware_valid(pte) pte_present(pte)
#endif

/* The word as it is stored: cpu_v7_set_pte_ext() of LPAE hides a mapping that nobody may access from the hardware. */
static INSIDE u64 stored(pte_t pte)
{
#ifdef CONFIG_ARM_LPAE
	if (pte_val(pte) & L_PTE_NONE)
		return pte_val(pte) & ~(u64)L_PTE_VALID;
#endif
	return pte_val(pte);
}

/*
 * present, PROT_NONE, young, valid to the hardware as a byte each; then the words that the kernel makes of it: for a page
 * that shall be old, and for one that nobody may access.
 */
static ORACLE void ask_access(u64 word)
{
	pte_t pte = __pte(word);

	put(!!pte_present(pte));
	put(!!asked_protnone(pte));
	put(!!pte_young(pte));
	put(!!hardware_valid(pte));
	put_number(pte_val(asked_mk_old(pte)));
#ifdef PAGE_NONE
	put_number(stored(asked_modify(pte, PAGE_NONE)));
#else
	/* No name for it in the headers: a word that is not present, and so is not looked at. */
	put_number(pte_val(asked_encode(swp_entry(1, 2))));
#endif
}

#if ASKED_HAS_PMD
static ORACLE void ask_pmd(u64 type, u64 offset)
{
	pmd_t pmd = asked_pmd_encode(swp_entry(type, offset));
	swp_entry_t back = __pmd_to_swp_entry(pmd);

	put_number(pmd_val(pmd));
	put_number(__swp_type(back));
	put_number(__swp_offset(back));
	put_number(pmd_val(asked_pmd_mk_soft_dirty(pmd)));
	put_number(pmd_val(asked_pmd_mk_uffd(pmd)));
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
