//! Where an exclusive marker may live: every legal place in a layout, cheapest first, with its cost.
//!
//! A place is legal if setting the bit there changes neither what the word is (none, present, swap) nor its entry nor
//! another marker, and if neither hardware nor kernel looks at it. The design knows three ways to come by such a bit;
//! fields may close ranks to make room, as the kernel's own did on arm64 and RISC-V, a marker may take the bit of
//! another that moves to an unused one, as on ppc book3s64, and a field in several pieces may be laid out anew over the unused
//! bits between them, as on parisc.

use super::field::low_bits;
use super::{Claim, ExclusiveBit, Field, Flag, Layout};

/// How the marker comes by its bit, from the cheapest way to the dearest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Placement {
    /// The bit was unused. Costs nothing.
    UnusedBit,
    /// The type field was wider than the five bits that the core uses. Costs swap types that nobody could use.
    StolenTypeBit,
    /// The offset field gave its highest bit. Costs half of the largest swap file.
    StolenOffsetBit,
}

impl Placement {
    /// `unused bit`, `stolen type bit`, `stolen offset bit`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnusedBit => "unused bit",
            Self::StolenTypeBit => "stolen type bit",
            Self::StolenOffsetBit => "stolen offset bit",
        }
    }
}

impl core::fmt::Display for Placement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// What a placement gives up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Cost {
    /// Values of the type field that can no longer be written down; the core of the kernel never used them.
    pub swap_types: u64,
    /// By how many bytes the largest swap file shrinks.
    pub swap_file_bytes: u128,
}

impl core::fmt::Display for Cost {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match (self.swap_types, self.swap_file_bytes) {
            (0, 0) => f.write_str("none"),
            (types, 0) => write!(f, "{types} spare swap types"),
            (0, bytes) => write!(f, "{} of swap file", Bytes(bytes)),
            (types, bytes) => write!(f, "{types} spare swap types, {} of swap file", Bytes(bytes)),
        }
    }
}

/// A number of bytes in the largest binary unit that divides it: `16 TiB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bytes(pub u128);

impl core::fmt::Display for Bytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        const UNITS: [&str; 9] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
        let mut number = self.0;
        let mut units = UNITS.into_iter();
        let mut unit = units.next();
        while number != 0 && number.is_multiple_of(1024) {
            let Some(next) = units.next() else { break };
            (number, unit) = (number / 1024, Some(next));
        }
        write!(f, "{number} {}", unit.unwrap_or_default())
    }
}

/// One legal place for the marker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Candidate {
    /// The marker's bit.
    pub bit: u32,
    /// How it comes by it.
    pub placement: Placement,
    /// Another marker that leaves this bit for an unused one, and that bit.
    pub moved: Option<(Flag, u32)>,
    /// Whether the fields are laid out anew, over the unused bits between their pieces too.
    pub spread: bool,
    /// How many bits the type gives up in all, where it gives this one: one, or all that the core does not use.
    pub type_bits: u32,
    /// What is given up.
    pub cost: Cost,
}

/// Number of bits of the swap type in the core, `MAX_SWAPFILES_SHIFT`.
const CORE_TYPE_BITS: u32 = 5;

impl<'a> Layout<'a> {
    /// Every legal place for an exclusive marker, cheapest first; among equals those that move nothing come first, and
    /// then the lowest bit. A marker that the layout has already is disregarded: its bit counts as free.
    pub fn placements(&self) -> impl Iterator<Item = Candidate> + use<'a> {
        let layout = self.without(Flag::Exclusive);
        let bits = 0..layout.width;
        let unused = move |bit: &u32| matches!(layout.claim(*bit), Claim::Unused);
        let candidate = |bit, placement, moved, cost| {
            let type_bits = u32::from(placement == Placement::StolenTypeBit);
            Candidate { bit, placement, moved, spread: false, type_bits, cost }
        };

