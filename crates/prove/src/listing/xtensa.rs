//! Xtensa, as `xtensa-lx106-elf-objdump` lists it: a core without register windows. Larger numbers lie beside the code.

use super::cpu::{below, extended, field, less, same, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, known};
use crate::image::Image;
use crate::state::Stuck;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[2, 3, 4, 5, 6, 7],
    results: [2, 3],
    // The address to return to, the stack, a12 to a15.
    kept: &[0, 1, 12, 13, 14, 15],
    stack: 1,
    ..Convention::OF_32_BITS
};

/// Behind the sixteen: how far a pair of registers is moved.
const SAR: usize = 16;

fn register(text: &str) -> Option<usize> {
    text.strip_prefix('a')?.parse().ok().filter(|n| *n < 16)
}

fn known_register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    register(text).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// A register, or a number with a sign.
fn operand(cpu: &Cpu, line: &Line, n: usize) -> Result<Word, Stuck> {
    match register(line.operand(n)?) {
        Some(register) => Ok(cpu.get(register)),
        None => line.number(n).map(|value| cpu.number(value)),
    }
}

/// `s32i a0, a1, 12`.
fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    Ok(bits::add(&cpu.get(known_register(line, 1)?), &cpu.number(line.number(2)?), &Bit::Zero).0)
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let get = |n| operand(cpu, line, n);
    let (bit, target) = match name {
        "beqz" => (bits::is_zero(&get(0)?), 1),
        "bnez" => (bits::is_zero(&get(0)?).not(), 1),
        "bltz" => (top(&get(0)?), 1),
        "bgez" => (top(&get(0)?).not(), 1),
        "beq" | "beqi" => (same(&get(0)?, &get(1)?), 2),
        "bne" | "bnei" => (same(&get(0)?, &get(1)?).not(), 2),
        "bltu" | "bltui" => (below(&get(0)?, &get(1)?), 2),
        "bgeu" | "bgeui" => (below(&get(0)?, &get(1)?).not(), 2),
        "blt" | "blti" => (less(&get(0)?, &get(1)?), 2),
        "bge" | "bgei" => (less(&get(0)?, &get(1)?).not(), 2),
        "bany" => (bits::is_zero(&bits::each(&get(0)?, &get(1)?, Bit::and)).not(), 2),
        "bnone" => (bits::is_zero(&bits::each(&get(0)?, &get(1)?, Bit::and)), 2),
        "bbci" | "bbsi" => {
            let bit = get(0)?.get(line.count(1)?).cloned().unwrap_or(Bit::Zero);
            (if name == "bbsi" { bit } else { bit.not() }, 2)
        }
        _ => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.target(target)?))
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    // The short forms do the same.
    let name = line.name.trim_end_matches(".n");
    match name {
        "nop" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        "j" => return Ok(Next::Branch(Bit::One, line.target(0)?)),
        "ssai" | "ssr" | "ssl" => {
            let by = match name {
                "ssai" => line.number(0)?,
                _ => known(&operand(cpu, line, 0)?).ok_or_else(|| Stuck::new("moves by what is not known"))? & 31,
            };
            cpu.set(SAR, &cpu.number(if name == "ssl" { 32 - by } else { by }));
            return Ok(Next::Here);
        }
        "s32i" => {
            let word = cpu.get(known_register(line, 0)?);
            cpu.store(&address(cpu, line)?, &word, &line.operands.join(","))?;
            return Ok(Next::Here);
        }
        _ if name.starts_with('b') => return branch(cpu, line, name),
        _ => {}
    }
    let to = known_register(line, 0)?;
    let own = cpu.get(to);
    let get = |n| operand(cpu, line, n);
    let sar = || {
        let by = known(&cpu.get(SAR)).and_then(|by| usize::try_from(by).ok());
        by.ok_or_else(|| Stuck::new("moves by what is not known"))
    };
    let add = |a: &[Bit], b: &[Bit]| bits::add(a, b, &Bit::Zero).0;
    let sub = |a: &[Bit], b: &[Bit]| bits::sub(a, b, &Bit::Zero).0;
    let word = match name {
        "mov" | "movi" => get(1)?,
        "l32r" => cpu.load(image, &cpu.number(line.target(1)?), 4, line.operand(1)?)?,
        "l32i" => cpu.load(image, &address(cpu, line)?, 4, &line.operands.join(","))?,
        "and" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "add" | "addi" | "addmi" => add(&get(1)?, &get(2)?),
        "sub" => sub(&get(1)?, &get(2)?),
        "neg" => sub(&cpu.number(0), &get(1)?),
        "addx2" => add(&bits::shl(&get(1)?, 1), &get(2)?),
        "addx4" => add(&bits::shl(&get(1)?, 2), &get(2)?),
        "addx8" => add(&bits::shl(&get(1)?, 3), &get(2)?),
        "slli" => bits::shl(&get(1)?, line.count(2)?),
        "srli" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "srai" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "extui" => field(&get(1)?, line.count(2)?, line.count(3)?),
        "sext" => {
            let sign = line.count(2)?;
            extended(&get(1)?, sign + 1)
        }
        // Both in a row, moved down.
        "src" => field(&[get(2)?, get(1)?].concat(), sar()?, 32),
        "srl" => bits::shr(&get(1)?, sar()?, &Bit::Zero),
        "sra" => bits::shr(&get(1)?, sar()?, &top(&get(1)?)),
        "sll" => bits::shl(&get(1)?, 32usize.saturating_sub(sar()?)),
        "moveqz" => bits::select(&bits::is_zero(&get(2)?), &get(1)?, &own),
        "movnez" => bits::select(&bits::is_zero(&get(2)?), &own, &get(1)?),
        "movltz" => bits::select(&top(&get(2)?), &get(1)?, &own),
        "movgez" => bits::select(&top(&get(2)?), &own, &get(1)?),
        "nsau" => super::cpu::leading_zeros(&get(1)?),
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}
