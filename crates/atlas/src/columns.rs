//! Many words at once, each answer in a column of its own: for programs that keep columns, such as Python's.

use swp_pte::{Flag, Layout, MemoryOrder, PteBits, PteKind, SwpEntry, SwpPte};

use crate::{Row, Visit};

/// Where the answers go. A column that is empty is not wanted; another one has one element a word.
#[derive(Debug, Default)]
pub struct Columns<'a> {
    /// What each word is: [`NONE`](Self::NONE), [`PRESENT`](Self::PRESENT), [`SWAP`](Self::SWAP) or
    /// [`BROKEN`](Self::BROKEN).
    pub kind: &'a mut [u8],
    /// The swap type; 0 where the word holds no entry.
    pub swp_type: &'a mut [u8],
    /// The markers that are set, a bit each in the order of [`Flag::ALL`]; 0 where the word holds no entry.
    pub markers: &'a mut [u8],
    /// The swap offset, in pages; 0 where the word holds no entry.
    pub offset: &'a mut [u64],
}

/// Why an array is not decoded; nothing is written then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ColumnsError {
    /// The bytes are no whole number of words.
    Cut {
        /// How many bytes there are.
        bytes: usize,
        /// How many a word has.
        width: usize,
    },
    /// A column has another number of elements than there are words.
    Length {
        /// How many elements it has.
        column: usize,
        /// How many words there are.
        words: usize,
    },
}

impl core::fmt::Display for ColumnsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cut { bytes, width } => write!(f, "{bytes} bytes are no whole number of words of {width} bytes"),
            Self::Length { column, words } => write!(f, "a column of {column} elements for {words} words"),
        }
    }
}

impl core::error::Error for ColumnsError {}

impl Columns<'_> {
    /// `pte_none()`.
    pub const NONE: u8 = 0;
    /// `pte_present()`.
    pub const PRESENT: u8 = 1;
    /// An entry.
    pub const SWAP: u8 = 2;
    /// Neither none nor present, and yet no entry: a field holds what no encoder writes.
    pub const BROKEN: u8 = 255;
}

impl Row {
    /// Decodes all words of an array, whose bytes lie in this order, into columns.
    ///
    /// # Errors
    /// [`ColumnsError`].
    pub fn decode_columns(&self, words: &[u8], order: MemoryOrder, columns: Columns<'_>) -> Result<(), ColumnsError> {
        let width = if self.layout().width == u32::BITS { 4 } else { 8 };
        if !words.len().is_multiple_of(width) {
            return Err(ColumnsError::Cut { bytes: words.len(), width });
        }
        let count = words.len() / width;
        let Columns { kind, swp_type, markers, offset } = &columns;
        for column in [kind.len(), swp_type.len(), markers.len(), offset.len()] {
            if column != 0 && column != count {
                return Err(ColumnsError::Length { column, words: count });
            }
        }
        let mut all = Loop { words, order, columns };
        if self.visit(&mut all).is_none() {
            // A layout that is no backend is interpreted.
            all.run(width, |bits| Answer::described(self.layout(), bits));
        }
        Ok(())
    }
}

/// Words that are decoded before their answers are copied to the columns that are wanted.
const BLOCK: usize = 256;

struct Loop<'a> {
    words: &'a [u8],
    order: MemoryOrder,
    columns: Columns<'a>,
}

impl Visit for &mut Loop<'_> {
    type Output = ();

    fn visit<P: SwpPte>(self) {
        self.run(if P::Bits::BITS == u32::BITS { 4 } else { 8 }, Answer::of::<P>);
    }
}

impl Loop<'_> {
    #[inline]
    fn run(&mut self, width: usize, answer: impl Fn(u64) -> Answer) {
        let Columns { mut kind, mut swp_type, mut markers, mut offset } = core::mem::take(&mut self.columns);
        let mut block = [Answer::default(); BLOCK];
        for words in self.words.chunks(BLOCK * width) {
            // A match a block, so that each loop has one order only.
            let count = match (self.order, width) {
                (MemoryOrder::Little, 8) => fill(&mut block, words, |bytes| answer(u64::from_le_bytes(*bytes))),
                (MemoryOrder::Big, 8) => fill(&mut block, words, |bytes| answer(u64::from_be_bytes(*bytes))),
                (MemoryOrder::Little, _) => fill(&mut block, words, |bytes| answer(u32::from_le_bytes(*bytes).into())),
                (MemoryOrder::Big, _) => fill(&mut block, words, |bytes| answer(u32::from_be_bytes(*bytes).into())),
                (order, 8) => fill::<8>(&mut block, words, |bytes| answer(order.word(bytes).unwrap_or_default())),
                (order, _) => fill::<4>(&mut block, words, |bytes| answer(order.word(bytes).unwrap_or_default())),
            };
            let answers = block.get(..count).unwrap_or_default();
            kind = put(kind, answers, |answer| answer.kind);
            swp_type = put(swp_type, answers, |answer| answer.swp_type);
            markers = put(markers, answers, |answer| answer.markers);
            offset = put(offset, answers, |answer| answer.offset);
        }
    }
}

/// Writes the front of a column; what is left of it. Nothing is left of one that is not wanted.
fn put<'a, T>(column: &'a mut [T], answers: &[Answer], of: impl Fn(&Answer) -> T) -> &'a mut [T] {
    let (front, rest) = column.split_at_mut(answers.len().min(column.len()));
    for (slot, answer) in front.iter_mut().zip(answers) {
        *slot = of(answer);
    }
    rest
}

fn fill<const N: usize>(block: &mut [Answer], words: &[u8], answer: impl Fn(&[u8; N]) -> Answer) -> usize {
    let (words, _) = words.as_chunks::<N>();
    for (slot, bytes) in block.iter_mut().zip(words) {
        *slot = answer(bytes);
    }
    words.len()
}

