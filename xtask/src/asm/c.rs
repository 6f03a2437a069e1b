//! The same functions in C, written from the layout's data as a programmer writes them who knows the layout: fields
//! taken out by shift and mask, one condition after the other, nothing clever. gcc sees what C shows it and is free to
//! merge what it can.
//!
//! A function that can refuse answers with a status and a number. C has two usual forms of that, and which one is
//! shorter depends on how a machine returns a struct: two registers on x86_64, arm64, riscv64 and ppc64le, memory on
//! s390x. Both are compiled, and ours are held against the shorter.
//!
//! - [`Form::Pair`]: `struct answer { unsigned long status, value; }` is returned;
//! - [`Form::Pointer`]: the status is returned, and the number stored through a pointer, as in most of the kernel.
//!
//! What is refused has no number: the caller still has what it asked about. An entry is one number, packed as
//! [`SwpEntry::index`](swp_pte::SwpEntry::index) packs it, so that both sides get and give the same.

use std::fmt::{Error, Write};

use swp_pte::{Field, Layout, Pattern};

use super::functions::{Function, Operation};

/// How a function that can refuse gives back two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Pair,
    Pointer,
}

impl Form {
    pub(super) const ALL: [Self; 2] = [Self::Pair, Self::Pointer];

    const fn prelude(self) -> &'static str {
        match self {
            Self::Pair => {
                "struct answer { unsigned long status, value; };\n\
                 #define FUNCTION(name, in, out) struct answer name(in)\n\
                 #define REFUSE return (struct answer){ .status = 1 }\n\
                 #define GIVE(number) return (struct answer){ .status = 0, .value = (number) }\n\
                 #define ASK(name, number, out) answer = name(number)\n"
            }
            Self::Pointer => {
                "struct answer { unsigned long status, value; };\n\
                 #define FUNCTION(name, in, out) int name(in, out *to)\n\
                 #define REFUSE return -22\n\
                 #define GIVE(number) do { *to = (number); return 0; } while (0)\n\
                 #define ASK(name, number, out) do { out to = 0; answer.status = name(number, &to); \
                 answer.value = to; } while (0)\n"
            }
        }
    }
}

/// The functions in one of the two forms.
pub(super) fn source(form: Form, functions: &[Function]) -> Result<String, Error> {
    let mut text = form.prelude().to_owned();
    text.push_str("enum kind { NONE, PRESENT, SWAP };\n");
    for function in functions {
        write_function(&mut text, function)?;
    }
    Ok(text)
}

/// A program that is asked `<number of the function> <number>`, in hex, line by line, and answers each line with
/// status and number.
pub(super) fn program(form: Form, functions: &[Function]) -> Result<String, Error> {
    let mut text = format!("#include <stdio.h>\n{}", source(form, functions)?);
    text.push_str("int main(void)\n{\n\tunsigned int function;\n\tunsigned long in;\n");
    text.push_str("\twhile (scanf(\"%x %lx\", &function, &in) == 2) {\n\t\tstruct answer answer = { 0, 0 };\n");
    text.push_str("\t\tswitch (function) {\n");
    for (i, Function { row, kind, symbol, .. }) in functions.iter().enumerate() {
        match kind {
            Operation::Encode => writeln!(text, "\t\tcase {i}: ASK({symbol}, in, {}); break;", word(row.layout()))?,
            Operation::Decode => writeln!(text, "\t\tcase {i}: ASK({symbol}, in, unsigned long); break;")?,
            _ => writeln!(text, "\t\tcase {i}: answer.value = {symbol}(in); break;")?,
        }
    }
    text.push_str("\t\tdefault: return 1;\n\t\t}\n");
    text.push_str("\t\tprintf(\"%d %lx\\n\", answer.status != 0, answer.status ? 0 : answer.value);\n\t}\n}\n");
    Ok(text)
}

