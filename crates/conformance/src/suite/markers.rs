//! The markers: each changes its own bit and nothing else, and none makes a swap PTE anything else.

use swp_pte::{Flag, SwpPte};

use super::{Marker, Options, Subject, bits, pte};
use crate::inputs::{AnyWord, InRange, edges, random};
use crate::report::{Check, Report};

impl<P: SwpPte> Subject<P> {
    pub(super) fn check_markers(&self, report: &mut Report, options: &Options<'_>) {
        self.joined_with_all(report);
        for AnyWord(word, ..) in random::<AnyWord<P>>(options.seed ^ 2, options.random) {
            for marker in &self.markers {
                marker.on_word(report, word);
            }
        }
        let randoms = random::<InRange<P>>(options.seed ^ 3, options.random).map(|InRange(entry, ..)| entry);
        for entry in edges(&P::LAYOUT).chain(randoms) {
            if let Ok(clean) = P::encode(entry) {
                self.combinations(report, clean);
            }
        }
    }

    /// The line that joined the suite named exactly the markers that the layout has.
    fn joined_with_all(&self, report: &mut Report) {
        for flag in [Flag::SoftDirty, Flag::UffdWp] {
            let joined = self.markers.iter().any(|marker| marker.flag == flag);
            let input = || format!("{} in the layout, and in the line that joins the suite", flag.name());
            report.values(Check::Markers, input, &P::LAYOUT.flag(flag).is_some(), &joined);
        }
    }

    /// Every combination of markers on an encoded entry: still that entry, and each marker reads as it was set.
    fn combinations(&self, report: &mut Report, clean: P) {
        for combination in 0..1u32 << self.markers.len() {
            let chosen = |i: usize| combination >> i & 1 != 0;
            let marked = self.markers.iter().enumerate().filter(|(i, _)| chosen(*i)).fold(clean, |p, (_, m)| (m.mk)(p));
            let input = || format!("{:#x} with markers {combination:#b}", bits(clean));
            report.values(Check::Markers, input, &clean.decode(), &marked.decode());
            report.values(Check::NeverNoneOrPresent, input, &clean.kind(), &marked.kind());
            for (i, marker) in self.markers.iter().enumerate() {
                let expected = chosen(i) && P::LAYOUT.flag(marker.flag).is_some();
                report.values(Check::Markers, input, &expected, &(marker.is)(marked));
            }
        }
    }
}

impl<P: SwpPte> Marker<P> {
    /// On any word: exactly the declared bit, or none in a layout without it; idempotent and inverse.
    fn on_word(&self, report: &mut Report, word: u64) {
        let mask = P::LAYOUT.flag_mask(self.flag);
        let (set, clear) = ((self.mk)(pte(word)), (self.clear)(pte(word)));
        let input = |what: &'static str| move || format!("{what} {} on {word:#x}", self.flag.name());
        report.words(Check::Markers, input("set"), word | mask, bits(set));
        report.words(Check::Markers, input("clear"), word & !mask, bits(clear));
        report.words(Check::Markers, input("set twice"), word | mask, bits((self.mk)(set)));
        report.words(Check::Markers, input("clear twice"), word & !mask, bits((self.clear)(clear)));
        report.words(Check::Markers, input("set, then clear"), word & !mask, bits((self.clear)(set)));
        report.values(Check::Markers, input("is"), &(word & mask != 0), &(self.is)(pte(word)));
    }
}
