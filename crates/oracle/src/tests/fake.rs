//! A kernel that is not there: it answers from a layout given to it, which need not be a true one.

use anyhow::Result;
use swp_pte::{Flag, Inaccessible, KernelVersion, Layout, Level, MemoryOrder, PteKind, Reason};
use swp_pte_atlas::find_at;

use crate::ask::{AccessAnswer, Answers, Constants, EntryAnswer, PmdAnswer, WordAnswer};
use crate::memory::Memory;
use crate::present;

pub(super) struct Fake {
    pub(super) layout: Layout<'static>,
    /// The layout of its PMDs.
    pub(super) pmd: Layout<'static>,
    /// The answer to this word has one wrong bit.
    pub(super) wrong: Option<u64>,
    /// `SWP_PFN_BITS` of the build.
    pub(super) pfn_bits: u64,
    /// Why words that are present are kept away from the hardware.
    pub(super) facts: &'static [Inaccessible<'static>],
    /// How a word is stored.
    pub(super) memory: Memory,
    /// The release, for the facts that hold then.
    pub(super) version: KernelVersion,
}

impl Fake {
    pub(super) fn new(layout: &Layout<'static>) -> Self {
        let (facts, memory) = (present::facts(layout.source.variant), Memory::of(layout, layout.page_shift));
        let version = layout.source.kernels.first;
        let pmd = find_at(layout.source.variant, Level::Pmd, version).map_or(*layout, |row| *row.layout());
        Self { layout: *layout, pmd, wrong: None, pfn_bits: 34, facts, memory, version }
    }

    /// The word of the bytes 1, 2, 3 …, as this kernel stores it.
    fn stored(&self) -> Vec<u8> {
        let count: u8 = if self.layout.width == 64 { 8 } else { 4 };
        let mut bytes: Vec<_> = (1..=count).collect();
        match self.memory.order {
            Some(MemoryOrder::Little) => bytes.reverse(),
            Some(MemoryOrder::BigLowWordFirst) => bytes.rotate_left(4),
            _ => (),
        }
        bytes.repeat(self.memory.copies.try_into().unwrap())
    }

    /// Why this kernel hides a word that is present.
    fn reason(&self, word: u64) -> Option<Reason> {
        let holds = |fact: &&Inaccessible<'_>| fact.kernels.contains(self.version) && fact.pattern.matches(word);
        self.facts.iter().find(holds).map(|fact| fact.reason)
    }

    /// The word, made to be hidden for a reason, if this kernel knows it.
    fn hide(&self, word: u64, reason: Reason) -> u64 {
        let fact = self.facts.iter().find(|fact| fact.reason == reason && fact.kernels.contains(self.version));
        fact.map_or(word, |fact| word & !fact.pattern.mask | fact.pattern.value)
    }

    fn encode(layout: &Layout<'_>, (swp_type, offset): (u64, u64)) -> u64 {
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
            ("has_protnone", 1),
        ] {
            constants.order.push(name.into());
            constants.values.insert(name.into(), value);
        }
        let stored = self.stored();
        constants.values.insert("memory_size".into(), stored.len().try_into()?);
        for (i, chunk) in stored.chunks(8).enumerate() {
            let number = chunk.iter().chain(&[0; 8]).take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
            constants.values.insert(format!("memory_{i}"), number);
        }
        for fact in self.facts.iter().filter(|fact| fact.kernels.contains(self.version)) {
            for (i, name) in crate::sources::names(fact.symbol).enumerate() {
                constants
                    .values
                    .insert(format!("symbol:{name}"), if i == 0 { 1 << fact.bit } else { fact.pattern.mask & 2 });
            }
        }
        Ok(constants)
    }

    fn entries(&mut self, entries: &[(u64, u64)]) -> Result<Vec<EntryAnswer>> {
        let answer = |entry: &(u64, u64)| EntryAnswer { word: Self::encode(&self.layout, *entry), back: *entry };
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

    fn accesses(&mut self, words: &[u64]) -> Result<Vec<AccessAnswer>> {
        let answer = |word: &u64| {
            let present = self.layout.kind(*word) == PteKind::Present;
            let reason = present.then(|| self.reason(*word)).flatten();
            AccessAnswer {
                present,
                protnone: reason == Some(Reason::ProtNone),
                young: reason != Some(Reason::NotYoung),
                valid: reason.is_none(),
                old: self.hide(*word, Reason::NotYoung),
                no_access: self.hide(*word, Reason::ProtNone),
            }
        };
        Ok(words.iter().map(answer).collect())
    }

    fn pmds(&mut self, entries: &[(u64, u64)]) -> Result<Vec<PmdAnswer>> {
        let answer = |entry: &(u64, u64)| {
            let word = Self::encode(&self.pmd, *entry);
            let set = |flag| self.pmd.set(flag, word);
            let [mk_soft_dirty, mk_uffd_wp] = [set(Flag::SoftDirty), set(Flag::UffdWp)];
            let present = self.pmd.kind(word) == PteKind::Present;
            PmdAnswer { word, back: *entry, mk_soft_dirty, mk_uffd_wp, present }
        };
        Ok(entries.iter().map(answer).collect())
    }
}
