//! `swp-pte completions` and `swp-pte man`: made from the command line's own description, so that neither lags behind.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{Cli, Error, output};

/// The options of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  swp-pte completions bash --to ~/.local/share/bash-completion/completions/swp-pte
  swp-pte completions zsh --to ~/.zfunc/_swp-pte
  swp-pte completions fish --to ~/.config/fish/completions/swp-pte.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
    /// Write the script into this file, and make its folder if there is none
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
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
    /// Write all pages into this folder, and make it if there is none
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    to: Option<PathBuf>,
}

/// The program's name.
const NAME: &str = "swp-pte";

/// With a hyphen in the program's name, the labels of the script for bash are not the states that it looks for (`clap_complete`
/// 4.6.11), so that nothing is completed behind a command. Without that mistake there are no such labels.
const BASH_LABELS: &str = "swp__subcmd__pte__subcmd__";
const BASH_STATES: &str = "swp__pte__subcmd__";

/// What every page says last.
const EXIT_STATUS: &str = "\
.SH \"EXIT STATUS\"
.TP
0
All went well.
.TP
1
Some input was bad or could not be read, or the output could not be written. What could be read was read.
.TP
2
The command line names something that does not exist, or options that do not go together.
";

/// What fish is not told of by `clap_complete` (4.6.11): the values of arguments without a name.
fn fish_positionals(command: &Command) -> String {
    let mut script = String::new();
    for command in command.get_subcommands() {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values);
        let values: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            let (name, values) = (command.get_name(), values.join(" "));
            script += &format!("complete -c {NAME} -n \"__fish_swp_pte_using_subcommand {name}\" -f -a \"{values}\"\n");
        }
    }
    script
}

/// Prints or writes the script.
///
/// # Errors
/// Output that cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    if args.shell == Shell::Bash {
        script = String::from_utf8_lossy(&script).replace(BASH_LABELS, BASH_STATES).into_bytes();
    }
    if args.shell == Shell::Fish {
        script.extend_from_slice(fish_positionals(&Cli::command()).as_bytes());
    }
    let Some(path) = &args.to else { return print(&script) };
    let what = format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io(what.clone()))?;
    }
    fs::write(path, script).map_err(Error::io(what))
}

/// Prints a page, or writes all of them.
///
/// # Errors
/// [`Error::Usage`] for a command that does not exist; output that cannot be written.
pub fn man(args: &ManArgs) -> Result<(), Error> {
    let mut program = Cli::command();
    program.build();
    let Some(folder) = &args.to else {
        return match &args.command {
            None => print(&render(program)?),
            Some(name) => print(&render(page(&program, name)?)?),
        };
    };
    let what = format!("cannot write the pages into {}", folder.display());
    fs::create_dir_all(folder).map_err(Error::io(what.clone()))?;
    let commands: Vec<_> = program.get_subcommands().cloned().collect();
    for command in commands.into_iter().chain([program]) {
        let name = command.get_display_name().unwrap_or(NAME).to_owned();
        fs::write(folder.join(format!("{name}.1")), render(command)?).map_err(Error::io(what.clone()))?;
    }
    Ok(())
}

/// A page as roff.
fn render(command: Command) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    text.extend_from_slice(EXIT_STATUS.as_bytes());
    Ok(text)
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
