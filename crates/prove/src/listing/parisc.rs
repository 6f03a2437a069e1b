//! PA-RISC with 32 bits, as `hppa-linux-gnu-objdump` lists it: numbers in hexadecimal without a mark, bits counted from the top and
//! in decimal. The result stands last; the stack grows upwards; one more instruction is executed behind a branch, and some
//! pass over the one behind them.

use super::cpu::{below, extended, field, inserted, less, same, signed};
use super::{Convention, Cpu, Line, Next, Slot, To};
use crate::bits::{self, Bit, Word, number};
use crate::image::Image;
use crate::state::Stuck;

const RP: usize = 2;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[26, 25, 24, 23],
    results: [28, 29],
    // rp, r3 to r18, dp, sp.
    kept: &[RP, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 27, 30],
    zero: Some(0),
    stack: 30,
    own: (0, i64::MAX),
    ..Convention::OF_32_BITS
};

fn register(text: &str) -> Option<usize> {
    match text {
        "rp" => Some(RP),
        "dp" => Some(27),
        "ret0" => Some(28),
        "ret1" => Some(29),
        "sp" => Some(30),
        _ => text.strip_prefix('r')?.parse().ok().filter(|n| *n < 32),
    }
}

fn known_register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    register(text).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// A number in hexadecimal, with its sign.
fn hexadecimal(text: &str) -> Result<u64, Stuck> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = u64::from_str_radix(digits, 16).map_err(|_| Stuck::new(format!("has {text:?} for a number")))?;
    Ok(if minus { value.wrapping_neg() } else { value })
}

/// `40(sp)`: the distance, and the register.
fn based(line: &Line, n: usize) -> Result<(u64, usize), Stuck> {
    let text = line.operand(n)?;
    let place = || Stuck::new(format!("has {text:?} for a place in memory"));
    let (offset, base) = text.strip_suffix(')').and_then(|text| text.split_once('(')).ok_or_else(place)?;
    Ok((hexadecimal(offset)?, register(base).ok_or_else(place)?))
}

fn plus(cpu: &Cpu, register: usize, by: u64) -> Word {
    bits::add(&cpu.get(register), &cpu.number(by), &Bit::Zero).0
}

/// Whether a condition of a comparison holds.
fn holds(condition: &str, a: &[Bit], b: &[Bit]) -> Result<Bit, Stuck> {
    Ok(match condition {
        "" => Bit::Zero,
        "=" => same(a, b),
        "<>" => same(a, b).not(),
        "<" => less(a, b),
        "<=" => less(b, a).not(),
        ">=" => less(a, b).not(),
        ">" => less(b, a),
        "<<" => below(a, b),
        "<<=" => below(b, a).not(),
        ">>=" => below(a, b).not(),
        ">>" => below(b, a),
        _ => return Err(Stuck::new(format!("asks for {condition:?}, which is not known here"))),
    })
}