fn write_function(text: &mut String, function: &Function) -> Result<(), Error> {
    let layout = function.row.layout();
    let (word, symbol) = (word(layout), &function.symbol);
    match function.kind {
        Operation::Encode => {
            writeln!(text, "FUNCTION({symbol}, unsigned long entry, {word})\n{{")?;
            writeln!(text, "\tunsigned long type = entry & 31, offset = entry >> 5;")?;
            writeln!(text, "\tif (offset > {:#x})\n\t\tREFUSE;", layout.swp_offset.max())?;
            if layout.lost_type != 0 {
                writeln!(text, "\tif (type & {:#x})\n\t\tREFUSE;", layout.lost_type)?;
            }
            let one = if layout.always_one == 0 { String::new() } else { format!("{:#x}ul | ", layout.always_one) };
            let (swp_type, offset) = (scatter(&layout.swp_type, "type"), scatter(&layout.swp_offset, "offset"));
            writeln!(text, "\t{word} pte = {one}{swp_type} | {offset};")?;
            if layout.empty_entry().is_some() {
                writeln!(text, "\tif ({})\n\t\tREFUSE;", matches(layout, layout.none))?;
            }
            writeln!(text, "\tGIVE(pte);\n}}")
        }
        Operation::Decode => {
            writeln!(text, "FUNCTION({symbol}, {word} pte, unsigned long)\n{{")?;
            writeln!(text, "\tif ({})\n\t\tREFUSE;", matches(layout, layout.none))?;
            writeln!(text, "\tif ({})\n\t\tREFUSE;", present(layout))?;
            let (swp_type, offset) = (gather(layout, &layout.swp_type), gather(layout, &layout.swp_offset));
            writeln!(text, "\tunsigned long type = {swp_type}, offset = {offset};")?;
            for (name, field) in [("type", &layout.swp_type), ("offset", &layout.swp_offset)] {
                if field.width() > field.written_bits() {
                    writeln!(text, "\tif ({name} > {:#x})\n\t\tREFUSE;", field.max())?;
                }
            }
            writeln!(text, "\tGIVE(offset << 5 | type);\n}}")
        }
        Operation::Kind => {
            writeln!(text, "enum kind {symbol}({word} pte)\n{{")?;
            writeln!(text, "\tif ({})\n\t\treturn NONE;", matches(layout, layout.none))?;
            writeln!(text, "\tif ({})\n\t\treturn PRESENT;\n\treturn SWAP;\n}}", present(layout))
        }
        // A layout without the marker has the kernel's stubs.
        Operation::Is(flag) => match layout.flag_mask(flag) {
            0 => writeln!(text, "_Bool {symbol}({word} pte)\n{{\n\treturn 0;\n}}"),
            bit => writeln!(text, "_Bool {symbol}({word} pte)\n{{\n\treturn (pte & {bit:#x}) != 0;\n}}"),
        },
        Operation::Set(flag) => match layout.flag_mask(flag) {
            0 => writeln!(text, "{word} {symbol}({word} pte)\n{{\n\treturn pte;\n}}"),
            bit => writeln!(text, "{word} {symbol}({word} pte)\n{{\n\treturn pte | {bit:#x};\n}}"),
        },
        Operation::Clear(flag) => match layout.flag_mask(flag) {
            0 => writeln!(text, "{word} {symbol}({word} pte)\n{{\n\treturn pte;\n}}"),
            bit => writeln!(text, "{word} {symbol}({word} pte)\n{{\n\treturn pte & ~({word}){bit:#x};\n}}"),
        },
    }
}

/// The type of a page-table word.
const fn word(layout: &Layout<'_>) -> &'static str {
    if layout.width == 32 { "unsigned int" } else { "unsigned long" }
}

/// The lowest `count` bits.
fn low_bits(count: u32) -> u64 {
    u64::MAX.checked_shr(u64::BITS - count).unwrap_or(0)
}

/// The word's part for a value that fits.
fn scatter(field: &Field, name: &str) -> String {
    let (value, width) = if field.is_inverted() {
        (format!("({name} ^ {:#x})", low_bits(field.width())), field.width())
    } else {
        (name.to_owned(), field.written_bits())
    };
    let runs = field.runs().map(|run| {
        let mut part = value.clone();
        if run.value_bit > 0 {
            part = format!("{part} >> {}", run.value_bit);
        }
        if run.value_bit + run.len < width {
            part = format!("({part} & {:#x})", low_bits(run.len));
        } else if run.value_bit > 0 {
            part = format!("({part})");
        }
        format!("{part} << {}", run.bit)
    });
    runs.collect::<Vec<_>>().join(" | ")
}

/// The value in a word.
fn gather(layout: &Layout<'_>, field: &Field) -> String {
    let runs = field.runs().map(|run| {
        let part = if run.bit == 0 { "pte".to_owned() } else { format!("pte >> {}", run.bit) };
        let masked =
            if run.bit + run.len < layout.width { format!("({part} & {:#x})", low_bits(run.len)) } else { part };
        if run.value_bit == 0 { masked } else { format!("(unsigned long)({masked}) << {}", run.value_bit) }
    });
    let value = runs.collect::<Vec<_>>().join(" | ");
    if field.is_inverted() { format!("({value}) ^ {:#x}", low_bits(field.width())) } else { value }
}

/// Whether the word is of a pattern.
fn matches(layout: &Layout<'_>, pattern: Pattern) -> String {
    let mask = pattern.mask & layout.word_mask();
    if mask == layout.word_mask() {
        format!("pte == {:#x}", pattern.value)
    } else {
        format!("(pte & {mask:#x}) == {:#x}", pattern.value)
    }
}

/// Whether the word is present: any of several single bits is asked for at once.
fn present(layout: &Layout<'_>) -> String {
    let single = |pattern: &&Pattern| pattern.mask == pattern.value && pattern.mask.is_power_of_two();
    let any = layout.present.iter().filter(single).fold(0, |bits, pattern| bits | pattern.mask);
    let single_bits = (any != 0).then(|| format!("(pte & {any:#x}) != 0"));
    let others = layout.present.iter().filter(|pattern| !single(pattern)).map(|pattern| matches(layout, *pattern));
    single_bits.into_iter().chain(others).collect::<Vec<_>>().join(" || ")
}
