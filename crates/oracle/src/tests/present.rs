//! Facts about words that are present though not to the hardware: true ones pass, and each kind of false one is found.

use swp_pte::{KernelRange, KernelVersion, Layout};
use swp_pte_atlas::{ROWS, Reason, find};

use super::fake::Fake;
use crate::ask::Answers;
use crate::present::{Found, PresentFact, check, facts, first};
use crate::questions;

const V6_12: KernelVersion = KernelVersion::new(6, 12);

/// What is found if a true kernel is asked for these facts.
fn judge(layout: &Layout, facts: &[PresentFact]) -> Found {
    let mut fake = Fake { version: V6_12, ..Fake::new(layout) };
    let constants = fake.constants().unwrap();
    check(&mut fake, &constants, layout, V6_12, facts).unwrap()
}

#[test]
fn true_facts_pass() {
    for row in ROWS.iter().filter(|row| row.layout().source.kernels.contains(V6_12)) {
        let found = judge(row.layout(), facts(row.variant()));
        assert_eq!(found.mismatches, [""; 0], "{}", row.variant());
        assert!(found.checks > 1000, "{}", row.variant());
    }
}

#[test]
fn every_false_fact_is_found() {
    for variant in ["x86_64", "arm64", "s390", "ppc-book3s64-64k", "riscv-rv64"] {
        let layout = find(variant, V6_12).unwrap().layout();
        for at in 0..facts(variant).len() {
            let fact = facts(variant)[at];
            if !fact.kernels.contains(V6_12) {
                continue;
            }
            let other = match fact.reason {
                Reason::ProtNone => Reason::Invalidated,
                _ => Reason::ProtNone,
            };
            let bit = (fact.bit + 1) % 64;
            let mask = fact.mask | 1 << 12;
            for (what, wrong) in [
                ("reason", PresentFact { reason: other, ..fact }),
                ("bit", PresentFact { bit, ..fact }),
                ("set", PresentFact { set: !fact.set, ..fact }),
                ("symbol", PresentFact { symbol: "_PAGE_ELSE", ..fact }),
                ("value", PresentFact { value: fact.value ^ fact.mask, ..fact }),
                ("mask", PresentFact { mask, ..fact }),
                ("kernels", PresentFact { kernels: KernelRange::since(KernelVersion::new(6, 13)), ..fact }),
            ] {
                let mut changed = facts(variant).to_vec();
                changed[at] = wrong;
                let found = judge(layout, &changed);
                assert!(!found.mismatches.is_empty(), "{variant}: a wrong {what} of {fact:?} passes");
            }
        }
    }
}

/// Until the atlas reads the same data: it says the same of every word.
#[test]
fn the_atlas_says_the_same() {
    for row in ROWS {
        let layout = row.layout();
        for word in questions::words(layout.width, 1000) {
            let word = row.word(word).unwrap();
            let said = word.present_why().map(|why| (why.reason, why.bit, why.set, why.symbol));
            let fact = first(facts(row.variant()), layout.source.kernels.first, word.bits());
            let fact = fact.filter(|_| word.kind() == swp_pte::PteKind::Present);
            assert_eq!(said, fact.map(|fact| (fact.reason, fact.bit, fact.set, fact.symbol)), "{}", row.variant());
        }
    }
}
