/*
 * The kernel's own swap helpers, each under a plain symbol: numbers of 64 bits in, one out. Compiled as the questions are; what
 * comes out is not run but read, see prove.rs.
 */
#include "kernel.h"
/* The tree's own names of what is asked, see names.rs. */
#include "names.h"

#include "given.h"

#define HELPER notrace noinline __attribute__((used))

u64 kernel__encode(u64 type, u64 offset);
HELPER u64 kernel__encode(u64 type, u64 offset)
{
	return pte_val(asked_encode(swp_entry(type, offset)));
}

#define OF_A_WORD(name, answer) \
	u64 kernel__##name(u64 word); \
	HELPER u64 kernel__##name(u64 word) \
	{ \
		pte_t pte = __pte(word); \
		return answer; \
	}

OF_A_WORD(type, __swp_type(__pte_to_swp_entry(pte)))
OF_A_WORD(offset, __swp_offset(__pte_to_swp_entry(pte)))
OF_A_WORD(none, !!pte_none(pte))
OF_A_WORD(present, !!pte_present(pte))
OF_A_WORD(is_exclusive, !!asked_is_exclusive(pte))
OF_A_WORD(mk_exclusive, pte_val(asked_mk_exclusive(pte)))
OF_A_WORD(clear_exclusive, pte_val(asked_clear_exclusive(pte)))
OF_A_WORD(is_soft_dirty, !!asked_is_soft_dirty(pte))
OF_A_WORD(mk_soft_dirty, pte_val(asked_mk_soft_dirty(pte)))
OF_A_WORD(clear_soft_dirty, pte_val(asked_clear_soft_dirty(pte)))
OF_A_WORD(is_uffd_wp, !!asked_is_uffd(pte))
OF_A_WORD(mk_uffd_wp, pte_val(asked_mk_uffd(pte)))
OF_A_WORD(clear_uffd_wp, pte_val(asked_clear_uffd(pte)))
/* What the generic decoder reads, which clears the markers by itself. */
OF_A_WORD(entry_type, swp_type(asked_decode(pte)))
OF_A_WORD(entry_offset, swp_offset(asked_decode(pte)))
