//! arm64, as `aarch64-linux-gnu-objdump` lists it.

use super::cpu::{extended, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, number, resized};
use crate::image::Image;
use crate::state::Stuck;

/// xzr and sp both have the number 31; sp is not known here.
const ZERO: usize = 31;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[0, 1],
    results: [0, 1],
    kept: &[18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
    zero: Some(ZERO),
    ..Convention::OF_64_BITS
};

/// The number of a register and its width.
fn register(text: &str) -> Result<(usize, usize), Stuck> {
    let width = if text.starts_with('w') { 32 } else { 64 };
    let number = match text {
        "xzr" | "wzr" => Some(ZERO),
        _ => text.strip_prefix(['x', 'w']).and_then(|number| number.parse().ok()).filter(|number| *number < ZERO),
    };
    number.map(|number| (number, width)).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// A register, a number, or one of them moved.
fn operand(cpu: &Cpu, line: &Line, n: usize, width: usize) -> Result<Word, Stuck> {
    let text = line.operand(n)?;
    let word = if text.starts_with('#') {
        number(line.number(n)?, width)
    } else {
        let (register, own) = register(text)?;
        if own != width {
            return Err(Stuck::new("mixes widths"));
        }
        resized(&cpu.get(register), width)
    };
    let Some((how, by)) = line.operands.get(n + 1).and_then(|shift| shift.split_once(" #")) else {
        return Ok(word);
    };
    let by: usize = by.parse().ok().filter(|by| *by < width).ok_or_else(|| Stuck::new("moves by what is not known"))?;
    match how {
        "lsl" => Ok(bits::shl(&word, by)),
        "lsr" => Ok(bits::shr(&word, by, &Bit::Zero)),
        "asr" => Ok(bits::shr(&word, by, &top(&word))),
        "ror" => Ok(bits::rotated(&word, width - by)),
        _ => Err(Stuck::new(format!("has {how:?}, which is not known here"))),
    }
}

fn condition(cpu: &Cpu, name: &str) -> Result<Bit, Stuck> {
    let [n, z, c, v] = ["n", "z", "c", "v"].map(|flag| cpu.condition(flag));
    Ok(match name {
        "eq" => z?,
        "ne" => z?.not(),
        "cs" | "hs" => c?,
        "cc" | "lo" => c?.not(),
        "mi" => n?,
        "pl" => n?.not(),
        "hi" => c?.and_not(&z?),
        "ls" => c?.and_not(&z?).not(),
        "lt" => n?.xor(&v?),
        "ge" => n?.xor(&v?).not(),
        _ => return Err(Stuck::new(format!("asks for {name:?}, which is not known here"))),
    })
}

fn flags(cpu: &mut Cpu, word: &[Bit], carry: Bit, overflow: Bit) {
    cpu.set_condition("n", top(word));
    cpu.set_condition("z", bits::is_zero(word));
    cpu.set_condition("c", carry);
    cpu.set_condition("v", overflow);
}

pub(super) fn step(_: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" | "bti" | "hint" | "paciasp" | "autiasp" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        "b" => return Ok(Next::Branch(Bit::One, line.target(0)?)),
        "tbz" | "tbnz" | "cbz" | "cbnz" => return branch(cpu, line),
        _ => {}
    }
    if let Some(code) = name.strip_prefix("b.") {
        return Ok(Next::Branch(condition(cpu, code)?, line.target(0)?));
    }
    if name == "ccmp" {
        return compare_if(cpu, line);
    }
    let (to, width) = register(line.operand(0)?)?;
    let get = |n| operand(cpu, line, n, width);
    let word = match name {
        "mov" => get(1)?,
        "mvn" => bits::not(&get(1)?),
        "movz" => get(1)?,
        "movn" => bits::not(&get(1)?),
        "movk" => {
            let by = line.operands.get(2).and_then(|it| it.strip_prefix("lsl #")).map_or(Ok(0), str::parse::<usize>);
            let by =
                by.ok().filter(|by| by % 16 == 0 && *by < width).ok_or_else(|| Stuck::new("has no known place"))?;
            let mut word = resized(&cpu.get(to), width);
            word.splice(by..by + 16, number(line.number(1)?, 16));
            word
        }
        "and" | "ands" | "tst" => {
            let first = usize::from(name != "tst");
            let word = bits::each(&get(first)?, &get(first + 1)?, Bit::and);
            if name != "and" {
                flags(cpu, &word, Bit::Zero, Bit::Zero);
            }
            if name == "tst" {
                return Ok(Next::Here);
            }
            word
        }
        "orr" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "orn" => bits::each(&get(1)?, &bits::not(&get(2)?), Bit::or),
        "eor" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "eon" => bits::each(&get(1)?, &bits::not(&get(2)?), Bit::xor),
        "bic" => bits::each(&get(1)?, &get(2)?, Bit::and_not),
        "add" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "neg" => bits::sub(&number(0, width), &get(1)?, &Bit::Zero).0,
        "sub" | "subs" | "cmp" => {
            let first = usize::from(name != "cmp");
            let (a, b) = (get(first)?, get(first + 1)?);
            let (word, borrow) = bits::sub(&a, &b, &Bit::Zero);
            if name != "sub" {
                let overflow = top(&a).xor(&top(&b)).and(&top(&a).xor(&top(&word)));
                flags(cpu, &word, borrow.not(), overflow);
            }
            if name == "cmp" {
                return Ok(Next::Here);
            }
            word
        }
        "lsl" | "lsr" | "asr" | "ror" => {
            let (word, by) = (get(1)?, line.count(2)?);
            match name {
                "lsl" => bits::shl(&word, by),
                "lsr" => bits::shr(&word, by, &Bit::Zero),
                "asr" => bits::shr(&word, by, &top(&word)),
                _ => bits::rotated(&word, width - by),
            }
        }
        "ubfx" | "ubfiz" | "sbfx" | "bfi" | "bfxil" => field(cpu, line, to, width)?,
        "cset" => vec![condition(cpu, line.operand(1)?)?],
        "csel" => bits::select(&condition(cpu, line.operand(3)?)?, &get(1)?, &get(2)?),
        "csetm" => vec![condition(cpu, line.operand(1)?)?; width],
        "cinc" => {
            let word = get(1)?;
            let more = bits::add(&word, &number(1, width), &Bit::Zero).0;
            bits::select(&condition(cpu, line.operand(2)?)?, &more, &word)
        }
        "csinv" => bits::select(&condition(cpu, line.operand(3)?)?, &get(1)?, &bits::not(&get(2)?)),
        "csinc" => {
            let more = bits::add(&get(2)?, &number(1, width), &Bit::Zero).0;
            bits::select(&condition(cpu, line.operand(3)?)?, &get(1)?, &more)
        }
        _ => return line.unknown(),
    };
    if to != ZERO {
        cpu.set(to, &resized(&word, width));
    }
    Ok(Next::Here)
}

