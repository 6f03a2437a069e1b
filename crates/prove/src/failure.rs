//! What a refuted function looks like: as a failure of the conformance suite, and as a test for the backend.

use std::fmt::{Display, Formatter};

use serde::Serialize;
use swp_pte::{Layout, SwpEntry};

use crate::expect::Outcome;
use crate::function::{By, Function, Question};
use crate::prover::Difference;
use crate::state::Stuck;

/// A function of which it is not so, or which cannot be judged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Failure {
    /// The layout: variant and kernels.
    pub layout: String,
    /// The function's name in the object.
    pub function: String,
    /// What must come out there: `ok`, `offset`; empty where it cannot be judged.
    pub outcome: String,
    /// One input for which it is not so.
    pub input: String,
    /// What had to come out.
    pub expected: String,
    /// What comes out; or what is not understood, by its address.
    pub got: String,
    /// The bits that differ, by name; empty where no single word is at fault.
    pub differ: String,
    /// A test for the backend that fails as long as this does; empty where it cannot be judged.
    pub test: String,
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}, function {}:", self.layout, self.function)?;
        if self.test.is_empty() {
            return write!(f, "  not understood  {}", self.got);
        }
        writeln!(f, "  input     {}", self.input)?;
        writeln!(f, "  expected  {}", self.expected)?;
        write!(f, "  got       {}", self.got)?;
        if !self.differ.is_empty() {
            write!(f, "\n  differ    {}", self.differ)?;
        }
        write!(f, "\n  as a test:")?;
        for line in self.test.lines() {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}

impl Failure {
    pub(crate) fn stuck(function: &Function, stuck: &Stuck) -> Box<Self> {
        Box::new(Self {
            layout: function.layout(),
            function: function.symbol(),
            outcome: String::new(),
            input: String::new(),
            expected: String::new(),
            got: stuck.to_string(),
            differ: String::new(),
            test: String::new(),
        })
    }

    pub(crate) fn differs(function: &Function, difference: &Difference<'_>) -> Box<Self> {
        let layout = function.row.layout();
        let case = difference.case;
        let input = if function.question.is_of_an_entry() || function.word_width() == 64 {
            difference.inputs[0]
        } else {
            difference.inputs[0] & layout.word_mask()
        };
        let values: Vec<_> =
            case.arguments.iter().map(|word| crate::bits::Bits::value(word, difference.inputs)).collect();
        let expected = text(function, case.outcome, &values);
        let got = difference.got.as_ref().map(|(outcome, values)| text(function, *outcome, values));
        let differ = difference.got.as_ref().map(|got| differ(function, layout, (case.outcome, &values), got));
        Box::new(Self {
            layout: function.layout(),
            function: function.symbol(),
            outcome: case.outcome.suffix().trim_start_matches('_').to_owned(),
            input: described(function, input),
            expected: expected.clone(),
            got: got.unwrap_or_else(|| format!("no value of its type: {}", difference.raw)),
            differ: differ.unwrap_or_default(),
            test: test(function, input, &expected),
        })
    }
}

fn described(function: &Function, input: u64) -> String {
    if !function.question.is_of_an_entry() {
        return format!("word {input:#x}");
    }
    let entry = SwpEntry::from_index(input);
    format!("swap type {}, offset {:#x} (entry {input:#x})", entry.swp_type().get(), entry.offset().get())
}

/// An outcome as a test would write it.
fn text(function: &Function, outcome: Outcome, values: &[u64]) -> String {
    let value = |n: usize| values.get(n).copied().unwrap_or_default();
    let entry = |n: usize| format!("SwpEntry::from_index({:#x})", value(n));
    let of_an_entry = function.question.is_of_an_entry();
    let error = match outcome {
        Outcome::Type => format!("TypeOutOfRange {{ value: {:#x}, max: {:#x} }}", value(0), value(1)),
        Outcome::Offset => format!("OffsetOutOfRange {{ value: {:#x}, max: {:#x} }}", value(0), value(1)),
        Outcome::Lost => format!("TypeLost {{ value: {:#x}, max: {:#x} }}", value(0), value(1)),
        Outcome::Present if of_an_entry => format!("EncodesToPresent {{ entry: {} }}", entry(0)),
        Outcome::None if of_an_entry => format!("EncodesToNone {{ entry: {} }}", entry(0)),
        Outcome::Ignored => format!("IgnoredByNone {{ entry: {} }}", entry(0)),
        Outcome::Present => format!("Present {{ word: {:#x} }}", value(0)),
        Outcome::None => format!("None {{ word: {:#x} }}", value(0)),
        Outcome::Wide => format!("WordTooWide {{ word: {:#x}, width: {} }}", value(0), value(1)),
        _ => String::new(),
    };
    let error = format!("{}::{error}", if of_an_entry { "EncodeError" } else { "DecodeError" });
    match (function.question, function.by, outcome) {
        (Question::Kind, ..) => {
            let names = [(Outcome::None, "None"), (Outcome::Present, "Present"), (Outcome::Swap, "Swap")];
            let name = names.into_iter().find(|(kind, _)| *kind == outcome).map_or("", |(_, name)| name);
            format!("PteKind::{name}")
        }
        (Question::Is(_), ..) => (outcome == Outcome::True).to_string(),
        (Question::Fields, ..) => format!("({:#x}, {:#x})", value(0), value(1)),
        (Question::Encode, _, Outcome::Ok) => format!("Ok({:#x})", value(0)),
        (Question::Decode, _, Outcome::Ok) => format!("Ok({})", entry(0)),
        (Question::Encode, By::Backend | By::Stub, _) => format!("Err({})", entry(0)),
        (Question::Decode, By::Backend | By::Stub, _) => format!("Err({:#x})", value(0)),
        (Question::Encode | Question::Decode, By::Interpreter, _) => format!("Err({error})"),
        (Question::WhyEncode | Question::WhyDecode, ..) => error,
        (Question::Stray | Question::Set(_) | Question::Clear(_), ..) => format!("{:#x}", value(0)),
    }
}

