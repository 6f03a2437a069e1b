//! Encoding and decoding: round trips, limits, and the argument that covers every encoding.

use rayon::prelude::*;
use swp_pte::{EncodeError, EntryError, Layout, PteKind, SwpEntry, SwpOffset, SwpType};

use super::{Functions, Options, encodings};
use crate::describe::bits;
use crate::inputs::{edges, entries, zero_and_one_hot};
use crate::report::{Argument, Check, Report};

fn input(entry: SwpEntry) -> impl FnOnce() -> String {
    move || format!("{entry:?}")
}

/// Adds two entries over GF(2).
fn xor(a: SwpEntry, b: SwpEntry) -> SwpEntry {
    let swp_type = a.swp_type().get() ^ b.swp_type().get();
    SwpEntry::from_parts(swp_type, a.offset().get() ^ b.offset().get()).unwrap_or_default()
}

/// What is to be said of an entry whose offset is too large, if the type does not say it before.
const fn too_large(layout: &Layout<'_>, entry: SwpEntry) -> EncodeError {
    let (swp_type, value, max) = (entry.swp_type().get(), entry.offset().get(), layout.max_offset());
    if swp_type & layout.lost_type != 0 {
        EncodeError::TypeLost { value: swp_type, max: layout.swp_type.max() }
    } else if value & !max & !layout.present_offset == 0 {
        EncodeError::EncodesToPresent { entry }
    } else {
        EncodeError::OffsetOutOfRange { value, max }
    }
}

/// How many offsets one task enumerates.
const CHUNK: u64 = 1 << 20;

impl Functions {
    pub(super) fn check_encoding(&self, report: &mut Report, options: &Options<'_>) -> Argument {
        for entry in edges(self.layout) {
            self.round_trip(report, entry);
        }
        for entry in entries(self.layout, options.seed, options.random) {
            self.round_trip(report, entry);
        }
        self.limits(report);
        self.affine(report, options);
        if encodings(self.layout) <= options.enumerate_up_to {
            self.enumerate(report, options);
            Argument::Enumerated
        } else {
            Argument::Affine
        }
    }

    /// Encodes, decodes, and asks what the word is.
    fn round_trip(&self, report: &mut Report, entry: SwpEntry) {
        match (self.encode)(entry) {
            Ok(word) => {
                report.values(Check::RoundTrip, input(entry), &Ok(entry), &(self.decode)(word));
                report.values(Check::NeverNoneOrPresent, input(entry), &PteKind::Swap, &(self.kind)(word));
            }
            // The one entry that encodes to the empty word must be refused, those that the kernel would lose, and no other.
            Err(error) => {
                let expected = self.layout.encode(entry).map(|_| "a word");
                report.values(Check::NeverNoneOrPresent, input(entry), &expected, &Err(error));
            }
        }
    }

    fn limits(&self, report: &mut Report) {
        let max = self.layout.max_offset();
        let mut check = |entry: SwpEntry, expected: Option<EncodeError>| {
            report.values(Check::Limits, input(entry), &expected, &(self.encode)(entry).err());
        };
        for swp_type in 0..32 {
            if let Ok(entry) = SwpEntry::from_parts(swp_type, max) {
                // On x86_64, type 0 with the largest offset is the empty word.
                check(entry, self.layout.encode(entry).err());
            }
            for value in [max + 1, max + 2, SwpOffset::MAX.get()] {
                if let Ok(entry) = SwpEntry::from_parts(swp_type, value) {
                    check(entry, Some(too_large(self.layout, entry)));
                }
            }
        }
        let expected = Some(EntryError::TypeOutOfRange { value: 32, max: 31 });
        report.values(Check::Limits, || "swap type 32".into(), &expected, &SwpType::new(32).err());
    }

    /// The word of an entry as the encoder computes it, of those too that it refuses since they read as none.
    fn word(&self, entry: SwpEntry) -> u64 {
        let empty = self.layout.none.value & self.layout.word_mask();
        // With another bit of the type such an entry reads as none no more, and that bit can be taken away again.
        let other = SwpEntry::from_parts(1, 0).unwrap_or_default();
        let by_way_of_other = || match ((self.encode)(entry), (self.encode)(xor(entry, other)), (self.encode)(other)) {
            (Err(EncodeError::IgnoredByNone { .. }), Ok(both), Ok(other)) => both ^ other ^ empty,
            _ => empty,
        };
        (self.encode)(entry).unwrap_or_else(|_| by_way_of_other())
    }

    /// Encode is affine: on all pairs of single bits, and on random pairs. Then zero and the one-hot entries fix every
    /// other encoding, and these are compared with the layout's data.
    fn affine(&self, report: &mut Report, options: &Options<'_>) {
        let zero = self.word(SwpEntry::default());
        let mut pair = |a: SwpEntry, b: SwpEntry| {
            let expected = self.word(a) ^ self.word(b) ^ zero;
            report.words(Check::Affine, || format!("{a:?} xor {b:?}"), expected, self.word(xor(a, b)));
        };
        let one_hot = zero_and_one_hot(self.layout);
        for (i, a) in one_hot.iter().enumerate() {
            for b in one_hot.iter().take(i) {
                pair(*a, *b);
            }
        }
        let randoms: Vec<_> = entries(self.layout, options.seed ^ 1, options.random).collect();
        for two in randoms.windows(2) {
            if let [a, b] = two {
                pair(*a, *b);
            }
        }
        for entry in one_hot {
            let empty = self.layout.none.value & self.layout.word_mask();
            let fields = self.layout.swp_type.scatter(entry.swp_type().get())
                | self.layout.swp_offset.scatter(entry.offset().get());
            let expected = match self.layout.encode(entry) {
                Ok(word) => word,
                Err(EncodeError::IgnoredByNone { .. }) => fields | self.layout.always_one,
                Err(_) => empty,
            };
            report.words(Check::Affine, input(entry), expected, self.word(entry));
        }
    }

    /// Every entry: encoded, compared with the data, decoded, and decoded again under the marker.
    fn enumerate(&self, report: &mut Report, options: &Options<'_>) {
        let max = self.layout.max_offset();
        let chunks = max / CHUNK + 1;
        let tasks = (0..32 * chunks).into_par_iter().map(|task| {
            let mut part = Report::new(self.layout);
            let (swp_type, first) = (task / chunks, task % chunks * CHUNK);
            let last = max.min(first + CHUNK - 1);
            let sound = (self.enumerate)(swp_type, first..=last, &mut |entry| self.not_sound(&mut part, entry));
            part.hold(sound);
            (options.progress)(last - first + 1);
            part
        });
        for part in tasks.collect::<Vec<_>>() {
            report.merge(part);
        }
    }

    /// The entry of the empty word, or one with a defect: what exactly is wrong with it.
    fn not_sound(&self, report: &mut Report, entry: SwpEntry) {
        let (Ok(word), Ok(data), Some(exclusive)) =
            ((self.encode)(entry), self.layout.encode(entry), self.markers.first())
        else {
            return self.round_trip(report, entry);
        };
        report.check(Check::RoundTrip, false, || {
            let marked = (exclusive.mk)(word);
            let got = format!(
                "{word:#x}, decoded {:?}; marked {marked:#x}, decoded {:?}",
                (self.decode)(word),
                (self.decode)(marked)
            );
            (format!("{entry:?}"), format!("{data:#x}"), got, bits(self.layout, word ^ data))
        });
    }
}