        let direct =
            bits.clone().filter(unused).map(move |bit| candidate(bit, Placement::UnusedBit, None, Cost::default()));
        let moving = [Flag::SoftDirty, Flag::UffdWp].into_iter().flat_map(move |flag| {
            let free = layout.flag(flag).into_iter().flat_map(move |bit| (0..layout.width).map(move |to| (bit, to)));
            free.filter(move |(_, to)| unused(to))
                .map(move |(bit, to)| candidate(bit, Placement::UnusedBit, Some((flag, to)), Cost::default()))
        });
        let spread = bits
            .clone()
            .filter(move |bit| layout.has_gaps() && layout.written_entry() >> bit & 1 != 0)
            .map(move |bit| Candidate { spread: true, ..candidate(bit, Placement::UnusedBit, None, Cost::default()) });
        let room = layout.type_room().count_ones();
        let spare = room.saturating_sub(CORE_TYPE_BITS);
        // One bit, or all that can be spared; where that is one, it is the same.
        let gives = [1.min(spare), spare].into_iter().enumerate().filter(|(i, gives)| *gives > u32::from(*i > 0));
        let from_type = gives.flat_map(move |(_, type_bits)| {
            let cost = Cost { swap_types: numbers(room) - numbers(room - type_bits), swap_file_bytes: 0 };
            let bits = (0..layout.width).filter(move |bit| layout.type_room() >> bit & 1 != 0);
            bits.map(move |bit| Candidate { type_bits, ..candidate(bit, Placement::StolenTypeBit, None, cost) })
        });
        let offset_cost = Cost { swap_types: 0, swap_file_bytes: layout.max_swap_file() / 2 };
        let from_offset = bits
            .filter(move |bit| layout.swp_offset.written_bits() > 0 && layout.written_entry() >> bit & 1 != 0)
            .map(move |bit| candidate(bit, Placement::StolenOffsetBit, None, offset_cost));

        direct
            .chain(moving)
            .chain(spread)
            .chain(from_type)
            .chain(from_offset)
            .filter(move |candidate| candidate.apply(&layout).is_some())
    }

    /// The cheapest legal place, if there is one.
    #[must_use]
    pub fn cheapest_placement(&self) -> Option<Candidate> {
        self.placements().next()
    }

    /// What the marker of this layout gave up, seen from a layout without it; `None` where there is no marker.
    #[must_use]
    pub const fn marker_cost(&self) -> Option<Cost> {
        match self.exclusive {
            None => None,
            Some(ExclusiveBit { placement: Placement::UnusedBit, .. }) => {
                Some(Cost { swap_types: 0, swap_file_bytes: 0 })
            }
            // A field with one bit more held twice as much.
            Some(ExclusiveBit { placement: Placement::StolenTypeBit, type_bits, .. }) => {
                let bits = self.swp_type.width();
                Some(Cost { swap_types: numbers(bits + type_bits) - numbers(bits), swap_file_bytes: 0 })
            }
            Some(ExclusiveBit { placement: Placement::StolenOffsetBit, .. }) => {
                Some(Cost { swap_types: 0, swap_file_bytes: self.max_swap_file() })
            }
        }
    }

    /// The bits that the decoder takes for the type, but for those that somebody else looks at.
    const fn type_room(&self) -> u64 {
        self.swp_type.mask() & !(self.reserved_mask() & !self.swp_type.written_mask())
    }

    /// The unused bits between the lowest and the highest of the entry.
    const fn gaps(&self) -> u64 {
        let entry = self.written_entry();
        let lowest = entry & entry.wrapping_neg();
        self.unused_mask() & low_bits(u64::BITS - entry.leading_zeros()) & lowest.wrapping_neg()
    }

    /// Whether a field is in pieces, with unused bits between them; one of which more is read than written stays as it is.
    fn has_gaps(&self) -> bool {
        let fields = [self.swp_type, self.swp_offset];
        fields.iter().any(|field| field.runs().count() > 1)
            && fields.iter().all(|field| field.width() == field.written_bits())
            && self.gaps() != 0
    }

    /// The layout with a type field that keeps all five bits, as a later one has it, where this one's encoder drops some
    /// and the bits are unused.
    const fn with_whole_type(self, later: &Layout<'_>) -> Self {
        let taken = later.swp_type.mask() & !(self.swp_type.mask() | self.unused_mask());
        if self.lost_type == 0 || later.lost_type != 0 || taken != 0 {
            return self;
        }
        self.with_fields(later.swp_type, self.swp_offset).with_lost_type(0)
    }
}