#[derive(Clone, Copy, Default)]
struct Answer {
    offset: u64,
    kind: u8,
    swp_type: u8,
    markers: u8,
}

impl Answer {
    #[inline]
    fn of<P: SwpPte>(bits: u64) -> Self {
        // It has as many bytes as the word.
        let Some(pte) = P::Bits::try_from_u64(bits).map(P::from_bits) else { return Self::default() };
        Self::new(pte.kind(), || pte.decode().ok(), |flag| pte.is_set_or_stub(flag))
    }

    fn described(layout: &Layout<'_>, bits: u64) -> Self {
        Self::new(layout.kind(bits), || layout.decode(bits).ok(), |flag| layout.is_set(flag, bits))
    }

    #[inline]
    fn new(kind: PteKind, entry: impl Fn() -> Option<SwpEntry>, is_set: impl Fn(Flag) -> bool) -> Self {
        let none = Self { kind: Columns::NONE, ..Self::default() };
        match kind {
            PteKind::None => none,
            PteKind::Present => Self { kind: Columns::PRESENT, ..none },
            PteKind::Swap => {
                let Some(entry) = entry() else { return Self { kind: Columns::BROKEN, ..none } };
                let mut markers = 0;
                let mut bit = 1;
                for flag in Flag::ALL {
                    markers |= if is_set(flag) { bit } else { 0 };
                    bit <<= 1;
                }
                #[expect(clippy::cast_possible_truncation, reason = "a swap type has five bits")]
                let swp_type = entry.swp_type().get() as u8;
                Self { offset: entry.offset().get(), kind: Columns::SWAP, swp_type, markers }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec;
    use std::vec::Vec;

    use super::*;
    use crate::{OLDER, ROWS, SECOND_FORMS};

    /// A word alone and a word in an array are read by different functions.
    #[test]
    fn an_array_says_what_each_word_says() {
        let orders = [MemoryOrder::Little, MemoryOrder::Big, MemoryOrder::BigLowWordFirst];
        for (row, order) in ROWS.iter().chain(SECOND_FORMS).chain(OLDER).zip(orders.iter().cycle()) {
            let mask = row.layout().word_mask();
            // More than a block, and no whole number of blocks; the multiplier is that of Knuth's generator.
            let mut state = 1_u64;
            let words: Vec<u64> = (0..700_u64)
                .map(|i| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let offset = state >> 40 & row.layout().max_offset();
                    let entry = swp_pte::SwpEntry::from_parts(i % 32, offset);
                    let encoded = entry.ok().and_then(|entry| row.encode(entry).ok());
                    encoded.filter(|_| i % 2 == 0).map_or(state & mask, crate::Word::bits)
                })
                .collect();
            let wide = row.layout().width == 64;
            let bytes: Vec<u8> = words
                .iter()
                .flat_map(|word| match (order, wide) {
                    (MemoryOrder::Little, true) => word.to_le_bytes().to_vec(),
                    (MemoryOrder::Little, false) => word.to_le_bytes()[..4].to_vec(),
                    (MemoryOrder::Big, true) => word.to_be_bytes().to_vec(),
                    (_, true) => word.rotate_left(32).to_be_bytes().to_vec(),
                    (_, false) => word.to_be_bytes()[4..].to_vec(),
                })
                .collect();
            let (mut kind, mut swp_type, mut markers) = (vec![9; 700], vec![9; 700], vec![9; 700]);
            let mut offset = vec![9; 700];
            let columns =
                Columns { kind: &mut kind, swp_type: &mut swp_type, markers: &mut markers, offset: &mut offset };
            row.decode_columns(&bytes, *order, columns).unwrap();
            let mut swaps = 0;
            for (i, bits) in words.iter().enumerate() {
                let word = row.word(*bits).unwrap();
                let set = Flag::ALL.iter().enumerate().filter(|(_, flag)| word.is_set(**flag) == Some(true));
                let expected = match (word.kind(), word.decode()) {
                    (PteKind::None, _) => (Columns::NONE, 0, 0, 0),
                    (PteKind::Present, _) => (Columns::PRESENT, 0, 0, 0),
                    (PteKind::Swap, Err(_)) => (Columns::BROKEN, 0, 0, 0),
                    (PteKind::Swap, Ok(entry)) => {
                        swaps += 1;
                        let markers = set.fold(0_u8, |bits, (bit, _)| bits | 1 << bit);
                        (Columns::SWAP, entry.swp_type().get(), markers, entry.offset().get())
                    }
                };
                let got = (kind[i], u64::from(swp_type[i]), markers[i], offset[i]);
                assert_eq!(got, expected, "{} {bits:#x}", row.variant());
            }
            assert!(swaps > 100, "{}: {swaps}", row.variant());
        }
    }

    #[test]
    fn an_array_that_does_not_fit_is_refused() {
        let row = crate::newest("x86_64").unwrap();
        let decode = |bytes: usize, column: usize| {
            let (bytes, mut kind) = (vec![0; bytes], vec![7; column]);
            let result =
                row.decode_columns(&bytes, MemoryOrder::Little, Columns { kind: &mut kind, ..Columns::default() });
            (result, kind)
        };
        assert_eq!(decode(9, 1), (Err(ColumnsError::Cut { bytes: 9, width: 8 }), vec![7]));
        assert_eq!(decode(16, 1), (Err(ColumnsError::Length { column: 1, words: 2 }), vec![7]));
        assert_eq!(decode(16, 0), (Ok(()), vec![]));
        assert_eq!(decode(16, 2), (Ok(()), vec![0, 0]));
    }
}
