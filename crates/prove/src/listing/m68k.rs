//! Motorola 68000 and its descendants, as `m68k-linux-gnu-objdump` lists it. The result stands last; arguments are on the stack, behind
//! the address to return to. Most instructions leave codes, of which zero, negative, carry and overflow are
//! asked for.

use super::cpu::{extended, field, inserted, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, known};
use crate::image::Image;
use crate::state::Stuck;

const SP: usize = 15;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[],
    results: [0, 1],
    // d2 to d7, a2 to a6.
    kept: &[2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14],
    stack: SP,
    ..Convention::OF_32_BITS
};

fn register(text: &str) -> Option<usize> {
    let n = |text: &str| text.parse().ok().filter(|n: &usize| *n < 8);
    match text.strip_prefix('%')? {
        "sp" => Some(SP),
        "fp" => Some(14),
        name => match name.split_at_checked(1)? {
            ("d", rest) => n(rest),
            ("a", rest) => n(rest).map(|n| 8 + n),
            _ => None,
        },
    }
}

/// What an operand is.
enum Operand {
    Register(usize),
    Number(u64),
    /// At an address.
    Memory(Word),
}

/// `%d0`, `#5`, `%sp@(4)`, `%sp@-`, `%sp@+`, of which the last two move the register.
fn operand(cpu: &mut Cpu, line: &Line, n: usize) -> Result<Operand, Stuck> {
    let text = line.operand(n)?.to_owned();
    if let Some(register) = register(&text) {
        return Ok(Operand::Register(register));
    }
    if text.starts_with('#') {
        return line.number(n).map(Operand::Number);
    }
    let unknown = || Stuck::new(format!("uses {text:?}, which is not known here"));
    let (base, rest) = text.split_once('@').ok_or_else(unknown)?;
    let base = register(base).ok_or_else(unknown)?;
    let at = cpu.get(base);
    let four = cpu.number(4);
    Ok(Operand::Memory(match rest {
        "" => at,
        "-" => {
            let at = bits::sub(&at, &four, &Bit::Zero).0;
            cpu.set(base, &at);
            at
        }
        "+" => {
            cpu.set(base, &bits::add(&at, &four, &Bit::Zero).0);
            at
        }
        _ => {
            let offset = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).and_then(super::line::value);
            bits::add(&at, &cpu.number(offset.ok_or_else(unknown)?), &Bit::Zero).0
        }
    }))
}

/// So many bits of an operand, the lowest ones.
fn read(image: &Image, cpu: &Cpu, operand: &Operand, width: usize, line: &Line) -> Result<Word, Stuck> {
    Ok(match operand {
        Operand::Register(n) => field(&cpu.get(*n), 0, width),
        Operand::Number(value) => bits::number(*value, width),
        Operand::Memory(at) => cpu.load(image, at, width / 8, &line.operands.join(","))?,
    })
}

/// Into the lowest bits; what is above them in a register stays.
fn write(cpu: &mut Cpu, operand: &Operand, word: &[Bit], line: &Line) -> Result<(), Stuck> {
    match operand {
        Operand::Register(n) => {
            let whole = inserted(&cpu.get(*n), 0, word.len(), word)?;
            cpu.set(*n, &whole);
            Ok(())
        }
        Operand::Memory(at) => cpu.store(at, word, &line.operands.join(",")),
        Operand::Number(_) => Err(Stuck::new("writes to a number")),
    }
}

/// The codes of what no sign can spoil; who adds or subtracts says what `v` is.
fn set_codes(cpu: &mut Cpu, word: &[Bit], carry: Bit) {
    cpu.set_condition("v", Bit::Zero);
    cpu.set_condition("z", bits::is_zero(word));
    cpu.set_condition("n", top(word));
    cpu.set_condition("c", carry);
}

