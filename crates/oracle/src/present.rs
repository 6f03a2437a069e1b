//! Words that are present to the kernel although not to the hardware: what our data says of them, and whether compiled
//! headers agree.

use anyhow::Result;
use swp_pte::{Inaccessible, KernelVersion, Layout, Reason};

use super::ask::{AccessAnswer, Answers, Constants};
use super::questions::{self, Random};
use super::sources::names;

/// Why words of a variant that are present are kept away from the hardware: the first one that matches holds. Only ever
/// asked of words that `pte_present` accepts.
pub(super) fn facts(variant: &str) -> &'static [Inaccessible<'static>] {
    swp_pte_atlas::facts_of(variant).map_or(&[], |variant| variant.inaccessible)
}

/// What asking found.
#[derive(Default, Debug)]
pub(super) struct Found {
    /// How many questions had an expectation.
    pub(super) checks: usize,
    pub(super) mismatches: Vec<String>,
}

/// How a word came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Origin {
    /// Made up.
    Asked,
    /// `pte_mkold()` of a mapping.
    Old,
    /// `pte_modify(…, PAGE_NONE)` of a mapping.
    NoAccess,
}

/// Every fact that holds for this kernel, against the kernel's own functions and against the values of its names.
pub(super) fn check(
    kernel: &mut dyn Answers,
    constants: &Constants,
    layout: &Layout<'_>,
    version: KernelVersion,
    facts: &[Inaccessible<'_>],
) -> Result<Found> {
    let facts: Vec<_> = facts.iter().filter(|fact| fact.kernels.contains(version)).collect();
    let mut found = Found::default();
    facts.iter().for_each(|fact| check_symbols(fact, constants, &mut found));

    let words = words(layout, &facts);
    let asked = kernel.accesses(&words)?;
    let mapped = || asked.iter().filter(|answer| answer.present && answer.valid && !answer.protnone);
    let old: Vec<_> = mapped().map(|answer| answer.old).collect();
    let no_access: Vec<_> = mapped().map(|answer| answer.no_access).collect();
    let (old_answers, no_access_answers) = (kernel.accesses(&old)?, kernel.accesses(&no_access)?);
    // Where a page that is not young is hidden, the next access faults and marks it.
    let hides_old = old_answers.iter().any(|answer| !answer.valid);
    let has_protnone = constants.get("has_protnone")? == 1;

    let mut met = vec![false; facts.len()];
    let all = [(Origin::Asked, words, asked), (Origin::Old, old, old_answers)];
    for (origin, words, answers) in all.into_iter().chain([(Origin::NoAccess, no_access, no_access_answers)]) {
        for (word, answer) in words.into_iter().zip(answers).filter(|(_, answer)| answer.present) {
            let matching = facts.iter().position(|fact| fact.pattern.matches(word));
            let fact = matching.and_then(|at| facts.get(at));
            if let Some(met) = matching.and_then(|at| met.get_mut(at)) {
                *met = true;
            }
            let reason = fact.map(|fact| fact.reason);
            let wrong_bit = fact.is_some_and(|fact| (word >> fact.bit & 1 != 0) != fact.is_set());
            found.checks += 1;
            if wrong_bit || !admits(origin, &answer, hides_old, has_protnone, reason) {
                let says = fact.map(|fact| format!("{:?} by bit {} of {}", fact.reason, fact.bit, fact.symbol));
                found.mismatches.push(format!(
                    "present word {word:#x} ({origin:?}): the kernel says PROT_NONE {}, young {}, valid to the hardware \
                     {}; we say {}",
                    answer.protnone,
                    answer.young,
                    answer.valid,
                    says.unwrap_or_else(|| "that it is an ordinary mapping".into())
                ));
            }
        }
    }
    for (fact, _) in facts.iter().zip(met).filter(|(_, met)| !met) {
        let Inaccessible { reason, symbol, .. } = fact;
        found.mismatches.push(format!("{reason:?} by {symbol}: no present word is hidden for that reason"));
    }
    found.mismatches.truncate(10);
    Ok(found)
}

/// Whether the kernel's answers admit our reason.
fn admits(origin: Origin, answer: &AccessAnswer, hides_old: bool, has_protnone: bool, reason: Option<Reason>) -> bool {
    let hidden = !answer.valid;
    match origin {
        _ if answer.protnone => reason == Some(Reason::ProtNone),
        _ if !hidden => reason.is_none(),
        // A build without pte_protnone() shows in this way what it takes for PROT_NONE.
        Origin::NoAccess => reason == Some(Reason::ProtNone),
        // Such a build does not tell a page that is old from one that is old and PROT_NONE.
        _ if hides_old && !answer.young && !has_protnone => matches!(reason, Some(Reason::NotYoung | Reason::ProtNone)),
        _ if hides_old && !answer.young => reason == Some(Reason::NotYoung),
        _ if has_protnone => reason == Some(Reason::Invalidated),
        _ => reason.is_some(),
    }
}

/// A fact's first name is its bit, and all its names are in the pattern, if one of them is.
fn check_symbols(fact: &Inaccessible<'_>, constants: &Constants, found: &mut Found) {
    for (i, name) in names(fact.symbol).enumerate() {
        found.checks += 1;
        let value = constants.symbol(name);
        let right = value.is_some_and(|value| match i {
            0 => value == 1 << fact.bit,
            _ => value & !fact.pattern.mask == 0,
        });
        if !right {
            let value = value.map_or_else(|| "no macro of this build".into(), |value| format!("{value:#x}"));
            found.mismatches.push(format!("{:?} by bit {}: {name} is {value}", fact.reason, fact.bit));
        }
    }
}

/// The words of every run; and for each fact random ones that match it, in each form of a present word.
fn words(layout: &Layout<'_>, facts: &[&Inaccessible<'_>]) -> Vec<u64> {
    let mut words = questions::words(layout.width, questions::WORDS);
    let mut random = Random(3);
    for fact in facts {
        for pattern in layout.present {
            words.extend((0..64).map(|_| {
                let present = random.next() & !pattern.mask | pattern.value;
                (present & !fact.pattern.mask | fact.pattern.value) & layout.word_mask()
            }));
        }
    }
    words
}

/// The names that the facts of a variant use, which the program gives the values of.
pub(super) fn symbols(variant: &str) -> impl Iterator<Item = &'static str> {
    facts(variant).iter().flat_map(|fact| names(fact.symbol))
}
