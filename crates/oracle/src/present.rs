//! Words that are present to the kernel although not to the hardware: what our data says of them, and whether compiled
//! headers agree.

use anyhow::Result;
use swp_pte::{KernelRange, KernelVersion, Layout};
use swp_pte_atlas::Reason;

use super::ask::{AccessAnswer, Answers, Constants};
use super::questions::{self, Random};
use super::sources::names;

/// Why a present word is kept away from the hardware: the first one that matches holds. Only ever asked of words that
/// `pte_present` accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PresentFact {
    /// The kernels that it holds for.
    pub(super) kernels: KernelRange,
    /// It matches if these bits are those of `value`.
    pub(super) mask: u64,
    pub(super) value: u64,
    /// The bit that a person is told.
    pub(super) bit: u32,
    /// Whether that bit is set or clear.
    pub(super) set: bool,
    /// The kernel's name for it, and then of those that go with it.
    pub(super) symbol: &'static str,
    pub(super) reason: Reason,
}

impl PresentFact {
    const fn matches(&self, word: u64) -> bool {
        word & self.mask == self.value
    }
}

const fn v(major: u16, minor: u16) -> KernelVersion {
    KernelVersion::new(major, minor)
}

const EVER: KernelRange = KernelRange::since(v(5, 10));

const fn fact(
    kernels: KernelRange,
    (mask, value): (u64, u64),
    (bit, set): (u32, bool),
    symbol: &'static str,
    reason: Reason,
) -> PresentFact {
    PresentFact { kernels, mask, value, bit, set, symbol, reason }
}

const X86_64: &[PresentFact] = &[fact(EVER, (1, 0), (8, true), "_PAGE_PROTNONE", Reason::ProtNone)];

const ARM64: &[PresentFact] = &[
    fact(KernelRange::between(v(5, 10), v(6, 9)), (1, 0), (58, true), "PTE_PROT_NONE", Reason::ProtNone),
    // PTE_USER clear and PTE_UXN set: neither accessible nor executable for user space.
    fact(
        KernelRange::since(v(6, 10)),
        (1 | 1 << 6 | 1 << 54, 1 << 54),
        (11, true),
        "PTE_PRESENT_INVALID",
        Reason::ProtNone,
    ),
    fact(KernelRange::since(v(6, 10)), (1, 0), (11, true), "PTE_PRESENT_INVALID", Reason::Invalidated),
];

const S390: &[PresentFact] = &[
    fact(EVER, (1 << 4, 0), (4, false), "_PAGE_READ", Reason::ProtNone),
    fact(EVER, (1 << 10 | 1 << 2, 1 << 10), (10, true), "_PAGE_INVALID", Reason::NotYoung),
    fact(EVER, (1 << 10, 1 << 10), (10, true), "_PAGE_INVALID", Reason::Invalidated),
];

const BOOK3S64: &[PresentFact] = &[
    // Valid to the hardware, but without a right for anybody.
    fact(EVER, (1 << 63 | 0b111, 1 << 63), (2, false), "_PAGE_READ, as _PAGE_WRITE and _PAGE_EXEC", Reason::ProtNone),
    fact(EVER, (1 << 63, 0), (61, true), "_PAGE_INVALID", Reason::Invalidated),
];

const RISCV: &[PresentFact] = &[
    fact(KernelRange::between(v(5, 10), v(5, 16)), (1, 0), (1, true), "_PAGE_PROT_NONE", Reason::ProtNone),
    fact(KernelRange::since(v(5, 17)), (1, 0), (5, true), "_PAGE_PROT_NONE", Reason::ProtNone),
];

/// A variant's facts. The other families of ppc hide nothing from the hardware.
pub(super) fn facts(variant: &str) -> &'static [PresentFact] {
    match variant {
        "x86_64" => X86_64,
        "arm64" => ARM64,
        "s390" => S390,
        "ppc-book3s64-4k" | "ppc-book3s64-64k" => BOOK3S64,
        "riscv-rv64" | "riscv-rv64-svrsw60t59b" | "riscv-rv32" => RISCV,
        _ => &[],
    }
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
    layout: &Layout,
    version: KernelVersion,
    facts: &[PresentFact],
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
            let matching = facts.iter().position(|fact| fact.matches(word));
            let fact = matching.and_then(|at| facts.get(at));
            if let Some(met) = matching.and_then(|at| met.get_mut(at)) {
                *met = true;
            }
            let reason = fact.map(|fact| fact.reason);
            let wrong_bit = fact.is_some_and(|fact| (word >> fact.bit & 1 != 0) != fact.set);
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
        let PresentFact { reason, symbol, .. } = fact;
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
        _ if hides_old && !answer.young => reason == Some(Reason::NotYoung),
        _ if has_protnone => reason == Some(Reason::Invalidated),
        _ => reason.is_some(),
    }
}

/// A fact's first name is its bit, and all its names are in the pattern, if one of them is.
fn check_symbols(fact: &PresentFact, constants: &Constants, found: &mut Found) {
    for (i, name) in names(fact.symbol).enumerate() {
        found.checks += 1;
        let value = constants.symbol(name);
        let right = value.is_some_and(|value| match i {
            0 => value == 1 << fact.bit,
            _ => value & !fact.mask == 0,
        });
        if !right {
            let value = value.map_or_else(|| "no macro of this build".into(), |value| format!("{value:#x}"));
            found.mismatches.push(format!("{:?} by bit {}: {name} is {value}", fact.reason, fact.bit));
        }
    }
}

/// The words of every run; and for each fact random ones that match it, in each form of a present word.
fn words(layout: &Layout, facts: &[&PresentFact]) -> Vec<u64> {
    let mut words = questions::words(layout.width, questions::WORDS);
    let mut random = Random(3);
    for fact in facts {
        for pattern in layout.present {
            words.extend((0..64).map(|_| {
                let present = random.next() & !pattern.mask | pattern.value;
                (present & !fact.mask | fact.value) & layout.word_mask()
            }));
        }
    }
    words
}

/// The names that the facts of a variant use, which the program gives the values of.
pub(super) fn symbols(variant: &str) -> impl Iterator<Item = &'static str> {
    facts(variant).iter().flat_map(|fact| names(fact.symbol))
}

/// For a stand-in in the tests: the first fact that matches.
#[cfg(test)]
pub(super) fn first(facts: &[PresentFact], version: KernelVersion, word: u64) -> Option<&PresentFact> {
    facts.iter().find(|fact| fact.kernels.contains(version) && fact.matches(word))
}
