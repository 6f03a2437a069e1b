//! Hitachi SH-4, as `sh4-linux-gnu-objdump` lists it. The result stands last; comparisons leave the bit T; behind most branches one more
//! instruction is executed.

use super::cpu::{below, extended, less, same, top};
use super::{Convention, Cpu, Line, Next, Slot, To};
use crate::bits::{self, Bit, Word, known};
use crate::image::Image;
use crate::state::Stuck;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[4, 5, 6, 7],
    results: [0, 1],
    kept: &[8, 9, 10, 11, 12, 13, 14, 15],
    stack: 15,
    ..Convention::OF_32_BITS
};

const T: &str = "t";

fn register(text: &str) -> Option<usize> {
    text.strip_prefix('r').and_then(|number| number.parse().ok()).filter(|number| *number < 16)
}

/// A register, or a number with a sign.
fn operand(cpu: &Cpu, line: &Line, n: usize) -> Result<Word, Stuck> {
    let text = line.operand(n)?;
    match register(text) {
        Some(register) => Ok(cpu.get(register)),
        None if text.starts_with('#') => line.number(n).map(|value| cpu.number(value)),
        None => Err(Stuck::new(format!("uses {text:?}, which is not known here"))),
    }
}

fn flow(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let target = || line.target(0);
    Ok(match name {
        "rts" => Next::Delayed(Bit::One, To::Caller, Slot::Always),
        "bra" => Next::Delayed(Bit::One, To::Address(target()?), Slot::Always),
        "bt" => Next::Branch(cpu.condition(T)?, target()?),
        "bf" => Next::Branch(cpu.condition(T)?.not(), target()?),
        "bt.s" => Next::Delayed(cpu.condition(T)?, To::Address(target()?), Slot::Always),
        "bf.s" => Next::Delayed(cpu.condition(T)?.not(), To::Address(target()?), Slot::Always),
        _ => return line.unknown(),
    })
}

/// What leaves T and nothing else.
fn compare(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    // Of two, the second stands on the left of the comparison.
    let b = operand(cpu, line, 0)?;
    let a = || operand(cpu, line, 1);
    let bit = match name {
        "tst" => bits::is_zero(&bits::each(&a()?, &b, Bit::and)),
        "cmp/eq" => same(&a()?, &b),
        "cmp/hs" => below(&a()?, &b).not(),
        "cmp/hi" => below(&b, &a()?),
        "cmp/ge" => less(&a()?, &b).not(),
        "cmp/gt" => less(&b, &a()?),
        "cmp/pz" => top(&b).not(),
        "cmp/pl" => top(&b).or(&bits::is_zero(&b)).not(),
        _ => return line.unknown(),
    };
    cpu.set_condition(T, bit);
    Ok(Next::Here)
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" => return Ok(Next::Here),
        "rts" | "bra" | "bt" | "bf" | "bt.s" | "bf.s" => return flow(cpu, line, name),
        "sett" | "clrt" => {
            cpu.set_condition(T, Bit::from(name == "sett"));
            return Ok(Next::Here);
        }
        _ if name == "tst" || name.starts_with("cmp/") => return compare(cpu, line, name),
        _ => {}
    }
    let last = line.operands.len().saturating_sub(1);
    let text = line.operand(last)?;
    let to = register(text).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))?;
    let own = cpu.get(to);
    let get = |n| operand(cpu, line, n);
    let word = match name {
        "mov" => get(0)?,
        "movt" => vec![cpu.condition(T)?],
        // Constants beside the code.
        "mov.w" | "mov.l" => {
            let text = line.operand(0)?;
            let at =
                line.target(0).map_err(|_| Stuck::new(format!("uses memory at {text:?}, which is no constant")))?;
            let bytes = if name == "mov.w" { 2 } else { 4 };
            extended(&cpu.load(image, &cpu.number(at), bytes, text)?, 8 * bytes)
        }
        // A number has no sign in those.
        "and" => bits::each(&own, &get(0)?, Bit::and),
        "or" => bits::each(&own, &get(0)?, Bit::or),
        "xor" => bits::each(&own, &get(0)?, Bit::xor),
        "not" => bits::not(&get(0)?),
        "neg" => bits::sub(&cpu.number(0), &get(0)?, &Bit::Zero).0,
        "negc" => {
            let (word, borrow) = bits::sub(&cpu.number(0), &get(0)?, &cpu.condition(T)?);
            cpu.set_condition(T, borrow);
            word
        }
        "add" => bits::add(&own, &get(0)?, &Bit::Zero).0,
        "sub" => bits::sub(&own, &get(0)?, &Bit::Zero).0,
        "extu.b" => bits::resized(get(0)?.get(..8).unwrap_or_default(), 32),
        "extu.w" => bits::resized(get(0)?.get(..16).unwrap_or_default(), 32),
        "exts.b" => extended(&get(0)?, 8),
        "exts.w" => extended(&get(0)?, 16),
        "swap.w" => bits::rotated(&get(0)?, 16),
        "shll2" => bits::shl(&own, 2),
        "shll8" => bits::shl(&own, 8),
        "shll16" => bits::shl(&own, 16),
        "shlr2" => bits::shr(&own, 2, &Bit::Zero),
        "shlr8" => bits::shr(&own, 8, &Bit::Zero),
        "shlr16" => bits::shr(&own, 16, &Bit::Zero),
        // By one, and what falls out is T.
        "shll" | "shal" => {
            cpu.set_condition(T, top(&own));
            bits::shl(&own, 1)
        }
        "shlr" | "shar" => {
            cpu.set_condition(T, own.first().cloned().unwrap_or(Bit::Zero));
            bits::shr(&own, 1, &if name == "shar" { top(&own) } else { Bit::Zero })
        }
        "rotl" => {
            cpu.set_condition(T, top(&own));
            bits::rotated(&own, 1)
        }
        "shld" | "shad" => {
            let by = known(&get(0)?).ok_or_else(|| Stuck::new("moves by what is not known"))?;
            let by = super::cpu::signed(by, 32).cast_signed();
            let fill = if name == "shad" { top(&own) } else { Bit::Zero };
            match by {
                0..32 => bits::shl(&own, usize::try_from(by).unwrap_or_default()),
                -31..0 => bits::shr(&own, usize::try_from(-by).unwrap_or_default(), &fill),
                _ => return Err(Stuck::new("moves by 32 bits or more")),
            }
        }
        _ => return line.unknown(),
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}
