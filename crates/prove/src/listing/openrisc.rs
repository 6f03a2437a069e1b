//! OpenRISC 1000, as `or1k-elf-objdump` lists it. Comparisons leave one flag; behind a branch one more instruction is executed.

use super::cpu::{below, extended, less, same, top};
use super::{Convention, Cpu, Line, Next, Slot, To};
use crate::bits::{self, Bit, Word};
use crate::image::Image;
use crate::state::Stuck;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[3, 4, 5, 6, 7, 8],
    results: [11, 12],
    // The stack, its frame, the address to return to, the thread, and every second one from 14 on.
    kept: &[1, 2, 9, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30],
    zero: Some(0),
    stack: 1,
    ..Convention::OF_32_BITS
};

const FLAG: &str = "the flag";

fn register(text: &str) -> Option<usize> {
    text.strip_prefix('r')?.parse().ok().filter(|n| *n < 32)
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

fn address(cpu: &Cpu, line: &Line, n: usize) -> Result<Word, Stuck> {
    let (offset, base) = line.based(n)?;
    let base = register(base).ok_or_else(|| Stuck::new(format!("uses {base:?}, which is not known here")))?;
    Ok(bits::add(&cpu.get(base), &cpu.number(offset), &Bit::Zero).0)
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let Some(name) = line.name.strip_prefix("l.") else { return line.unknown() };
    let target = || line.target(0).map(To::Address);
    match name {
        "nop" => return Ok(Next::Here),
        "jr" if line.operand(0)? == "r9" => return Ok(Next::Delayed(Bit::One, To::Caller, Slot::Always)),
        "j" => return Ok(Next::Delayed(Bit::One, target()?, Slot::Always)),
        "bf" => return Ok(Next::Delayed(cpu.condition(FLAG)?, target()?, Slot::Always)),
        "bnf" => return Ok(Next::Delayed(cpu.condition(FLAG)?.not(), target()?, Slot::Always)),
        "sw" => {
            let word = cpu.get(known_register(line, 1)?);
            cpu.store(&address(cpu, line, 0)?, &word, line.operand(0)?)?;
            return Ok(Next::Here);
        }
        _ => {}
    }
    if let Some(condition) = name.strip_prefix("sf") {
        let (a, b) = (operand(cpu, line, 0)?, operand(cpu, line, 1)?);
        let bit = match condition.trim_end_matches('i') {
            "eq" => same(&a, &b),
            "ne" => same(&a, &b).not(),
            "ltu" => below(&a, &b),
            "geu" => below(&a, &b).not(),
            "gtu" => below(&b, &a),
            "leu" => below(&b, &a).not(),
            "lts" => less(&a, &b),
            "ges" => less(&a, &b).not(),
            "gts" => less(&b, &a),
            "les" => less(&b, &a).not(),
            _ => return line.unknown(),
        };
        cpu.set_condition(FLAG, bit);
        return Ok(Next::Here);
    }
    let to = known_register(line, 0)?;
    let get = |n| operand(cpu, line, n);
    // Numbers of these have no sign; of the third they have one.
    let small = |n: usize| line.number(n).map(|value| cpu.number(value & 0xffff));
    let word = match name {
        "movhi" => cpu.number((line.number(1)? & 0xffff) << 16),
        "and" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "or" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "xor" | "xori" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "andi" => bits::each(&get(1)?, &small(2)?, Bit::and),
        "ori" => bits::each(&get(1)?, &small(2)?, Bit::or),
        "add" | "addi" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "sub" => bits::sub(&get(1)?, &get(2)?, &Bit::Zero).0,
        "slli" => bits::shl(&get(1)?, line.count(2)?),
        "srli" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "srai" => bits::shr(&get(1)?, line.count(2)?, &top(&get(1)?)),
        "sll" | "srl" | "sra" => {
            let by = bits::known(&get(2)?).and_then(|by| usize::try_from(by & 31).ok());
            let by = by.ok_or_else(|| Stuck::new("moves by what is not known"))?;
            let word = get(1)?;
            match name {
                "sll" => bits::shl(&word, by),
                "srl" => bits::shr(&word, by, &Bit::Zero),
                _ => bits::shr(&word, by, &top(&word)),
            }
        }
        "cmov" => bits::select(&cpu.condition(FLAG)?, &get(1)?, &get(2)?),
        "exthz" => bits::resized(get(1)?.get(..16).unwrap_or_default(), 32),
        "extbz" => bits::resized(get(1)?.get(..8).unwrap_or_default(), 32),
        "exths" => extended(&get(1)?, 16),
        "extbs" => extended(&get(1)?, 8),
        "lwz" => cpu.load(image, &address(cpu, line, 1)?, 4, line.operand(1)?)?,
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}
