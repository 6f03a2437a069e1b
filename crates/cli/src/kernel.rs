//! `swp-pte kernel`: what a kernel's files tell of its swap entries, and what follows.

use std::io::Write;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use swp_pte::{Bytes, KernelOption, Level, Release, SwpType};
use swp_pte_atlas::{Evidence, SoftleafType, SwapTypes, rows_of};
use swp_pte_draw::wrapped;
use swp_pte_kernel::{Facts, Learned};

use crate::kconfig::ConfigArgs;
use crate::target::{Asked, NameParser, Target, Wanted, wanted};
use crate::{Error, json as objects, output};

/// The options of `kernel`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files of one kernel: vmlinux, BTF, System.map, kallsyms, its configuration (gzip or not), a file with its
    /// "Linux version" line [default: the machine that this runs on, if it is Linux]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The architecture, or the variant of it, if no file tells it
    #[arg(long, value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    arch: Option<Wanted>,
    /// The release, if no file tells it
    #[arg(long, value_name = "RELEASE")]
    kernel: Option<Release>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte kernel                            the machine that this runs on
  swp-pte kernel vmlinux
  swp-pte kernel /boot/config-6.12.117+deb13-amd64 /boot/System.map-6.12.117+deb13-amd64
  swp-pte kernel --kernel 5.14.0-427.13.1.el9_4.x86_64 --arch x86_64";

/// Columns before what a line says.
const INDENT: usize = 20;

/// Prints what was learned, from what, and which layout and numbering follow.
///
/// # Errors
/// [`Error::Input`] for a file that cannot be read or tells nothing, [`Error::Usage`] for a contradiction.
pub fn run(args: &Args) -> Result<(), Error> {
    let asked = asked(args)?;
    let arch = match (&args.arch, &asked.facts.machine) {
        (Some(arch), _) => Some(arch.clone()),
        (None, Some(machine)) => Some(wanted(machine.value.name()).map_err(Error::Usage)?),
        (None, None) => None,
    };
    // Without a release the newest layout would be a guess.
    let target = match (&arch, asked.release()) {
        (Some(arch), Some(_)) => Some(Target::find(arch, &asked, Level::Pte)?),
        _ => None,
    };
    if args.json {
        let mut out = output::data();
        objects::write_line(&mut out, &object(&asked, target.as_ref()))?;
        return Ok(out.flush()?);
    }
    let mut out = output::text();
    learned(&mut out, &asked.facts)?;
    match target {
        Some(target) => follows(&mut out, &target)?,
        None if asked.release().is_none() => line(&mut out, "layout", "no file tells the release: give --kernel")?,
        None => line(&mut out, "layout", "no file tells the machine: give --arch")?,
    }
    for note in &asked.facts.notes {
        styled(&mut out, "note", AnsiColor::Yellow.on_default(), note)?;
    }
    Ok(out.flush()?)
}

/// The files, or the machine, with what the options say.
fn asked(args: &Args) -> Result<Asked, Error> {
    let error = |error: swp_pte_kernel::Error| match error {
        swp_pte_kernel::Error::Contradiction(two) => Error::Usage(format!("{two}: which of them is it?")),
        other => Error::Input(other.to_string()),
    };
    let mut facts = args.kernel.map(Asked::of).unwrap_or_default().facts;
    if args.files.is_empty() && args.kernel.is_none() {
        facts = swp_pte_kernel::running().map_err(error)?;
    }
    for path in &args.files {
        facts = facts.join(swp_pte_kernel::read(path).map_err(error)?).map_err(|two| error(two.into()))?;
    }
    if facts.is_empty() {
        let why = facts.notes.first().cloned().unwrap_or_else(|| "nothing is known of the kernel".into());
        return Err(Error::Input(why));
    }
    Asked::new(facts, &ConfigArgs::default())
}

fn line(out: &mut dyn Write, name: &str, what: &str) -> Result<(), Error> {
    styled(out, name, Style::new(), what)
}

fn styled(out: &mut dyn Write, name: &str, style: Style, what: &str) -> Result<(), Error> {
    writeln!(out, "{name:<INDENT$}{style}{}{style:#}", wrapped(what, output::width(), INDENT))?;
    Ok(())
}

/// Every fact, with where it was found on a line of its own.
fn learned(out: &mut dyn Write, facts: &Facts) -> Result<(), Error> {
    let dim = Style::new().dimmed();
    let mut fact = |name: &str, learned: Option<(String, &str)>| -> Result<(), Error> {
        let Some((value, from)) = learned else { return Ok(()) };
        styled(out, name, Style::new().bold(), &value)?;
        styled(out, "", dim, &format!("from {from}"))
    };
    fact("release", facts.release.as_ref().map(|one| (one.value.to_string(), one.from.as_str())))?;
    fact("machine", facts.machine.as_ref().map(|one| (one.value.to_string(), one.from.as_str())))?;
    let pages = |shift: u32| Bytes(1_u128 << shift.min(64)).to_string();
    fact("page size", facts.page_shift.as_ref().map(|one| (pages(one.value), one.from.as_str())))?;
    fact("MAX_SWAPFILES", facts.swap_info.as_ref().map(|one| (numbers(one), one.from.as_str())))?;
    let yes = |has| if has { "yes" } else { "no" }.to_owned();
    fact("PG_anon_exclusive", facts.anon_exclusive.as_ref().map(|one| (yes(one.value), one.from.as_str())))?;
    fact("options", facts.config.as_ref().map(|one| (options(facts), one.from.as_str())))
}

