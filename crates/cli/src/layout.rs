//! `swp-pte layout`: the picture of a layout.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use swp_pte::Layout;
use swp_pte_atlas::variants;
use swp_pte_draw::{Page, matrix, svg, text, title};

use crate::kconfig::ConfigArgs;
use crate::target::{KernelArgs, LevelArgs, NameParser, Target, Wanted, rows_at, say_ptes_form};
use crate::{Error, json, output, user_layout};

/// The options of `layout`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The variant [default: all]
    #[arg(value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    variant: Option<Wanted>,
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    level: LevelArgs,
    /// A user-defined layout, as TOML; docs/layout.toml explains how to write it
    #[arg(long, value_name = "TOML", conflicts_with_all = ["variant", "kernel", "vmlinux", "level"])]
    file: Option<PathBuf>,
    /// What to make
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Columns of the text [default: the terminal's]
    #[arg(long, value_name = "N", value_parser = columns)]
    width: Option<u16>,
}

fn columns(text: &str) -> Result<u16, String> {
    let columns = crate::input::plain(text)?;
    if (30..=1000).contains(&columns) { Ok(columns) } else { Err("30 to 1000 columns".into()) }
}

const EXAMPLES: &str = "\
Examples:
  swp-pte layout arm64                      all that arm64 had, newest first
  swp-pte layout s390 --kernel 6.12
  swp-pte layout x86_64 --kernel 6.12 --format svg > x86_64.svg
  swp-pte layout --file docs/layout.toml    a user-defined layout";

/// The formats of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Format {
    /// Boxes and a legend for the terminal
    #[default]
    Text,
    /// For a slide; one layout, or the matrix of all
    Svg,
    /// For a page
    Markdown,
    /// For a program, one object a line
    Json,
}

/// Draws.
///
/// # Errors
/// [`Error::Usage`] for a layout that there is none of, [`Error::Input`] for a user-defined one that cannot be read.
pub fn run(args: &Args) -> Result<(), Error> {
    match &args.file {
        Some(file) => user_layout::read(file)?.with(|layout| draw(args, &[*layout], None)),
        None => {
            let (layouts, assumed) = chosen(args)?;
            draw(args, &layouts, assumed.as_deref())
        }
    }
}

fn draw(args: &Args, layouts: &[Layout<'_>], assumed: Option<&str>) -> Result<(), Error> {
    let width = args.width.map_or_else(output::width, usize::from);
    let mut out: Box<dyn Write> = match args.format {
        Format::Text => Box::new(output::text()),
        _ => Box::new(output::data()),
    };
    if args.format == Format::Svg && layouts.len() > 1 {
        out.write_all(matrix(layouts).as_bytes())?;
        return Ok(out.flush()?);
    }
    for (i, layout) in layouts.iter().enumerate() {
        match args.format {
            Format::Text => {
                if i > 0 {
                    writeln!(out)?;
                }
                out.write_all(text(layout, width).as_bytes())?;
            }
            Format::Svg => out.write_all(svg(layout).as_bytes())?,
            Format::Markdown => {
                let separator = if i > 0 { "\n" } else { "" };
                writeln!(out, "{separator}## {}", title(layout))?;
                write!(out, "{}", Page(layout))?;
            }
            Format::Json => {
                let mut object = json::layout(layout);
                if let Some(assumed) = assumed {
                    object["assumed"] = assumed.into();
                }
                json::write_line(&mut out, &object)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// The layouts that the options mean, and what was assumed of the kernel. Without a kernel those of every era, the newest first; an SVG of a variant is of one.
fn chosen(args: &Args) -> Result<(Vec<Layout<'static>>, Option<String>), Error> {
    let Some(wanted) = &args.variant else {
        return of_all(args);
    };
    let target = Target::find(wanted, &args.kernel.with_config(&ConfigArgs::default())?, args.level.level())?;
    target.say_if_assumed(wanted);
    if target.assumed && args.format != Format::Svg {
        let rows = rows_at(target.variant(), target.level);
        return Ok((rows.into_iter().rev().map(|row| *row.layout()).collect(), None));
    }
    Ok((vec![*target.row.layout()], target.assumption()))
}

/// The layout of each variant that has one in the kernel; without a kernel the newest.
fn of_all(args: &Args) -> Result<(Vec<Layout<'static>>, Option<String>), Error> {
    let (asked, level) = (args.kernel.with_config(&ConfigArgs::default())?, args.level.level());
    if asked.kernel().is_none() {
        output::complain("note", &"no --kernel given: the newest layout of each variant");
    }
    let targets: Vec<_> =
        variants().filter_map(|name| Target::find(&Wanted::exactly(name), &asked, level).ok()).collect();
    let without: Vec<_> = targets.iter().filter(|one| one.has_the_ptes_form()).map(Target::variant).collect();
    if !without.is_empty() {
        say_ptes_form(level, &without.join(", "));
    }
    let assumed = targets.iter().find_map(Target::assumption);
    if let Some(line) = &assumed {
        output::complain("note", line);
    }
    Ok((targets.into_iter().map(|target| *target.row.layout()).collect(), assumed))
}
