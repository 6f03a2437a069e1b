//! Swap entries one level up, for huge pages: what `swp_entry_to_pmd` writes.

use anyhow::Result;
use swp_pte::{Flag, Level, PteKind, Release};
use swp_pte_atlas::find_release_at;

use super::ask::Answers;
use super::questions;

/// What asking found.
#[derive(Default, Debug)]
pub(super) struct Found {
    /// How many entries were asked, a check each.
    pub(super) asked: usize,
    /// The answers that are not as expected.
    pub(super) mismatches: Vec<String>,
}

/// Every entry through the PMD helpers, in a build that has them; it is a mismatch if the record has no form for them.
pub(super) fn check(
    kernel: &mut dyn Answers,
    variant: &str,
    release: &Release,
    have: [bool; 3],
    max_offset: u64,
) -> Result<Found> {
    let layout = match find_release_at(variant, Level::Pmd, release) {
        Ok(found) => found.row.layout(),
        Err(error) => {
            let mismatch = format!("this build has swap entries in PMDs, and the record no form of them: {error}");
            return Ok(Found { asked: 0, mismatches: vec![mismatch] });
        }
    };
    // A bit of the offset that makes the word present is asked for by itself.
    let max = layout.max_offset().min(max_offset);
    let mut entries = questions::boundary_entries(max);
    entries.extend(questions::random_entries(max, questions::ENTRIES));
    entries.extend((0..64).filter(|bit| layout.present_offset >> bit & 1 != 0).map(|bit| (1, 1 << bit)));
    let answers = kernel.pmds(&entries)?;
    let mut found = Found { asked: answers.len(), mismatches: Vec::new() };
    for (&(swp_type, offset), answer) in entries.iter().zip(&answers) {
        let word = layout.always_one | layout.swp_type.scatter(swp_type) | layout.swp_offset.scatter(offset);
        let present = layout.kind(word) == PteKind::Present;
        let [_, soft_dirty, uffd_wp] = have;
        let flag = |have: bool, flag: Flag| if have { layout.set(flag, word) } else { word };
        let expected =
            (word, (swp_type, offset), flag(soft_dirty, Flag::SoftDirty), flag(uffd_wp, Flag::UffdWp), present);
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
