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

#include "constants.h"

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
#elif defined(CONFIG_PPC_BOOK3S_64) && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 0, 0)
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
#if ASKED_HAS_PAGE_NONE
	put_number(stored(asked_modify(pte, PAGE_NONE)));
#else
	/* No usable name for it in the headers: a word that is not present, and so is not looked at. */
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
