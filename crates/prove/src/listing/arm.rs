//! 32-bit Arm, as `arm-linux-gnueabihf-objdump` lists it. Every instruction can depend on a condition.

use super::cpu::{extended, field, inserted, leading_zeros, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, number};
use crate::image::Image;
use crate::state::Stuck;

const SP: usize = 13;
const LR: usize = 14;
const PC: usize = 15;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[0, 1, 2, 3],
    results: [0, 1],
    kept: &[4, 5, 6, 7, 8, 9, 10, 11, SP],
    stack: SP,
    link: LR,
    ..Convention::OF_32_BITS
};

const CONDITIONS: [&str; 14] = ["eq", "ne", "cs", "cc", "mi", "pl", "hi", "ls", "ge", "lt", "gt", "le", "hs", "lo"];

/// The instructions, with whether they have a form that leaves flags.
const NAMES: [(&str, bool); 43] = [
    ("and", true),
    ("orr", true),
    ("eor", true),
    ("bic", true),
    ("orn", true),
    ("mov", true),
    ("mvn", true),
    ("add", true),
    ("adc", true),
    ("sub", true),
    ("sbc", true),
    ("rsb", true),
    ("rsc", true),
    ("lsl", true),
    ("lsr", true),
    ("asr", true),
    ("ror", true),
    ("tst", false),
    ("teq", false),
    ("cmp", false),
    ("cmn", false),
    ("movw", false),
    ("movt", false),
    ("ubfx", false),
    ("sbfx", false),
    ("bfi", false),
    ("bfc", false),
    ("uxtb", false),
    ("uxth", false),
    ("sxtb", false),
    ("sxth", false),
    ("clz", false),
    ("rev", false),
    ("ldr", false),
    ("str", false),
    ("ldrd", false),
    ("strd", false),
    ("push", false),
    ("pop", false),
    ("bx", false),
    ("b", false),
    ("nop", false),
    ("ldrb", false),
];

/// An instruction's name without its condition, whether it leaves flags, and the condition.
fn taken_apart(name: &str) -> Option<(&'static str, bool, Option<&str>)> {
    // `bics` is no branch: the longest name that leaves a condition or nothing.
    let mut found = None;
    for (stem, can_set) in NAMES {
        let Some(rest) = name.strip_prefix(stem) else { continue };
        let (sets, rest) = match rest.strip_prefix('s') {
            Some(rest) if can_set && (rest.is_empty() || CONDITIONS.contains(&rest)) => (true, rest),
            _ => (false, rest),
        };
        if rest.is_empty() || CONDITIONS.contains(&rest) {
            let longer = found.is_none_or(|(other, ..): (&str, bool, Option<&str>)| stem.len() > other.len());
            if longer {
                found = Some((stem, sets, (!rest.is_empty()).then_some(rest)));
            }
        }
    }
    found
}

fn register(text: &str) -> Option<usize> {
    match text {
        "sp" => Some(SP),
        "lr" => Some(LR),
        "pc" => Some(PC),
        "ip" => Some(12),
        "fp" => Some(11),
        "sl" => Some(10),
        _ => text.strip_prefix('r')?.parse().ok().filter(|n| *n < 13),
    }
}

fn known_register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    register(text).filter(|n| *n != PC).ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// A register, which may be moved, or a number; and what a move has for a carry, if there is one.
fn operand(cpu: &Cpu, line: &Line, n: usize) -> Result<(Word, Option<Bit>), Stuck> {
    if line.operand(n)?.starts_with('#') {
        return Ok((cpu.number(line.number(n)?), None));
    }
    let word = cpu.get(known_register(line, n)?);
    let Some((how, by)) = line.operands.get(n + 1).and_then(|text| text.split_once(' ')) else {
        return Ok((word, None));
    };
    let by = super::line::value(by).and_then(|by| usize::try_from(by).ok()).filter(|by| (1..=32).contains(by));
    let (word, carry) = moved(how, &word, by.ok_or_else(|| Stuck::new("moves by what is not known"))?)?;
    Ok((word, Some(carry)))
}

fn moved(how: &str, word: &[Bit], by: usize) -> Result<(Word, Bit), Stuck> {
    let bit = |n: usize| word.get(n).cloned().unwrap_or(Bit::Zero);
    let low = bit(by.saturating_sub(1));
    Ok(match how {
        "lsl" => (bits::shl(word, by), bit(32 - by)),
        "lsr" => (bits::shr(word, by, &Bit::Zero), low),
        "asr" => (bits::shr(word, by, &top(word)), low),
        "ror" => (bits::rotated(word, 32 - by), low),
        _ => return Err(Stuck::new(format!("has {how:?}, which is not known here"))),
    })
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
        "le" => n?.xor(&v?).or(&z?),
        _ => n?.xor(&v?).or(&z?).not(),
    })
}

