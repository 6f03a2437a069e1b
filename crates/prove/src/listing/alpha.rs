//! Alpha, as `alpha-linux-gnu-objdump` lists it. The result stands last; numbers of 8 bits have no sign.

use super::cpu::{below, extended, less, same, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word};
use crate::image::Image;
use crate::state::Stuck;

const ZERO: usize = 31;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[16, 17, 18, 19, 20, 21],
    results: [0, 1],
    // s0 to s5, fp, ra, sp.
    kept: &[9, 10, 11, 12, 13, 14, 15, 26, 30],
    zero: Some(ZERO),
    stack: 30,
    ..Convention::OF_64_BITS
};

const NAMES: [&str; 32] = [
    "v0", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "s0", "s1", "s2", "s3", "s4", "s5", "fp", "a0", "a1", "a2",
    "a3", "a4", "a5", "t8", "t9", "t10", "t11", "ra", "t12", "at", "gp", "sp", "zero",
];

fn register(text: &str) -> Option<usize> {
    NAMES.iter().position(|name| *name == text)
}

fn known_register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    register(text).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

fn operand(cpu: &Cpu, line: &Line, n: usize) -> Result<Word, Stuck> {
    match register(line.operand(n)?) {
        Some(register) => Ok(cpu.get(register)),
        None => line.number(n).map(|value| cpu.number(value)),
    }
}

/// `-1(t0)`, or a number alone.
fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    if !line.operand(1)?.contains('(') {
        return line.number(1).map(|value| cpu.number(value));
    }
    let (offset, base) = line.based(1)?;
    let base = register(base).ok_or_else(|| Stuck::new(format!("uses {base:?}, which is not known here")))?;
    Ok(bits::add(&cpu.get(base), &cpu.number(offset), &Bit::Zero).0)
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let word = operand(cpu, line, 0)?;
    let low = word.first().cloned().unwrap_or(Bit::Zero);
    let (zero, minus) = (bits::is_zero(&word), top(&word));
    let bit = match name {
        "beq" => zero,
        "bne" => zero.not(),
        "blt" => minus,
        "bge" => minus.not(),
        "ble" => minus.or(&zero),
        "bgt" => minus.or(&zero).not(),
        "blbs" => low,
        "blbc" => low.not(),
        _ => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.target(1)?))
}

/// The bytes that a number has bits for.
fn zapped(word: &[Bit], keep: impl Fn(usize) -> bool) -> Word {
    word.iter().enumerate().map(|(n, bit)| if keep(n / 8) { bit.clone() } else { Bit::Zero }).collect()
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" | "unop" | "fnop" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        "br" => return Ok(Next::Branch(Bit::One, line.target(line.operands.len().saturating_sub(1))?)),
        "lda" | "ldah" => {
            let to = known_register(line, 0)?;
            let word = if name == "lda" { address(cpu, line)? } else { upper(cpu, line)? };
            cpu.set(to, &word);
            return Ok(Next::Here);
        }
        "ldq" => {
            let word = cpu.load(image, &address(cpu, line)?, 8, line.operand(1)?)?;
            cpu.set(known_register(line, 0)?, &word);
            return Ok(Next::Here);
        }
        "stq" => {
            let word = cpu.get(known_register(line, 0)?);
            cpu.store(&address(cpu, line)?, &word, line.operand(1)?)?;
            return Ok(Next::Here);
        }
        _ if name.starts_with('b') && name != "bic" && name != "bis" => return branch(cpu, line, name),
        _ => {}
    }
    let last = line.operands.len().saturating_sub(1);
    let to = known_register(line, last)?;
    let own = cpu.get(to);
    let get = |n| operand(cpu, line, n);
    let scaled = |by: usize| -> Result<Word, Stuck> { Ok(bits::shl(&get(0)?, by)) };
    let add = |a: &[Bit], b: &[Bit]| bits::add(a, b, &Bit::Zero).0;
    let sub = |a: &[Bit], b: &[Bit]| bits::sub(a, b, &Bit::Zero).0;
    let word = match name {
        "mov" => get(0)?,
        "clr" => cpu.number(0),
        "not" => bits::not(&get(0)?),
        "and" => bits::each(&get(0)?, &get(1)?, Bit::and),
        "andnot" | "bic" => bits::each(&get(0)?, &get(1)?, Bit::and_not),
        "or" | "bis" => bits::each(&get(0)?, &get(1)?, Bit::or),
        "ornot" => bits::each(&get(0)?, &bits::not(&get(1)?), Bit::or),
        "xor" => bits::each(&get(0)?, &get(1)?, Bit::xor),
        "addq" => add(&get(0)?, &get(1)?),
        "subq" => sub(&get(0)?, &get(1)?),
        "negq" => sub(&cpu.number(0), &get(0)?),
        "s4addq" => add(&scaled(2)?, &get(1)?),
        "s8addq" => add(&scaled(3)?, &get(1)?),
        "addl" => extended(&add(&get(0)?, &get(1)?), 32),
        "subl" => extended(&sub(&get(0)?, &get(1)?), 32),
        "sextl" => extended(&get(0)?, 32),
        "sll" => bits::shl(&get(0)?, line.count(1)?),
        "srl" => bits::shr(&get(0)?, line.count(1)?, &Bit::Zero),
        "sra" => bits::shr(&get(0)?, line.count(1)?, &top(&get(0)?)),
        "cmpeq" => vec![same(&get(0)?, &get(1)?)],
        "cmpult" => vec![below(&get(0)?, &get(1)?)],
        "cmpule" => vec![below(&get(1)?, &get(0)?).not()],
        "cmplt" => vec![less(&get(0)?, &get(1)?)],
        "cmple" => vec![less(&get(1)?, &get(0)?).not()],
        "cmoveq" => bits::select(&bits::is_zero(&get(0)?), &get(1)?, &own),
        "cmovlbs" | "cmovlbc" => {
            let low = get(0)?.first().cloned().unwrap_or(Bit::Zero);
            let bit = if name == "cmovlbs" { low } else { low.not() };
            bits::select(&bit, &get(1)?, &own)
        }
        "cmovne" => bits::select(&bits::is_zero(&get(0)?), &own, &get(1)?),
        "zapnot" => {
            let mask = line.number(1)?;
            zapped(&get(0)?, |byte| mask >> byte & 1 != 0)
        }
        "zap" => {
            let mask = line.number(1)?;
            zapped(&get(0)?, |byte| mask >> byte & 1 == 0)
        }
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}

/// 65536 times a number, on a register or alone.
fn upper(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    let (offset, base) = match line.operand(1)?.contains('(') {
        true => line.based(1)?,
        false => (line.number(1)?, "zero"),
    };
    let base = register(base).ok_or_else(|| Stuck::new(format!("uses {base:?}, which is not known here")))?;
    Ok(bits::add(&cpu.get(base), &cpu.number(offset << 16), &Bit::Zero).0)
}
