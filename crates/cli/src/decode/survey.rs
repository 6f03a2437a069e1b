//! Words without `--arch`: what the variants make of them, side by side, those first that explain the word best. Nothing is
//! guessed; the reader judges.

use std::io::Write;

use comfy_table::{Cell, CellAlignment, Table};
use swp_pte::{Flag, KernelVersion, MemoryOrder};
use swp_pte_atlas::variants;
use swp_pte_draw::wrapped;
use swp_pte_forms::{EntryForm, Form};
use swp_pte_scan::Evidence;

use super::{Args, each, input, text};
use crate::reading::{Hex, PagemapReading, Reader, Reading, Said, Swap, TooWide, elsewhere, leaf_name};
use crate::target::{Target, Wanted, say_ptes_form};
use crate::{Error, output};

/// How many variants are shown; the others are counted in a line, unless `--all` asks for them.
const SHOWN: usize = 10;

/// The column that says what a word is.
const IS: usize = 2;

pub(super) fn run(args: &Args) -> Result<(), Error> {
    if args.how.form().is_some() {
        return other_forms(args);
    }
    let asked = args.target.asked()?;
    let kernel = asked.kernel();
    let level = args.target.level();
    let found = |name| Target::find(&Wanted::exactly(name), &asked, level).ok();
    let targets: Vec<_> = variants().filter_map(found).collect();
    if targets.is_empty() {
        return Err(Error::Usage(
            "no variant of the record has this kernel: `swp-pte atlas` lists what is known".into(),
        ));
    }
    let which = if kernel.is_some() { "its layout in this kernel" } else { "its newest layout" };
    let how = if args.all || targets.len() <= SHOWN {
        "what each variant reads"
    } else {
        "what the likeliest variants read, best first"
    };
    output::complain("note", &format!("no --arch given: this is {how}, each by {which}"));
    // What is assumed of some variants only is about kernels that their vendor does not build.
    if let (Some(line), true) =
        (targets.iter().find_map(Target::assumption), targets.iter().all(|one| one.assumption().is_some()))
    {
        output::complain("note", &line);
    }
    let without: Vec<_> = targets.iter().filter(|one| one.has_the_ptes_form()).map(Target::variant).collect();
    if !without.is_empty() {
        say_ptes_form(level, &without.join(", "));
    }
    let mut out = output::text();
    let mut separator = "";
    each(args, |place, line| {
        let given =
            line.fault.map_or_else(|| input::given(args.how, &line.text, Some(level)), |fault| Err(fault.into()));
        let given = given.and_then(|(form, word)| match form.level() {
            _ if args.how.byte_order.is_some() => {
                Err("--byte-order needs --arch, which says how wide a word is".into())
            }
            None => Ok((form, word)),
            Some(other) if other == level => Ok((form, word)),
            Some(other) => Err(format!("the prefix says {other}: give --level {other}")),
        });
        match given {
            Ok((form @ (Form::Entry | Form::Pagemap), number)) => {
                write!(out, "{separator}")?;
                of_other_form(&mut out, form, number)?;
                separator = "\n";
            }
            Ok((_, word)) => {
                let ranked = ranked(&targets, word);
                let fit = ranked.iter().filter(|(score, _)| score.is_some()).count();
                let ranked: Vec<_> = ranked.into_iter().map(|(_, target)| target).collect();
                let shown = if args.all { ranked.len() } else { SHOWN.min(fit) };
                let (shown, folded) = ranked.split_at(shown);
                writeln!(out, "{separator}{word:#x}")?;
                if !shown.is_empty() {
                    writeln!(out, "{}", table(shown, word).trim_fmt())?;
                }
                if !folded.is_empty() {
                    writeln!(out, "{}; --all shows them", fold(folded, word))?;
                }
                for hint in hints(shown, word) {
                    writeln!(out, "{}", wrapped(&hint, output::width(), 0))?;
                }
                separator = "\n";
            }
            Err(error) => return place.complain(&mut out, &line.text, &error),
        }
        Ok(true)
    })?;
    out.flush()?;
    Ok(())
}

/// Entries and pagemap words, which say much without an architecture.
fn other_forms(args: &Args) -> Result<(), Error> {
    if args.how.byte_order.is_some() {
        return Err(Error::Usage("--byte-order needs --arch, which says how wide a word is".into()));
    }
    let mut out = output::text();
    let mut separator = "";
    each(args, |place, line| {
        let given = line.fault.map_or_else(|| input::given(args.how, &line.text, None), |fault| Err(fault.into()));
        match given {
            Ok((form, number)) => {
                write!(out, "{separator}")?;
                of_other_form(&mut out, form, number)?;
                separator = "\n";
                Ok(true)
            }
            Err(error) => place.complain(&mut out, &line.text, &error),
        }
    })?;
    Ok(out.flush()?)
}