fn condition(cpu: &Cpu, name: &str) -> Result<Option<Bit>, Stuck> {
    let (z, c, n) = (cpu.condition("z"), cpu.condition("c"), cpu.condition("n"));
    let less = || Ok::<_, Stuck>(cpu.condition("n")?.xor(&cpu.condition("v")?));
    Ok(Some(match name {
        "eq" => z?,
        "ne" => z?.not(),
        "cs" => c?,
        "cc" => c?.not(),
        "mi" => n?,
        "pl" => n?.not(),
        "hi" => z?.or(&c?).not(),
        "ls" => z?.or(&c?),
        "lt" => less()?,
        "ge" => less()?.not(),
        "le" => z?.or(&less()?),
        "gt" => z?.or(&less()?).not(),
        _ => return Ok(None),
    }))
}

/// Jumps, calls, returns.
fn flow(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Option<Next>, Stuck> {
    match name {
        "rts" => {
            let at = cpu.get(SP);
            // At the bottom is where the caller wants to go on; above it what a call of our own has put there.
            if at == cpu.bottom {
                return Ok(Some(Next::Returns));
            }
            let back = known(&cpu.load(&Image::default(), &at, 4, "the stack")?);
            let back = back.ok_or_else(|| Stuck::new("returns to where is not known"))?;
            cpu.set(SP, &bits::add(&at, &cpu.number(4), &Bit::Zero).0);
            return Ok(Some(Next::Branch(Bit::One, back)));
        }
        "jsr" | "bsrl" | "bsrs" | "bsrw" => {
            let target = line.operand(0)?.trim_start_matches("%pc@(").trim_end_matches(')');
            let target = u64::from_str_radix(target.trim_start_matches("0x"), 16);
            let target = target.map_err(|_| Stuck::new("calls what is not known"))?;
            let back = line.next.ok_or_else(|| Stuck::new("runs out of the listing"))?;
            let at = bits::sub(&cpu.get(SP), &cpu.number(4), &Bit::Zero).0;
            cpu.store(&at, &cpu.number(back), "the stack")?;
            cpu.set(SP, &at);
            return Ok(Some(Next::Branch(Bit::One, target)));
        }
        _ => {}
    }
    // `beqs`, `bnew`, `bral`; `bset` and `bclr` are none.
    let code = name.strip_prefix('b').and_then(|rest| rest.strip_suffix(['s', 'w', 'l', 'b']));
    let bit = match code {
        Some("ra") => Bit::One,
        Some(code) => match condition(cpu, code) {
            Ok(Some(bit)) => bit,
            Ok(None) => return Ok(None),
            Err(_) if name == "bsets" => return Ok(None),
            Err(stuck) => return Err(stuck),
        },
        None => return Ok(None),
    };
    Ok(Some(Next::Branch(bit, line.target(0)?)))
}

/// The name without the letter for the width, and the width.
fn width_of(name: &str) -> (&str, usize) {
    match name.split_at_checked(name.len().saturating_sub(1)) {
        Some((stem, "l")) => (stem, 32),
        Some((stem, "w")) => (stem, 16),
        Some((stem, "b")) => (stem, 8),
        _ => (name, 32),
    }
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    if name == "nop" {
        return Ok(Next::Here);
    }
    if !matches!(name, "bset" | "bclr" | "bchg")
        && let Some(next) = flow(cpu, line, name)?
    {
        return Ok(next);
    }
    match name {
        // All bits of a byte where the condition holds.
        "seq" | "sne" | "scs" | "scc" | "shi" | "sls" | "smi" | "spl" | "slt" | "sge" | "sle" | "sgt" => {
            let bit =
                condition(cpu, name.get(1..).unwrap_or_default())?.ok_or_else(|| Stuck::new("is not known here"))?;
            let to = operand(cpu, line, 0)?;
            write(cpu, &to, &vec![bit; 8], line)?;
            return Ok(Next::Here);
        }
        "bset" | "bclr" => {
            let which = usize::try_from(line.number(0)?).ok().filter(|n| *n < 32);
            let which = which.ok_or_else(|| Stuck::new("has no known bit"))?;
            let to = operand(cpu, line, 1)?;
            let Operand::Register(_) = to else { return Err(Stuck::new("takes a bit of memory")) };
            let mut word = read(image, cpu, &to, 32, line)?;
            cpu.conditions.clear();
            if let Some(bit) = word.get_mut(which) {
                *bit = Bit::from(name == "bset");
            }
            write(cpu, &to, &word, line)?;
            return Ok(Next::Here);
        }
        // Of a register one of all its bits, of memory one of a byte; the other codes stay.
        "btst" => {
            let from = operand(cpu, line, 1)?;
            let width = if matches!(from, Operand::Memory(_)) { 8 } else { 32 };
            let word = read(image, cpu, &from, width, line)?;
            let bit = usize::try_from(line.number(0)?).ok().and_then(|which| word.get(which));
            cpu.set_condition("z", bit.ok_or_else(|| Stuck::new("has no known bit"))?.not());
            return Ok(Next::Here);
        }
        "bfextu" | "bfexts" => return bit_field(image, cpu, line, name),
        "lea" => {
            let Operand::Memory(at) = operand(cpu, line, 0)? else { return line.unknown() };
            let to = operand(cpu, line, 1)?;
            write(cpu, &to, &at, line)?;
            return Ok(Next::Here);
        }
        "pea" => {
            let Operand::Memory(at) = operand(cpu, line, 0)? else { return line.unknown() };
            let to = bits::sub(&cpu.get(SP), &cpu.number(4), &Bit::Zero).0;
            cpu.store(&to, &at, "the stack")?;
            cpu.set(SP, &to);
            return Ok(Next::Here);
        }
        "mvsb" | "mvsw" | "mvzb" | "mvzw" => {
            let width = if name.ends_with('b') { 8 } else { 16 };
            let from = operand(cpu, line, 0)?;
            let word = read(image, cpu, &from, width, line)?;
            let word = bits::resized(&if name.starts_with("mvs") { extended(&word, width) } else { word }, 32);
            set_codes(cpu, &word, Bit::Zero);
            let to = operand(cpu, line, 1)?;
            write(cpu, &to, &word, line)?;
            return Ok(Next::Here);
        }
        "swap" => {
            let to = operand(cpu, line, 0)?;
            let word = bits::rotated(&read(image, cpu, &to, 32, line)?, 16);
            set_codes(cpu, &word, Bit::Zero);
            write(cpu, &to, &word, line)?;
            return Ok(Next::Here);
        }
        _ => {}
    }
    calculate(image, cpu, line, name)
}

fn calculate(image: &Image, cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let (stem, width) = match name {
        "moveq" | "mov3ql" => ("move", 32),
        _ => width_of(name),
    };
    let first = operand(cpu, line, 0)?;
    // One operand: it is the result, too.
    if line.operands.len() == 1 {
        let own = |cpu: &Cpu| read(image, cpu, &first, width, line);
        let zero = bits::number(0, width);
        let (word, carry) = match stem {
            "clr" => (zero, Bit::Zero),
            "tst" => {
                let word = own(cpu)?;
                set_codes(cpu, &word, Bit::Zero);
                return Ok(Next::Here);
            }
            "neg" => bits::sub(&zero, &own(cpu)?, &Bit::Zero),
            "not" => (bits::not(&own(cpu)?), Bit::Zero),
            "extb" => (bits::resized(&extended(&own(cpu)?, 8), width), Bit::Zero),
            "ext" => (bits::resized(&extended(&own(cpu)?, width / 2), width), Bit::Zero),
            _ => return line.unknown(),
        };
        if stem == "neg" {
            cpu.set_condition("x", carry.clone());
            let overflow = top(&own(cpu)?).and(&top(&word));
            set_codes(cpu, &word, carry);
            cpu.set_condition("v", overflow);
        } else {
            set_codes(cpu, &word, carry);
        }
        write(cpu, &first, &word, line)?;
        return Ok(Next::Here);
    }
    let from = read(image, cpu, &first, width, line)?;
    let to = operand(cpu, line, 1)?;
    if stem == "move" {
        set_codes(cpu, &from, Bit::Zero);
        write(cpu, &to, &from, line)?;
        return Ok(Next::Here);
    }
    let own = read(image, cpu, &to, width, line)?;
    // An address register takes part in no codes, unless it is compared.
    let address = matches!(to, Operand::Register(n) if n >= 8);
    if address && width != 32 {
        return line.unknown();
    }
    let (word, carry) = match stem.trim_end_matches(['i', 'q', 'a']) {
        "and" => (bits::each(&own, &from, Bit::and), Bit::Zero),
        "or" => (bits::each(&own, &from, Bit::or), Bit::Zero),
        "eor" => (bits::each(&own, &from, Bit::xor), Bit::Zero),
        "add" => bits::add(&own, &from, &Bit::Zero),
        "sub" | "cmp" => bits::sub(&own, &from, &Bit::Zero),
        "subx" => bits::sub(&own, &from, &cpu.condition("x")?),
        "addx" => bits::add(&own, &from, &cpu.condition("x")?),
        "lsl" | "lsr" | "asr" | "asl" => {
            let by = known(&field(&from, 0, 6)).and_then(|by| usize::try_from(by).ok());
            let by = by.filter(|by| *by < width).ok_or_else(|| Stuck::new("moves by what is not known"))?;
            let word = match stem {
                "lsr" => bits::shr(&own, by, &Bit::Zero),
                "asr" => bits::shr(&own, by, &top(&own)),
                _ => bits::shl(&own, by),
            };
            // What falls out at the end is asked for by nobody here.
            set_codes(cpu, &word, Bit::Zero);
            cpu.conditions.remove("c");
            cpu.conditions.remove("x");
            if stem == "asl" {
                cpu.conditions.remove("v");
            }
            write(cpu, &to, &word, line)?;
            return Ok(Next::Here);
        }
        _ => return line.unknown(),
    };
    if !address || stem.starts_with("cmp") {
        if matches!(stem.trim_end_matches(['i', 'q']), "add" | "sub" | "subx" | "addx") {
            cpu.set_condition("x", carry.clone());
        }
        // With the bit X zero is only ever cleared, which nobody asks for here.
        set_codes(cpu, &word, carry);
        // A sign that neither operand explains.
        let (turned, differ) = (top(&word).xor(&top(&own)), top(&own).xor(&top(&from)));
        match stem.trim_end_matches(['i', 'q', 'a']) {
            "add" | "addx" => cpu.set_condition("v", turned.and_not(&differ)),
            "sub" | "subx" | "cmp" => cpu.set_condition("v", turned.and(&differ)),
            _ => {}
        }
        if stem.ends_with('x') {
            cpu.conditions.remove("z");
        }
    }
    if stem.starts_with("cmp") { Ok(Next::Here) } else { write(cpu, &to, &word, line).map(|()| Next::Here) }
}

/// `bfextu %d0,21,7,%d0`: so many bits from a place on, counted from the top; of memory, from the top of its first byte.
fn bit_field(image: &Image, cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let from = operand(cpu, line, 0)?;
    let (at, len) = (line.count(1)?, line.count(2)?);
    let word = match &from {
        Operand::Memory(_) => {
            let bytes = (at + len).div_ceil(8);
            let whole = read(image, cpu, &from, 8 * bytes, line)?;
            field(&whole, 8 * bytes - at - len, len)
        }
        // It goes around the end of a register, which is asked for by nobody here.
        _ if at + len > 32 => return Err(Stuck::new("has a field that is too wide")),
        _ => field(&read(image, cpu, &from, 32, line)?, 32 - at - len, len),
    };
    set_codes(cpu, &word, Bit::Zero);
    let word = bits::resized(&if name == "bfexts" { extended(&word, len) } else { word }, 32);
    let to = operand(cpu, line, 3)?;
    write(cpu, &to, &word, line)?;
    Ok(Next::Here)
}
