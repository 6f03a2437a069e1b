/* The constants of the build: how a word lies in memory, the swap types, what is compiled in, values of names. */
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
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 20, 0)
	/* Of an entry, which they do not look at. */
	constant("SWP_TYPE_SHIFT", SWP_TYPE_SHIFT(swp_entry(0, 0)));
	constant("SWP_OFFSET_MASK", SWP_OFFSET_MASK(swp_entry(0, 0)));
#else
	CONSTANT(SWP_TYPE_SHIFT);
	CONSTANT(SWP_OFFSET_MASK);
#endif
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
