//! The rows of an output, one per swap PTE: position, raw word, type, offset, markers, stray bits.

pub(crate) mod csv;
pub(crate) mod jsonl;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod text;

use swp_pte::{Flag, Layout};
use swp_pte_scan::SwapWord;

/// How rows are put together.
pub(crate) trait Format: Sync {
    /// A piece of the output, apart from the others.
    type Piece: Default + Send;

    /// Adds a row to a piece.
    fn add(&self, piece: &mut Self::Piece, row: &SwapWord);

    /// The same for a word out of a dump, whose position is its physical address; with its place in the file, if it has one.
    fn add_in_dump(&self, piece: &mut Self::Piece, row: &SwapWord, position: Option<u64>);
}

/// The names of the columns, in their order.
pub(crate) const COLUMNS: [&str; 8] =
    ["position", "raw", "type", "offset", "exclusive", "soft_dirty", "uffd_wp", "stray"];

/// What a dump has for the first of them: where the word is in the file, and in memory.
pub(crate) const IN_DUMP: [&str; 2] = ["position", "physical"];

/// The first of the columns of markers, which are in the order of [`Flag::ALL`].
const FIRST_MARKER: usize = 4;

/// The bits of the markers in a layout, looked up once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Markers([Option<u64>; Flag::ALL.len()]);

impl Markers {
    /// Those of a layout.
    #[must_use]
    pub(crate) fn new(layout: &Layout<'_>) -> Self {
        Self(Flag::ALL.map(|flag| layout.flag(flag).map(|_| layout.flag_mask(flag))))
    }

    /// Which of them a word has, bit `i` for the marker `i`.
    #[inline(always)]
    #[must_use]
    pub(crate) fn combination(self, word: u64) -> usize {
        let bit = |mask: Option<u64>| usize::from(word & mask.unwrap_or(0) != 0);
        let [one, two, three] = self.0.map(bit);
        one | two << 1 | three << 2
    }

    /// The values of the columns for such a combination: `None` where the layout does not have the marker.
    #[must_use]
    pub(crate) fn of_combination(self, combination: usize) -> [Option<bool>; Flag::ALL.len()] {
        std::array::from_fn(|i| self.0[i].map(|_| combination >> i & 1 == 1))
    }
}

/// A row.
#[cfg(any(feature = "parquet", test))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowOf {
    /// Where the word is in the file, in bytes; `None` if it is packed.
    pub(crate) position: Option<u64>,
    /// Its physical address, out of a dump.
    pub(crate) physical: Option<u64>,
    /// The word.
    pub(crate) raw: u64,
    /// The swap type; `None` with stray bits that take it out of its range.
    pub(crate) swp_type: Option<u8>,
    /// The offset in pages, likewise.
    pub(crate) offset: Option<u64>,
    /// The markers, by [`Flag`]; `None` where the layout does not have one.
    pub(crate) flags: [Option<bool>; Flag::ALL.len()],
    /// The stray bits.
    pub(crate) stray: u64,
}

#[cfg(any(feature = "parquet", test))]
impl RowOf {
    /// The row of a swap PTE.
    #[must_use]
    pub(crate) fn new(markers: Markers, word: &SwapWord) -> Self {
        Self {
            position: Some(word.position),
            physical: None,
            raw: word.word,
            swp_type: word.entry.and_then(|entry| u8::try_from(entry.swp_type().get()).ok()),
            offset: word.entry.map(|entry| entry.offset().get()),
            flags: markers.of_combination(markers.combination(word.word)),
            stray: word.stray,
        }
    }

    /// The row of one in a dump; see [`Format::add_in_dump`].
    #[must_use]
    pub(crate) fn in_dump(markers: Markers, word: &SwapWord, position: Option<u64>) -> Self {
        Self { position, physical: Some(word.position), ..Self::new(markers, word) }
    }
}

#[cfg(test)]
mod tests {
    use swp_pte_atlas::ROWS;
    use swp_pte_scan::{Words, for_each_swap};

    use super::text::Text;
    use super::*;

    /// A format, and room for its lines, which is not made anew for each.
    pub(super) struct Lines<F> {
        format: F,
        text: Text,
    }

    impl<F: Format<Piece = Text>> Lines<F> {
        /// The line of a row.
        pub(super) fn of(&mut self, word: &SwapWord) -> &str {
            self.text.clear();
            self.format.add(&mut self.text, word);
            str::from_utf8(self.text.lines()).unwrap()
        }

        /// The same for a dump.
        pub(super) fn in_dump(&mut self, word: &SwapWord, position: Option<u64>) -> &str {
            self.text.clear();
            self.format.add_in_dump(&mut self.text, word, position);
            str::from_utf8(self.text.lines()).unwrap()
        }
    }

    /// Rows of every layout, in a format of each: words of any bits, every power of two, at small positions and at the largest.
    pub(super) fn each_row<F: Format<Piece = Text>>(
        format: impl Fn(&Layout<'_>) -> std::io::Result<F>,
        mut check: impl FnMut(&mut Lines<F>, Markers, &SwapWord, &RowOf),
    ) {
        for row in ROWS {
            let (layout, mut state) = (row.layout(), 0x9e37_79b9_7f4a_7c15u64);
            let mut random = || {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                state >> (state >> 60)
            };
            let words = (0..64).flat_map(|power| [1 << power, !(1 << power), (1 << power) - 1]);
            let words: Vec<u64> = words.chain((0..300).map(|_| random())).collect();
            let bytes: Vec<u8> = match layout.width {
                32 => words.iter().flat_map(|word| word.to_le_bytes().into_iter().take(4)).collect(),
                _ => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            };
            let mut rows = 0;
            let (mut lines, markers) =
                (Lines { format: format(layout).unwrap(), text: Text::default() }, Markers::new(layout));
            for position in [0, 4096, u64::MAX - 4095] {
                let words = Words::new(&bytes, swp_pte::MemoryOrder::Little).at(position);
                for_each_swap(row.layout(), words, |word| {
                    let flags = Flag::ALL.map(|flag| layout.flag(flag).map(|_| layout.is_set(flag, word.word)));
                    let row = RowOf::new(markers, &word);
                    assert_eq!(row.flags, flags);
                    check(&mut lines, markers, &word, &row);
                    rows += 1;
                })
                .unwrap();
            }
            assert!(rows > 30, "{}: {rows} rows", row.variant());
        }
    }
}
