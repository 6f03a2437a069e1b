//! The placements: every candidate works, every other bit is refused for a reason that brute force confirms, and the
//! kernel's own choice was a candidate.

use swp_pte::{Candidate, Claim, ExclusiveBit, Flag, Layout, Placement, PteKind, SwpEntry};
use swp_pte_atlas::rows_of;

use super::{Functions, Options};
use crate::inputs::entries;
use crate::report::{Check, Report};

/// Entries per candidate; every candidate repeats them with each marker.
const SAMPLE: usize = 64;

impl Functions {
    pub(super) fn check_placements(&self, report: &mut Report, options: &Options<'_>) {
        let sample: Vec<_> = entries(self.layout, options.seed ^ 7, SAMPLE).collect();
        let before = self.layout.without(Flag::Exclusive);
        for bit in 0..before.width {
            // The backend's own marker is disregarded, as in the list of candidates.
            let harmless = sample.iter().all(|entry| self.harmless(*entry, bit));
            let (claim, verdict) = (before.claim(bit), harmless && before.reserved_mask() >> bit & 1 == 0);
            let input = || format!("a marker in bit {bit}, which is {claim:?}");
            report.values(Check::Placement, input, &verdict, &matches!(claim, Claim::Unused));
        }
        let mut dearest_so_far = None;
        for candidate in before.placements() {
            works(report, &before, candidate, &sample);
            let input = || format!("{candidate:?} after {dearest_so_far:?}");
            report.check(Check::Placement, Some(candidate.placement) >= dearest_so_far, || {
                (input(), "cheapest first".into(), "out of order".into(), String::new())
            });
            dearest_so_far = Some(candidate.placement);
        }
    }

    /// Whether turning a bit over leaves kind, entry and the other markers as they are, whichever of them are set.
    fn harmless(&self, entry: SwpEntry, bit: u32) -> bool {
        let others = self.markers.iter().filter(|marker| marker.flag != Flag::Exclusive);
        let Ok(clean) = (self.encode)(entry) else { return true };
        let marked = others.clone().fold(clean, |word, marker| (marker.mk)(word));
        [clean, marked].into_iter().all(|before| {
            let turned = before ^ 1 << bit;
            (self.decode)(turned) == Ok(entry)
                && others.clone().all(|marker| (marker.is)(turned) == (marker.is)(before))
        })
    }
}

/// A layout with the marker in that place is free of contradictions, and keeps entries and markers apart.
fn works(report: &mut Report, before: &Layout<'_>, candidate: Candidate, sample: &[SwpEntry]) {
    let input = |what: &str| format!("{candidate:?}: {what}");
    let Some(after) = candidate.apply(before) else {
        return report
            .check(Check::Placement, false, || (input("apply"), "a layout".into(), "none".into(), String::new()));
    };
    report.values(Check::Placement, || input("check"), &Ok(()), &after.check());
    for entry in sample {
        let offset = entry.offset().get() & after.max_offset();
        let entry = SwpEntry::from_parts(entry.swp_type().get(), offset).unwrap_or_default();
        let Ok(clean) = after.encode(entry) else { continue };
        let marked = after.set(Flag::Exclusive, clean);
        let others = |word| [Flag::SoftDirty, Flag::UffdWp].map(|flag| after.is_set(flag, word));
        let holds = after.decode(clean) == Ok(entry)
            && after.decode(marked) == Ok(entry)
            && after.kind(marked) == PteKind::Swap
            && others(clean) == others(marked)
            && !after.is_set(Flag::Exclusive, clean)
            && after.is_set(Flag::Exclusive, marked)
            && after.clear(Flag::Exclusive, marked) == clean;
        report.check(Check::Placement, holds, || {
            let got = format!("{:?} from {marked:#x}", after.decode(marked));
            (input("round trip"), format!("{entry:?}"), got, String::new())
        });
    }
}

/// What the placement of a marker says of how it came about.
///
/// For the first layout of a variant that has the marker: the layout before it offers the kernel's own choice, of the
/// kind that is declared, and with it becomes this layout bit for bit. For the layouts after it: the kind is the same
/// still, and the field that it names is narrower than before the marker, the other one not. Nothing to check for layouts
/// without the marker, and for variants that always had it.
#[must_use]
pub fn history(layout: &'static Layout<'static>) -> Report {
    let mut report = Report::new(layout);
    let rows: Vec<_> = rows_of(layout.source.variant).map(swp_pte_atlas::Row::layout).collect();
    let Some(position) = rows.iter().position(|row| row.source == layout.source) else { return report };
    let (Some(first), Some(chosen)) = (rows.iter().position(|row| row.exclusive.is_some()), layout.exclusive) else {
        return report;
    };
    let Some(before) = first.checked_sub(1).and_then(|i| rows.get(i)) else { return report };
    narrower(&mut report, before, layout, chosen);
    if position == first {
        chosen_among_candidates(&mut report, before, layout, chosen);
    } else {
        let at_first = rows.get(first).and_then(|row| row.exclusive).map(|exclusive| exclusive.placement);
        report.values(Check::History, || "kind of placement".into(), &at_first, &Some(chosen.placement));
    }
    report
}

/// The marker took a bit of the field that its placement names, and of no other.
fn narrower(report: &mut Report, before: &Layout<'_>, after: &Layout<'_>, chosen: ExclusiveBit) {
    let expected = (chosen.placement == Placement::StolenTypeBit, chosen.placement == Placement::StolenOffsetBit);
    let got = (
        after.swp_type.width() < before.swp_type.width(),
        after.swp_offset.written_bits() < before.swp_offset.written_bits(),
    );
    let input = || format!("{}: type, offset narrower than in {}", chosen.placement, before.source.kernels);
    report.values(Check::History, input, &expected, &got);
}

/// The older layout offers this choice, and becomes this layout with it.
fn chosen_among_candidates(report: &mut Report, before: &Layout<'_>, layout: &Layout<'_>, chosen: ExclusiveBit) {
    let becomes_this =
        |candidate: &Candidate| layout.marker_cost() == Some(candidate.cost) && candidate.becomes(before, layout);
    let offered = before.placements().any(|candidate| becomes_this(&candidate));
    report.check(Check::History, offered, || {
        let here: Vec<_> = before.placements().filter(|candidate| candidate.bit == chosen.bit).collect();
        (format!("{chosen:?}"), "among the candidates of the older layout".into(), format!("{here:?}"), String::new())
    });
}
