//! The layout, found out by asking the backend one bit at a time, against the layout declared; and the backend
//! against the interpreter of the data on whatever comes.

use swp_pte::{Field, Flag, PteKind, SwpEntry};

use super::{Functions, Options};
use crate::inputs::{edge_words, entries, words};
use crate::report::{Check, Report};

impl Functions {
    pub(super) fn probe(&self, report: &mut Report) {
        let layout = self.layout;
        // One bit of the type and the highest of the offset: no entry with one bit turned over encodes to a word that is none,
        // also where pte_none ignores low bits of the offset.
        let base = SwpEntry::from_parts(1, layout.max_offset() / 2 + 1).unwrap_or_default();
        let Ok(base_word) = (self.encode)(base) else {
            report.check(Check::Probe, false, || {
                (format!("{base:?}"), "a word".into(), format!("{:?}", (self.encode)(base)), String::new())
            });
            return;
        };
        let mut field = |name: &str, declared: &Field, width: u32, entry: &dyn Fn(u32) -> Option<SwpEntry>| {
            for bit in 0..width {
                let changed = entry(bit).and_then(|entry| (self.encode)(entry).ok());
                let found = changed.map_or(0, |changed| changed ^ base_word);
                let expected = declared.position(bit).map_or(0, |bit| 1 << bit);
                report.words(Check::Probe, || format!("bit {bit} of the {name}"), expected, found);
            }
        };
        let with = |swp_type: u64, offset: u64| {
            SwpEntry::from_parts(base.swp_type().get() ^ swp_type, base.offset().get() ^ offset).ok()
        };
        field("type", &layout.swp_type, 5, &|bit| with(1 << bit, 0));
        field("offset", &layout.swp_offset, layout.swp_offset.written_bits(), &|bit| with(0, 1 << bit));
        for marker in &self.markers {
            let found = (marker.mk)(base_word) ^ base_word;
            report.words(Check::Probe, || marker.flag.name().into(), layout.flag_mask(marker.flag), found);
        }
        self.probe_word(report, base_word);
    }

    /// Turns over each bit of an encoded word and sees what the decoder makes of it.
    fn probe_word(&self, report: &mut Report, base: u64) {
        let layout = self.layout;
        let Ok(entry) = (self.decode)(base) else { return };
        for bit in 0..layout.width {
            let turned = base ^ 1 << bit;
            let input = || format!("bit {bit} of {base:#x} turned over");
            report.values(Check::Probe, input, &layout.kind(turned), &(self.kind)(turned));
            if (self.kind)(turned) != PteKind::Swap {
                continue;
            }
            let in_entry = (layout.swp_type.mask() | layout.swp_offset.mask()) >> bit & 1 != 0;
            report.values(Check::Probe, input, &in_entry, &((self.decode)(turned) != Ok(entry)));
            for marker in &self.markers {
                let own = layout.flag(marker.flag) == Some(bit);
                report.values(Check::Probe, input, &own, &(marker.is)(turned));
            }
        }
    }

    /// The backend and the interpreter of the data answer alike.
    pub(super) fn agree(&self, report: &mut Report, options: &Options<'_>) {
        let layout = self.layout;
        for entry in entries(layout, options.seed ^ 4, options.random) {
            let backend = (self.encode)(entry);
            report.values(Check::Data, || format!("{entry:?}"), &layout.encode(entry), &backend);
        }
        for word in edge_words(layout).chain(words(layout, options.seed ^ 5, options.random)) {
            let input = || format!("{word:#x}");
            report.values(Check::Data, input, &layout.kind(word), &(self.kind)(word));
            report.values(Check::Data, input, &layout.fields(word), &(self.fields)(word));
            report.values(Check::Data, input, &layout.decode(word), &(self.decode)(word));
            for marker in &self.markers {
                let data = layout.flag(marker.flag).is_some() && layout.is_set(marker.flag, word);
                report.values(Check::Data, input, &data, &(marker.is)(word));
            }
        }
        // What only the data knows: an encoder leaves no stray bit, and neither does a marker.
        for entry in entries(layout, options.seed ^ 6, options.random) {
            if let Ok(clean) = (self.encode)(entry) {
                let all = Flag::ALL.into_iter().fold(clean, |word, flag| layout.set(flag, word));
                report.words(Check::Data, || format!("stray bits of {all:#x}"), 0, layout.stray(all));
            }
        }
    }
}
