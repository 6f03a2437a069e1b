//! RISC-V with 64 and with 32 bits, as `riscv64-linux-gnu-objdump` lists it.

use super::cpu::{below, extended, less, same, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, number};
use crate::image::Image;
use crate::state::Stuck;

const SP: usize = 2;

pub(super) const CONVENTION_64: Convention = Convention {
    arguments: &[10, 11],
    results: [10, 11],
    // ra, sp, gp, tp, s0 to s11.
    kept: &[1, SP, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
    zero: Some(0),
    stack: SP,
    ..Convention::OF_64_BITS
};
pub(super) const CONVENTION_32: Convention = Convention { width: 32, ..CONVENTION_64 };

const NAMES: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

fn register(text: &str) -> Option<usize> {
    NAMES.iter().position(|name| *name == text)
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

/// The address of `8(sp)`.
fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    let (offset, base) = line.based(1)?;
    let base = register(base).ok_or_else(|| Stuck::new(format!("uses {base:?}, which is not known here")))?;
    Ok(bits::add(&cpu.get(base), &cpu.number(offset), &Bit::Zero).0)
}

/// Branches, by what they compare.
fn branch(cpu: &Cpu, line: &Line) -> Result<Next, Stuck> {
    let zero = || Ok(cpu.number(0));
    let get = |n| operand(cpu, line, n);
    let (a, b, target) = match line.name.ends_with('z') {
        true => (get(0)?, zero()?, 1),
        false => (get(0)?, get(1)?, 2),
    };
    let bit = match line.name.trim_end_matches('z') {
        "beq" => same(&a, &b),
        "bne" => same(&a, &b).not(),
        "blt" => less(&a, &b),
        "bge" => less(&a, &b).not(),
        "bgt" => less(&b, &a),
        "ble" => less(&b, &a).not(),
        "bltu" => below(&a, &b),
        "bgeu" => below(&a, &b).not(),
        _ => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.target(target)?))
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        "j" => return Ok(Next::Branch(Bit::One, line.target(0)?)),
        _ if name.starts_with('b') => return branch(cpu, line),
        "sd" | "sw" => {
            let word = cpu.get(known_register(line, 0)?);
            let word = word.get(..if name == "sd" { 64 } else { 32 }).map(<[Bit]>::to_vec);
            let word = word.ok_or_else(|| Stuck::new("stores more than a register"))?;
            cpu.store(&address(cpu, line)?, &word, line.operand(1)?)?;
            return Ok(Next::Here);
        }
        _ => {}
    }
    let to = known_register(line, 0)?;
    let get = |n| operand(cpu, line, n);
    let half = |word: &[Bit]| -> Word { word.iter().take(32).cloned().collect() };
    let word = match name {
        "ld" | "lw" | "lwu" => {
            let word = cpu.load(image, &address(cpu, line)?, if name == "ld" { 8 } else { 4 }, line.operand(1)?)?;
            if name == "lw" { extended(&word, 32) } else { word }
        }
        // From where it stands.
        "auipc" => number(
            line.at.wrapping_add((line.number(1)? << 12 << 32).cast_signed().wrapping_shr(32).cast_unsigned()),
            64,
        ),
        "mv" | "li" => get(1)?,
        "lui" => extended(&number(line.number(1)? << 12, 32), 32),
        "add" | "addi" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "sub" => bits::sub(&get(1)?, &get(2)?, &Bit::Zero).0,
        "neg" => bits::sub(&cpu.number(0), &get(1)?, &Bit::Zero).0,
        "addw" | "addiw" => extended(&bits::add(&half(&get(1)?), &half(&get(2)?), &Bit::Zero).0, 32),
        "sext.w" => extended(&get(1)?, 32),
        "and" | "andi" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" | "ori" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" | "xori" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "not" => bits::not(&get(1)?),
        "seqz" => vec![bits::is_zero(&get(1)?)],
        "snez" => vec![bits::is_zero(&get(1)?).not()],
        "sltu" | "sltiu" => vec![below(&get(1)?, &get(2)?)],
        "slt" | "slti" => vec![less(&get(1)?, &get(2)?)],
        "sltz" => vec![top(&get(1)?)],
        "sgtz" => vec![less(&cpu.number(0), &get(1)?)],
        "sll" | "slli" => bits::shl(&get(1)?, line.count(2)?),
        "srl" | "srli" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "sra" | "srai" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "sllw" | "slliw" => extended(&bits::shl(&half(&get(1)?), line.count(2)?), 32),
        "srlw" | "srliw" => extended(&bits::shr(&half(&get(1)?), line.count(2)?, &Bit::Zero), 32),
        "sraw" | "sraiw" => extended(&bits::shr(&half(&get(1)?), line.count(2)?, &top(&half(&get(1)?))), 32),
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}
