//! The program: `cargo xtask oracle` starts it, and so does `cargo run -p swp-pte-oracle --`.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(
    name = "swp-pte-oracle",
    about = "Builds a kernel tree's own swap helpers for every architecture, asks them, and compares"
)]
struct Cli {
    #[command(flatten)]
    args: swp_pte_oracle::Args,
}

fn main() -> ExitCode {
    swp_pte_oracle::run(&Cli::parse().args).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
