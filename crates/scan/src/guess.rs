//! Which layout wrote these words? Evidence for each layout and byte order, and what it amounts to.
//!
//! A layout explains a word as well as it says *why the word is not something else*. The measure is the bits that it
//! saves: of 64 bits that could have been anything, how many were to be expected. Garbage saves none.
//!
//! | the layout reads it as | bits saved |
//! |---|---|
//! | none | all that `pte_none()` compares; nothing if it compares with 0, as any memory is full of zeros |
//! | a swap PTE | all but those that type, offset and markers need: small types, small offsets and few markers are likely; nothing at offset 0, where a swap file has its header, nor for a word that was there just before |
//! | a swap PTE with stray bits, or of a swap file larger than there can be | minus [`STRAY`]: no kernel of the layout wrote it |
//! | present | those that the predicate compares, at most [`PRESENT`]: nearly any word could be present |
//!
//! So a layout that calls everything present saves next to nothing, and so does one that reads large random offsets in
//! words of the other byte order. A marker that is not set costs nothing: eras that differ in one that no word
//! carries come out alike, and [`Verdict::Alike`] says so.

use swp_pte::{MemoryOrder, PteBits, PteKind, SwpPte};
use swp_pte_atlas::{ROWS, Row, Visit};

use crate::masks::Masks;
use crate::{PartialWord, ScanError, entries};

/// Types below this one are swap files in every kernel: 32 but for what migration, device memory, hardware poison and
/// markers take at most (`MAX_SWAPFILES`, include/linux/swap.h).
const FILES: u64 = 32 - 9;
/// A swap file has fewer pages than this: its header counts them in 32 bits (`last_page` of `union swap_header`,
/// include/linux/swap.h).
const PAGES: u64 = 1 << 32;
/// What each swap file beyond the second costs, in bits, and all of them together at most.
const FILE: f64 = 6.0;
const MOST_FILES: f64 = 40.0;
/// What a type above the swap files costs, in bits.
const PASSING: f64 = 20.0;
/// What a word that no kernel of the layout wrote costs, in bits.
const STRAY: f64 = 24.0;
/// The most that a present word saves, in bits.
const PRESENT: f64 = 2.0;
/// What it takes to say which kind a word is, about the same for all.
const KIND: f64 = 1.0;
/// What a marker costs, in bits: as much as type 1 costs more than type 0, since the one was the other's bit before.
const MARKER: f64 = 2.0;
/// The least total of bits by which the best must be ahead of the next.
const AHEAD: f64 = 64.0;
/// And the least share of its own.
const AHEAD_SHARE: f64 = 0.005;
/// The fewest swap PTEs to say anything from.
const FEWEST: u64 = 8;
/// The largest share of swap PTEs that no kernel may have written.
const MOST_STRAY: f64 = 0.1;

/// What a layout and a byte order make of some words.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The layout.
    pub row: &'static Row,
    /// The byte order.
    pub order: MemoryOrder,
    /// How many words.
    pub words: u64,
    /// How many are none.
    pub none: u64,
    /// How many are present.
    pub present: u64,
    /// How many are swap PTEs that a kernel can have written.
    pub swap: u64,
    /// How many are swap PTEs with stray bits.
    pub suspicious: u64,
    /// How many are swap PTEs without stray bits, but too far into a swap file.
    pub implausible: u64,
    /// The types of the swap PTEs that a kernel can have written, bit `t` for type `t`.
    pub types: u32,
    /// The largest of their offsets, in pages.
    pub max_offset: u64,
    saved: f64,
}

impl Evidence {
    /// No words yet.
    #[must_use]
    pub const fn new(row: &'static Row, order: MemoryOrder) -> Self {
        Self {
            row,
            order,
            words: 0,
            none: 0,
            present: 0,
            swap: 0,
            suspicious: 0,
            implausible: 0,
            types: 0,
            max_offset: 0,
            saved: 0.0,
        }
    }

    /// Every layout of the atlas in both byte orders, without evidence.
    #[must_use]
    pub fn candidates() -> Vec<Self> {
        ROWS.iter().flat_map(|row| row.layout().memory.orders().map(|order| Self::new(row, order))).collect()
    }

    /// Takes in some words.
    ///
    /// # Errors
    /// [`ScanError`]; nothing is taken in then.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), ScanError> {
        struct Visitor<'a>(&'a mut Evidence, &'a [u8]);
        impl Visit for Visitor<'_> {
            type Output = Result<(), PartialWord>;

