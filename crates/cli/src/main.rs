//! The program `swp-pte`; everything is in the library beside it, so that tests and fuzzers reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    swp_pte_cli::main()
}