/// The bits that differ, by name.
fn differ(
    function: &Function,
    layout: &Layout<'_>,
    (outcome, expected): (Outcome, &[u64]),
    (got_outcome, got): &(Outcome, Vec<u64>),
) -> String {
    if outcome != *got_outcome {
        return String::new();
    }
    let differ = |n: usize| expected.get(n).copied().unwrap_or_default() ^ got.get(n).copied().unwrap_or_default();
    let named = |mask: u64| if mask == 0 { String::new() } else { layout.named_bits(mask).to_string() };
    let places = |field: &swp_pte::Field, value: u64| {
        let bits = (0..64).filter(|bit| value >> bit & 1 != 0);
        bits.filter_map(|bit| field.position(bit)).fold(0, |word, bit| word | 1 << bit)
    };
    match (function.question, outcome) {
        (Question::Encode, Outcome::Ok) | (Question::Set(_) | Question::Clear(_) | Question::Stray, _) => {
            named(differ(0))
        }
        (Question::Decode, Outcome::Ok) => {
            named(places(&layout.swp_type, differ(0) & 31) | places(&layout.swp_offset, differ(0) >> 5))
        }
        (Question::Fields, _) => named(places(&layout.swp_type, differ(0)) | places(&layout.swp_offset, differ(1))),
        _ => String::new(),
    }
}

/// A test that fails as long as the function does.
fn test(function: &Function, input: u64, expected: &str) -> String {
    let pte = function.type_path();
    let (path, pte) = (pte, "Pte");
    let entry = format!("SwpEntry::from_index({input:#x})");
    let flag = match function.question {
        Question::Is(flag) | Question::Set(flag) | Question::Clear(flag) => format!("Flag::{flag:?}"),
        _ => String::new(),
    };
    let name = function.question.name();
    let word = format!("{pte}::from_bits({input:#x})");
    let call = match (function.question, function.by) {
        (Question::Encode, By::Interpreter) => format!("{pte}::LAYOUT.encode({entry})"),
        (Question::Encode, _) => {
            format!("{pte}::encode({entry}).map(Pte::to_bits).map_err(Unencodable::entry)")
        }
        (Question::WhyEncode, _) => format!("Unencodable::<{pte}>::new({entry}).why()"),
        (Question::WhyDecode, _) => format!("Undecodable::<{pte}>::new({input:#x}).why()"),
        (Question::Decode, By::Backend | By::Stub) => format!("{word}.decode().map_err(Undecodable::word)"),
        (Question::Is(_), By::Stub) => format!("{word}.is_set_or_stub({flag})"),
        (Question::Set(_), By::Stub) => format!("{word}.set_or_stub({flag}).to_bits()"),
        (Question::Clear(_), By::Stub) => format!("{word}.clear_or_stub({flag}).to_bits()"),
        (Question::Is(_), By::Interpreter) => format!("{pte}::LAYOUT.is_set({flag}, {input:#x})"),
        (Question::Set(_), By::Interpreter) => format!("{pte}::LAYOUT.set({flag}, {input:#x})"),
        (Question::Clear(_), By::Interpreter) => format!("{pte}::LAYOUT.clear({flag}, {input:#x})"),
        (_, By::Interpreter) => format!("{pte}::LAYOUT.{name}({input:#x})"),
        (Question::Set(_) | Question::Clear(_), By::Backend) => format!("{word}.{name}().to_bits()"),
        _ => format!("{word}.{name}()"),
    };
    format!(
        "#[test]\nfn {name}_{input:x}() {{\n    use swp_pte::*;\n    type Pte = {path};\n\n    \
         let got = {call};\n    assert_eq!(got, {expected});\n}}\n"
    )
}
