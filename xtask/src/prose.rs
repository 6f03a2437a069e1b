//! Numbers that pages say and that the tables or the tree know: each is read where it stands and compared.
//!
//! `cargo xtask generate` mends them. Measurements are not here: they belong to their machine.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use swp_pte::KernelVersion;
use swp_pte_atlas::ROWS;
use swp_pte_lifecycle::{Bounds, markers, pinned_size};
use xtask_shared::vectors;

use crate::cross::targets::{Kind, TARGETS};
use crate::{asm, files, tidy};

/// What stands before and after the number, and the number.
struct Claim {
    before: &'static str,
    after: &'static str,
    number: String,
}

/// The numbers that words are written for.
const WORDS: [&str; 16] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
];

/// The longest text that a number can be, or a list of releases.
const LONGEST: usize = 32;

fn claims() -> Result<Vec<Claim>> {
    let claim = |before, after, number: usize| Claim { before, after, number: number.to_string() };
    let manifest = files::read(&files::root().join("Cargo.toml"))?;
    let rust = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'));
    let rust = rust.context("Cargo.toml has no rust-version")?;
    let functions = asm::functions();
    let spaces: BTreeSet<_> = ROWS.iter().map(|row| (markers(row), pinned_size(row, Bounds::DEFAULT))).collect();
    let states = spaces.iter().filter_map(|(_, size)| size.map(|size| size.states)).sum();
    let bare = TARGETS.iter().filter(|target| matches!(target.kind, Kind::Bare { .. })).count();
    let measured: BTreeSet<_> = ROWS.iter().flat_map(|row| row.layout().source.measured).collect();
    Ok(vec![
        claim("", " layouts", ROWS.len()),
        claim("", " vectors", vectors::pinned_cases()?),
        claim("machine code of the ", " functions", functions),
        claim("", " fault paths linked", ROWS.len()),
        claim("", " states, 0 wrong", states),
        claim("all ", " targets", TARGETS.len()),
        claim("One target of ", ",", TARGETS.len()),
        claim("the tests on ", " foreign machines", TARGETS.len() - bare),
        claim("fault paths linked for ", " without an operating system", bare),
        claim("fault\npaths of every backend for ", " machines without an operating system", bare),
        claim("links fault paths for ", " machines", bare),
        claim("has one subject and at most ", " lines", tidy::LONGEST_FILE),
        Claim { before: "Rust toolchain (", after: " or newer)", number: rust.into() },
        Claim { before: "is in `Cargo.toml`: ", after: ", the first with", number: rust.into() },
        Claim {
            before: "every variant that it has | ",
            after: ": 0 mismatches",
            number: measured
                .iter()
                .filter(|it| **it >= &KernelVersion::new(5, 10))
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        },
    ])
}

impl Claim {
    /// What a page says for the number, and where, everywhere that it says it.
    fn said<'a>(&self, page: &'a str) -> Vec<(usize, &'a str)> {
        let is_number = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.');
        if self.before.is_empty() {
            let numbers = page.match_indices(self.after).map(|(at, _)| {
                let head = page.get(..at).unwrap_or_default();
                let number = head.rsplit(|c: char| !is_number(c)).next().unwrap_or_default();
                (at - number.len(), number)
            });
            return numbers.filter(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit())).collect();
        }
        let numbers = page.match_indices(self.before).filter_map(|(at, _)| {
            let start = at + self.before.len();
            let (number, _) = page.get(start..)?.split_once(self.after)?;
            Some((start, number))
        });
        // What comes after is elsewhere if all that is between them cannot be one number, or a list.
        numbers.filter(|(_, number)| number.len() <= LONGEST && !number.contains('\n')).collect()
    }

    /// The number in the form that a page has it in: a word, with commas, or plain digits.
    fn like(&self, said: &str) -> String {
        let word = self.number.parse().ok().and_then(|number: usize| WORDS.get(number));
        match word {
            Some(word) if said.starts_with(|c: char| c.is_ascii_alphabetic()) => (*word).into(),
            _ if self.number.contains('.') || self.number.len() <= 3 => self.number.clone(),
            _ => with_commas(&self.number),
        }
    }

    /// A page with every number right.
    fn mend(&self, page: &str) -> String {
        let mut mended = String::new();
        let mut rest = 0;
        for (at, said) in self.said(page) {
            if !self.is(said) {
                mended += page.get(rest..at).unwrap_or_default();
                mended += &self.like(said);
                rest = at + said.len();
            }
        }
        mended + page.get(rest..).unwrap_or_default()
    }

    /// Whether it is the number, in digits with or without commas, or in a word.
    fn is(&self, said: &str) -> bool {
        let word = WORDS.iter().position(|word| *word == said).map(|number| number.to_string());
        said == self.number || said.replace(',', "") == self.number || word.as_ref() == Some(&self.number)
    }
}

/// Digits in groups of three.
fn with_commas(digits: &str) -> String {
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// A page with every number that it says mended, for `cargo xtask generate`.
pub(crate) fn mended(page: &str) -> Result<String> {
    Ok(claims()?.iter().fold(page.to_owned(), |page, claim| claim.mend(&page)))
}

/// The pages that people write.
pub(crate) fn pages() -> Result<Vec<PathBuf>> {
    let root = files::root();
    let mut pages = files::below(&root.join("docs"), &["md"])?;
    pages.extend(["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|name| root.join(name)));
    Ok(pages)
}

/// Every number is right wherever it is said, and is said somewhere.
pub(crate) fn check(broken: &mut Vec<String>) -> Result<()> {
    let pages = pages()?;
    let pages = pages.iter().map(|path| Ok((files::relative(path), files::read(path)?))).collect::<Result<Vec<_>>>()?;
    for claim in claims()? {
        let mut found = 0;
        for (name, page) in &pages {
            for (_, said) in claim.said(page) {
                found += 1;
                if !claim.is(said) {
                    let (before, after) = (claim.before, claim.after);
                    broken.push(format!(
                        "{name}: {:?}, where {} would be right (`cargo xtask generate`)",
                        [before, said, after].concat(),
                        claim.number
                    ));
                }
            }
        }
        if found == 0 {
            broken.push(format!("no page says {:?} any more", [claim.before, &claim.number, claim.after].concat()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_say_what_is_so() {
        let mut broken = Vec::new();
        check(&mut broken).unwrap();
        assert_eq!(broken, [""; 0]);
    }

    #[test]
    fn numbers_are_read_in_every_form() {
        let claim = |before, after| Claim { before, after, number: "1234".into() };
        let layouts = claim("", " layouts");
        assert_eq!(layouts.said("1,234 layouts, 1234 layouts; both layouts"), [(0, "1,234"), (15, "1234")]);
        assert!(layouts.is("1,234") && layouts.is("1234") && !layouts.is("1,235"));
        let targets = claim("all ", " targets");
        assert_eq!(targets.said("all twelve targets"), [(4, "twelve")]);
        assert!(Claim { number: "12".into(), ..targets }.is("twelve"));
    }

    #[test]
    fn numbers_are_mended_in_the_form_that_they_have() {
        let claim = |before, after, number: &str| Claim { before, after, number: number.into() };
        let layouts = claim("", " layouts", "1234567");
        assert_eq!(
            layouts.mend("a 12 layouts, 1234567 layouts, b 9 layouts"),
            "a 1,234,567 layouts, 1234567 layouts, b 1,234,567 layouts"
        );
        let targets = claim("all ", " targets", "11");
        assert_eq!(targets.mend("all twelve targets, all 12 targets"), "all eleven targets, all 11 targets");
    }
}