            fn visit<P: SwpPte>(self) -> Self::Output {
                self.0.add_words::<P>(self.1)
            }
        }
        let row = self.row;
        Ok(row.visit(Visitor(self, bytes)).ok_or(ScanError::NotInAtlas)??)
    }

    fn add_words<P: SwpPte>(&mut self, bytes: &[u8]) -> Result<(), PartialWord> {
        let width = f64::from(P::Bits::BITS);
        let none = Masks::<P>::NONE;
        let none = if none.value == 0 { 0.0 } else { f64::from(none.mask.count_ones()) - KIND };
        let patterns = P::LAYOUT.present.iter().map(|pattern| pattern.mask.count_ones());
        let present = f64::from(patterns.min().unwrap_or(0)).min(PRESENT) - KIND;
        let markers = Masks::<P>::FLAGS.iter().fold(0, |all, flag| all | flag);
        // A slot of a swap file is seldom in several entries; half of a wider word often looks like one that is.
        let mut before = [0; 4];
        for entry in entries::<P>(bytes, self.order, 0)? {
            self.words += 1;
            let word = entry.pte.to_bits().into();
            match entry.pte.kind() {
                PteKind::None => {
                    self.none += 1;
                    self.saved += none;
                }
                PteKind::Present => {
                    self.present += 1;
                    self.saved += present;
                }
                PteKind::Swap if Masks::<P>::stray(word) != 0 => {
                    self.suspicious += 1;
                    self.saved -= STRAY;
                }
                PteKind::Swap => {
                    let (swp_type, offset) = (Masks::<P>::swp_type(word), Masks::<P>::offset(word));
                    if swp_type < FILES && offset >= PAGES {
                        self.implausible += 1;
                        self.saved -= STRAY;
                        continue;
                    }
                    self.swap += 1;
                    self.types |= 1 << (swp_type & 31);
                    self.max_offset = self.max_offset.max(offset);
                    if (swp_type < FILES && offset == 0) || before.contains(&word) {
                        continue;
                    }
                    before.rotate_right(1);
                    before[0] = word;
                    let markers = f64::from((word & markers).count_ones()) * MARKER;
                    self.saved += width - likely_type(swp_type) - likely(offset) - markers - KIND;
                }
            }
        }
        Ok(())
    }

    /// Bits saved per 64 bits of the image, so that words of 32 and of 64 bits can be compared.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    pub fn score(&self) -> f64 {
        if self.words == 0 {
            return 0.0;
        }
        self.saved / (self.words as f64 * f64::from(self.row.layout().width)) * 64.0
    }

    /// Whether both read every word as the same, as far as the figures tell.
    fn is_like(&self, other: &Self) -> bool {
        let figures = |evidence: &Self| {
            let Self { words, none, present, swap, suspicious, implausible, types, max_offset, .. } = *evidence;
            (words, none, present, swap, suspicious, implausible, types, max_offset)
        };
        figures(self) == figures(other) && (self.saved - other.saved).abs() < 1e-6 * self.saved.abs().max(1.0)
    }
}

/// The bits that a number needs if small ones are likelier: twice its length, as in Elias' gamma code, but not more
/// than its length and 6.
#[expect(clippy::cast_precision_loss, reason = "a logarithm")]
fn likely(number: u64) -> f64 {
    let length = (number as f64 + 1.0).log2();
    length + length.min(6.0) + 1.0
}

/// The bits that a swap type needs. Swap files are numbered from 0, and few systems have more than two: each further one
/// is as much less likely. What is above the swap files is passing. Words of something else have types all over.
#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn likely_type(swp_type: u64) -> f64 {
    match swp_type {
        0 => KIND,
        1 => KIND + MARKER,
        2..FILES => (KIND + MARKER + FILE * (swp_type - 1) as f64).min(MOST_FILES),
        _ => PASSING,
    }
}

/// What the evidence amounts to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The first of the ranking, and no other.
    Clear,
    /// So many at the head of the ranking read every word alike; no other explains them as well.
    Alike(usize),
    /// It cannot be told.
    Unclear(Unclear),
}

/// Why it cannot be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unclear {
    /// The best explanation has too few swap PTEs.
    FewSwapPtes,
    /// Even the best explanation has too many words that no kernel of the layout wrote.
    StrayBits,
    /// The best explanation saves next to nothing: the words could be anything.
    Noise,
    /// The second explains the words nearly as well.
    Close,
}

impl core::fmt::Display for Unclear {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::FewSwapPtes => "there are too few swap PTEs under the best explanation",
            Self::StrayBits => "even under the best explanation there are many words that no kernel wrote",
            Self::Noise => "no layout explains the words better than chance would",
            Self::Close => "the best explanations are too close to each other",
        })
    }
}

/// Sorts the evidence, the best first, and says what it amounts to.
pub fn judge(evidence: &mut [Evidence]) -> Verdict {
    // Stable: what is equally good stays in the order of the atlas.
    evidence.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let Some((best, rest)) = evidence.split_first() else { return Verdict::Unclear(Unclear::FewSwapPtes) };
    let wrong = best.suspicious + best.implausible;
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let stray = wrong as f64 > (best.swap + wrong) as f64 * MOST_STRAY;
    let alike = rest.iter().take_while(|other| best.is_like(other)).count();
    // Both see the same bytes, as words of their own width.
    #[expect(clippy::cast_precision_loss, reason = "a total")]
    let of_image = best.words as f64 * f64::from(best.row.layout().width) / 64.0;
    let close = rest.get(alike).is_some_and(|next| {
        let ahead = best.score() - next.score();
        ahead * of_image < AHEAD || ahead < best.score() * AHEAD_SHARE
    });
    match () {
        () if best.swap < FEWEST => Verdict::Unclear(Unclear::FewSwapPtes),
        () if best.score() < KIND => Verdict::Unclear(Unclear::Noise),
        () if stray => Verdict::Unclear(Unclear::StrayBits),
        () if close => Verdict::Unclear(Unclear::Close),
        () if alike > 0 => Verdict::Alike(alike + 1),
        () => Verdict::Clear,
    }
}
