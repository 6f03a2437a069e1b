//! The readers of the program, each fed with whatever bytes there are: it answers, or says what is wrong, and what it
//! answers agrees with itself. Fuzzers (`fuzz/`) and random tests call these.

use serde_json::Value;
use swp_pte::{Level, Release, SwpEntry};
use swp_pte_atlas::{ROWS, Row};
use swp_pte_draw::{Drawing, Page, svg};
use swp_pte_forms::{Form, Notation, SwapFiles};

use crate::input::{Lines, number};
use crate::json::{Fault, Object, layout as layout_object, write_line};
use crate::kconfig::ConfigArgs;
use crate::reading::{EntryReading, Keys, Reading, Said, Swap, elsewhere};
use crate::target::{Asked, Target, wanted};
use crate::{encode, user_layout as layouts};

/// A layout, chosen by a number.
fn target(choice: u8) -> Option<Target> {
    let row = ROWS.get(usize::from(choice) % ROWS.len())?;
    let kernel = row.layout().source.kernels.first;
    Some(Target::of_row(row, Level::Pte, kernel))
}

/// The lines of `decode`: as many objects as lines, each an object of JSON.
///
/// # Panics
/// If the program is wrong.
pub fn decode(bytes: &[u8]) {
    let Some((choice, text)) = bytes.split_first() else { return };
    let Some(target) = target(*choice) else { return };
    let reader = target.reader();
    let (mut lines, mut out, mut count) = (Lines::new(text), Vec::new(), 0);
    while let Ok(Some(line)) = lines.read() {
        count += 1;
        let read =
            number(&line.text).and_then(|word| Ok((word, reader.read(word).map_err(|error| error.to_string())?)));
        let written = match (line.fault, read) {
            (None, Ok((word, reading))) => {
                if let Reading::Swap(swap @ Swap { stray: 0, .. }) = &reading {
                    let again = encoded_again(target.row, swap);
                    assert!(again.is_none_or(|again| again == word), "{word:#x} has no stray bits, but {again:x?}");
                }
                write_line(&mut out, &Object::new(&line.text, word, &target, &reading))
            }
            (fault, read) => {
                let error = read.err().unwrap_or_else(|| fault.unwrap_or_default().into());
                write_line(&mut out, &Fault { input: &line.text, error: &error })
            }
        };
        assert!(written.is_ok());
    }
    assert_eq!(serde_json::Deserializer::from_slice(&out).into_iter::<Value>().flatten().count(), count);
}

/// The word that the backend makes of what was read, without stray bits; `None` for the entry that reads as none, which no
/// backend encodes.
fn encoded_again(row: &'static Row, swap: &Swap) -> Option<u64> {
    let entry = SwpEntry::from_parts(swap.swp_type, swap.offset).ok()?;
    if row.layout().empty_entry() == Some(entry) {
        return None;
    }
    let clean = row.encode(entry);
    assert!(clean.is_ok(), "{swap:?} has no stray bits, but {clean:?}");
    let set = swap.flags().into_iter().filter(|(_, set)| *set == Some(true));
    Some(set.fold(clean.ok()?, |word, (flag, _)| word.set(flag).unwrap_or(word)).bits())
}

/// A line of `encode`.
pub fn encode(bytes: &[u8]) {
    let Some((choice, text)) = bytes.split_first() else { return };
    if let (Some(target), Ok(text)) = (target(*choice), str::from_utf8(text)) {
        encode::try_line(text, target);
    }
}

/// A user-defined layout: what is read can be drawn, and every place that is offered leaves it without contradiction.
///
/// # Panics
/// If the program is wrong.
pub fn user_layout(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(layout) = layouts::parse(text) else { return };
    layout.with(|layout| {
        assert_eq!(layout.check(), Ok(()));
        for candidate in layout.placements() {
            let after = candidate.apply(layout);
            assert!(after.is_some_and(|after| after.check().is_ok()), "{candidate:?} of\n{text}");
        }
        let drawing = Drawing::new(layout).columns(80).word(layout.always_one).to_string();
        let page = Page(layout).to_string();
        let texts = [drawing, swp_pte_draw::text(layout, 80), page, svg(layout), layout_object(layout).to_string()];
        assert!(texts.iter().all(|text| !text.is_empty()));
    });
}

