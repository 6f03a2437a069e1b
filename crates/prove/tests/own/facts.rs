//! A proof that holds whatever is expected would be none: every fact of every layout is changed in turn on the side of the
//! expectation, and some function must refute it. Only a change that means nothing may pass, and that it means nothing is
//! shown by the cases, which are the same for every input.

use std::sync::Mutex;

use rayon::prelude::*;
use swp_pte_atlas::{ROWS, SECOND_FORMS};
use swp_pte_prove::bits::{Bits, Block};
use swp_pte_prove::expect::cases;
use swp_pte_prove::{Facts, Function, Prover, Ran, X86, functions};

use super::OWN;
use super::changes::changes;

/// Changes that some function refuted, and changes that mean nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Count {
    refuted: usize,
    same: usize,
}

/// Whether two expectations are one for every input.
fn same(function: &Function, a: &Facts, b: &Facts) -> bool {
    let input = Bits::new().block(Block::Input);
    let [a, b] = [a, b].map(|facts| cases(function, facts, &input));
    a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| {
            let arguments = a.arguments.iter().zip(&b.arguments).flat_map(|(a, b)| a.iter().zip(b));
            a.outcome == b.outcome
                && a.when == b.when
                && arguments.map(|(x, y)| x.xor(y).and(&a.when)).all(|differ| differ.is_zero())
        })
}

/// Every `step`th change of every layout.
fn refute(step: usize) -> Count {
    let all = functions();
    let layouts: Vec<_> = ROWS.iter().chain(SECOND_FORMS).map(|row| row.layout()).collect();
    let turn = Mutex::new(0);
    let counts = layouts.par_iter().map(|layout| {
        let prover = Prover::new(&OWN, &X86);
        let mine = all.iter().filter(|function| function.row.layout().source == layout.source);
        // The one that refuted last comes first.
        let mut ran: Vec<(&Function, Ran)> = mine.map(|function| (function, prover.run(function).unwrap())).collect();
        assert!(ran.len() > 20, "{:?} has {} functions", layout.source, ran.len());
        let facts = Facts::new(layout);
        let first = {
            let mut turn = turn.lock().unwrap();
            *turn += 1;
            *turn % step
        };
        let mut count = Count::default();
        for (what, changed) in changes(&facts).into_iter().skip(first).step_by(step) {
            let refuting =
                ran.iter().position(|(function, ran)| !prover.holds(function, &changed, ran).is_ok_and(|holds| holds));
            if let Some(n) = refuting {
                count.refuted += 1;
                ran[..=n].rotate_right(1);
            } else {
                let shown = ran.iter().all(|(function, _)| same(function, &facts, &changed));
                assert!(shown, "{} {}: no function refutes {what}", layout.source.variant, layout.source.kernels);
                count.same += 1;
            }
        }
        count
    });
    counts.reduce(Count::default, |a, b| Count { refuted: a.refuted + b.refuted, same: a.same + b.same })
}

#[test]
fn changed_facts_are_refuted() {
    let Count { refuted, same } = refute(40);
    assert!(refuted > 500 && same < refuted / 10, "{refuted} refuted, {same} mean nothing");
}

/// All of them.
#[test]
#[ignore = "takes a minute and a half; cargo xtask ci runs it"]
fn every_changed_fact_is_refuted() {
    assert_eq!(refute(1), Count { refuted: 48_997, same: 182 });
}
