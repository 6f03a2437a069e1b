//! Reads page tables of `x86_64` kernels from 5.19 on and writes them as s390 kernels have them: `convert-image < IN > OUT`.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;

fn run() -> Result<(), Box<dyn Error>> {
    let mut image = Vec::new();
    stdin().read_to_end(&mut image)?;
    // Nothing is written before all is converted.
    let converted = convert_image::convert::<swp_pte_x86_64::Pte, swp_pte_s390::Pte>(&image)?;
    stdout().write_all(&converted)?;
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