impl Candidate {
    /// Whether this place in a layout makes a later one of it: fields and markers are the same. A type of which bits were
    /// lost is made whole first.
    #[must_use]
    pub fn becomes(&self, before: &Layout<'_>, after: &Layout<'_>) -> bool {
        self.apply(&before.with_whole_type(after)).is_some_and(|made| {
            (made.swp_type, made.swp_offset, made.exclusive, made.soft_dirty, made.uffd_wp)
                == (after.swp_type, after.swp_offset, after.exclusive, after.soft_dirty, after.uffd_wp)
        })
    }

    /// The layout with the marker in this place; `None` if the fields that close ranks would fall into too many pieces.
    #[must_use]
    pub fn apply<'a>(&self, layout: &Layout<'a>) -> Option<Layout<'a>> {
        let mut after = layout.without(Flag::Exclusive);
        after.exclusive = Some(ExclusiveBit { bit: self.bit, placement: self.placement, type_bits: self.type_bits });
        match self.moved {
            Some((Flag::SoftDirty, to)) => after.soft_dirty = Some(to),
            Some((Flag::UffdWp, to)) => after.uffd_wp = Some(to),
            Some((Flag::Exclusive, _)) | None => {}
        }
        match self.placement {
            Placement::UnusedBit if self.spread => {
                let room = layout.written_entry() | after.gaps();
                let offsets = room.count_ones() - layout.swp_type.written_bits() - 1;
                (after.swp_type, after.swp_offset) = self.lay_out(layout, room, offsets)?;
            }
            Placement::UnusedBit => {}
            Placement::StolenTypeBit => {
                // The bits that the core never used are part of the room here.
                let field = layout.swp_type.writing(layout.swp_type.width());
                let room = layout.type_room();
                // All that is left of it, of which the core writes five bits.
                let left = close_ranks(&field, room, self.bit, 0, room.count_ones() - self.type_bits)?;
                after.swp_type = left.writing(CORE_TYPE_BITS);
            }
            Placement::StolenOffsetBit => {
                let offsets = layout.swp_offset.written_bits() - 1;
                // An encoder of its own writes no bit that would make the word present.
                after.present_offset = 0;
                (after.swp_type, after.swp_offset) = self.lay_out(layout, layout.written_entry(), offsets)?;
            }
        }
        Some(after)
    }

    /// Type and offset, so many bits of it, in the bits of `room` that the marker leaves.
    fn lay_out(&self, layout: &Layout<'_>, room: u64, offsets: u32) -> Option<(Field, Field)> {
        let types = layout.swp_type.written_bits();
        let type_first = layout.swp_type.position(0) < layout.swp_offset.position(0);
        // The lower of the two fields keeps its place in front.
        let (type_skips, offset_skips) = if type_first { (0, types) } else { (offsets, 0) };
        Some((
            close_ranks(&layout.swp_type, room, self.bit, type_skips, types)?,
            close_ranks(&layout.swp_offset, room, self.bit, offset_skips, offsets)?,
        ))
    }
}

/// How many numbers a field of that many bits holds, up to the largest `u64`.
const fn numbers(bits: u32) -> u64 {
    low_bits(bits).saturating_add(1)
}

/// The field, moved to `count` bits of `room` from the `skip`th on, leaving out the stolen bit. What its decoder reads
/// beyond what is written stays where it is.
fn close_ranks(field: &Field, room: u64, stolen: u32, skip: u32, count: u32) -> Option<Field> {
    let written = (0..u64::BITS).filter(|bit| *bit != stolen && room >> bit & 1 != 0);
    let only_read = (field.written_bits()..field.width()).filter_map(|value_bit| field.position(value_bit));
    let positions = written.skip(skip as usize).take(count as usize).chain(only_read);
    let moved = Field::from_positions(positions)?.writing(count);
    Some(if field.is_inverted() { moved.inverted() } else { moved })
}

#[cfg(test)]
mod tests;
