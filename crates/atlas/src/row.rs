//! A row of the atlas: a layout and its backend behind plain numbers.

use swp_pte::{
    DecodeError, EncodeError, Flag, Grade, Inaccessible, KernelVersion, Layout, Level, PteBits, PteKind, SwpEntry,
    SwpPte, Variant,
};

use crate::ARCHES;

/// One layout of the record, with the compiled backend that implements it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    layout: &'static Layout<'static>,
    facts: &'static Variant<'static>,
    encode: fn(&Layout<'_>, SwpEntry) -> Result<u64, EncodeError>,
    decode: fn(&Layout<'_>, u64) -> Result<SwpEntry, DecodeError>,
    kind: fn(u64) -> Option<PteKind>,
    fields: fn(u64) -> Option<(u64, u64)>,
    is_set: fn(&Layout<'_>, u64, Flag) -> Option<bool>,
    set: fn(&Layout<'_>, u64, Flag) -> Option<u64>,
    clear: fn(&Layout<'_>, u64, Flag) -> Option<u64>,
}

/// The backend's type for a number, if it is no wider than the word.
fn pte<P: SwpPte>(word: u64) -> Option<P> {
    P::Bits::try_from_u64(word).map(P::from_bits)
}

/// The facts of a variant.
#[expect(clippy::panic, reason = "only in constants: a variant that was forgotten does not compile")]
const fn facts(name: &str) -> &'static Variant<'static> {
    let mut arch = 0;
    while arch < ARCHES.len() {
        let variants = ARCHES[arch].variants;
        let mut i = 0;
        while i < variants.len() {
            if same(variants[i].name, name) {
                return &variants[i];
            }
            i += 1;
        }
        arch += 1;
    }
    panic!("a layout's variant is not in the list of its architecture's ARCH")
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

impl Row {
    /// The row of a backend.
    pub(crate) const fn of<P: SwpPte>(layout: &'static Layout<'static>) -> Self {
        Self {
            layout,
            facts: facts(layout.source.variant),
            encode: |_, entry| P::encode(entry).map(|pte| pte.to_bits().into()).map_err(EncodeError::from),
            decode: |_, word| match pte::<P>(word) {
                Some(pte) => pte.decode().map_err(DecodeError::from),
                None => Err(DecodeError::WordTooWide { word, width: P::Bits::BITS }),
            },
            kind: |word| pte::<P>(word).map(P::kind),
            fields: |word| pte::<P>(word).map(P::fields),
            is_set: |_, word, flag| pte::<P>(word).map(|pte| pte.is_set_or_stub(flag)),
            set: |_, word, flag| pte::<P>(word).map(|pte| pte.set_or_stub(flag).to_bits().into()),
            clear: |_, word, flag| pte::<P>(word).map(|pte| pte.clear_or_stub(flag).to_bits().into()),
        }
    }

    /// A row of a layout that is no backend: it is interpreted, as data. Neither is in the table, and
    /// [`visit`](Self::visit) has nothing to hand out.
    #[must_use]
    pub const fn described(layout: &'static Layout<'static>, facts: &'static Variant<'static>) -> Self {
        Self {
            layout,
            facts,
            encode: |layout, entry| layout.encode(entry),
            decode: |layout, word| layout.decode(word),
            // The layout's data answers where a backend does not.
            kind: |_| None,
            fields: |_| None,
            is_set: |layout, word, flag| Some(layout.is_set(flag, word)),
            set: |layout, word, flag| Some(layout.set(flag, word)),
            clear: |layout, word, flag| Some(layout.clear(flag, word)),
        }
    }

    /// The same for a layout of the record that only a vendor's kernels have.
    pub(crate) const fn own(layout: &'static Layout<'static>) -> Self {
        Self::described(layout, facts(layout.source.variant))
    }

    /// The layout as data.
    #[must_use]
    pub const fn layout(&self) -> &'static Layout<'static> {
        self.layout
    }

    /// The name that the row is looked up by, as `ppc-book3s64-4k`.
    #[must_use]
    pub const fn variant(&self) -> &'static str {
        self.layout.source.variant
    }

    /// What all eras of the variant share.
    #[must_use]
    pub const fn facts(&self) -> &'static Variant<'static> {
        self.facts
    }

    /// How the layout is known.
    #[must_use]
    pub const fn grade(&self) -> Grade {
        if self.layout.source.measured.is_empty() { Grade::Read } else { Grade::Measured }
    }

    /// Whether a kernel has this layout.
    #[must_use]
    pub const fn covers(&self, kernel: KernelVersion) -> bool {
        self.layout.source.kernels.contains(kernel)
    }

    /// The word for an entry, with all markers clear.
    ///
    /// # Errors
    /// As [`SwpPte::encode`].
    pub fn encode(&'static self, entry: SwpEntry) -> Result<Word, EncodeError> {
        (self.encode)(self.layout, entry).map(|bits| Word { row: self, bits })
    }

    /// A word of this layout; it need not be a swap PTE.
    ///
    /// # Errors
    /// [`DecodeError::WordTooWide`] if it has bits above the layout's word.
    pub const fn word(&'static self, bits: u64) -> Result<Word, DecodeError> {
        if bits & !self.layout.word_mask() != 0 {
            return Err(DecodeError::WordTooWide { word: bits, width: self.layout.width });
        }
        Ok(Word { row: self, bits })
    }
}

/// A page-table word of a layout that is known only at run time.
#[derive(Clone, Copy)]
pub struct Word {
    row: &'static Row,
    bits: u64,
}

impl Word {
    /// The row whose layout it has.
    #[must_use]
    pub const fn row(self) -> &'static Row {
        self.row
    }

    /// The number.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.bits
    }

    /// None, present, or a swap PTE.
    #[must_use]
    pub fn kind(self) -> PteKind {
        // A word is never too wide: the data stands in where there is no backend.
        (self.row.kind)(self.bits).unwrap_or_else(|| self.row.layout.kind(self.bits))
    }

    /// What the kernel's decoder reads in the word as type and offset, whatever its kind.
    #[must_use]
    pub fn fields(self) -> (u64, u64) {
        (self.row.fields)(self.bits).unwrap_or_else(|| self.row.layout.fields(self.bits))
    }

    /// The entry in the word.
    ///
    /// # Errors
    /// As [`SwpPte::decode`].
    pub fn decode(self) -> Result<SwpEntry, DecodeError> {
        (self.row.decode)(self.row.layout, self.bits)
    }

    /// Whether a marker is set; `None` where the layout does not have it.
    #[must_use]
    pub fn is_set(self, flag: Flag) -> Option<bool> {
        self.row.layout.flag(flag)?;
        (self.row.is_set)(self.row.layout, self.bits, flag)
    }

    /// The word with a marker set; `None` where the layout does not have it.
    #[must_use]
    pub fn set(self, flag: Flag) -> Option<Self> {
        self.row.layout.flag(flag)?;
        (self.row.set)(self.row.layout, self.bits, flag).map(|bits| Self { bits, ..self })
    }

    /// The word with a marker clear; `None` where the layout does not have it.
    #[must_use]
    pub fn clear(self, flag: Flag) -> Option<Self> {
        self.row.layout.flag(flag)?;
        (self.row.clear)(self.row.layout, self.bits, flag).map(|bits| Self { bits, ..self })
    }

    /// Why a present word is no usable mapping to the hardware; `None` if it is one, or if the word is not present.
    ///
    /// Sources: `pte_protnone`, `pte_present`, `pte_present_invalid`, `pte_mkold` in each architecture's
    /// `asm/pgtable.h`, which the oracle asks. 32-bit ppc and nohash64 never hide a present entry from the hardware.
    #[must_use]
    pub fn inaccessible(self) -> Option<&'static Inaccessible<'static>> {
        if self.kind() != PteKind::Present || self.row.layout.source.level != Level::Pte {
            return None;
        }
        self.row.facts.inaccessible(self.row.layout.source.kernels.first, self.bits)
    }

    /// The bits that are not as an encoder leaves them; see [`Layout::stray`]. Means something for swap PTEs only.
    #[must_use]
    pub const fn stray(self) -> u64 {
        self.row.layout.stray(self.bits)
    }
}

impl core::fmt::Debug for Word {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}({:#x})", self.row.variant(), self.bits)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::same;
    use crate::{find, newest, variants};
    use swp_pte::{KernelVersion, Reason};

    fn why(variant: &str, kernel: &str, word: u64) -> Option<(Reason, u32)> {
        let word = find(variant, kernel.parse().unwrap()).unwrap().word(word).unwrap();
        word.inaccessible().map(|why| (why.reason, why.bit))
    }

    #[test]
    fn each_architecture_has_its_bit() {
        let mapped = |bits: u64| bits | 0x1234_5000;
        assert_eq!(why("x86_64", "6.12", mapped(0x100)), Some((Reason::ProtNone, 8)));
        assert_eq!(why("x86_64", "6.12", mapped(0x101)), None);
        assert_eq!(why("arm64", "6.1", mapped(1 << 58)), Some((Reason::ProtNone, 58)));
        assert_eq!(why("arm64", "6.12", mapped(1 << 54 | 1 << 11)), Some((Reason::ProtNone, 11)));
        assert_eq!(why("arm64", "6.12", mapped(1 << 54 | 1 << 11 | 1 << 6)), Some((Reason::Invalidated, 11)));
        assert_eq!(why("s390", "6.1", mapped(0x601)), Some((Reason::ProtNone, 4)));
        assert_eq!(why("s390", "6.1", mapped(0x611)), Some((Reason::NotYoung, 10)));
        assert_eq!(why("s390", "6.1", mapped(0x615)), Some((Reason::Invalidated, 10)));
        assert_eq!(why("s390", "6.1", mapped(0x215)), None);
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0x6 << 60 | 0b110)), Some((Reason::Invalidated, 61)));
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0xc << 60 | 0b1000)), Some((Reason::ProtNone, 2)));
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0xc << 60 | 0b100)), None);
        // pte_hw_valid looks at _PAGE_PRESENT and _PAGE_PTE alone.
        assert_eq!(why("ppc-book3s64-64k", "6.1", mapped(0xe << 60 | 0b100)), None);
        assert_eq!(why("riscv-rv64", "6.12", mapped(0x22)), Some((Reason::ProtNone, 5)));
        assert_eq!(why("riscv-rv32", "5.10", 0x2), Some((Reason::ProtNone, 1)));
    }

    #[test]
    fn only_present_words_have_one() {
        for variant in variants() {
            let row = newest(variant).unwrap();
            let entry = swp_pte::SwpEntry::from_parts(3, 0x41).unwrap();
            assert_eq!(row.encode(entry).unwrap().inaccessible(), None, "{variant}");
            assert_eq!(row.word(row.layout().none.value & row.layout().word_mask()).unwrap().inaccessible(), None);
        }
    }

    #[test]
    fn names_are_the_same_to_the_last_letter() {
        for (a, b, equal) in [("ab", "ab", true), ("ab", "a", false), ("a", "ab", false), ("ab", "ac", false)] {
            assert_eq!(same(a, b), equal, "{a} {b}");
        }
    }

    #[test]
    fn a_row_covers_its_kernels_and_a_word_says_whose_it_is() {
        let row = newest("arm64").unwrap();
        let covered = [(6, 9), (6, 10), (7, 2)].map(|(major, minor)| row.covers(KernelVersion::new(major, minor)));
        assert_eq!(covered, [false, true, true]);
        assert_eq!(std::format!("{:?}", row.word(0x41004).unwrap()), "arm64(0x41004)");
        // Neither field nor marker has bit 4; bit 2 is the exclusive marker.
        assert_eq!([0x41004, 0x41014].map(|word| row.word(word).unwrap().stray()), [0, 1 << 4]);
    }
}