/// Of what calculates with bits: carry where something was moved, else as it was; overflow as it was.
fn set_signs(cpu: &mut Cpu, word: &[Bit], carry: Option<Bit>) {
    cpu.set_condition("n", top(word));
    cpu.set_condition("z", bits::is_zero(word));
    if let Some(carry) = carry {
        cpu.set_condition("c", carry);
    }
}

/// A sum with all its flags; a difference is the sum with the other one turned, and a carry.
fn sum(cpu: &mut Cpu, sets: bool, a: &[Bit], b: &[Bit], carry: &Bit) -> Word {
    let (word, out) = bits::add(a, b, carry);
    if sets {
        let overflow = top(a).xor(&top(&word)).and(&top(b).xor(&top(&word)));
        set_signs(cpu, &word, Some(out));
        cpu.set_condition("v", overflow);
    }
    word
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let Some((name, sets, suffix)) = taken_apart(&line.name) else { return line.unknown() };
    let holds = suffix.map_or(Ok(Bit::One), |suffix| condition(cpu, suffix))?;
    match name {
        "nop" => return Ok(Next::Here),
        "b" => return Ok(Next::Branch(holds, line.target(0)?)),
        "bx" if register(line.operand(0)?) == Some(LR) => {
            if cpu.get(LR) != cpu.back {
                return Err(Stuck::new("returns to where is not known"));
            }
            return Ok(Next::ReturnsIf(holds));
        }
        "pop" | "push" if holds.is_one() => return several(image, cpu, line, name),
        _ => {}
    }
    if holds.is_one() {
        return execute(image, cpu, line, name, sets).map(|()| Next::Here);
    }
    let mut other = cpu.clone();
    execute(image, &mut other, line, name, sets)?;
    if other.stack != cpu.stack {
        return Err(Stuck::new("writes to memory under a condition"));
    }
    for (n, new) in other.registers.iter().enumerate() {
        let word = bits::select(&holds, new, &cpu.get(n));
        cpu.set(n, &word);
    }
    // A flag that only one side has is none.
    let both = |name: &String, new: &Bit| cpu.conditions.get(name).map(|old| (name.clone(), holds.select(new, old)));
    cpu.conditions = other.conditions.iter().filter_map(|(name, new)| both(name, new)).collect();
    Ok(Next::Here)
}

/// `push {r4, lr}` and `pop {r4, pc}`.
fn several(image: &Image, cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let list: Result<Vec<usize>, Stuck> = line
        .operands
        .iter()
        .map(|text| {
            register(text.trim_matches(['{', '}'])).ok_or_else(|| Stuck::new("has a list that is not known here"))
        })
        .collect();
    let list = list?;
    let size = cpu.number(4 * list.len() as u64);
    let mut at = cpu.get(SP);
    let four = cpu.number(4);
    if name == "push" {
        at = bits::sub(&at, &size, &Bit::Zero).0;
        cpu.set(SP, &at);
        for register in list {
            cpu.store(&at, &cpu.get(register), "the stack")?;
            at = bits::add(&at, &four, &Bit::Zero).0;
        }
        return Ok(Next::Here);
    }
    let mut returns = false;
    for register in list {
        let word = cpu.load(image, &at, 4, "the stack")?;
        at = bits::add(&at, &four, &Bit::Zero).0;
        if register == PC {
            if word != cpu.back {
                return Err(Stuck::new("returns to where is not known"));
            }
            returns = true;
        } else {
            cpu.set(register, &word);
        }
    }
    cpu.set(SP, &at);
    Ok(if returns { Next::Returns } else { Next::Here })
}

/// The address of `[sp, #4]`, and the register that is moved with it, if one is: `[sp, #-8]!`, `[sp], #8`.
fn address(cpu: &Cpu, line: &Line, from: usize) -> Result<(Word, Option<(usize, Word)>), Stuck> {
    let text = line.operands.get(from..).unwrap_or_default().join(",");
    let unknown = || Stuck::new(format!("uses memory at {text:?}, which is not known here"));
    let inner = text.strip_prefix('[').ok_or_else(unknown)?;
    let (inner, behind) = inner.split_once(']').ok_or_else(unknown)?;
    let (base, offset) = inner.split_once(',').unwrap_or((inner, "#0"));
    let base = register(base.trim()).ok_or_else(unknown)?;
    let offset = super::line::value(offset.trim()).ok_or_else(unknown)?;
    // The instruction's own place is two ahead.
    let start = if base == PC { cpu.number(line.at.wrapping_add(8)) } else { cpu.get(base) };
    let add = |by: u64| bits::add(&start, &cpu.number(by), &Bit::Zero).0;
    match behind.trim_start_matches(',').trim() {
        "" => Ok((add(offset), None)),
        "!" => Ok((add(offset), Some((base, add(offset))))),
        more => Ok((start.clone(), Some((base, add(super::line::value(more).ok_or_else(unknown)?))))),
    }
}

