//! Proofs on machine code: that a compiled function does for every input what a layout's public data say.
//!
//! [`Image`] links compiled code; a [`Machine`] runs a function on all inputs at once, with every bit of every register a
//! Boolean function of the input's bits ([`bits`]); [`expect`] says from the [`Facts`] of a layout what must come out;
//! [`Prover`] compares, and either there is no input for which they differ, or a [`Failure`] shows one. What is not
//! understood is a failure too.
//!
//! Nothing here knows how rustc lays out an enum: the object has a witness for each outcome, a function that makes it, and
//! what the witness leaves is what the function must leave. `docs/proof.md` says what is trusted.

pub mod bits;
pub mod expect;
mod facts;
mod failure;
mod function;
mod image;
pub mod kernel;
mod listing;
mod patches;
mod prover;
mod state;
mod x86;

pub use facts::{Facts, Number};
pub use failure::Failure;
pub use function::{By, FUNCTIONS, Function, Question, functions, strangers};
pub use image::{Image, Unreadable};
pub use listing::{Isa, Listing};
pub use patches::{patched, unresolved};
pub use prover::{Beside, Prover, Ran};
pub use state::{End, Machine, Memory, Region, Stuck, Value};
pub use x86::{Broken, I386, X86, broken};
