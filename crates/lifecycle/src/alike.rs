//! Layouts that are alike to the model: one of them is explored for all that have the same markers.
//!
//! All that the model does with a word goes through [`Words`]: it encodes a slot, asks which slot a word names and whether it
//! is a swap PTE, asks for a marker and changes one. So it meets a word for each slot and each choice of markers, and no
//! other. Where each of these words answers what it was made of, the words of one layout can be put in place of another's,
//! one for one, and the states and the steps between them are the same.

use core::fmt;

use swp_pte::Flag;
use swp_pte_atlas::Row;

use crate::{MAX_SLOTS, Words};

/// A word that does not answer what it was made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unfaithful {
    /// The word; `None` where the layout refuses to encode the slot.
    pub word: Option<u64>,
    /// What is wrong with it.
    pub wrong: &'static str,
}

impl fmt::Display for Unfaithful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word {
            Some(word) => write!(f, "the word {word:#x} {}", self.wrong),
            None => f.write_str(self.wrong),
        }
    }
}

impl core::error::Error for Unfaithful {}

/// The markers that a layout has, in the order of [`Flag::ALL`].
#[must_use]
pub fn markers(row: &Row) -> [bool; Flag::ALL.len()] {
    Flag::ALL.map(|flag| row.layout().flag(flag).is_some())
}

impl Words {
    /// Whether the words that the model meets answer what they were made of, and whether no two are the same.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), Unfaithful> {
        let has = Flag::ALL.map(|flag| self.has(flag));
        // Every choice of markers as a number, those among them that the layout has.
        let choices = 0..1u8 << Flag::ALL.len();
        let possible = |choice: &u8| (0..).zip(has).all(|(bit, has)| has || choice >> bit & 1 == 0);
        let choices: Vec<u8> = choices.filter(possible).collect();
        let mut met = Vec::new();
        for slot in 0..u8::try_from(MAX_SLOTS).unwrap_or(u8::MAX) {
            let bare = self.encode(slot);
            let bare = bare.ok_or(Unfaithful { word: None, wrong: "a slot of the device cannot be encoded" })?;
            for choice in &choices {
                let word = self.marked(bare, *choice);
                self.check_word(word, slot, *choice)?;
                if met.contains(&word) {
                    return Err(Unfaithful { word: Some(word), wrong: "stands for two slots or choices of markers" });
                }
                met.push(word);
                for other in &choices {
                    if self.marked(word, *other) != self.marked(bare, *other) {
                        return Err(Unfaithful { word: Some(word), wrong: "keeps a marker that was changed" });
                    }
                }
            }
        }
        Ok(())
    }

    /// The word with exactly these markers.
    fn marked(&self, word: u64, choice: u8) -> u64 {
        let flags = (0..).zip(Flag::ALL);
        flags.fold(word, |word, (bit, flag)| self.with(flag, choice >> bit & 1 != 0, word))
    }

    fn check_word(&self, word: u64, slot: u8, choice: u8) -> Result<(), Unfaithful> {
        let wrong = |wrong| Err(Unfaithful { word: Some(word), wrong });
        if !self.is_swap(word) {
            return wrong("is no swap PTE");
        }
        if self.slot(word) != Some(slot) {
            return wrong("names another slot");
        }
        if (0..).zip(Flag::ALL).any(|(bit, flag)| self.is_set(flag, word) != (choice >> bit & 1 != 0)) {
            return wrong("has other markers than were set");
        }
        Ok(())
    }
}
