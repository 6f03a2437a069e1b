//! A word and an entry of one message: whether the word holds the entry, and in which layouts it would.

use swp_pte::{KernelRange, PteKind};
use swp_pte_atlas::{ROWS, Row};
use swp_pte_forms::{EntryForm, Form};

use super::machines::Found;
use crate::reading::Reader;

/// An entry stands at most so many lines above the word of the same message.
const NEAR: u64 = 5;

/// What came of holding a word against an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Agreement {
    /// The line of the other.
    pub(super) line: u64,
    /// Whether the word holds the entry in the layout of the log's kernel; `None` where that is not known.
    pub(super) agrees: Option<bool>,
    /// The layouts in which it would, where it does not or that is not known.
    pub(super) others: Vec<(&'static str, KernelRange)>,
}

/// The entry of a word's message: the nearest above it, if no other word stands between them.
pub(super) fn entry_of(found: &[Found], index: usize) -> Option<&Found> {
    let word = found.get(index).filter(|word| word.form == Form::Pte)?;
    let same_line = |other: &&Found| other.line == word.line && other.form == Form::Entry;
    let above = || {
        let above = found.get(..index)?;
        let nearest = above.iter().rev().find(|other| other.form != Form::Pmd)?;
        (nearest.form == Form::Entry && nearest.line + NEAR >= word.line).then_some(nearest)
    };
    found.iter().find(same_line).or_else(above)
}

/// Holds a word against an entry, in the layout of a reader; where that does not hold it or there is none, in those of these
/// variants, or else in all.
pub(super) fn hold(word: u64, entry: (u64, u64), reader: Option<&Reader>, variants: &[&str]) -> Agreement {
    let (line, value) = entry;
    let holds = |row: &Row, form: EntryForm| {
        let layout = row.layout();
        word & !layout.word_mask() == 0
            && layout.kind(word) == PteKind::Swap
            && form.split(value) == Some(layout.fields(word))
    };
    let agrees = reader.map(|reader| holds(reader.row(), reader.entry_form()));
    if agrees == Some(true) {
        return Agreement { line, agrees, others: Vec::new() };
    }
    let form = |row: &Row| EntryForm::of(row.layout().source.kernels.first, row.facts().long_bits);
    let others = ROWS.iter().filter(|row| holds(row, form(row)));
    let mut others: Vec<_> = others.map(|row| (row.variant(), row.layout().source.kernels)).collect();
    if others.iter().any(|(variant, _)| variants.contains(variant)) {
        others.retain(|(variant, _)| variants.contains(variant));
    }
    Agreement { line, agrees, others }
}

impl Agreement {
    /// In words.
    pub(super) fn text(&self) -> String {
        const SHOWN: usize = 4;
        let Self { line, agrees, others } = self;
        if *agrees == Some(true) {
            return format!("the entry of line {line} is what this word holds");
        }
        let names: Vec<_> =
            others.iter().take(SHOWN).map(|(variant, kernels)| format!("{variant} {kernels:#}")).collect();
        let more = others.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = names.join(", ");
        match (agrees, others.is_empty()) {
            (Some(_), true) => {
                format!("the entry of line {line} is another: no layout of the record reads it in this word")
            }
            (Some(_), false) => format!(
                "the entry of line {line} is another: the log's kernel would not read it in this word, but {names}{more} would"
            ),
            (None, true) => format!("no layout of the record reads the entry of line {line} in this word"),
            (None, false) => format!("the entry of line {line} is what this word holds in {names}{more}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Asked, Target, wanted};
    use swp_pte::Level;

    fn reader(variant: &str, kernel: &str) -> Reader {
        Target::find(&wanted(variant).unwrap(), &Asked::of(kernel.parse().unwrap()), Level::Pte).unwrap().reader()
    }

    #[test]
    fn a_word_agrees_with_the_entry_that_it_holds_only() {
        // arm64 from 6.10 on, type 0, offset 0x41.
        let (word, entry) = (0x41000, (7, 0x41));
        let new = hold(word, entry, Some(&reader("arm64", "6.12")), &[]);
        assert_eq!((new.agrees, new.others.len()), (Some(true), 0));
        let old = hold(word, entry, Some(&reader("arm64", "6.1")), &["arm64"]);
        assert_eq!(old.agrees, Some(false));
        assert!(old.others.iter().all(|(variant, _)| *variant == "arm64"), "{old:?}");
        assert!(old.text().contains("arm64 6.10+"), "{}", old.text());
        let unknown = hold(word, entry, None, &[]);
        assert!(unknown.agrees.is_none() && !unknown.others.is_empty());
        let none = hold(0x1234_5678_9abc_def1, entry, Some(&reader("arm64", "6.12")), &[]);
        assert!(none.others.is_empty() && none.text().contains("no layout"), "{none:?}");
    }
}
