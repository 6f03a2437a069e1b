//! Words out of running kernels: pagemap says what each page is, the case says how it came to be.

use serde::Deserialize;
use swp_pte::{Flag, PteKind};
use swp_pte_atlas::Word;

use super::encode::{BY_DATA, same_fields};
use super::{Config, Hex, Softleaf, SwapTypes, VectorFile};
use crate::describe::{bits, hex};
use crate::report::{Check, Report};

const CHECK: Check = Check::VectorLive;

/// One page of one process.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    case: String,
    who: Who,
    pte: Hex,
    swapped: bool,
    #[serde(rename = "type")]
    swp_type: Option<u64>,
    offset: Option<Hex>,
    present: bool,
    soft_dirty: bool,
    uffd_wp: bool,
    guard: bool,
}

/// Whose page table the word stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Who {
    /// The process that made the case and read its own pagemap.
    Parent,
    /// Its forked child.
    Child,
}

/// Every word against pagemap and its case; then the words of each case among themselves.
pub(super) fn check(report: &mut Report, file: &VectorFile, cases: &[Case], at: &dyn Fn(usize, &str) -> String) {
    // The record does not say how the kernel was configured; a distribution's has everything that the variant can.
    let types = SwapTypes::numbered(file.numbering, Config::of(file.row.variant(), file.kernel));
    for (i, case) in cases.iter().enumerate() {
        case.check(report, file, &types, &|what| at(i, what));
    }
    children_alike(report, file, cases, at);
}

impl Case {
    fn check(&self, report: &mut Report, file: &VectorFile, types: &SwapTypes, at: &dyn Fn(&str) -> String) {
        let Hex(pte) = self.pte;
        let input = || at(&format!("{} {:?}, pte {pte:#x}", self.case, self.who));
        let word = match file.row.word(pte) {
            Ok(word) => word,
            Err(error) => {
                return report.check(CHECK, false, || {
                    (input(), "a word of this layout".into(), format!("error: {error}"), String::new())
                });
            }
        };
        let layout = file.row.layout();
        // A guard region is a PTE marker, whether or not pagemap counts it as swapped.
        let kind = match (self.swapped || self.guard, self.present) {
            (true, false) => PteKind::Swap,
            (false, true) => PteKind::Present,
            (false, false) => PteKind::None,
            (true, true) => {
                return report.check(CHECK, false, || {
                    (input(), "swapped, present, or neither".into(), "both".into(), String::new())
                });
            }
        };
        report.values(CHECK, input, &kind, &word.kind());
        report.values(CHECK, || input() + BY_DATA, &kind, &layout.kind(pte));
        match kind {
            PteKind::Swap => self.check_swap(report, word, types, &input),
            // A page that was never touched leaves the word as the kernel initialized it, to the bit.
            PteKind::None => report.words(CHECK, input, layout.none.value & layout.word_mask(), pte),
            PteKind::Present => {}
        }
    }

    fn check_swap(&self, report: &mut Report, word: Word, types: &SwapTypes, input: &dyn Fn() -> String) {
        let layout = report.layout;
        match (self.swp_type, self.offset) {
            (Some(swp_type), Some(Hex(offset))) => {
                same_fields(report, CHECK, input, (swp_type, offset), word.fields());
                same_fields(report, CHECK, &|| input() + BY_DATA, (swp_type, offset), layout.fields(word.bits()));
                let decoded = word.decode().map(|entry| (entry.swp_type().get(), entry.offset().get()));
                report.values(CHECK, input, &Ok((swp_type, offset)), &decoded);
            }
            _ => report.check(CHECK, !self.swapped, || {
                (input(), "type and offset of a swapped page".into(), "null".into(), String::new())
            }),
        }
        report.check(CHECK, word.stray() == 0, || {
            let stray = word.stray();
            (format!("{}, stray bits", input()), hex(0), hex(stray), bits(layout, stray))
        });
        let softleaf = word.decode().map(|entry| Softleaf::of(entry, types, word.row()));
        let markers = match softleaf {
            Ok(Softleaf::Marker(markers)) => Some(markers),
            _ => None,
        };
        // pagemap reports a guard region, and the uffd-wp of an address without a page, out of a PTE marker.
        report.values(CHECK, || format!("{}, guard", input()), &self.guard, &markers.is_some_and(|m| m.guard));
        let mut flag = |flag: Flag, expected: bool, also: bool| {
            let got = word.is_set(flag).unwrap_or(false) || also;
            report.check(CHECK, expected == got, || {
                let input = format!("{}, {}", input(), flag.name());
                (input, expected.to_string(), got.to_string(), bits(layout, layout.flag_mask(flag)))
            });
        };
        // A fork shares the entry, so that pagemap's type and offset, read by the parent, hold for the child too; the
        // flags do not: the parent's were changed later.
        if self.who == Who::Parent {
            flag(Flag::SoftDirty, self.soft_dirty, false);
            flag(Flag::UffdWp, self.uffd_wp, markers.is_some_and(|markers| markers.uffd_wp));
        }
        let marked = markers.is_none() && layout.exclusive.is_some() && self.case != "forked_after";
        flag(Flag::Exclusive, marked, false);
    }
}

/// The flags of a child's words have no ground truth of their own, but its pages were all treated alike: a single one
/// that differs from all others is wrong.
fn children_alike(report: &mut Report, file: &VectorFile, cases: &[Case], at: &dyn Fn(usize, &str) -> String) {
    let layout = file.row.layout();
    for flag in [Flag::SoftDirty, Flag::UffdWp] {
        let children: Vec<_> =
            cases.iter().enumerate().filter(|(_, case)| case.who == Who::Child && case.swapped).collect();
        let set = |case: &Case| layout.is_set(flag, case.pte.0);
        for (i, case) in &children {
            let like_it =
                children.iter().filter(|(_, other)| other.case == case.case && set(other) == set(case)).count();
            let all = children.iter().filter(|(_, other)| other.case == case.case).count();
            report.check(CHECK, like_it > 1 || all <= 2, || {
                let input = at(*i, &format!("{} Child, pte {:#x}, {}", case.case, case.pte.0, flag.name()));
                let others = format!("{}, as in the other {} words of the case", !set(case), all - 1);
                (input, others, set(case).to_string(), bits(layout, layout.flag_mask(flag)))
            });
        }
    }
}
