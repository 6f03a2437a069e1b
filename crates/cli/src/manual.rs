//! `swp-pte completions` and `swp-pte man`: made from the command line's own description, so that neither lags behind.

use std::io::Write;
use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::{Cli, Error, output};

/// The options of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  swp-pte completions bash > ~/.local/share/bash-completion/completions/swp-pte
  swp-pte completions zsh > ~/.zfunc/_swp-pte
  swp-pte completions fish > ~/.config/fish/completions/swp-pte.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// The options of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  swp-pte man | man -l -
  swp-pte man decode | man -l -
  swp-pte man --to ~/.local/share/man/man1")]
pub struct ManArgs {
    /// The command whose page is printed [default: the program's own]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write all pages into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    to: Option<PathBuf>,
}

/// Prints the script.
///
/// # Errors
/// Output that cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "swp-pte", &mut script);
    print(&script)
}

/// Prints a page, or writes all of them.
///
/// # Errors
/// [`Error::Usage`] for a command that does not exist; output that cannot be written.
pub fn man(args: &ManArgs) -> Result<(), Error> {
    let mut program = Cli::command();
    program.build();
    if let Some(folder) = &args.to {
        let what = format!("cannot write the pages into {}", folder.display());
        return clap_mangen::generate_to(program, folder).map_err(Error::io(what));
    }
    let command = match &args.command {
        None => program,
        Some(name) => page(&program, name)?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    print(&text)
}

/// The command of a name.
fn page(program: &Command, name: &str) -> Result<Command, Error> {
    let found = program.get_subcommands().find(|command| command.get_name() == name);
    match found {
        Some(command) => Ok(command.clone()),
        None => {
            let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
            Err(Error::Usage(format!("there is no command {name}; there are {}", names.join(", "))))
        }
    }
}

fn print(text: &[u8]) -> Result<(), Error> {
    let mut out = output::data();
    out.write_all(text)?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_described() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_page() {
        let mut program = Cli::command();
        program.build();
        for command in program.get_subcommands() {
            let page = page(&program, command.get_name()).unwrap();
            assert!(page.get_about().is_some(), "{} has no summary", command.get_name());
        }
        assert!(page(&program, "vax").is_err());
    }
}
