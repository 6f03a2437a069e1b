//! The first question about any page-table word: none, present, or a swap PTE.

/// What the kernel's own predicates say of a page-table word.
///
/// Nothing else is decoded before this is known: the bits of a present entry mean something else entirely.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PteKind {
    /// `pte_none()`: no page was ever here. On some architectures a few bits may be set all the same.
    None,
    /// `pte_present()`: a page is in memory, though the hardware may not see it (`PROT_NONE`, NUMA hinting).
    Present,
    /// Neither of the two, as `is_swap_pte()` has it (`include/linux/swapops.h`): a swap entry, or another of the
    /// kernel's non-present entries (migration, device, hwpoison, marker), told apart by the swap type.
    Swap,
}

impl core::fmt::Display for PteKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Present => "present",
            Self::Swap => "swap",
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::PteKind;
    use std::string::ToString;

    #[test]
    fn kinds_have_names() {
        let names = [PteKind::None, PteKind::Present, PteKind::Swap].map(|kind| kind.to_string());
        assert_eq!(names, ["none", "present", "swap"]);
    }
}