/// Loads and stores; with `ma` the register moves behind them, with `mb` before them.
fn memory(image: &Image, cpu: &mut Cpu, line: &Line, stem: &str, how: &str) -> Result<Next, Stuck> {
    let (place, other) = if stem == "stw" { (1, 0) } else { (0, 1) };
    let (offset, base) = based(line, place)?;
    let moved = plus(cpu, base, offset);
    let at = if how == "ma" { cpu.get(base) } else { moved.clone() };
    let register = known_register(line, other)?;
    let word = if stem == "stw" {
        cpu.store(&at, &cpu.get(register), line.operand(place)?)?;
        None
    } else {
        Some(cpu.load(image, &at, 4, line.operand(place)?)?)
    };
    match how {
        "" => {}
        "ma" | "mb" => cpu.set(base, &moved),
        _ => return line.unknown(),
    }
    if let Some(word) = word {
        cpu.set(register, &word);
    }
    Ok(Next::Here)
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let (stem, how) = line.name.split_once(',').unwrap_or((&line.name, ""));
    match (stem, how) {
        ("nop", _) => return Ok(Next::Here),
        ("bv", "" | "n") if line.operand(0)? == "r0(rp)" => {
            let slot = if how == "n" { Slot::Never } else { Slot::Always };
            return Ok(Next::Delayed(Bit::One, To::Caller, slot));
        }
        ("b", "l" | "l,n") => {
            let slot = if how.ends_with('n') { Slot::Never } else { Slot::Always };
            return Ok(Next::Delayed(Bit::One, To::Address(line.target(0)?), slot));
        }
        ("cmpb" | "cmpib" | "bb", _) => return conditional_branch(cpu, line, stem, how),
        ("stw" | "ldw", _) => return memory(image, cpu, line, stem, how),
        _ => {}
    }
    let last = line.operands.len().saturating_sub(1);
    let to = known_register(line, last)?;
    let own = cpu.get(to);
    let get = |n: usize| known_register(line, n).map(|n| cpu.get(n));
    let small = |n: usize| -> Result<Word, Stuck> { Ok(cpu.number(hexadecimal(line.operand(n)?)?)) };
    // From the bit `at`, counted from the top, so many up to it: its place from below, and how many.
    let place = |at: usize, len: usize| -> Result<(usize, usize), Stuck> {
        let (at, len) = (line.count(at)?, line.count(len)?);
        if at < 32 && len <= at + 1 { Ok((31 - at, len)) } else { Err(Stuck::new("has a field that is too wide")) }
    };
    let mut passed = Bit::Zero;
    let word = match (stem, how) {
        ("copy", "") => get(0)?,
        ("ldi", "") => small(0)?,
        ("ldil", "") => {
            let text = line.operand(0)?;
            cpu.number(hexadecimal(text.trim_start_matches("L%"))?)
        }
        ("ldo", "") => {
            let (offset, base) = based(line, 0)?;
            plus(cpu, base, offset)
        }
        ("and", "") => bits::each(&get(0)?, &get(1)?, Bit::and),
        ("andcm", "") => bits::each(&get(0)?, &get(1)?, Bit::and_not),
        ("or", "") => bits::each(&get(0)?, &get(1)?, Bit::or),
        ("xor", "") => bits::each(&get(0)?, &get(1)?, Bit::xor),
        ("add,l" | "add", "" | "l") => bits::add(&get(0)?, &get(1)?, &Bit::Zero).0,
        ("addi", "") => bits::add(&small(0)?, &get(1)?, &Bit::Zero).0,
        ("sub", "") => bits::sub(&get(0)?, &get(1)?, &Bit::Zero).0,
        ("subi", "") => bits::sub(&small(0)?, &get(1)?, &Bit::Zero).0,
        ("uaddcm", "") => bits::add(&get(0)?, &bits::not(&get(1)?), &Bit::Zero).0,
        ("cmpclr", condition) => {
            passed = holds(condition, &get(0)?, &get(1)?)?;
            cpu.number(0)
        }
        ("cmpiclr", condition) => {
            passed = holds(condition, &small(0)?, &get(1)?)?;
            cpu.number(0)
        }
        ("extrw", "u" | "s") => {
            let (at, len) = place(1, 2)?;
            let field = field(&get(0)?, at, len);
            if how == "s" { extended(&field, len) } else { field }
        }
        ("depw" | "depwi", "" | "z") => {
            let (at, len) = place(1, 2)?;
            let field = if stem == "depwi" {
                number(signed(hexadecimal(line.operand(0)?)?, 32), len)
            } else {
                field(&get(0)?, 0, len)
            };
            inserted(&if how == "z" { cpu.number(0) } else { own }, at, len, &field)?
        }
        ("shrpw", "") => {
            // Both in a row, moved down.
            let both = [get(1)?, get(0)?].concat();
            field(&both, line.count(2)?, 32)
        }
        _ => return line.unknown(),
    };
    if to != 0 {
        cpu.set(to, &word);
    }
    Ok(if passed.is_zero() { Next::Here } else { Next::Skip(passed) })
}

/// `cmpib,=,n 0,r26,1c <x>`, or `bb,< r26,16,1c <x>`, where the bit is counted in hexadecimal: with `n` nothing is executed
/// behind a branch forward that is taken, nor behind one backward that is not.
fn conditional_branch(cpu: &Cpu, line: &Line, stem: &str, how: &str) -> Result<Next, Stuck> {
    let (condition, nullifies) = match how.strip_suffix(",n") {
        Some(condition) => (condition, true),
        None => (how, false),
    };
    let when = if stem == "bb" {
        let word = cpu.get(known_register(line, 0)?);
        let from_top = usize::try_from(hexadecimal(line.operand(1)?)?).ok().filter(|n| *n < 32);
        let bit =
            from_top.and_then(|n| word.get(31 - n)).ok_or_else(|| Stuck::new("asks for a bit beyond the word"))?;
        match condition {
            "<" => bit.clone(),
            ">=" => bit.not(),
            _ => return line.unknown(),
        }
    } else {
        let a = if stem == "cmpib" {
            cpu.number(hexadecimal(line.operand(0)?)?)
        } else {
            cpu.get(known_register(line, 0)?)
        };
        holds(condition, &a, &cpu.get(known_register(line, 1)?))?
    };
    let target = line.target(2)?;
    let slot = match nullifies {
        false => Slot::Always,
        true if target > line.at => Slot::IfNot,
        true => Slot::IfTaken,
    };
    Ok(Next::Delayed(when, To::Address(target), slot))
}
