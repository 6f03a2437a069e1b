//! Every place in the sketch, and the moves that the kernel made, spelled out.

extern crate std;

use super::*;
use crate::layout::sketch::sketch;
use crate::{Reserved, Run};
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
    let all: Vec<_> =
        sketch().placements().filter(|one| !one.spread).map(|one| (one.bit, one.placement, one.moved)).collect();
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
        let moved = sketch().placements().find(|one| one.moved == Some((flag, 12))).unwrap();
        assert_eq!((moved.bit, moved.placement, moved.cost), (from, UNUSED, Cost::default()));
        let after = moved.apply(&sketch()).unwrap();
        assert_eq!((after.flag(flag), after.flag(Flag::Exclusive)), (Some(12), Some(from)));
    }
}

/// As arm64 did it in 5.19: of six bits of type, the lowest went to the marker.
#[test]
fn a_spare_bit_of_the_type_costs_half_of_its_values() {
    let mut before = sketch().with_fields(Field::new(2, 6).writing(5), Field::new(8, 50)).without(Flag::Exclusive);
    (before.width, before.soft_dirty, before.uffd_wp, before.reserved) = (64, None, None, &[]);
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

/// sh masked eight bits of type before 6.3, the highest of them `_PAGE_PRESENT`, and five after it; the marker took one of
/// the three, and the other that could be had is unused since.
#[test]
fn all_spare_bits_of_the_type_can_go_at_once() {
    let reserved = const { &[Reserved::new(1 << 8, "PRESENT", "")] };
    let mut before = sketch().with_fields(Field::new(1, 8).writing(5), Field::new(11, 21)).with_reserved(reserved);
    (before.exclusive, before.soft_dirty, before.uffd_wp) = (None, None, None);
    let after = before.with_fields(Field::new(1, 5), before.swp_offset).with_exclusive_from_type(6, 2);
    let made: Vec<_> = before.placements().filter(|one| one.becomes(&before, &after)).collect();
    let cost = Cost { swap_types: 128 - 32, swap_file_bytes: 0 };
    assert_eq!(made.iter().map(|one| (one.bit, one.type_bits, one.cost)).collect::<Vec<_>>(), [(6, 2, cost)]);
    assert_eq!((after.marker_cost(), after.unused_mask()), (Some(cost), 1 | 1 << 7 | 3 << 9));
    let of_type = |one: &Candidate| one.placement == Placement::StolenTypeBit;
    let bits: Vec<_> = before.placements().filter(of_type).map(|one| (one.type_bits, one.bit)).collect();
    assert_eq!(bits, [1, 2].map(|gives| [1, 2, 3, 4, 5, 6, 7].map(|bit| (gives, bit))).concat());
}

/// As parisc did it in 6.4: the offset took in bits 5 and 10 and gave bit 8.
#[test]
fn a_field_in_pieces_is_laid_out_over_the_bits_between_them() {
    let offset = |low, high| {
        let runs = [Run { bit: low, len: 3, value_bit: 0 }, Run { bit: high, len: 32 - high, value_bit: 3 }];
        Field::split(runs)
    };
    let reserved = const { &[Reserved::new(1 << 9, "PRESENT", "")] };
    let mut before = sketch().with_fields(Field::new(0, 5), offset(6, 11)).with_reserved(reserved);
    (before.exclusive, before.soft_dirty, before.uffd_wp) = (None, None, None);
    let after = before.with_fields(Field::new(0, 5), offset(5, 10)).with_exclusive(8, UNUSED);
    let made: Vec<_> = before.placements().filter(|one| one.becomes(&before, &after)).collect();
    assert_eq!(
        made.iter().map(|one| (one.bit, one.spread, one.cost)).collect::<Vec<_>>(),
        [(8, true, Cost::default())]
    );
    // Only where a field is in pieces, with unused bits between, and all that is read is written.
    let spread = |layout: Layout<'static>| layout.placements().filter(|one| one.spread).count();
    assert_eq!(spread(before), before.written_entry().count_ones() as usize);
    for none in [
        before.with_fields(Field::new(0, 5), Field::new(11, 21)),
        before.with_fields(Field::new(0, 5), before.swp_offset.writing(20)),
        before.with_reserved(const { &[Reserved::new(1 << 9 | 1 << 5 | 1 << 10, "", "")] }),
    ] {
        assert_eq!(spread(none), 0);
    }
}

/// As nios2 did it in 6.3: the type got its three missing bits before the marker took one beside it.
#[test]
fn a_type_of_which_bits_were_lost_is_made_whole_first() {
    let mut before = sketch().with_fields(Field::new(26, 2), Field::new(0, 20)).with_lost_type(0b1_1100);
    (before.exclusive, before.soft_dirty, before.uffd_wp, before.reserved) = (None, None, None, &[]);
    let after = before.with_fields(Field::new(26, 5), before.swp_offset).with_lost_type(0).with_exclusive(31, UNUSED);
    let made: Vec<_> = before.placements().filter(|one| one.becomes(&before, &after)).map(|one| one.bit).collect();
    assert_eq!(made, [31]);
    // Not over a bit that somebody looks at, and not where nothing was lost.
    let taken = before.with_reserved(const { &[Reserved::new(1 << 29, "", "")] });
    assert!(!taken.placements().any(|one| one.becomes(&taken, &after)));
    let narrow = before.with_lost_type(0);
    assert!(!narrow.placements().any(|one| one.becomes(&narrow, &after)));
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
