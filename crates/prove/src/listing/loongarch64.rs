//! LoongArch with 64 bits, as `llvm-objdump` lists it.

use super::cpu::{below, extended, field, inserted, less, same, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, number};
use crate::image::Image;
use crate::state::Stuck;

const SP: usize = 3;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[4, 5, 6, 7],
    results: [4, 5],
    // ra, tp, sp, what is the system's, fp, s0 to s8.
    kept: &[1, 2, SP, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
    zero: Some(0),
    stack: SP,
    ..Convention::OF_64_BITS
};

fn register(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let n = |rest: &str, most: usize| rest.parse().ok().filter(|n: &usize| *n <= most);
    match name {
        "zero" => Some(0),
        "ra" => Some(1),
        "tp" => Some(2),
        "sp" => Some(SP),
        "fp" | "s9" => Some(22),
        _ => match name.split_at_checked(1)? {
            ("a", rest) => n(rest, 7).map(|n| 4 + n),
            ("t", rest) => n(rest, 8).map(|n| 12 + n),
            ("s", rest) => n(rest, 8).map(|n| 23 + n),
            ("r", rest) => n(rest, 31),
            _ => None,
        },
    }
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

/// `st.d $ra, $sp, 8`.
fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    Ok(bits::add(&cpu.get(known_register(line, 1)?), &cpu.number(line.number(2)?), &Bit::Zero).0)
}

/// Branches say how far they go.
fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let get = |n| operand(cpu, line, n);
    let (bit, by) = match name {
        "b" => (Bit::One, 0),
        "beqz" => (bits::is_zero(&get(0)?), 1),
        "bnez" => (bits::is_zero(&get(0)?).not(), 1),
        "beq" => (same(&get(0)?, &get(1)?), 2),
        "bne" => (same(&get(0)?, &get(1)?).not(), 2),
        "bltu" => (below(&get(0)?, &get(1)?), 2),
        "bgeu" => (below(&get(0)?, &get(1)?).not(), 2),
        "blt" => (less(&get(0)?, &get(1)?), 2),
        "bge" => (less(&get(0)?, &get(1)?).not(), 2),
        _ => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.at.wrapping_add(line.number(by)?)))
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" => return Ok(Next::Here),
        "ret" => return Ok(Next::Returns),
        _ if name.starts_with('b') && !name.starts_with("bstr") => return branch(cpu, line, name),
        "st.d" => {
            let word = cpu.get(known_register(line, 0)?);
            cpu.store(&address(cpu, line)?, &word, &line.operands.join(","))?;
            return Ok(Next::Here);
        }
        _ => {}
    }
    let to = known_register(line, 0)?;
    let own = cpu.get(to);
    let get = |n| operand(cpu, line, n);
    let low = |n: usize| get(n).map(|word| field(&word, 0, 32));
    // Numbers of these have no sign.
    let small = |n: usize| line.number(n).map(|value| cpu.number(value & 0xfff));
    // The highest and the lowest bit of a field.
    let place = |high: usize, low: usize| -> Result<(usize, usize), Stuck> {
        let (high, low) = (line.count(high)?, line.count(low)?);
        let len = (high + 1).checked_sub(low).ok_or_else(|| Stuck::new("has a field that ends before it begins"))?;
        Ok((low, len))
    };
    let word = match name {
        "move" => get(1)?,
        // The page of an address, by how many pages it is away.
        "pcalau12i" => {
            let pages = extended(&number(line.number(1)?, 20), 20);
            bits::add(&cpu.number(line.at & !0xfff), &bits::shl(&pages, 12), &Bit::Zero).0
        }
        "lu12i.w" => extended(&number(line.number(1)? << 12, 32), 32),
        // Into the upper bits; what is above them is their sign.
        "lu32i.d" => {
            let upper = extended(&number(line.number(1)?, 20), 20);
            inserted(&own, 32, 32, &upper)?
        }
        "lu52i.d" => inserted(&get(1)?, 52, 12, &number(line.number(2)?, 12))?,
        "and" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "nor" => bits::not(&bits::each(&get(1)?, &get(2)?, Bit::or)),
        "andn" => bits::each(&get(1)?, &get(2)?, Bit::and_not),
        "orn" => bits::each(&get(1)?, &bits::not(&get(2)?), Bit::or),
        "andi" => bits::each(&get(1)?, &small(2)?, Bit::and),
        "ori" => bits::each(&get(1)?, &small(2)?, Bit::or),
        "xori" => bits::each(&get(1)?, &small(2)?, Bit::xor),
        "add.d" | "addi.d" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "sub.d" => bits::sub(&get(1)?, &get(2)?, &Bit::Zero).0,
        "add.w" | "addi.w" => extended(&bits::add(&low(1)?, &low(2)?, &Bit::Zero).0, 32),
        "sub.w" => extended(&bits::sub(&low(1)?, &low(2)?, &Bit::Zero).0, 32),
        "slli.d" => bits::shl(&get(1)?, line.count(2)?),
        "srli.d" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "srai.d" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "slli.w" => extended(&bits::shl(&low(1)?, line.count(2)?), 32),
        "srli.w" => extended(&bits::shr(&low(1)?, line.count(2)?, &Bit::Zero), 32),
        "rotri.d" => bits::rotated(&get(1)?, 64 - line.count(2)?.min(64)),
        "bstrpick.d" | "bstrpick.w" => {
            let (at, len) = place(2, 3)?;
            let word = field(&get(1)?, at, len);
            if name.ends_with('w') { extended(&bits::resized(&word, 32), 32) } else { word }
        }
        "bstrins.d" => {
            let (at, len) = place(2, 3)?;
            inserted(&own, at, len, &get(1)?)?
        }
        "alsl.d" => bits::add(&bits::shl(&get(1)?, line.count(3)?), &get(2)?, &Bit::Zero).0,
        "slt" | "slti" => vec![less(&get(1)?, &get(2)?)],
        "sltu" | "sltui" => vec![below(&get(1)?, &get(2)?)],
        // 0 where the other one is 0, or is not.
        "maskeqz" => bits::select(&bits::is_zero(&get(2)?), &cpu.number(0), &get(1)?),
        "masknez" => bits::select(&bits::is_zero(&get(2)?), &get(1)?, &cpu.number(0)),
        "ld.d" => cpu.load(image, &address(cpu, line)?, 8, &line.operands.join(","))?,
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}