/// `27`, or `28 or 27`.
fn numbers(info: &Learned<swp_pte_kernel::SwapInfo>) -> String {
    let numbers: Vec<_> = info.value.max_swapfiles().map(|number| number.to_string()).collect();
    if numbers.is_empty() { "no number of types fits".into() } else { numbers.join(" or ") }
}

/// `MIGRATION=y, DEVICE_PRIVATE=n`: those that this kernel can be built with or without.
fn options(facts: &Facts) -> String {
    let said = |option: &KernelOption| facts.config.as_ref()?.value.value(option.name());
    let said = KernelOption::ALL.iter().filter_map(|option| Some(format!("{option}={}", said(option)?)));
    said.collect::<Vec<_>>().join(", ")
}

/// The layout and the numbering that follow.
fn follows(out: &mut dyn Write, target: &Target) -> Result<(), Error> {
    let (layout, found) = (target.row.layout(), target.found());
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let eras = layout.source.kernels;
    let upstreams = rows_of(layout.source.variant).any(|row| row.layout().source == layout.source);
    let whose =
        if upstreams { format!("that of kernels {eras}") } else { "the vendor's own, of no upstream release".into() };
    styled(out, "layout", bold, &format!("{}, {whose}", layout.source.variant))?;
    styled(out, "", dim, &known(found.bits))?;
    styled(out, "types", bold, &types(&target.types()))?;
    styled(out, "", dim, &known(found.types_from))?;
    if let Some(assumed) = target.assumption() {
        styled(out, "assumed", AnsiColor::Yellow.on_default(), &assumed)?;
    }
    Ok(())
}

/// `read: mkuron/almalinux-kernel …`.
fn known(evidence: Evidence) -> String {
    format!("{}: {}", evidence.grade, evidence.source)
}

/// The types that have one meaning or several.
fn numbered(types: &SwapTypes) -> impl Iterator<Item = (u64, Vec<&'static str>)> + '_ {
    let numbers = (0..=SwpType::MAX.get()).filter_map(|number| SwpType::new(number).ok());
    let meanings = numbers.map(|number| (number.get(), types.possible(number).all().collect::<Vec<_>>()));
    let above = meanings.filter(|(_, meanings)| *meanings != [SoftleafType::Swap]);
    above.map(|(number, meanings)| (number, meanings.into_iter().map(SoftleafType::name).collect()))
}

/// `0 to 26 swap, 27 hwpoison, …`.
fn types(types: &SwapTypes) -> String {
    let files = types.max_swapfiles();
    let first = if files == 0 { String::new() } else { format!("0 to {} swap", files - 1) };
    let above = numbered(types).map(|(number, meanings)| format!("{number} {}", meanings.join(" or ")));
    [first].into_iter().chain(above).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Everything as one object.
fn object(asked: &Asked, target: Option<&Target>) -> Value {
    let facts = &asked.facts;
    let told = |value: Option<(Value, &str)>| value.map(|(value, from)| json!({ "value": value, "from": from }));
    let options = facts.config.as_ref().map(|config| {
        let said = KernelOption::ALL.iter().filter_map(|option| Some((option.name(), facts.option(*option)?)));
        (json!(said.collect::<std::collections::BTreeMap<_, _>>()), config.from.as_str())
    });
    let evidence = |evidence: Evidence| json!({ "grade": evidence.grade.name(), "source": evidence.source });
    let numbering = |target: &Target| {
        let types = numbered(&target.types())
            .map(|(number, meanings)| json!({ "type": number, "meanings": meanings }))
            .collect::<Vec<_>>();
        let mut object = evidence(target.found().types_from);
        object["max_swapfiles"] = target.types().max_swapfiles().into();
        object["types"] = types.into();
        object
    };
    json!({
        "release": told(facts.release.as_ref().map(|one| (one.value.to_string().into(), one.from.as_str()))),
        "machine": told(facts.machine.as_ref().map(|one| (one.value.name().into(), one.from.as_str()))),
        "page_size": told(facts.page_shift.as_ref().map(|one| ((1_u64 << one.value.min(63)).into(), one.from.as_str()))),
        "max_swapfiles": told(facts.swap_info.as_ref().map(|one| {
            (one.value.max_swapfiles().collect::<Vec<_>>().into(), one.from.as_str())
        })),
        "anon_exclusive": told(facts.anon_exclusive.as_ref().map(|one| (one.value.into(), one.from.as_str()))),
        "options": told(options),
        "variant": target.map(Target::variant),
        "layout": target.map(|target| objects::layout(target.row.layout())),
        "bits": target.map(|target| evidence(target.found().bits)),
        "numbering": target.map(numbering),
        "assumed": target.and_then(Target::assumption),
        "notes": facts.notes,
    })
}
