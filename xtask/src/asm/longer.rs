//! Where ours is longer than gcc's, by how much at most, and why. What is longer without an entry is a failure, and so
//! is an entry that allows more than is needed.

use super::report::Line;

/// Functions that may be longer than gcc's.
#[derive(Debug)]
pub(super) struct Longer {
    /// The name of a machine.
    machine: &'static str,
    /// Variants whose layouts are meant, each by the beginning of its name; "" for all.
    variants: &'static [&'static str],
    functions: &'static [&'static str],
    /// How many instructions more, at most.
    by: usize,
    reason: &'static str,
}

/// The entries. Counted with rustc 1.95.0 (x86_64) and 1.96.0, gcc 12.2.0.
const LONGER: &[Longer] = &[];

impl Longer {
    fn covers(&self, line: &Line) -> bool {
        self.machine == line.machine
            && self.variants.iter().any(|variant| line.function.row.variant().starts_with(variant))
            && self.functions.contains(&line.function.name)
    }
}

/// What of these lines is against the table; where a machine was not looked at, its entries are not asked for.
pub(super) fn faults(lines: &[&Line]) -> Vec<String> {
    faults_of(LONGER, lines)
}

fn faults_of(entries: &[Longer], lines: &[&Line]) -> Vec<String> {
    let mut faults = Vec::new();
    for line in lines.iter().filter(|line| line.longer_by() > 0) {
        let Line { machine, function, size, gcc } = line;
        let what = format!("{machine}: {} has {} instructions, gcc's {gcc}", function.symbol, size.instructions);
        match entries.iter().find(|entry| entry.covers(line)) {
            None => faults.push(format!("{what}, and nothing in longer.rs says why")),
            Some(entry) if line.longer_by() > entry.by => {
                faults.push(format!("{what}; longer.rs allows {} more: {}", entry.by, entry.reason));
            }
            Some(_) => {}
        }
    }
    for (i, entry) in entries.iter().enumerate() {
        if !lines.iter().any(|line| line.machine == entry.machine) {
            continue;
        }
        // The first entry that covers a function is the one that counts.
        let first = |line: &&&Line| entries.iter().position(|entry| entry.covers(line)) == Some(i);
        let needed = lines.iter().filter(first).map(|line| line.longer_by()).max().unwrap_or(0);
        if needed < entry.by {
            let Longer { machine, variants, functions, by, .. } = entry;
            faults.push(format!(
                "longer.rs allows {machine} {variants:?} {functions:?} {by} instructions more than gcc, and {needed} suffice"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asm::{functions, listing::Size};

    const ENTRY: Longer =
        Longer { machine: "arm64", variants: &["x86"], functions: &["encode"], by: 2, reason: "a reason" };

    fn line(machine: &'static str, ours: usize, gcc: usize) -> Line {
        let function = functions::all().into_iter().find(|function| function.symbol == "x86_64__since_5_19__encode");
        Line { machine, function: function.unwrap(), size: Size { instructions: ours, branches: 1 }, gcc }
    }

    #[test]
    fn longer_needs_an_entry_and_an_entry_needs_to_be_needed() {
        let faults = |lines: &[Line]| faults_of(&[ENTRY], &lines.iter().collect::<Vec<_>>()).join("\n");
        assert_eq!(faults(&[line("arm64", 12, 10)]), "");
        assert!(faults(&[line("arm64", 13, 10)]).contains("longer.rs allows 2 more: a reason"));
        assert!(faults(&[line("arm64", 11, 10)]).contains("and 1 suffice"));
        assert!(faults(&[line("arm64", 9, 10)]).contains("and 0 suffice"));
        assert!(faults(&[line("s390x", 12, 10)]).contains("nothing in longer.rs says why"));
        assert_eq!(faults(&[line("s390x", 10, 10)]), "");
    }

    #[test]
    fn every_entry_says_why() {
        assert!(LONGER.iter().all(|entry| entry.reason.len() > 20 && entry.by > 0));
    }
}
