//! RISC-V with 64 bits, as `riscv64-linux-gnu-objdump` lists it.

use super::{Convention, Cpu, Line, Next, extended};
use crate::bits::{self, Bit, Bits, Block, Word, known, number, resized};
use crate::image::Image;
use crate::state::Stuck;

const SP: usize = 2;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[10, 11],
    result: 10,
    // ra, sp, gp, tp, s0 to s11.
    kept: &[1, SP, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
    zero: Some(0),
};

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
        None => line.number(n).map(|value| number(value, 64)),
    }
}

/// How far `8(sp)` is from where the caller left the stack.
fn slot(bits: &Bits, cpu: &Cpu, line: &Line) -> Result<i64, Stuck> {
    let text = line.operand(1)?;
    let place = || Stuck::new(format!("uses memory at {text:?}, which is not the stack"));
    let (offset, base) = text.trim_end_matches(')').split_once('(').ok_or_else(place)?;
    let base = register(base).ok_or_else(place)?;
    let distance = bits::sub(&cpu.get(base), &bits.block(Block::Register(SP)), &Bit::Zero).0;
    let distance = known(&distance).ok_or_else(place)?;
    let at = distance.wrapping_add(super::value(offset).ok_or_else(place)?).cast_signed();
    // Below the caller's, in words of their own.
    if at < 0 && at % 8 == 0 { Ok(at) } else { Err(place()) }
}

/// The address of `-128(a5)`, if it is a constant's.
fn constant(cpu: &Cpu, line: &Line) -> Result<Option<u64>, Stuck> {
    let text = line.operand(1)?;
    let Some((offset, base)) = text.trim_end_matches(')').split_once('(') else { return Ok(None) };
    let base = register(base).and_then(|base| known(&cpu.get(base)));
    Ok(base.zip(super::value(offset)).map(|(base, offset)| base.wrapping_add(offset)))
}

pub(super) fn step(bits: &Bits, image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        "j" => return Ok(Next::Branch(Bit::One, line.target(0)?)),
        "beqz" | "bnez" => {
            let zero = bits::is_zero(&cpu.get(known_register(line, 0)?));
            return Ok(Next::Branch(if name == "beqz" { zero } else { zero.not() }, line.target(1)?));
        }
        "beq" | "bne" => {
            let (a, b) = (operand(cpu, line, 0)?, operand(cpu, line, 1)?);
            let same = bits::is_zero(&bits::each(&a, &b, Bit::xor));
            return Ok(Next::Branch(if name == "beq" { same } else { same.not() }, line.target(2)?));
        }
        "sd" => {
            let at = slot(bits, cpu, line)?;
            cpu.stack.insert(at, cpu.get(known_register(line, 0)?));
            return Ok(Next::Here);
        }
        _ => {}
    }
    let to = known_register(line, 0)?;
    let get = |n| operand(cpu, line, n);
    let half = |word: &[Bit]| -> Word { word.iter().take(32).cloned().collect() };
    let top = |word: &[Bit]| word.last().cloned().unwrap_or(Bit::Zero);
    let word = match name {
        "ld" => match constant(cpu, line)? {
            Some(at) => number(image.number(at, 8)?, 64),
            None => {
                let at = slot(bits, cpu, line)?;
                cpu.stack.get(&at).cloned().ok_or_else(|| Stuck::new("reads memory that nothing has written"))?
            }
        },
        // From where it stands.
        "auipc" => number(
            line.at.wrapping_add((line.number(1)? << 12 << 32).cast_signed().wrapping_shr(32).cast_unsigned()),
            64,
        ),
        "mv" | "li" => get(1)?,
        "lui" => extended(&number(line.number(1)? << 12, 32), 32),
        "add" | "addi" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "sub" => bits::sub(&get(1)?, &get(2)?, &Bit::Zero).0,
        "neg" => bits::sub(&number(0, 64), &get(1)?, &Bit::Zero).0,
        "addw" | "addiw" => extended(&bits::add(&half(&get(1)?), &half(&get(2)?), &Bit::Zero).0, 32),
        "sext.w" => extended(&get(1)?, 32),
        "and" | "andi" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" | "ori" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" | "xori" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "not" => bits::not(&get(1)?),
        "seqz" => vec![bits::is_zero(&get(1)?)],
        "snez" => vec![bits::is_zero(&get(1)?).not()],
        "sltu" | "sltiu" => vec![bits::sub(&get(1)?, &get(2)?, &Bit::Zero).1],
        "sll" | "slli" => bits::shl(&get(1)?, line.count(2)?),
        "srl" | "srli" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "sra" | "srai" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "sllw" | "slliw" => extended(&bits::shl(&half(&get(1)?), line.count(2)?), 32),
        "srlw" | "srliw" => extended(&bits::shr(&half(&get(1)?), line.count(2)?, &Bit::Zero), 32),
        "sraw" | "sraiw" => extended(&bits::shr(&half(&get(1)?), line.count(2)?, &top(&half(&get(1)?))), 32),
        _ => return line.unknown(),
    };
    cpu.set(to, &resized(&word, 64));
    Ok(Next::Here)
}
