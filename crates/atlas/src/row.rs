//! A row of the atlas: a layout and its backend behind plain numbers.

use swp_pte::{
    DecodeError, EncodeError, Flag, KernelVersion, Layout, PteBits, PteKind, SoftDirty, SwpEntry, SwpPte, UffdWp,
};

/// One layout of the record, with the compiled backend that implements it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    layout: &'static Layout,
    pfn_bits: u32,
    encode: fn(SwpEntry) -> Result<u64, EncodeError>,
    decode: fn(u64) -> Result<SwpEntry, DecodeError>,
    kind: fn(u64) -> Option<PteKind>,
    flags: [Option<FlagFns>; Flag::ALL.len()],
}

/// The three functions of a marker; `None` where the word is too wide.
#[derive(Clone, Copy, Debug)]
struct FlagFns {
    is: fn(u64) -> Option<bool>,
    mk: fn(u64) -> Option<u64>,
    clear: fn(u64) -> Option<u64>,
}

/// The backend's type for a number, if it is no wider than the word.
fn pte<P: SwpPte>(word: u64) -> Option<P> {
    P::Bits::try_from_u64(word).map(P::from_bits)
}

/// `mk` or `clear` of a backend on plain numbers.
fn change<P: SwpPte>(word: u64, function: fn(P) -> P) -> Option<u64> {
    pte::<P>(word).map(|pte| function(pte).to_bits().into())
}

impl Row {
    /// The row of a backend. `pfn_bits` is `SWP_PFN_BITS` of its usual configuration, see [`Row::pfn_bits`].
    #[must_use]
    pub const fn of<P: SwpPte>(pfn_bits: u32) -> Self {
        let exclusive = FlagFns {
            is: |word| pte::<P>(word).map(P::is_exclusive),
            mk: |word| change(word, P::mk_exclusive),
            clear: |word| change(word, P::clear_exclusive),
        };
        Self {
            layout: const { &P::LAYOUT },
            pfn_bits,
            encode: |entry| P::encode(entry).map(|pte| pte.to_bits().into()),
            decode: |word| match pte::<P>(word) {
                Some(pte) => pte.decode(),
                None => Err(DecodeError::WordTooWide { word, width: P::Bits::BITS }),
            },
            kind: |word| pte::<P>(word).map(P::kind),
            flags: [if P::LAYOUT.exclusive.is_some() { Some(exclusive) } else { None }, None, None],
        }
    }

    /// The row with the soft-dirty functions of its backend.
    #[must_use]
    pub const fn soft_dirty<P: SoftDirty>(mut self) -> Self {
        self.flags[Flag::SoftDirty as usize] = Some(FlagFns {
            is: |word| pte::<P>(word).map(P::is_soft_dirty),
            mk: |word| change(word, P::mk_soft_dirty),
            clear: |word| change(word, P::clear_soft_dirty),
        });
        self
    }

    /// The row with the uffd-wp functions of its backend.
    #[must_use]
    pub const fn uffd_wp<P: UffdWp>(mut self) -> Self {
        self.flags[Flag::UffdWp as usize] = Some(FlagFns {
            is: |word| pte::<P>(word).map(P::is_uffd_wp),
            mk: |word| change(word, P::mk_uffd_wp),
            clear: |word| change(word, P::clear_uffd_wp),
        });
        self
    }

    /// The layout as data.
    #[must_use]
    pub const fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// The name that the row is looked up by, as `ppc-book3s64-4k`.
    #[must_use]
    pub const fn variant(&self) -> &'static str {
        self.layout.source.variant
    }

    /// Whether a kernel has this layout.
    #[must_use]
    pub const fn covers(&self, kernel: KernelVersion) -> bool {
        self.layout.source.kernels.contains(kernel)
    }

    /// How many low bits of a migration entry's offset are the page frame number, from 6.1 on: `SWP_PFN_BITS`
    /// (`include/linux/swapops.h`), which is `MAX_PHYSMEM_BITS - PAGE_SHIFT`, in the variant's usual configuration.
    /// An `x86_64` kernel that runs with five levels of page tables has 40 where the usual one has 34.
    #[must_use]
    pub const fn pfn_bits(&self) -> u32 {
        self.pfn_bits
    }

    /// The row with another number of page frame bits, for a configuration that is not the usual one.
    #[must_use]
    pub const fn with_pfn_bits(self, pfn_bits: u32) -> Self {
        Self { pfn_bits, ..self }
    }

    /// The word for an entry, with all markers clear.
    ///
    /// # Errors
    /// As [`SwpPte::encode`].
    pub fn encode(&'static self, entry: SwpEntry) -> Result<Word, EncodeError> {
        (self.encode)(entry).map(|bits| Word { row: self, bits })
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
        // A word is never too wide, so that the data never has to stand in for the backend.
        (self.row.kind)(self.bits).unwrap_or_else(|| self.row.layout.kind(self.bits))
    }

    /// The entry in the word.
    ///
    /// # Errors
    /// As [`SwpPte::decode`].
    pub fn decode(self) -> Result<SwpEntry, DecodeError> {
        (self.row.decode)(self.bits)
    }

    /// Whether a marker is set; `None` where the layout does not have it.
    #[must_use]
    pub fn is_set(self, flag: Flag) -> Option<bool> {
        self.fns(flag).and_then(|fns| (fns.is)(self.bits))
    }

    /// The word with a marker set; `None` where the layout does not have it.
    #[must_use]
    pub fn set(self, flag: Flag) -> Option<Self> {
        self.fns(flag).and_then(|fns| (fns.mk)(self.bits)).map(|bits| Self { bits, ..self })
    }

    /// The word with a marker clear; `None` where the layout does not have it.
    #[must_use]
    pub fn clear(self, flag: Flag) -> Option<Self> {
        self.fns(flag).and_then(|fns| (fns.clear)(self.bits)).map(|bits| Self { bits, ..self })
    }

    /// The bits that are not as an encoder leaves them; see [`Layout::stray`]. Means something for swap PTEs only.
    #[must_use]
    pub const fn stray(self) -> u64 {
        self.row.layout.stray(self.bits)
    }

    fn fns(self, flag: Flag) -> Option<FlagFns> {
        self.row.flags.get(flag as usize).copied().flatten()
    }
}

impl core::fmt::Debug for Word {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}({:#x})", self.row.variant(), self.bits)
    }
}
