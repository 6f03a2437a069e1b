//! MIPS with 32 and with 64 bits, as the binutils list it. What is calculated with 32 bits is extended by its sign; behind a branch
//! one more instruction is executed.

use super::cpu::{below, extended, field, inserted, less, same, top};
use super::{Convention, Cpu, Line, Next, Slot, To};
use crate::bits::{self, Bit, Word, number};
use crate::image::Image;
use crate::state::Stuck;

const RA: usize = 31;

pub(super) const CONVENTION_32: Convention = Convention {
    arguments: &[4, 5, 6, 7],
    results: [2, 3],
    // s0 to s7, gp, sp, s8, ra.
    kept: &[16, 17, 18, 19, 20, 21, 22, 23, 28, 29, 30, RA],
    zero: Some(0),
    stack: 29,
    // A caller has room for the four arguments.
    own: (i64::MIN, 16),
    ..Convention::OF_32_BITS
};
pub(super) const CONVENTION_64: Convention = Convention { width: 64, own: (i64::MIN, 0), ..CONVENTION_32 };

const NAMES_32: [&str; 32] = [
    "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "s0", "s1", "s2",
    "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "s8", "ra",
];
/// Those that the ABI of 64 bits calls otherwise, from the eighth on.
const NAMES_64: [&str; 8] = ["a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3"];

fn register(cpu: &Cpu, text: &str) -> Option<usize> {
    if cpu.width == 64
        && let Some(n) = NAMES_64.iter().position(|name| *name == text)
    {
        return Some(8 + n);
    }
    NAMES_32.iter().position(|name| *name == text)
}

fn known_register(cpu: &Cpu, line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    register(cpu, text).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// A register, or a number with a sign.
fn operand(cpu: &Cpu, line: &Line, n: usize) -> Result<Word, Stuck> {
    match register(cpu, line.operand(n)?) {
        Some(register) => Ok(cpu.get(register)),
        None => line.number(n).map(|value| cpu.number(value)),
    }
}

fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    let (offset, base) = line.based(1)?;
    let base = register(cpu, base).ok_or_else(|| Stuck::new(format!("uses {base:?}, which is not known here")))?;
    Ok(bits::add(&cpu.get(base), &cpu.number(offset), &Bit::Zero).0)
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    // "Likely" ones execute what is behind them only if they are taken.
    let (name, slot) = match name.strip_suffix('l') {
        Some(name) => (name, Slot::IfTaken),
        None => (name, Slot::Always),
    };
    let get = |n| operand(cpu, line, n);
    let (bit, target) = match name {
        "b" => (Bit::One, 0),
        "beqz" => (bits::is_zero(&get(0)?), 1),
        "bnez" => (bits::is_zero(&get(0)?).not(), 1),
        "bltz" => (top(&get(0)?), 1),
        "bgez" => (top(&get(0)?).not(), 1),
        "beq" => (same(&get(0)?, &get(1)?), 2),
        "bne" => (same(&get(0)?, &get(1)?).not(), 2),
        _ => return line.unknown(),
    };
    Ok(Next::Delayed(bit, To::Address(line.target(target)?), slot))
}

/// A name without the letter that says 64 bits, and the bits that are calculated with.
fn width_of(name: &str) -> (&str, usize) {
    match name {
        "daddu" | "daddiu" | "dsubu" | "dnegu" | "dsll" | "dsrl" | "dsra" | "dext" | "dins" | "drotr" => {
            (name.strip_prefix('d').unwrap_or(name), 64)
        }
        _ => (name, 32),
    }
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" | "ssnop" | "ehb" => return Ok(Next::Here),
        "jr" if register(cpu, line.operand(0)?) == Some(RA) => {
            return Ok(Next::Delayed(Bit::One, To::Caller, Slot::Always));
        }
        _ if name.starts_with('b') => return branch(cpu, line, name),
        "sw" | "sd" => {
            let word = cpu.get(known_register(cpu, line, 0)?);
            cpu.store(&address(cpu, line)?, &field(&word, 0, if name == "sd" { 64 } else { 32 }), line.operand(1)?)?;
            return Ok(Next::Here);
        }
        _ => {}
    }
    let to = known_register(cpu, line, 0)?;
    let get = |n| operand(cpu, line, n);
    // A number without a sign, of 16 bits.
    let small = |n: usize| line.number(n).map(|value| cpu.number(value & 0xffff));
    let word = match name {
        "move" | "li" => get(1)?,
        "lui" => extended(&number(line.number(1)? << 16, 32), 32),
        "and" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "nor" => bits::not(&bits::each(&get(1)?, &get(2)?, Bit::or)),
        "not" => bits::not(&get(1)?),
        "andi" => bits::each(&get(1)?, &small(2)?, Bit::and),
        "ori" => bits::each(&get(1)?, &small(2)?, Bit::or),
        "xori" => bits::each(&get(1)?, &small(2)?, Bit::xor),
        "slt" | "slti" => vec![less(&get(1)?, &get(2)?)],
        "sltu" | "sltiu" => vec![below(&get(1)?, &get(2)?)],
        "movz" => bits::select(&bits::is_zero(&get(2)?), &get(1)?, &cpu.get(to)),
        "movn" => bits::select(&bits::is_zero(&get(2)?), &cpu.get(to), &get(1)?),
        "dsll32" => bits::shl(&get(1)?, 32 + line.count(2)?),
        "dsrl32" => bits::shr(&get(1)?, 32 + line.count(2)?, &Bit::Zero),
        "dsra32" => bits::shr(&get(1)?, 32 + line.count(2)?, &top(&get(1)?)),
        "dextm" | "dextu" => field(&get(1)?, line.count(2)?, line.count(3)?),
        "dinsm" | "dinsu" => inserted(&cpu.get(to), line.count(2)?, line.count(3)?, &get(1)?)?,
        "lw" => extended(&cpu.load(image, &address(cpu, line)?, 4, line.operand(1)?)?, 32),
        "ld" => cpu.load(image, &address(cpu, line)?, 8, line.operand(1)?)?,
        _ => calculated(cpu, line, name, to)?,
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}

/// What comes with 32 bits, and with a letter before its name with 64.
fn calculated(cpu: &Cpu, line: &Line, name: &str, to: usize) -> Result<Word, Stuck> {
    let (name, width) = width_of(name);
    let get = |n| operand(cpu, line, n).map(|word| field(&word, 0, width));
    let word = match name {
        "addu" | "addiu" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "subu" => bits::sub(&get(1)?, &get(2)?, &Bit::Zero).0,
        "negu" => bits::sub(&number(0, width), &get(1)?, &Bit::Zero).0,
        "sll" => bits::shl(&get(1)?, line.count(2)?),
        "srl" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "sra" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "rotr" => bits::rotated(&get(1)?, width - line.count(2)?.min(width)),
        "ext" => bits::resized(&field(&get(1)?, line.count(2)?, line.count(3)?), width),
        "ins" => inserted(&field(&cpu.get(to), 0, width), line.count(2)?, line.count(3)?, &get(1)?)?,
        "seb" => extended(&get(1)?, 8),
        "seh" => extended(&get(1)?, 16),
        _ => return line.unknown(),
    };
    Ok(extended(&word, width))
}
