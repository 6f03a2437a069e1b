//! SPARC with 64 and with 32 bits, as `sparc64-linux-gnu-objdump` lists it. The result stands last; behind a branch one more
//! instruction is executed, and with `,a` only if the branch is taken.

use super::cpu::{below, extended, field, top};
use super::{Convention, Cpu, Line, Next, Slot, To};
use crate::bits::{self, Bit, Word};
use crate::image::Image;
use crate::state::Stuck;

/// The registers in groups of eight: global, output, local, input.
const GROUPS: [char; 4] = ['g', 'o', 'l', 'i'];

pub(super) const CONVENTION_64: Convention = Convention {
    arguments: &[8, 9, 10, 11, 12, 13],
    results: [8, 9],
    // The stack and the address to return to, the thread, the caller's window; %g5 and %g7 are anybody's in a kernel.
    kept: &[6, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
    zero: Some(0),
    stack: 14,
    ..Convention::OF_64_BITS
};
pub(super) const CONVENTION_32: Convention = Convention { width: 32, ..CONVENTION_64 };

fn register(text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix('%')?.chars();
    match text {
        "%sp" => return Some(14),
        "%fp" => return Some(30),
        _ => {}
    }
    let group = rest.next().and_then(|group| GROUPS.iter().position(|it| *it == group))?;
    let n: usize = rest.as_str().parse().ok().filter(|n| *n < 8)?;
    Some(8 * group + n)
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

/// Zero and carry of a comparison, for all bits (`%xcc`) and for the lower half (`%icc`).
fn set_codes(cpu: &mut Cpu, word: &[Bit], carries: [Bit; 2]) {
    let low = field(word, 0, 32);
    let [icc, xcc] = carries;
    for (name, word, carry) in [("icc", &low[..], icc), ("xcc", word, xcc)] {
        cpu.set_condition(format!("{name} z"), bits::is_zero(word));
        cpu.set_condition(format!("{name} n"), top(word));
        cpu.set_condition(format!("{name} c"), carry);
    }
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let (name, annulled) = match name.split_once(',') {
        Some((name, hints)) => (name, hints.starts_with('a')),
        None => (name, false),
    };
    // A branch that is always taken never executes what is behind it.
    let slot = match (annulled, name) {
        (true, "b" | "ba") => Slot::Never,
        (true, _) => Slot::IfTaken,
        (false, _) => Slot::Always,
    };
    let target = |n| line.target(n).map(To::Address);
    if let Some(register) = line.operands.first().and_then(|it| register(it)) {
        let zero = bits::is_zero(&cpu.get(register));
        let bit = match name {
            "brz" => zero,
            "brnz" => zero.not(),
            _ => return line.unknown(),
        };
        return Ok(Next::Delayed(bit, target(1)?, slot));
    }
    let (codes, n) = match line.operand(0)? {
        "%xcc" => ("xcc", 1),
        "%icc" => ("icc", 1),
        _ => ("icc", 0),
    };
    let of = |what: &str| cpu.condition(&format!("{codes} {what}"));
    let bit = match name {
        "b" | "ba" => Bit::One,
        "be" => of("z")?,
        "bne" => of("z")?.not(),
        "bcs" | "blu" => of("c")?,
        "bcc" | "bgeu" => of("c")?.not(),
        "bgu" => of("c")?.or(&of("z")?).not(),
        "bleu" => of("c")?.or(&of("z")?),
        "bneg" => of("n")?,
        "bpos" => of("n")?.not(),
        _ => return line.unknown(),
    };
    Ok(Next::Delayed(bit, target(n)?, slot))
}

/// `cmp`, `btst` and `tst`, which leave nothing but codes.
fn compare(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let a = operand(cpu, line, 0)?;
    match name {
        "cmp" => {
            let b = operand(cpu, line, 1)?;
            let carries = [below(&field(&a, 0, 32), &field(&b, 0, 32)), below(&a, &b)];
            set_codes(cpu, &bits::sub(&a, &b, &Bit::Zero).0, carries);
        }
        "btst" => {
            let word = bits::each(&a, &operand(cpu, line, 1)?, Bit::and);
            set_codes(cpu, &word, [Bit::Zero, Bit::Zero]);
        }
        _ => set_codes(cpu, &a, [Bit::Zero, Bit::Zero]),
    }
    Ok(Next::Here)
}

pub(super) fn step(_: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" => return Ok(Next::Here),
        "retl" => return Ok(Next::Delayed(Bit::One, To::Caller, Slot::Always)),
        "cmp" | "btst" | "tst" => return compare(cpu, line, name),
        _ if name.starts_with('b') && name != "bset" && name != "bclr" => return branch(cpu, line, name),
        _ => {}
    }
    let last = line.operands.len().saturating_sub(1);
    let to = known_register(line, last)?;
    let own = cpu.get(to);
    let get = |n| operand(cpu, line, n);
    // `or %o0, 1, %o0`, or `bset 1, %o0`.
    let low = |word: Word| field(&word, 0, 32);
    let word = match name {
        "mov" => get(0)?,
        "clr" => cpu.number(0),
        "sethi" => {
            let text = line.operand(0)?;
            let inner = text.strip_prefix("%hi(").and_then(|it| it.strip_suffix(')')).and_then(super::line::value);
            cpu.number(inner.ok_or_else(|| Stuck::new(format!("has {text:?} for a number")))? & !0x3ff)
        }
        "and" => bits::each(&get(0)?, &get(1)?, Bit::and),
        "andn" => bits::each(&get(0)?, &get(1)?, Bit::and_not),
        "or" | "bset" => bits::each(&get(0)?, &get(1)?, Bit::or),
        "bclr" => bits::each(&own, &get(0)?, Bit::and_not),
        "orn" => bits::each(&get(0)?, &bits::not(&get(1)?), Bit::or),
        "xor" | "btog" => bits::each(&get(0)?, &get(1)?, Bit::xor),
        "xnor" => bits::not(&bits::each(&get(0)?, &get(1)?, Bit::xor)),
        "not" => bits::not(&get(0)?),
        "neg" => bits::sub(&cpu.number(0), &get(0)?, &Bit::Zero).0,
        "add" => bits::add(&get(0)?, &get(1)?, &Bit::Zero).0,
        "sub" => bits::sub(&get(0)?, &get(1)?, &Bit::Zero).0,
        "inc" => bits::add(&own, &cpu.number(1), &Bit::Zero).0,
        "dec" => bits::sub(&own, &cpu.number(1), &Bit::Zero).0,
        // With the carry of the lower half.
        "addx" | "addc" => bits::add(&get(0)?, &get(1)?, &cpu.condition("icc c")?).0,
        "subx" | "subc" => bits::sub(&get(0)?, &get(1)?, &cpu.condition("icc c")?).0,
        "sllx" => bits::shl(&get(0)?, line.count(1)?),
        "srlx" => bits::shr(&get(0)?, line.count(1)?, &Bit::Zero),
        "srax" => bits::shr(&get(0)?, line.count(1)?, &top(&get(0)?)),
        // All bits move upwards; downwards the lower half.
        "sll" => bits::shl(&get(0)?, line.count(1)?),
        "srl" => bits::shr(&low(get(0)?), line.count(1)?, &Bit::Zero),
        "sra" => {
            let word = low(get(0)?);
            extended(&bits::shr(&word, line.count(1)?, &top(&word)), 32)
        }
        "movre" | "movrz" => bits::select(&bits::is_zero(&get(0)?), &get(1)?, &own),
        "movrne" | "movrnz" => bits::select(&bits::is_zero(&get(0)?), &own, &get(1)?),
        "move" | "movne" | "movcs" | "movcc" => {
            let codes = line.operand(0)?.trim_start_matches('%');
            let of = |what: &str| cpu.condition(&format!("{codes} {what}"));
            let bit = match name {
                "move" => of("z")?,
                "movne" => of("z")?.not(),
                "movcs" => of("c")?,
                _ => of("c")?.not(),
            };
            bits::select(&bit, &get(1)?, &own)
        }
        "andcc" | "andncc" | "orcc" | "xorcc" | "subcc" | "addcc" => with_codes(cpu, line, name)?,
        _ => return line.unknown(),
    };
    // What never changes stays 0, wherever it is written.
    if to != 0 {
        cpu.set(to, &word);
    }
    Ok(Next::Here)
}

fn with_codes(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Word, Stuck> {
    let (a, b) = (operand(cpu, line, 0)?, operand(cpu, line, 1)?);
    let halves = |word: &[Bit]| field(word, 0, 32);
    let (word, carries) = match name {
        "andcc" => (bits::each(&a, &b, Bit::and), [Bit::Zero, Bit::Zero]),
        "andncc" => (bits::each(&a, &b, Bit::and_not), [Bit::Zero, Bit::Zero]),
        "orcc" => (bits::each(&a, &b, Bit::or), [Bit::Zero, Bit::Zero]),
        "xorcc" => (bits::each(&a, &b, Bit::xor), [Bit::Zero, Bit::Zero]),
        "addcc" => {
            let (word, carry) = bits::add(&a, &b, &Bit::Zero);
            (word, [bits::add(&halves(&a), &halves(&b), &Bit::Zero).1, carry])
        }
        _ => {
            let (word, carry) = bits::sub(&a, &b, &Bit::Zero);
            (word, [below(&halves(&a), &halves(&b)), carry])
        }
    };
    set_codes(cpu, &word, carries);
    Ok(word)
}