fn transfer(image: &Image, cpu: &mut Cpu, line: &Line, name: &str) -> Result<(), Stuck> {
    let double = name.ends_with('d');
    let first = known_register(line, 0)?;
    let second = if double { Some(known_register(line, 1)?) } else { None };
    let (at, moved) = address(cpu, line, if double { 2 } else { 1 })?;
    let text = line.operands.join(",");
    let above = bits::add(&at, &cpu.number(4), &Bit::Zero).0;
    for (register, at) in [(Some(first), &at), (second, &above)] {
        let Some(register) = register else { continue };
        match name {
            "str" | "strd" => cpu.store(at, &cpu.get(register), &text)?,
            _ => {
                let word = cpu.load(image, at, if name == "ldrb" { 1 } else { 4 }, &text)?;
                cpu.set(register, &word);
            }
        }
    }
    if let Some((register, word)) = moved {
        cpu.set(register, &word);
    }
    Ok(())
}

fn execute(image: &Image, cpu: &mut Cpu, line: &Line, name: &str, sets: bool) -> Result<(), Stuck> {
    if let "ldr" | "str" | "ldrd" | "strd" | "ldrb" = name {
        return transfer(image, cpu, line, name);
    }
    let to = known_register(line, 0)?;
    let own = cpu.get(to);
    let two = matches!(line.operands.get(1), Some(text) if line.operands.len() == 2 || text.starts_with('#'));
    // `and r0, r0, #1`; of `tst r0, #1` the first is no result.
    let compares = matches!(name, "tst" | "teq" | "cmp" | "cmn");
    let a = || if compares { Ok(own.clone()) } else { known_register(line, 1).map(|n| cpu.get(n)) };
    let b = |cpu: &Cpu| operand(cpu, line, if compares { 1 } else { 2 });
    let word = match name {
        "mov" | "mvn" => {
            let (word, carry) = operand(cpu, line, 1)?;
            let word = if name == "mvn" { bits::not(&word) } else { word };
            if sets {
                set_signs(cpu, &word, carry);
            }
            word
        }
        "and" | "orr" | "eor" | "bic" | "orn" | "tst" | "teq" => {
            let (a, (b, carry)) = (a()?, b(cpu)?);
            let word = match name {
                "and" | "tst" => bits::each(&a, &b, Bit::and),
                "orr" => bits::each(&a, &b, Bit::or),
                "orn" => bits::each(&a, &bits::not(&b), Bit::or),
                "bic" => bits::each(&a, &b, Bit::and_not),
                _ => bits::each(&a, &b, Bit::xor),
            };
            if sets || compares {
                set_signs(cpu, &word, carry);
            }
            word
        }
        "add" | "cmn" | "adc" | "sub" | "cmp" | "sbc" | "rsb" | "rsc" => {
            let (a, (b, _)) = (a()?, b(cpu)?);
            let carry = match name {
                "adc" | "sbc" | "rsc" => cpu.condition("c")?,
                "add" | "cmn" => Bit::Zero,
                _ => Bit::One,
            };
            let (a, b) = match name {
                "add" | "cmn" | "adc" => (a, b),
                "rsb" | "rsc" => (bits::not(&a), b),
                _ => (a, bits::not(&b)),
            };
            sum(cpu, sets || compares, &a, &b, &carry)
        }
        "lsl" | "lsr" | "asr" | "ror" => {
            let by = line.count(2)?;
            let (word, carry) = if by == 0 {
                (a()?, None)
            } else {
                let (word, carry) = moved(name, &a()?, by.min(32))?;
                (word, Some(carry))
            };
            if sets {
                set_signs(cpu, &word, carry);
            }
            word
        }
        "movw" if two => cpu.number(line.number(1)?),
        "movt" => inserted(&own, 16, 16, &number(line.number(1)?, 16))?,
        "ubfx" => field(&a()?, line.count(2)?, line.count(3)?),
        "sbfx" => {
            let len = line.count(3)?;
            extended(&field(&a()?, line.count(2)?, len), len)
        }
        "bfi" => inserted(&own, line.count(2)?, line.count(3)?, &a()?)?,
        "bfc" => inserted(&own, line.count(1)?, line.count(2)?, &number(0, line.count(2)?))?,
        "uxtb" => field(&a()?, 0, 8),
        "uxth" => field(&a()?, 0, 16),
        "sxtb" => extended(&a()?, 8),
        "sxth" => extended(&a()?, 16),
        "clz" => leading_zeros(&a()?),
        "rev" => a()?.rchunks(8).flatten().cloned().collect(),
        _ => return line.unknown(),
    };
    if !compares {
        cpu.set(to, &word);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::taken_apart;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(taken_apart("bics"), Some(("bic", true, None)));
        assert_eq!(taken_apart("bls"), Some(("b", false, Some("ls"))));
        assert_eq!(taken_apart("movne"), Some(("mov", false, Some("ne"))));
        assert_eq!(taken_apart("movwcs"), Some(("movw", false, Some("cs"))));
        assert_eq!(taken_apart("blx"), None);
        assert_eq!(taken_apart("svc"), None);
    }
}
