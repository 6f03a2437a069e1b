//! Swap entries one level up, for huge pages: what `swp_entry_to_pmd` writes.

use anyhow::Result;
use swp_pte::{Field, Flag, Layout};
use swp_pte_atlas::Row;

use super::ask::Answers;

/// The layout of a PMD, and the one place that knows it. It is that of the PTE, but on s390, whose segment table entries
/// are a format of their own: `mk_swap_rste` in `arch/s390/include/asm/pgtable.h`, measured in 7.2.
fn layout(row: &Row) -> Layout {
    let pte = *row.layout();
    match row.variant() {
        "s390" => Layout { always_one: 0x30, swp_type: Field::new(6, 5), ..pte },
        _ => pte,
    }
}

/// What asking found.
#[derive(Default, Debug)]
pub(super) struct Found {
    /// How many entries were asked, a check each.
    pub(super) asked: usize,
    /// The answers that are not as expected.
    pub(super) mismatches: Vec<String>,
}

/// Every entry through the PMD helpers.
pub(super) fn check(
    kernel: &mut dyn Answers,
    row: &'static Row,
    have: [bool; 3],
    entries: &[(u64, u64)],
) -> Result<Found> {
    let layout = layout(row);
    let answers = kernel.pmds(entries)?;
    let mut found = Found { asked: answers.len(), mismatches: Vec::new() };
    for (&(swp_type, offset), answer) in entries.iter().zip(&answers) {
        let word = layout.always_one | layout.swp_type.scatter(swp_type) | layout.swp_offset.scatter(offset);
        let [_, soft_dirty, uffd_wp] = have;
        let flag = |have: bool, flag: Flag| if have { layout.set(flag, word) } else { word };
        let expected =
            (word, (swp_type, offset), flag(soft_dirty, Flag::SoftDirty), flag(uffd_wp, Flag::UffdWp), false);
        let got = (answer.word, answer.back, answer.mk_soft_dirty, answer.mk_uffd_wp, answer.present);
        if expected != got {
            found.mismatches.push(format!(
                "PMD of type {swp_type}, offset {offset:#x}: (word, entry, soft-dirty, uffd-wp, present) is {got:x?}, \
                 expected {expected:x?}"
            ));
        }
    }
    Ok(found)
}
