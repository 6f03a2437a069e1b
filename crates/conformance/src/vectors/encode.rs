//! Answers to entries: the word that the kernel made, and that word with each marker.

use serde::Deserialize;
use swp_pte::{DecodeError, EncodeError, Flag, Layout, PteKind, SwpEntry};
use swp_pte_atlas::Row;

use super::format::{Header, Hex};
use crate::describe::{field_bits, hex};
use crate::report::{Check, Report};

/// One entry.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    #[serde(rename = "type")]
    swp_type: u64,
    offset: Hex,
    pte: Hex,
    exclusive: Option<Hex>,
    soft_dirty: Option<Hex>,
    uffd_wp: Option<Hex>,
    none: bool,
    present: bool,
}

/// Said of an answer that the interpreter of the layout's data gave, not the backend.
pub(super) const BY_DATA: &str = ", by the data";

/// The kind that a pair of the kernel's predicates makes. The two hold together only where the data says so too: where
/// `pte_none` ignores a bit that `pte_present` tests. Whoever asks, asks for none first.
pub(super) fn kind(
    report: &mut Report,
    check: Check,
    input: &dyn Fn() -> String,
    word: u64,
    none: bool,
    present: bool,
) -> PteKind {
    let layout = report.layout;
    let both = layout.none.matches(word) && layout.present.iter().any(|pattern| pattern.matches(word));
    report.check(check, !(none && present) || both, || {
        (input(), "none, present, or neither".into(), "both none and present".into(), String::new())
    });
    match (none, present) {
        (true, _) => PteKind::None,
        (false, true) => PteKind::Present,
        (false, false) => PteKind::Swap,
    }
}

/// Whether a file may lack a marker that the layout has: the kernel was built without soft-dirty or uffd-wp. No build
/// lacks the exclusive marker where the architecture has it.
pub(super) fn may_lack(header: &Header, flag: Flag) -> bool {
    flag != Flag::Exclusive && !header.has(flag)
}

/// Type and offset, compared field by field so that the differing bits have names.
pub(super) fn same_fields(
    report: &mut Report,
    check: Check,
    input: &dyn Fn() -> String,
    expected: (u64, u64),
    got: (u64, u64),
) {
    let layout = report.layout;
    for (name, field, expected, got) in
        [("type", &layout.swp_type, expected.0, got.0), ("offset", &layout.swp_offset, expected.1, got.1)]
    {
        report.check(check, expected == got, || {
            let input = format!("{}, {name}", input());
            (input, hex(expected), hex(got), field_bits(layout, field, expected ^ got))
        });
    }
}

impl Case {
    /// Whether the kernel's own answers say that it would lose the entry, and in this way. That a word reads as none or
    /// present the kernel said itself; that a type is lost shows in the word, which is that of the type without those bits.
    fn loses(&self, layout: &Layout<'_>, error: EncodeError) -> bool {
        let (Hex(offset), Hex(pte)) = (self.offset, self.pte);
        match error {
            EncodeError::EncodesToNone { .. } => self.none && pte == layout.none.value & layout.word_mask(),
            EncodeError::IgnoredByNone { .. } => self.none && layout.fields(pte) == (self.swp_type, offset),
            EncodeError::EncodesToPresent { .. } => self.present && layout.fields(pte) == (self.swp_type, offset),
            EncodeError::TypeLost { .. } => {
                let kept = self.swp_type & !layout.lost_type;
                let word = layout.always_one | layout.swp_type.scatter(kept) | layout.swp_offset.scatter(offset);
                kept != self.swp_type && pte == word
            }
            _ => false,
        }
    }

    pub(super) fn check(&self, report: &mut Report, row: &'static Row, header: &Header, at: &dyn Fn(&str) -> String) {
        const CHECK: Check = Check::VectorEncode;
        let layout = row.layout();
        let (Hex(offset), Hex(pte)) = (self.offset, self.pte);
        let entry_text = || at(&format!("type {}, offset {offset:#x}", self.swp_type));
        let entry = match SwpEntry::from_parts(self.swp_type, offset) {
            Ok(entry) => entry,
            Err(error) => {
                return report
                    .check(CHECK, false, || (entry_text(), hex(pte), format!("error: {error}"), String::new()));
            }
        };
        // Encode: the backend and the data make the kernel's word, or refuse it where the kernel says that it is none, or
        // present, or where it decodes another type.
        for (by, result) in [("", row.encode(entry).map(swp_pte_atlas::Word::bits)), (BY_DATA, layout.encode(entry))] {
            let entry_text = || entry_text() + by;
            match result {
                Ok(word) => {
                    report.words(CHECK, entry_text, pte, word);
                    let kept = !self.none && !self.present && self.swp_type & layout.lost_type == 0;
                    report.check(CHECK, kept, || (entry_text(), "a refusal".into(), hex(word), String::new()));
                }
                Err(error) => {
                    let refused = self.loses(layout, error);
                    report.check(CHECK, refused, || (entry_text(), hex(pte), format!("error: {error}"), String::new()));
                }
            }
        }
        // Decode, and the predicates.
        let word_text = || at(&format!("pte {pte:#x}"));
        let word = match row.word(pte) {
            Ok(word) => word,
            Err(error) => {
                return report.check(CHECK, false, || {
                    (word_text(), "a word of this layout".into(), format!("error: {error}"), String::new())
                });
            }
        };
        let kind = kind(report, CHECK, &word_text, pte, self.none, self.present);
        report.values(CHECK, word_text, &kind, &word.kind());
        report.values(CHECK, || word_text() + BY_DATA, &kind, &layout.kind(pte));
        let kept = self.swp_type & !layout.lost_type;
        same_fields(report, CHECK, &word_text, (kept, offset), word.fields());
        same_fields(report, CHECK, &|| word_text() + BY_DATA, (kept, offset), layout.fields(pte));
        let entry = SwpEntry::from_parts(kept, offset).unwrap_or(entry);
        let decoded = match kind {
            PteKind::None => Err(DecodeError::None { word: pte }),
            PteKind::Present => Err(DecodeError::Present { word: pte }),
            PteKind::Swap => Ok(entry),
        };
        report.values(CHECK, word_text, &decoded, &word.decode());
        // The markers.
        for (flag, answer) in Flag::ALL.into_iter().zip([self.exclusive, self.soft_dirty, self.uffd_wp]) {
            let input = || at(&format!("pte {pte:#x} with {}", flag.name()));
            match answer {
                Some(Hex(marked)) => {
                    let got = word.set(flag);
                    report.words(CHECK, input, marked, got.map_or(pte, swp_pte_atlas::Word::bits));
                    report.words(CHECK, || input() + BY_DATA, marked, layout.set(flag, pte));
                    report.values(CHECK, input, &Some(false), &word.is_set(flag));
                    if let Some(got) = got {
                        report.values(CHECK, input, &Some(true), &got.is_set(flag));
                        // Where pte_none ignores the marker too, the empty word stays empty with it.
                        let empty = self.none && layout.none.matches(marked);
                        let decoded = if empty { Err(DecodeError::None { word: marked }) } else { Ok(entry) };
                        report.values(CHECK, input, &decoded, &got.decode());
                        report.words(CHECK, input, pte, got.clear(flag).map_or(marked, swp_pte_atlas::Word::bits));
                    }
                }
                None => report.check(CHECK, layout.flag(flag).is_none() || may_lack(header, flag), || {
                    (input(), "no such helper".into(), format!("bit {:?}", layout.flag(flag)), String::new())
                }),
            }
        }
    }
}
