//! Answers to arbitrary words: predicates, decoder and markers, whatever the words are.

use serde::Deserialize;
use swp_pte::{DecodeError, Flag, PteKind, SwpEntry};
use swp_pte_atlas::Row;

use super::encode::{BY_DATA, kind, may_lack, same_fields};
use super::format::{Header, Hex};
use crate::describe::hex;
use crate::report::{Check, Report};

/// One word.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    raw: Hex,
    none: bool,
    present: bool,
    #[serde(rename = "type")]
    swp_type: u64,
    offset: Hex,
    exclusive: Option<bool>,
    soft_dirty: Option<bool>,
    uffd_wp: Option<bool>,
    mk_exclusive: Option<Hex>,
    clear_exclusive: Option<Hex>,
    mk_soft_dirty: Option<Hex>,
    clear_soft_dirty: Option<Hex>,
    mk_uffd_wp: Option<Hex>,
    clear_uffd_wp: Option<Hex>,
    clear_flags: Hex,
}

impl Case {
    pub(super) fn check(&self, report: &mut Report, row: &'static Row, header: &Header, at: &dyn Fn(&str) -> String) {
        const CHECK: Check = Check::VectorRaw;
        let layout = row.layout();
        let (Hex(raw), Hex(offset)) = (self.raw, self.offset);
        let input = || at(&format!("raw {raw:#x}"));
        let word = match row.word(raw) {
            Ok(word) => word,
            Err(error) => {
                return report.check(CHECK, false, || {
                    (input(), "a word of this layout".into(), format!("error: {error}"), String::new())
                });
            }
        };
        let kind = kind(report, CHECK, &input, raw, self.none, self.present);
        report.values(CHECK, input, &kind, &word.kind());
        report.values(CHECK, || input() + BY_DATA, &kind, &layout.kind(raw));
        same_fields(report, CHECK, &input, (self.swp_type, offset), word.fields());
        same_fields(report, CHECK, &|| input() + BY_DATA, (self.swp_type, offset), layout.fields(raw));
        let decoded = match kind {
            PteKind::None => Err(DecodeError::None { word: raw }),
            PteKind::Present => Err(DecodeError::Present { word: raw }),
            // What the kernel reads, or an error that says so where no encoder can have written it.
            PteKind::Swap if offset > layout.max_offset() => {
                Err(DecodeError::OffsetOutOfRange { value: offset, max: layout.max_offset() })
            }
            PteKind::Swap => SwpEntry::from_parts(self.swp_type, offset).map_err(DecodeError::from),
        };
        report.values(CHECK, input, &decoded, &word.decode());
        report.values(CHECK, || input() + BY_DATA, &decoded, &layout.decode(raw));
        let mut cleared = raw;
        for (flag, is, mk, clear) in [
            (Flag::Exclusive, self.exclusive, self.mk_exclusive, self.clear_exclusive),
            (Flag::SoftDirty, self.soft_dirty, self.mk_soft_dirty, self.clear_soft_dirty),
            (Flag::UffdWp, self.uffd_wp, self.mk_uffd_wp, self.clear_uffd_wp),
        ] {
            let input = |what: &'static str| move || at(&format!("raw {raw:#x}, {what} {}", flag.name()));
            if let (None, None, None) = (is, mk, clear) {
                report.check(CHECK, layout.flag(flag).is_none() || may_lack(header, flag), || {
                    (input("is")(), "no such helper".into(), format!("bit {:?}", layout.flag(flag)), String::new())
                });
                continue;
            }
            report.values(CHECK, input("is"), &is, &word.is_set(flag));
            for (what, answer, got, data) in [
                ("set", mk, word.set(flag), layout.set(flag, raw)),
                ("clear", clear, word.clear(flag), layout.clear(flag, raw)),
            ] {
                match (answer, got) {
                    (Some(Hex(answer)), Some(got)) => {
                        report.words(CHECK, input(what), answer, got.bits());
                        report.words(CHECK, || input(what)() + BY_DATA, answer, data);
                    }
                    (answer, got) => report.check(CHECK, false, || {
                        let text = |word: Option<u64>| word.map_or_else(|| "no such helper".into(), hex);
                        let answer = answer.map(|Hex(answer)| answer);
                        (input(what)(), text(answer), text(got.map(swp_pte_atlas::Word::bits)), String::new())
                    }),
                }
            }
            cleared = layout.clear(flag, cleared);
        }
        let Hex(clear_flags) = self.clear_flags;
        report.words(CHECK, || at(&format!("raw {raw:#x} with all markers clear")), clear_flags, cleared);
    }
}
