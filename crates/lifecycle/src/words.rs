//! Swap PTEs as the model makes them: by a backend of the atlas, for the slots of the model's device.

use swp_pte::{Flag, PteKind, SwpEntry};
use swp_pte_atlas::{Row, Word};

use crate::{MAX_SLOTS, Rule, Rules};

/// The swap offset of slot 0; the others follow. Any would do that every layout can hold.
const FIRST_OFFSET: u64 = 0x40;

/// The words of one layout. Every function runs the compiled backend.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    row: &'static Row,
    /// The bits that stand for the marker, where a rule that is switched off has it in a wrong place.
    misplaced: Option<u64>,
}

impl Words {
    /// The words of a layout, with the marker where the rules say.
    #[must_use]
    pub fn new(row: &'static Row, rules: Rules) -> Self {
        let layout = row.layout();
        let misplaced = if row.layout().exclusive.is_none() {
            None
        } else if !rules.on(Rule::MarkerOutsideOffset) {
            // An offset bit that is 0 in the words of slot 0, so that setting it says something.
            let word = Self { row, misplaced: None }.encode(0).unwrap_or(0);
            let zeros = layout.swp_offset.written_mask() & !word;
            Some(zeros & zeros.wrapping_neg())
        } else if !rules.on(Rule::MarkerOutsidePresent) {
            present_by_ones(row)
        } else {
            None
        };
        Self { row, misplaced }
    }

    /// The row of the atlas.
    #[must_use]
    pub const fn row(&self) -> &'static Row {
        self.row
    }

    /// A number as a word of the layout.
    #[must_use]
    pub fn word(&self, bits: u64) -> Option<Word> {
        self.row.word(bits).ok()
    }

    /// Whether the layout has a marker, wherever it is.
    #[must_use]
    pub const fn has(&self, flag: Flag) -> bool {
        self.row.layout().flag(flag).is_some()
    }

    /// `swp_entry_to_pte()` for a slot.
    #[must_use]
    pub fn encode(&self, slot: u8) -> Option<u64> {
        let entry = SwpEntry::from_parts(0, FIRST_OFFSET + u64::from(slot)).ok()?;
        self.row.encode(entry).ok().map(Word::bits)
    }

    /// The slot that a word names, if the device has it.
    #[must_use]
    pub fn slot(&self, bits: u64) -> Option<u8> {
        let entry = self.word(bits)?.decode().ok()?;
        let slot = entry.offset().get().checked_sub(FIRST_OFFSET)?;
        let known = entry.swp_type().get() == 0 && usize::try_from(slot).is_ok_and(|slot| slot < MAX_SLOTS);
        known.then(|| u8::try_from(slot).ok()).flatten()
    }

    /// Whether `is_swap_pte()` holds.
    #[must_use]
    pub fn is_swap(&self, bits: u64) -> bool {
        self.word(bits).is_some_and(|word| word.kind() == PteKind::Swap)
    }

    /// `pte_swp_exclusive()` and its like; false where the layout has no such bit, as the kernel's stubs say.
    #[must_use]
    pub fn is_set(&self, flag: Flag, bits: u64) -> bool {
        match self.misplaced {
            Some(marker) if flag == Flag::Exclusive => bits & marker == marker,
            _ => self.word(bits).and_then(|word| word.is_set(flag)).unwrap_or(false),
        }
    }

    /// `pte_swp_mkexclusive()` or `pte_swp_clear_exclusive()` and their like; unchanged where the layout has no such
    /// bit, as the kernel's stubs leave it.
    #[must_use]
    pub fn with(&self, flag: Flag, set: bool, bits: u64) -> u64 {
        match self.misplaced {
            Some(marker) if flag == Flag::Exclusive && set => bits | marker,
            Some(marker) if flag == Flag::Exclusive => bits & !marker,
            _ => {
                let change = |word: Word| if set { word.set(flag) } else { word.clear(flag) };
                self.word(bits).and_then(change).map_or(bits, Word::bits)
            }
        }
    }
}

/// Bits of which it suffices that they are 1 to make a word present; `None` where all that does is that a bit is 0, which
/// no marker that is set can be (xtensa).
pub(crate) fn present_by_ones(row: &Row) -> Option<u64> {
    row.layout().present.iter().find(|pattern| pattern.value == pattern.mask).map(|pattern| pattern.value)
}
