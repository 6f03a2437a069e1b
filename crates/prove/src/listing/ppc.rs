//! PowerPC with 64 bits, in either byte order, and with 32, as the binutils list it. Bits are counted from the top, 0 to 63, or 0
//! to 31 of the lower half, which is all that there is on the smaller one.

use super::cpu::{below, extended, field, leading_zeros, less, top};
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, number, resized};
use crate::image::Image;
use crate::state::Stuck;

pub(super) const CONVENTION_64: Convention = Convention {
    arguments: &[3, 4, 5, 6],
    results: [3, 4],
    kept: &[1, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
    stack: 1,
    ..Convention::OF_64_BITS
};
pub(super) const CONVENTION_32: Convention = Convention {
    width: 32,
    // The address to return to is kept beside the caller's stack pointer.
    own: (i64::MIN, 8),
    ..CONVENTION_64
};

fn register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    let number = text.strip_prefix('r').and_then(|number| number.parse().ok()).filter(|number| *number < 32);
    number.ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// Ones from the bit `from` to the bit `to`, both counted from the top; around the end where they cross.
fn mask(from: usize, to: usize) -> u64 {
    let from_top = u64::MAX.checked_shr(u32::try_from(from).unwrap_or(64)).unwrap_or(0);
    let to_top = u64::MAX.checked_shl(63 - u32::try_from(to.min(63)).unwrap_or(63)).unwrap_or(0);
    if from <= to { from_top & to_top } else { from_top | to_top }
}

/// The address of `8(r1)`.
fn address(cpu: &Cpu, line: &Line) -> Result<Word, Stuck> {
    let (offset, base) = line.based(1)?;
    let base = base.strip_prefix('r').and_then(|number| number.parse().ok()).filter(|number| *number < 32);
    let base = base.ok_or_else(|| Stuck::new("has no known register for an address"))?;
    // Instead of the register 0 there is none.
    let base = if base == 0 { cpu.number(0) } else { cpu.get(base) };
    Ok(bits::add(&base, &cpu.number(offset), &Bit::Zero).0)
}

/// A number of 16 bits with a sign.
fn signed(line: &Line, n: usize) -> Result<u64, Stuck> {
    let value = line.number(n)?.cast_signed();
    if (-0x8000..0x8000).contains(&value) {
        Ok(value.cast_unsigned())
    } else {
        Err(Stuck::new("has too large a number"))
    }
}

fn upper(line: &Line, n: usize) -> Result<u64, Stuck> {
    let value = line.number(n)?.cast_signed();
    if (-0x8000..0x1_0000).contains(&value) {
        let low = value.cast_unsigned() & 0xffff;
        let sign = if low & 0x8000 == 0 { 0 } else { u64::MAX << 32 };
        return Ok(low << 16 | sign);
    }
    Err(Stuck::new("has too large a number"))
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let (name, record) = match line.name.strip_suffix('.') {
        Some(name) => (name, true),
        None => (line.name.as_str(), name_sets_conditions(&line.name)),
    };
    // Behind a branch stands whether it is likely to be taken.
    let name = if name.starts_with('b') { name.trim_end_matches(['+', '-']) } else { name };
    match name {
        "nop" => return Ok(Next::Here),
        "blr" => return Ok(Next::Returns),
        "b" => return Ok(Next::Branch(Bit::One, line.target(0)?)),
        "beq" | "bne" | "blt" | "bge" | "bgt" | "ble" | "beqlr" | "bnelr" => return branch(cpu, line, name),
        "cmpd" | "cmpdi" | "cmpld" | "cmpldi" | "cmpw" | "cmpwi" | "cmplw" | "cmplwi" => {
            return compare(cpu, line, name);
        }
        _ => {}
    }
    if let "stw" | "std" = name {
        let word = cpu.get(register(line, 0)?);
        let word = field(&word, 0, if name == "std" { 64 } else { 32 });
        cpu.store(&address(cpu, line)?, &word, line.operand(1)?)?;
        return Ok(Next::Here);
    }
    let to = register(line, 0)?;
    let get = |n: usize| register(line, n).map(|register| cpu.get(register));
    let count = |n: usize| line.count(n);
    let masked = |word: &[Bit], mask: u64| bits::each(word, &number(mask, 64), Bit::and);
    let word: Word = match name {
        "mr" => get(1)?,
        "li" => number(signed(line, 1)?, 64),
        "lis" => number(upper(line, 1)?, 64),
        "addi" | "subi" => bits::add(&get(1)?, &number(signed(line, 2)?, 64), &Bit::Zero).0,
        // The table of contents, which no helper reads.
        "addis" => bits::add(&get(1)?, &number(upper(line, 2)?, 64), &Bit::Zero).0,
        "or" => bits::each(&get(1)?, &get(2)?, Bit::or),
        "and" => bits::each(&get(1)?, &get(2)?, Bit::and),
        "andc" => bits::each(&get(1)?, &get(2)?, Bit::and_not),
        "xor" => bits::each(&get(1)?, &get(2)?, Bit::xor),
        "nor" => bits::not(&bits::each(&get(1)?, &get(2)?, Bit::or)),
        "not" => bits::not(&get(1)?),
        "neg" => bits::sub(&cpu.number(0), &get(1)?, &Bit::Zero).0,
        "add" => bits::add(&get(1)?, &get(2)?, &Bit::Zero).0,
        "addic" => with_carry(cpu, &get(1)?, &number(signed(line, 2)?, 64), &Bit::Zero),
        "subfic" => with_carry(cpu, &bits::not(&get(1)?), &number(signed(line, 2)?, 64), &Bit::One),
        "subfc" => with_carry(cpu, &bits::not(&get(1)?), &get(2)?, &Bit::One),
        "subfe" => {
            let carry = cpu.condition("ca")?;
            with_carry(cpu, &bits::not(&get(1)?), &get(2)?, &carry)
        }
        "addze" => {
            let carry = cpu.condition("ca")?;
            with_carry(cpu, &get(1)?, &number(0, 64), &carry)
        }
        // From the second, the first.
        "subf" => bits::sub(&get(2)?, &get(1)?, &Bit::Zero).0,
        "ori" => bits::each(&get(1)?, &number(line.number(2)? & 0xffff, 64), Bit::or),
        "oris" => bits::each(&get(1)?, &number((line.number(2)? & 0xffff) << 16, 64), Bit::or),
        "xori" => bits::each(&get(1)?, &number(line.number(2)? & 0xffff, 64), Bit::xor),
        "xoris" => bits::each(&get(1)?, &number((line.number(2)? & 0xffff) << 16, 64), Bit::xor),
        "andi" => masked(&get(1)?, line.number(2)? & 0xffff),
        "andis" => masked(&get(1)?, (line.number(2)? & 0xffff) << 16),
        "sldi" => bits::shl(&get(1)?, count(2)?),
        "srdi" => bits::shr(&get(1)?, count(2)?, &Bit::Zero),
        "sradi" => bits::shr(&get(1)?, count(2)?, &top(&get(1)?)),
        "rotldi" => bits::rotated(&get(1)?, count(2)?),
        "clrldi" => masked(&get(1)?, mask(count(2)?, 63)),
        "clrrdi" => masked(&get(1)?, mask(0, 63 - count(2)?.min(63))),
        "rldicl" => masked(&bits::rotated(&get(1)?, count(2)?), mask(count(3)?, 63)),
        "rldicr" => masked(&bits::rotated(&get(1)?, count(2)?), mask(0, count(3)?)),
        "rldic" => masked(&bits::rotated(&get(1)?, count(2)?), mask(count(3)?, 63 - count(2)?.min(63))),
        "rldimi" => {
            let here = mask(count(3)?, 63 - count(2)?.min(63));
            insert(&cpu.get(to), &bits::rotated(&get(1)?, count(2)?), here)
        }
        "iseleq" | "isellt" | "iselgt" => {
            let condition = cpu.condition(&format!("cr0 {}", name.trim_start_matches("isel")))?;
            bits::select(&condition, &get(1)?, &get(2)?)
        }
        "extsw" => extended(&get(1)?, 32),
        "cntlzd" => leading_zeros(&get(1)?),
        "cntlzw" => leading_zeros(&resized(&get(1)?, 32)),
        "brd" => get(1)?.rchunks(8).flatten().cloned().collect(),
        "lwz" => cpu.load(image, &address(cpu, line)?, 4, line.operand(1)?)?,
        "ld" => cpu.load(image, &address(cpu, line)?, 8, line.operand(1)?)?,
        _ => word_of_32(cpu, line, name, to)?,
    };
    let word = resized(&word, cpu.width);
    if record {
        set_field(cpu, "cr0", &bits::is_zero(&word), top(&word));
    }
    cpu.set(to, &word);
    Ok(Next::Here)
}

/// A sum that keeps what it carries out.
fn with_carry(cpu: &mut Cpu, a: &[Bit], b: &[Bit], carry: &Bit) -> Word {
    let (sum, carry) = bits::add(a, b, carry);
    cpu.set_condition("ca", carry);
    sum
}

/// Whether the name without a dot means the one with it: there are `andi.` and `andis.` only.
fn name_sets_conditions(name: &str) -> bool {
    matches!(name, "andi" | "andis")
}

/// Turns the low 32 bits, which stand twice while they turn.
fn word_of_32(cpu: &Cpu, line: &Line, name: &str, to: usize) -> Result<Word, Stuck> {
    let word = cpu.get(register(line, 1)?);
    let twice = |by: usize| -> Word {
        let low = bits::rotated(&resized(&word, 32), by);
        [low.clone(), low].concat()
    };
    let (by, from, end) = match name {
        "rotlwi" => (line.count(2)?, 0, 31),
        "clrlwi" => (0, line.count(2)?, 31),
        "slwi" => (line.count(2)?, 0, 31 - line.count(2)?.min(31)),
        "srwi" => (32 - line.count(2)?.min(32), line.count(2)?, 31),
        "rlwinm" | "rlwimi" => (line.count(2)?, line.count(3)?, line.count(4)?),
        _ => return line.unknown(),
    };
    let here = mask(from + 32, end + 32);
    let turned = twice(by % 32);
    if name == "rlwimi" {
        return Ok(insert(&cpu.get(to), &turned, here));
    }
    Ok(bits::each(&turned, &number(here, 64), Bit::and))
}

fn insert(old: &[Bit], new: &[Bit], mask: u64) -> Word {
    let mask = number(mask, 64);
    bits::each(&bits::each(old, &mask, Bit::and_not), &bits::each(new, &mask, Bit::and), Bit::or)
}

fn set_field(cpu: &mut Cpu, field: &str, equal: &Bit, less: Bit) {
    cpu.set_condition(format!("{field} gt"), equal.or(&less).not());
    cpu.set_condition(format!("{field} lt"), less);
    cpu.set_condition(format!("{field} eq"), equal.clone());
}

/// `cmpdi r9,192`, or with a field of the condition register in front.
fn compare(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let (name_of_field, first) = match line.operand(0)? {
        name if name.starts_with("cr") => (name.to_owned(), 1),
        _ => ("cr0".to_owned(), 0),
    };
    let width = if name.contains('d') { 64 } else { 32 };
    let logical = name.starts_with("cmpl");
    let a = resized(&cpu.get(register(line, first)?), width);
    let b = match (name.ends_with('i'), logical) {
        (true, true) => number(line.number(first + 1)? & 0xffff, width),
        (true, false) => number(signed(line, first + 1)?, width),
        _ => resized(&cpu.get(register(line, first + 1)?), width),
    };
    let less = if logical { below(&a, &b) } else { less(&a, &b) };
    let difference = bits::sub(&a, &b, &Bit::Zero).0;
    set_field(cpu, &name_of_field, &bits::is_zero(&difference), less);
    Ok(Next::Here)
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let (field, returns) = (line.operands.iter().find(|it| it.starts_with("cr")), name.ends_with("lr"));
    let of = |what: &str| cpu.condition(&format!("{} {what}", field.map_or("cr0", String::as_str)));
    let bit = match name.trim_end_matches("lr") {
        "beq" => of("eq")?,
        "bne" => of("eq")?.not(),
        "blt" => of("lt")?,
        "bge" => of("lt")?.not(),
        "bgt" => of("gt")?,
        _ => of("gt")?.not(),
    };
    if returns {
        return Ok(Next::ReturnsIf(bit));
    }
    Ok(Next::Branch(bit, line.target(usize::from(field.is_some()))?))
}
