//! What a layout's public data say, copied out number by number, so that tests can change each of them.
//!
//! Nothing here asks the layout to calculate anything: the interpreter is one of the things to be proved.

use swp_pte::{Field, Flag, Layout, Pattern};

/// A layout, number by number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Bits of the word, 32 or 64.
    pub width: u32,
    /// The swap type.
    pub swp_type: Number,
    /// The swap offset.
    pub swp_offset: Number,
    /// Bits of a type that are refused, since the kernel's encoder drops them.
    pub lost_type: u64,
    /// Bits of an offset that are refused, since the word would read as present.
    pub present_offset: u64,
    /// Bits that are 1 in every swap PTE.
    pub always_one: u64,
    /// `pte_none`.
    pub none: Pattern,
    /// `pte_present`: any of these.
    pub present: Vec<Pattern>,
    /// The bits of the markers, in the order of [`Flag::ALL`].
    pub markers: [Option<u32>; 3],
}

/// A number in the word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Number {
    /// The bit of the word for each bit of the value that is read; none for those that are not there.
    pub places: [Option<u32>; 64],
    /// Whether 0 stands for 1.
    pub inverted: bool,
    /// How many bits of the value are written, from bit 0 up.
    pub written: u32,
}

impl Number {
    fn new(field: &Field) -> Self {
        let mut places = [None; 64];
        for run in field.runs() {
            let bits = (run.value_bit..).zip(run.bit..run.bit + run.len);
            for (value_bit, bit) in bits {
                if let Some(place) = usize::try_from(value_bit).ok().and_then(|n| places.get_mut(n)) {
                    *place = Some(bit);
                }
            }
        }
        Self { places, inverted: field.is_inverted(), written: field.written_bits() }
    }

    /// The largest value that is written.
    #[must_use]
    pub const fn max(&self) -> u64 {
        if self.written >= 64 { u64::MAX } else { (1 << self.written) - 1 }
    }
}

impl Facts {
    /// What this layout says.
    #[must_use]
    pub fn new(layout: &Layout<'_>) -> Self {
        Self {
            width: layout.width,
            swp_type: Number::new(&layout.swp_type),
            swp_offset: Number::new(&layout.swp_offset),
            lost_type: layout.lost_type,
            present_offset: layout.present_offset,
            always_one: layout.always_one,
            none: layout.none,
            present: layout.present.to_vec(),
            markers: Flag::ALL.map(|flag| match flag {
                Flag::Exclusive => layout.exclusive.map(|exclusive| exclusive.bit),
                Flag::SoftDirty => layout.soft_dirty,
                Flag::UffdWp => layout.uffd_wp,
            }),
        }
    }

    /// The bits of the word.
    #[must_use]
    pub const fn word_mask(&self) -> u64 {
        if self.width >= 64 { u64::MAX } else { (1 << self.width) - 1 }
    }

    /// The bit of a marker.
    #[must_use]
    pub const fn marker(&self, flag: Flag) -> Option<u32> {
        self.markers[match flag {
            Flag::Exclusive => 0,
            Flag::SoftDirty => 1,
            Flag::UffdWp => 2,
        }]
    }
}
