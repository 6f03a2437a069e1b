/*
 * The kernel's own swap helpers, each under a plain symbol: the words of page tables and numbers, as wide as the machine has
 * them, in and out. Compiled as the questions are; what comes out is not run but read, see prove.rs.
 */
#include "kernel.h"
/* The tree's own names of what is asked, see names.rs. */
#include "names.h"

#include "given.h"

#ifdef RUNS_ON_I386
/* As the kernel's own code is called: arguments in registers. A compiler that stands in would have them on the stack. */
#define IN_REGISTERS __attribute__((regparm(3)))
#else
#define IN_REGISTERS
#endif
#define HELPER notrace noinline __attribute__((used)) IN_REGISTERS

typedef __typeof__(pte_val((pte_t){ 0 })) word_t;
typedef unsigned long number_t;

word_t IN_REGISTERS kernel__encode(number_t type, number_t offset);
HELPER word_t kernel__encode(number_t type, number_t offset)
{
	return pte_val(asked_encode(swp_entry(type, offset)));
}

#define ANSWER(type, name, answer) \
	type IN_REGISTERS kernel__##name(word_t word); \
	HELPER type kernel__##name(word_t word) \
	{ \
		pte_t pte = __pte(word); \
		return answer; \
	}
#define NUMBER(name, answer) ANSWER(number_t, name, answer)
#define WORD(name, answer) ANSWER(word_t, name, answer)

NUMBER(type, __swp_type(__pte_to_swp_entry(pte)))
NUMBER(offset, __swp_offset(__pte_to_swp_entry(pte)))
NUMBER(none, !!pte_none(pte))
NUMBER(present, !!pte_present(pte))
NUMBER(is_exclusive, !!asked_is_exclusive(pte))
WORD(mk_exclusive, pte_val(asked_mk_exclusive(pte)))
WORD(clear_exclusive, pte_val(asked_clear_exclusive(pte)))
NUMBER(is_soft_dirty, !!asked_is_soft_dirty(pte))
WORD(mk_soft_dirty, pte_val(asked_mk_soft_dirty(pte)))
WORD(clear_soft_dirty, pte_val(asked_clear_soft_dirty(pte)))
NUMBER(is_uffd_wp, !!asked_is_uffd(pte))
WORD(mk_uffd_wp, pte_val(asked_mk_uffd(pte)))
WORD(clear_uffd_wp, pte_val(asked_clear_uffd(pte)))
/* What the generic decoder reads, which clears the markers by itself. */
NUMBER(entry_type, swp_type(asked_decode(pte)))
NUMBER(entry_offset, swp_offset(asked_decode(pte)))

#if ASKED_HAS_PMD
/* One level up, for huge pages: only where words have the width of an unsigned long. */
number_t kernel__pmd_encode(number_t type, number_t offset);
HELPER number_t kernel__pmd_encode(number_t type, number_t offset)
{
	return pmd_val(asked_pmd_encode(swp_entry(type, offset)));
}

number_t kernel__pmd_present(number_t type, number_t offset);
HELPER number_t kernel__pmd_present(number_t type, number_t offset)
{
	return !!pmd_present(asked_pmd_encode(swp_entry(type, offset)));
}

#define OF_A_PMD(name, answer) \
	number_t kernel__pmd_##name(number_t word); \
	HELPER number_t kernel__pmd_##name(number_t word) \
	{ \
		pmd_t pmd = __pmd(word); \
		return answer; \
	}

OF_A_PMD(type, __swp_type(__pmd_to_swp_entry(pmd)))
OF_A_PMD(offset, __swp_offset(__pmd_to_swp_entry(pmd)))
OF_A_PMD(mk_soft_dirty, pmd_val(asked_pmd_mk_soft_dirty(pmd)))
OF_A_PMD(mk_uffd_wp, pmd_val(asked_pmd_mk_uffd(pmd)))
#endif
