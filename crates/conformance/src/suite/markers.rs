//! The markers: each changes its own bit and nothing else, and none makes a swap PTE anything else.

use swp_pte::Layout;

use super::functions::Marker;
use super::{Functions, Options};
use crate::inputs::{edges, entries, words};
use crate::report::{Check, Report};

impl Functions {
    pub(super) fn check_markers(&self, report: &mut Report, options: &Options<'_>) {
        for word in words(self.layout, options.seed ^ 2, options.random) {
            for marker in &self.markers {
                marker.on_word(self.layout, report, word);
            }
        }
        let randoms = entries(self.layout, options.seed ^ 3, options.random);
        for entry in edges(self.layout).chain(randoms) {
            if let Ok(clean) = (self.encode)(entry) {
                self.combinations(report, clean);
            }
        }
    }

    /// Every combination of markers on an encoded entry: still that entry, and each marker reads as it was set.
    fn combinations(&self, report: &mut Report, clean: u64) {
        for combination in 0..1u32 << self.markers.len() {
            let chosen = |i: usize| combination >> i & 1 != 0;
            let marked = self
                .markers
                .iter()
                .enumerate()
                .filter(|(i, _)| chosen(*i))
                .fold(clean, |word, (_, marker)| (marker.mk)(word));
            let input = || format!("{clean:#x} with markers {combination:#b}");
            report.values(Check::Markers, input, &(self.decode)(clean), &(self.decode)(marked));
            report.values(Check::NeverNoneOrPresent, input, &(self.kind)(clean), &(self.kind)(marked));
            for (i, marker) in self.markers.iter().enumerate() {
                let expected = chosen(i) && self.layout.flag(marker.flag).is_some();
                report.values(Check::Markers, input, &expected, &(marker.is)(marked));
            }
        }
    }
}

impl Marker {
    /// On any word: exactly the declared bit, or none in a layout without it; idempotent and inverse.
    fn on_word(&self, layout: &Layout<'_>, report: &mut Report, word: u64) {
        let mask = layout.flag_mask(self.flag);
        let (set, clear) = ((self.mk)(word), (self.clear)(word));
        let input = |what: &'static str| move || format!("{what} {} on {word:#x}", self.flag.name());
        report.words(Check::Markers, input("set"), word | mask, set);
        report.words(Check::Markers, input("clear"), word & !mask, clear);
        report.words(Check::Markers, input("set twice"), word | mask, (self.mk)(set));
        report.words(Check::Markers, input("clear twice"), word & !mask, (self.clear)(clear));
        report.words(Check::Markers, input("set, then clear"), word & !mask, (self.clear)(set));
        report.values(Check::Markers, input("is"), &(word & mask != 0), &(self.is)(word));
    }
}
