//! The prover, held against this program's own code: the probe is linked into it, so that what is read here is what the
//! processor executes. `facts` changes what is expected, `processor` asks the processor.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod broken;
mod changes;
mod facts;
mod processor;

use std::sync::LazyLock;

use rayon::prelude::*;
use swp_pte_prove::{Facts, Image, Prover, X86, functions};

macro_rules! kept {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { [$(swp_pte_probe::outcomes::$name::KEPT),*] };
}

/// This program. What nothing calls, a linker would leave out.
static OWN: LazyLock<Image> = LazyLock::new(|| {
    std::hint::black_box(swp_pte_atlas::for_each_layout!(kept));
    std::hint::black_box(swp_pte_atlas::for_each_second_form!(kept));
    std::hint::black_box(swp_pte_probe::outcomes::KEPT);
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    Image::program(&bytes).unwrap()
});

/// With the checks for overflow that a debug build has, and as a linker laid it out.
#[test]
fn every_function_of_this_program_is_proved() {
    let failures: Vec<_> = functions()
        .par_iter()
        .map_init(|| Prover::new(&OWN, &X86), |prover, f| prover.prove(f, &Facts::new(f.row.layout())).err())
        .flatten()
        .collect();
    let texts: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert!(texts.is_empty(), "{} of them:\n{}", texts.len(), texts.join("\n"));
}