/// What a number says that is no raw word, on any architecture.
fn of_other_form(out: &mut dyn Write, form: Form, number: u64) -> Result<(), Error> {
    writeln!(out, "{form} {number:#x}")?;
    if form == Form::Pagemap {
        let reading = PagemapReading::of(number, None);
        text::pagemap(out, None, &reading)?;
        for note in Said::Pagemap(reading).notes() {
            writeln!(out, "  note        {note}")?;
        }
        return Ok(());
    }
    let kernels = [("4.20 and later", KernelVersion::new(4, 20)), ("3.5 to 4.19", KernelVersion::new(3, 5))];
    let all = [64, 32].into_iter().flat_map(|long_bits| kernels.map(|(name, kernel)| (long_bits, name, kernel)));
    let said: Vec<_> = all
        .map(|(long_bits, name, kernel)| {
            let said = match EntryForm::of(kernel, long_bits).split(number) {
                Some((swp_type, offset)) if swp_type < 32 => format!("type {swp_type}, offset {offset:#x}"),
                Some((swp_type, _)) => format!("no entry: type {swp_type} is above 31"),
                None => "no entry: it has more bits".into(),
            };
            (format!("{long_bits}-bit kernels, {name}"), said)
        })
        .collect();
    match said.as_slice() {
        [(_, first), rest @ ..] if rest.iter().all(|(_, other)| other == first) => {
            writeln!(out, "  in every kernel since 3.5: {first}")?;
        }
        all => all.iter().try_for_each(|(kernels, said)| writeln!(out, "  {kernels:<30}  {said}"))?,
    }
    writeln!(out, "  --arch and --kernel say what it is, and which PTE holds it")?;
    Ok(())
}

/// In which other form a word says more, where no variant that is shown reads it as a swap PTE without a doubt.
fn hints(shown: &[&Target], word: u64) -> Vec<String> {
    let readers = || shown.iter().map(|target| target.reader());
    let well = readers().any(|reader| {
        let said = reader.read(word).map(Said::Word);
        said.is_ok_and(|said| said.swap().is_some_and(|swap| swap.stray == 0) && reader.doubts(word, &said).is_empty())
    });
    if well {
        return Vec::new();
    }
    let of = |reader: Reader| {
        let said = reader.read(word).map(Said::Word).ok()?;
        Some(elsewhere(&reader, Form::Pte, word, &said)).filter(|hints| !hints.is_empty())
    };
    let hints = readers().find_map(of).unwrap_or_default();
    hints.into_iter().filter(|hint| !hint.contains("--byte-order")).collect()
}

/// The variants, each with how well it explains the word, as `guess` has it, the best first; last, without, those whose words
/// are narrower.
fn ranked(targets: &[Target], word: u64) -> Vec<(Option<f64>, &Target)> {
    let score = |target: &Target| {
        let bytes = word.to_be_bytes();
        let width = usize::try_from(target.row.layout().width / 8).unwrap_or(bytes.len());
        let (above, bytes) = bytes.split_at(bytes.len().saturating_sub(width));
        let mut evidence = Evidence::new(target.row, MemoryOrder::Big);
        let fits = above.iter().all(|byte| *byte == 0) && evidence.add(bytes).is_ok();
        fits.then(|| evidence.score())
    };
    let mut ranked: Vec<_> = targets.iter().map(|target| (score(target), target)).collect();
    let by_score = |score: Option<f64>| score.unwrap_or(f64::NEG_INFINITY);
    ranked.sort_by(|(one, _), (other, _)| by_score(*other).total_cmp(&by_score(*one)));
    ranked
}

/// What the variants that are not shown read, counted.
fn fold(targets: &[&Target], word: u64) -> String {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for target in targets {
        let kind = match target.reader().read(word) {
            Ok(Reading::Swap(swap)) if swap.stray != 0 => "swap with stray bits".into(),
            Ok(reading) => reading.name().to_owned(),
            Err(TooWide { width, .. }) => format!("words of {width} bits"),
        };
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!("and {} less likely: {}", targets.len(), kinds.join(", "))
}

fn table(targets: &[&Target], word: u64) -> Table {
    let mut table = output::table(["variant", "kernels", "is", "type", "offset", "flags", "stray"], Some(IS));
    // In a narrow terminal the names of entries are cut, at their hyphens, and nothing else.
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    for target in targets {
        let (variant, kernels) = (target.row.variant(), target.row.layout().source.kernels);
        let cells = match target.reader().read(word) {
            Ok(reading) => cells(&reading),
            Err(TooWide { width, .. }) => Cells { is: format!("more than {width} bits"), ..Cells::default() },
        };
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(variant),
            Cell::new(format!("{kernels:#}")),
            Cell::new(cells.is).set_delimiter('-'),
            right(cells.swp_type),
            right(cells.offset),
            Cell::new(cells.flags),
            right(cells.stray),
        ]);
    }
    table
}

/// The columns that a word fills.
#[derive(Default)]
struct Cells {
    is: String,
    swp_type: String,
    offset: String,
    flags: String,
    stray: String,
}

fn cells(reading: &Reading) -> Cells {
    let swap = match reading {
        Reading::None { .. } | Reading::Present { .. } => {
            return Cells { is: reading.name().into(), ..Cells::default() };
        }
        Reading::Swap(swap) => swap,
    };
    let Swap { swp_type, offset, stray, .. } = *swap;
    let name = |flag| match flag {
        Flag::Exclusive => "E",
        Flag::SoftDirty => "SD",
        Flag::UffdWp => "WP",
    };
    let flags: Vec<_> =
        swap.flags().into_iter().filter(|(_, set)| *set == Some(true)).map(|(flag, _)| name(flag)).collect();
    Cells {
        is: leaf_name(swap.softleaf.as_ref()).into(),
        swp_type: swp_type.to_string(),
        offset: Hex(offset).to_string(),
        flags: flags.join(" "),
        stray: if stray == 0 { String::new() } else { stray.count_ones().to_string() },
    }
}