/// A file of a kernel, whatever it says that it is: what it tells can be joined with itself, and asked for a layout.
///
/// # Panics
/// If the program is wrong.
pub fn kernel_file(bytes: &[u8]) {
    let Ok(facts) = swp_pte_kernel::facts_of(bytes, "file") else { return };
    let again = facts.clone().join(facts.clone());
    assert!(again.is_ok_and(|again| again.release == facts.release && again.config == facts.config));
    let Ok(asked) = Asked::new(facts, &ConfigArgs::default()) else { return };
    for name in ["x86_64", "arm64", "s390"] {
        if let Ok(target) =
            wanted(name).map_err(drop).and_then(|arch| Target::find(&arch, &asked, Level::Pte).map_err(drop))
        {
            assert!(target.types().max_swapfiles() <= 32);
        }
    }
}

/// A release: what is read is what was given, and reads again as the same.
///
/// # Panics
/// If the program is wrong.
pub fn release(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(release) = text.parse::<Release>() else { return };
    assert!(text.contains(release.as_str()));
    assert_eq!(release.as_str().parse(), Ok(release));
    assert_eq!(release.as_str().parse::<swp_pte::KernelVersion>().ok().unwrap_or(release.series()), release.series());
    for name in ["x86_64", "arm64", "s390"] {
        if let Ok(found) = swp_pte_atlas::find_release(name, &release) {
            assert!(found.swap_types(|_| None, None).max_swapfiles() <= 32);
        }
    }
}

/// Names and numbers of the command line.
pub fn names(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    // A name, and behind its first space a kernel.
    let (name, kernel) = text.split_once(' ').unwrap_or((text, ""));
    if let Ok(wanted) = wanted(name) {
        for level in [Level::Pte, Level::Pmd] {
            let asked = kernel.parse::<Release>().map(Asked::of).unwrap_or_default();
            let _ = Target::find(&wanted, &asked, level);
        }
    }
    let _ = number(text);
    let _ = crate::kconfig::page_shift(text);
}

/// A kernel's log: as many objects as findings, each an object of JSON, with or without what the log says of its kernel.
///
/// # Panics
/// If the program is wrong.
pub fn log(bytes: &[u8]) {
    let mut known = b"Linux version 6.12.9-arm64 (a@b)\n".to_vec();
    known.extend_from_slice(bytes);
    for log in [bytes, &known] {
        // One that is packed is refused.
        let mut out = Vec::new();
        let Ok(found) = crate::log::objects(log, &mut out) else { continue };
        assert_eq!(serde_json::Deserializer::from_slice(&out).into_iter::<Value>().flatten().count(), found);
    }
}

/// Numbers in every form, and sizes of swap files: the first byte chooses the layout, the rest is a text of them. What is
/// read of an entry is put together again.
///
/// # Panics
/// If the program is wrong.
pub fn forms(bytes: &[u8]) {
    let Some((choice, text)) = bytes.split_first() else { return };
    let (Some(target), Ok(text)) = (target(*choice), str::from_utf8(text)) else { return };
    let files = SwapFiles::from_list(text).or_else(|_| SwapFiles::from_proc(text, 12)).ok();
    let reader = target.reader().with_files(files);
    for notation in [Notation::Marked, Notation::Hex] {
        let given = match swp_pte_forms::given(text, notation) {
            Ok(given) => given,
            Err(error) => {
                assert!(error.to_string().len() < 400);
                continue;
            }
        };
        for form in Form::ALL {
            let Ok(said) = reader.said(form, given.value) else { continue };
            let (doubts, hints) = (reader.doubts(given.value, &said), elsewhere(&reader, form, given.value, &said));
            assert!(serde_json::to_string(&Keys::of(&said, &doubts, &hints)).is_ok());
            let Said::Entry(EntryReading { form, swap, word }) = said else { continue };
            let again = form.join(swap.swp_type, swap.offset);
            assert!(again.is_none_or(|again| again == given.value), "{:#x}", given.value);
            // The word that holds the entry is read as the same.
            if let Ok(word) = word {
                assert_eq!(target.row.layout().fields(word), (swap.swp_type, swap.offset), "{word:#x}");
            }
        }
    }
}