/// A comparison where a condition holds; elsewhere these flags: `ccmp x0, x1, #0x4, ne`.
fn compare_if(cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let (first, width) = register(line.operand(0)?)?;
    let a = resized(&cpu.get(first), width);
    let text = line.operand(1)?;
    let b = match text.strip_prefix('#') {
        Some(_) => number(line.number(1)?, width),
        None => resized(&cpu.get(register(text)?.0), width),
    };
    let holds = condition(cpu, line.operand(3)?)?;
    let (word, borrow) = bits::sub(&a, &b, &Bit::Zero);
    let overflow = top(&a).xor(&top(&b)).and(&top(&a).xor(&top(&word)));
    flags(cpu, &word, borrow.not(), overflow);
    let other = line.number(2)?;
    for (name, n) in [("n", 3), ("z", 2), ("c", 1), ("v", 0)] {
        let bit = holds.select(&cpu.condition(name)?, &Bit::from(other >> n & 1 != 0));
        cpu.set_condition(name, bit);
    }
    Ok(Next::Here)
}

fn branch(cpu: &Cpu, line: &Line) -> Result<Next, Stuck> {
    let (register, width) = register(line.operand(0)?)?;
    let word = resized(&cpu.get(register), width);
    let (bit, target) = match line.name.as_str() {
        "tbz" | "tbnz" => (word.get(line.count(1)?).cloned().unwrap_or(Bit::Zero), line.target(2)?),
        _ => (bits::is_zero(&word).not(), line.target(1)?),
    };
    Ok(Next::Branch(if line.name.contains("nz") { bit } else { bit.not() }, target))
}

/// The instructions for bit fields.
fn field(cpu: &Cpu, line: &Line, to: usize, width: usize) -> Result<Word, Stuck> {
    let word = operand(cpu, line, 1, width)?;
    let (at, len) = (line.count(2)?, line.count(3)?);
    let piece = |from: usize| -> Word { word.iter().skip(from).take(len).cloned().collect() };
    let old = resized(&cpu.get(to), width);
    if at + len > width {
        return Err(Stuck::new("has a field that is too wide"));
    }
    Ok(match line.name.as_str() {
        "ubfx" => piece(at),
        "sbfx" => resized(&extended(&piece(at), len), width),
        "ubfiz" => bits::shl(&resized(&piece(0), width), at),
        "bfi" => {
            let mut old = old;
            old.splice(at..at + len, piece(0));
            old
        }
        _ => {
            let mut old = old;
            old.splice(0..len, piece(at));
            old
        }
    })
}
