//! The words of every layout answer what they were made of, so that one layout stands for all with its markers; and words
//! that do not are found out.

use swp_pte_atlas::{ROWS, find};
use swp_pte_lifecycle::{Bounds, Model, Rule, Rules, Words, markers};

#[test]
fn the_words_of_every_layout_can_stand_for_those_of_any_other() {
    for row in ROWS {
        let what = format!("{} {}", row.variant(), row.layout().source.kernels);
        Words::new(row, Rules::ALL).check().unwrap_or_else(|wrong| panic!("{what}: {wrong}"));
    }
}

#[test]
fn a_marker_in_a_wrong_place_is_found_out_on_every_layout() {
    for row in ROWS.iter().filter(|row| row.layout().exclusive.is_some()) {
        for (rule, wrong) in
            [(Rule::MarkerOutsideOffset, "names another slot"), (Rule::MarkerOutsidePresent, "is no swap PTE")]
        {
            if !rule.applies_to(row) {
                continue;
            }
            let found = Words::new(row, Rules::ALL.without(rule)).check().unwrap_err();
            assert_eq!(found.wrong, wrong, "{} {}", row.variant(), row.layout().source.kernels);
        }
    }
}

#[test]
fn layouts_with_the_same_markers_have_the_same_space() {
    // The marker in a bit that nobody used, in one of the type, in one of the offset.
    let rows = [("ppc-nohash32-40x", "6.6"), ("riscv-rv32", "6.6"), ("arm64", "6.6")];
    let rows = rows.map(|(variant, kernel)| find(variant, kernel.parse().unwrap()).unwrap());
    let [first, second, third] =
        rows.map(|row| (markers(row), Model::with(row, Rules::ALL, Bounds::DEFAULT).explore(|_| ()).size));
    assert_eq!((first, first), (second, third));
}
