//! Every place in the sketch, and the moves that the kernel made, spelled out.

extern crate std;

use super::*;
use crate::Run;
use crate::layout::sketch::sketch;
use std::string::ToString;
use std::vec::Vec;

const UNUSED: Placement = Placement::UnusedBit;

fn stealing(layout: &Layout<'static>, bit: u32, placement: Placement) -> (Candidate, Layout<'static>) {
    let stolen = layout.placements().find(|candidate| candidate.bit == bit && candidate.placement == placement);
    let candidate = stolen.unwrap();
    (candidate, candidate.apply(layout).unwrap())
}

#[test]
fn an_unused_bit_comes_first_then_a_move_then_a_bit_of_the_offset() {
    let all: Vec<_> = sketch().placements().map(|one| (one.bit, one.placement, one.moved)).collect();
    let unused = [10, 12, 31];
    let moved = |bit, flag| unused.map(|to| (bit, UNUSED, Some((flag, to))));
    let offset = (0..=4).chain([11]).chain(13..=30).map(|bit| (bit, Placement::StolenOffsetBit, None));
    let expected = unused.map(|bit| (bit, UNUSED, None)).into_iter();
    let expected = expected.chain(moved(9, Flag::SoftDirty)).chain(moved(8, Flag::UffdWp)).chain(offset);
    assert_eq!(all, expected.collect::<Vec<_>>());
    assert_eq!(sketch().cheapest_placement().map(|one| one.bit), Some(10));
    let no_offset = sketch().with_fields(Field::new(0, 5), Field::new(5, 0));
    assert!(no_offset.placements().all(|one| one.placement == UNUSED));
}

#[test]
fn a_marker_that_moves_leaves_its_bit() {
    for (from, flag) in [(9, Flag::SoftDirty), (8, Flag::UffdWp)] {
        let moved = Candidate { bit: from, placement: UNUSED, moved: Some((flag, 12)), cost: Cost::default() };
        let after = moved.apply(&sketch()).unwrap();
        assert_eq!((after.flag(flag), after.flag(Flag::Exclusive)), (Some(12), Some(from)));
    }
}

/// As arm64 did it in 5.19: of six bits of type, the lowest went to the marker.
#[test]
fn a_spare_bit_of_the_type_costs_half_of_its_values() {
    let mut before = sketch().with_fields(Field::new(2, 6).writing(5), Field::new(8, 50)).without(Flag::Exclusive);
    (before.width, before.soft_dirty, before.uffd_wp) = (64, None, None);
    let (candidate, after) = stealing(&before, 2, Placement::StolenTypeBit);
    assert_eq!((after.swp_type, after.swp_offset), (Field::new(3, 5), Field::new(8, 50)));
    assert_eq!(candidate.cost, Cost { swap_types: 32, swap_file_bytes: 0 });
    assert_eq!(after.marker_cost(), Some(candidate.cost));
    let bits = before.placements().filter(|one| one.placement == Placement::StolenTypeBit).map(|one| one.bit);
    assert_eq!(bits.collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
}

/// openrisc masked seven bits of type before 6.3 and six after it; the core uses five.
#[test]
fn of_two_spare_bits_of_the_type_one_is_left() {
    let mut before = sketch().with_fields(Field::new(5, 7).writing(5), Field::new(12, 20)).without(Flag::Exclusive);
    (before.soft_dirty, before.uffd_wp) = (None, None);
    let (candidate, after) = stealing(&before, 11, Placement::StolenTypeBit);
    assert_eq!((after.swp_type, after.swp_offset), (Field::new(5, 6).writing(5), Field::new(12, 20)));
    assert_eq!(candidate.cost, Cost { swap_types: 64, swap_file_bytes: 0 });
    assert_eq!(after.marker_cost(), Some(candidate.cost));
}

#[test]
fn the_fields_close_ranks_in_their_order() {
    let (candidate, after) = stealing(&sketch(), 16, Placement::StolenOffsetBit);
    // 2^19 pages of 4096 bytes become half as many.
    assert_eq!(candidate.cost, Cost { swap_types: 0, swap_file_bytes: 1 << 30 });
    assert_eq!((after.max_swap_file(), after.marker_cost()), (1 << 30, Some(candidate.cost)));
    assert_eq!(after.swp_type, Field::new(0, 5));
    let run = |bit, len, value_bit| Run { bit, len, value_bit };
    assert_eq!(after.swp_offset, Field::split([run(11, 1, 0), run(13, 3, 1), run(17, 14, 4), run(0, 0, 0)]));
    let (_, after) = stealing(&sketch(), 4, Placement::StolenOffsetBit);
    assert_eq!(after.swp_type, Field::split([run(0, 4, 0), run(11, 1, 4)]));
    assert_eq!(after.swp_offset, Field::new(13, 18));
}

#[test]
fn an_offset_below_the_type_keeps_its_place_and_its_inversion() {
    let mut high = sketch().with_fields(Field::new(59, 5), Field::new(9, 50).inverted());
    (high.width, high.soft_dirty, high.uffd_wp) = (64, None, None);
    let (_, after) = stealing(&high, 9, Placement::StolenOffsetBit);
    assert_eq!((after.swp_type, after.swp_offset), (Field::new(59, 5), Field::new(10, 49).inverted()));
    let (_, after) = stealing(&high, 63, Placement::StolenOffsetBit);
    assert_eq!((after.swp_type, after.swp_offset), (Field::new(58, 5), Field::new(9, 49).inverted()));
}

#[test]
fn what_is_only_read_stays() {
    let mut wide = sketch().with_fields(Field::new(3, 5), Field::new(8, 56).writing(24));
    (wide.width, wide.soft_dirty, wide.uffd_wp) = (64, None, None);
    let (_, after) = stealing(&wide, 8, Placement::StolenOffsetBit);
    assert_eq!(after.swp_offset, Field::new(9, 55).writing(23));
    assert!(wide.placements().all(|one| one.bit < 32), "no bit that the encoder does not write is stolen");
}

#[test]
fn a_cost_is_told_in_words() {
    for (swap_types, swap_file_bytes, text) in [
        (0, 0, "none"),
        (32, 0, "32 spare swap types"),
        (0, 1 << 30, "1 GiB of swap file"),
        (32, 1536, "32 spare swap types, 1536 B of swap file"),
    ] {
        assert_eq!(Cost { swap_types, swap_file_bytes }.to_string(), text);
    }
    for (bytes, text) in [(0, "0 B"), (1024, "1 KiB"), (5 << 50, "5 PiB"), (1 << 100, "1048576 YiB")] {
        assert_eq!(Bytes(bytes).to_string(), text);
    }
    let names = [UNUSED, Placement::StolenTypeBit, Placement::StolenOffsetBit].map(|one| one.to_string());
    assert_eq!(names, ["unused bit", "stolen type bit", "stolen offset bit"]);
    assert_eq!(sketch().marker_cost(), Some(Cost::default()));
    assert_eq!(sketch().without(Flag::Exclusive).marker_cost(), None);
}
