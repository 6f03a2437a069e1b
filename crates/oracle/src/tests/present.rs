//! Facts about words that are present though not to the hardware: true ones pass, and each kind of false one is found.

use swp_pte::{Inaccessible, KernelRange, KernelVersion, Layout, Pattern, Reason};
use swp_pte_atlas::{ROWS, find};

use super::fake::Fake;
use crate::ask::Answers;
use crate::present::{Found, check, facts};

const V6_12: KernelVersion = KernelVersion::new(6, 12);

/// Makes a fact false.
type Change<'a> = &'a dyn Fn(&mut Inaccessible<'_>);

/// What is found if a true kernel is asked for these facts.
fn judge(layout: &Layout<'static>, facts: &[Inaccessible<'_>]) -> Found {
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
            let Pattern { mask, value } = fact.pattern;
            let decides = 1 << fact.bit;
            let wrong: [(&str, Change<'_>); 7] = [
                ("reason", &|fact| fact.reason = other),
                ("bit", &|fact| fact.bit = (fact.bit + 1) % 64),
                ("symbol", &|fact| fact.symbol = "_PAGE_ELSE"),
                ("value", &|fact| fact.pattern.value = value ^ mask),
                ("mask", &|fact| fact.pattern.mask = mask | 1 << 12),
                ("mask without its bit", &|fact| {
                    fact.pattern = Pattern { mask: mask & !decides, value: value & !decides };
                }),
                ("kernels", &|fact| fact.kernels = KernelRange::since(KernelVersion::new(6, 13))),
            ];
            for (what, make_wrong) in wrong {
                let mut changed = facts(variant).to_vec();
                make_wrong(&mut changed[at]);
                let found = judge(layout, &changed);
                assert!(!found.mismatches.is_empty(), "{variant}: a wrong {what} of {fact:?} passes");
            }
        }
    }
}
