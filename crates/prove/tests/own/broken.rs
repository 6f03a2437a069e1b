//! The semantics of the instructions, broken on purpose: for each instruction that the functions of this program are made of, what
//! it leaves is turned, and a proof must fail.

use swp_pte_prove::{Broken, broken, functions};

use super::OWN;

#[test]
fn every_broken_instruction_is_noticed() {
    let all = broken(&OWN, &functions()).unwrap();
    let unnoticed: Vec<_> = all.iter().filter(|it| it.noticed.is_none()).collect();
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    // A list that has lost its instructions would pass.
    let has = |name: &str| all.iter().any(|it: &Broken| it.mnemonic == name);
    for name in
        ["mov", "and", "or", "xor", "shl", "shr", "cmp", "test", "je", "jmp", "call", "ret", "push", "pop", "lea"]
    {
        assert!(has(name), "{name} is not among {}", all.len());
    }
    assert!(all.len() >= 2 * 30, "{}", all.len());
}
