//! A kernel that is not there: it answers from a layout given to it, which need not be a true one.

use anyhow::Result;
use swp_pte::{Flag, Layout, PteKind};

use crate::ask::{Answers, Constants, EntryAnswer, PmdAnswer, WordAnswer};

pub(super) struct Fake {
    pub(super) layout: Layout,
    /// The answer to this word has one wrong bit.
    pub(super) wrong: Option<u64>,
    /// `SWP_PFN_BITS` of the build.
    pub(super) pfn_bits: u64,
}

impl Fake {
    pub(super) fn new(layout: &Layout) -> Self {
        Self { layout: *layout, wrong: None, pfn_bits: 34 }
    }

    fn encode(&self, (swp_type, offset): (u64, u64)) -> u64 {
        let layout = &self.layout;
        let (swp_type, offset) = (swp_type & layout.swp_type.max(), offset & layout.swp_offset.max());
        layout.always_one | layout.swp_type.scatter(swp_type) | layout.swp_offset.scatter(offset)
    }

    fn have(&self) -> [bool; 3] {
        Flag::ALL.map(|flag| self.layout.flag(flag).is_some())
    }
}

impl Answers for Fake {
    fn constants(&mut self) -> Result<Constants> {
        let [exclusive, soft_dirty, uffd_wp] = self.have().map(u64::from);
        let big = self.layout.memory_order == swp_pte::ByteOrder::Big;
        let mut constants = Constants::default();
        for (name, value) in [
            ("MAX_SWAPFILES", 31),
            ("SWP_PTE_MARKER", 31),
            ("PTE_MARKER_MASK", 3),
            ("SWP_PFN_BITS", self.pfn_bits),
            ("HAVE_EXCL", exclusive),
            ("HAVE_SOFT_DIRTY", soft_dirty),
            ("HAVE_UFFD_WP", uffd_wp),
            ("sets_exclusive", exclusive),
            ("sets_soft_dirty", soft_dirty),
            ("sets_uffd_wp", uffd_wp),
            ("HAVE_PMD", 1),
            ("GENERIC_MAX_OFFSET", self.layout.max_offset()),
            ("pte_bits", self.layout.width.into()),
            ("page_shift", self.layout.page_shift.into()),
            ("memory_big", big.into()),
        ] {
            constants.order.push(name.into());
            constants.values.insert(name.into(), value);
        }
        Ok(constants)
    }

    fn entries(&mut self, entries: &[(u64, u64)]) -> Result<Vec<EntryAnswer>> {
        let answer = |entry: &(u64, u64)| EntryAnswer { word: self.encode(*entry), back: *entry };
        Ok(entries.iter().map(answer).collect())
    }

    fn words(&mut self, words: &[u64]) -> Result<Vec<WordAnswer>> {
        let layout = &self.layout;
        let answer = |word: &u64| {
            let kind = layout.kind(*word);
            let clear_all = Flag::ALL.into_iter().fold(*word, |word, flag| layout.clear(flag, word));
            WordAnswer {
                none: kind == PteKind::None,
                present: kind == PteKind::Present,
                is: Flag::ALL.map(|flag| layout.is_set(flag, *word)),
                fields: layout.fields(*word),
                mk: Flag::ALL.map(|flag| layout.set(flag, *word)),
                clear: Flag::ALL.map(|flag| layout.clear(flag, *word)),
                clear_all: clear_all ^ u64::from(self.wrong == Some(*word)),
            }
        };
        Ok(words.iter().map(answer).collect())
    }

    fn pmds(&mut self, entries: &[(u64, u64)]) -> Result<Vec<PmdAnswer>> {
        let answer = |entry: &(u64, u64)| {
            let word = self.encode(*entry);
            let set = |flag| self.layout.set(flag, word);
            let [mk_soft_dirty, mk_uffd_wp] = [set(Flag::SoftDirty), set(Flag::UffdWp)];
            PmdAnswer { word, back: *entry, mk_soft_dirty, mk_uffd_wp, present: false }
        };
        Ok(entries.iter().map(answer).collect())
    }
}
