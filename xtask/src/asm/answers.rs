//! Whether the C functions do what the layouts say: compiled for the host, asked, and held against the data. Counting
//! the instructions of a C function that does something else would compare nothing.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use swp_pte::{Layout, PteKind, SwpEntry};

use super::c::{self, Form};
use super::functions::{Function, Kind};
use crate::files;

/// Asks every function in both forms, and says how many answers were compared.
pub(super) fn check(functions: &[Function]) -> Result<usize> {
    let (mut questions, mut expected) = (String::new(), String::new());
    for (i, function) in functions.iter().enumerate() {
        let layout = function.row.layout();
        for input in inputs(layout, function.kind) {
            writeln!(questions, "{i:x} {input:x}")?;
            match answer(layout, function.kind, input) {
                Some(value) => writeln!(expected, "0 {value:x}")?,
                None => writeln!(expected, "1 0")?,
            }
        }
    }
    for form in Form::ALL {
        let answers = ask(&c::program(form, functions)?, &questions)?;
        let mut lines = questions.lines().zip(expected.lines().zip(answers.lines()));
        if let Some((question, (expected, answer))) = lines.find(|(_, (expected, answer))| expected != answer) {
            let (number, input) = question.split_once(' ').unwrap_or_default();
            let symbol = usize::from_str_radix(number, 16).ok().and_then(|i| functions.get(i));
            let symbol = symbol.map_or("", |function| &function.symbol);
            bail!("{symbol} in C answers {input} by {answer}, not {expected} (status, number; form {form:?})");
        }
        ensure!(answers.lines().count() == expected.lines().count(), "the C program stopped early");
    }
    Ok(expected.lines().count() * Form::ALL.len())
}

/// What the layout's data says; `None` is a refusal.
fn answer(layout: &Layout<'_>, kind: Kind, input: u64) -> Option<u64> {
    match kind {
        Kind::Encode => layout.encode(entry(input)?).ok(),
        Kind::Decode => layout.decode(input).ok().map(SwpEntry::index),
        Kind::Kind => Some(match layout.kind(input) {
            PteKind::None => 0,
            PteKind::Present => 1,
            PteKind::Swap => 2,
        }),
        Kind::Is(flag) => Some(layout.is_set(flag, input).into()),
        Kind::Set(flag) => Some(layout.set(flag, input)),
        Kind::Clear(flag) => Some(layout.clear(flag, input)),
    }
}

fn entry(index: u64) -> Option<SwpEntry> {
    SwpEntry::from_parts(index & 31, index >> 5).ok()
}

/// Entries at the edges of what fits, and beyond; words with one bit or two other than none, all ones, or a swap PTE.
fn inputs(layout: &Layout<'_>, kind: Kind) -> Vec<u64> {
    let max = layout.max_offset();
    let bits = (0..u64::BITS).map(|bit| 1u64 << bit);
    if kind == Kind::Encode {
        let edges = [0, 1, max - 1, max, max + 1, max << 1, 0x5555_5555_5555_5555 & max];
        let offsets = edges.into_iter().chain(bits).filter(|offset| offset >> 59 == 0);
        return offsets.flat_map(|offset| (0..32).map(move |swp_type| offset << 5 | swp_type)).collect();
    }
    let swap = entry(((max / 3) << 5) | 21).and_then(|entry| layout.encode(entry).ok()).unwrap_or_default();
    let pairs = bits.clone().flat_map(move |one| bits.clone().map(move |other| one | other));
    let from = [0, u64::MAX, layout.none.value, layout.always_one, swap];
    let mask = layout.word_mask();
    // The word as it is, then with one bit or two turned over; above the word there is nothing.
    let turned = from.into_iter().flat_map(move |word| {
        let pairs = pairs.clone().filter(move |pair| pair & !mask == 0).map(move |pair| (word & mask) ^ pair);
        std::iter::once(word & mask).chain(pairs)
    });
    turned.collect()
}

/// Compiles a program with the host's gcc and runs it.
fn ask(program: &str, questions: &str) -> Result<String> {
    let folder = files::root().join("target").join("asm");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let source = folder.join("answers.c");
    let binary = folder.join("answers");
    std::fs::write(&source, program).with_context(|| format!("cannot write {}", source.display()))?;
    let compiled = Command::new("gcc").args(["-std=c11", "-O2", "-o"]).arg(&binary).arg(&source).status();
    ensure!(compiled.context("cannot run gcc")?.success(), "gcc does not compile {}", source.display());
    let mut child = Command::new(&binary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    let mut input = child.stdin.take().context("the program has an input")?;
    // Written beside the reading: neither side may wait for the other with a full pipe.
    let output = std::thread::scope(|scope| {
        let writer = scope.spawn(move || input.write_all(questions.as_bytes()));
        let output = child.wait_with_output();
        // A program that stops reading is seen by the answers that are missing.
        drop(writer.join());
        output
    });
    let output = output.context("the C program was lost")?;
    ensure!(output.status.success(), "the C program failed");
    Ok(String::from_utf8(output.stdout)?)
}
