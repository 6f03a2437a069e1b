//! How many states and steps there are for each kind of layout: numbers that change when the model's meaning does.

use swp_pte_atlas::Row;

use crate::{Bounds, markers};

/// The size of a space, as far as it is visited.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Size {
    /// Different states.
    pub states: usize,
    /// Steps between them, and the four states to begin with. An event that is missing always lacks here, even where
    /// its states can be reached in another way.
    pub steps: usize,
}

/// Markers of a layout (exclusive, soft-dirty, uffd-wp), and the size of its model at [`Bounds::DEFAULT`].
const SIZES: [([bool; 3], Size); 7] = [
    ([false, false, false], Size { states: 118_892, steps: 1_066_204 }),
    ([false, true, false], Size { states: 577_512, steps: 5_575_424 }),
    ([false, true, true], Size { states: 1_074_428, steps: 11_008_560 }),
    ([true, false, false], Size { states: 140_594, steps: 1_290_704 }),
    ([true, false, true], Size { states: 461_474, steps: 4_561_182 }),
    ([true, true, false], Size { states: 681_438, steps: 6_730_586 }),
    ([true, true, true], Size { states: 1_265_742, steps: 13_282_928 }),
];

/// The same at [`Bounds::DEEP`], where the exclusive marker alone makes a difference: without it, and with it.
const DEEP: [Size; 2] = [Size { states: 1_616_964, steps: 12_378_644 }, Size { states: 1_833_986, steps: 13_783_268 }];

/// The size that the model of a layout must have, if it is pinned: for all layouts of the atlas at [`Bounds::DEFAULT`]
/// and [`Bounds::DEEP`]. Layouts with the same markers have the same states, wherever the bits are.
#[must_use]
pub fn pinned_size(row: &Row, bounds: Bounds) -> Option<Size> {
    let markers = markers(row);
    if bounds == Bounds::DEEP {
        return DEEP.get(usize::from(markers[0])).copied();
    }
    let found = SIZES.iter().find(|(known, _)| bounds == Bounds::DEFAULT && *known == markers);
    found.map(|(_, size)| *size)
}
