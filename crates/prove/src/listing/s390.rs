//! s390x, as `s390x-linux-gnu-objdump` lists it. Bits are counted from the top, 0 to 63; of the condition code each of the four
//! values is a condition of its own.

use super::cpu::extended;
use super::line::value;
use super::{Convention, Cpu, Line, Next};
use crate::bits::{self, Bit, Word, known, number};
use crate::image::Image;
use crate::state::Stuck;

pub(super) const CONVENTION: Convention = Convention {
    arguments: &[2, 3],
    results: [2, 3],
    kept: &[6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    stack: 15,
    ..Convention::OF_64_BITS
};

fn register(line: &Line, n: usize) -> Result<usize, Stuck> {
    let text = line.operand(n)?;
    let number = text.strip_prefix("%r").and_then(|number| number.parse().ok()).filter(|number| *number < 16);
    number.ok_or_else(|| Stuck::new(format!("uses {text:?}, which is not known here")))
}

/// Ones from the bit `from` to the bit `to`, counted from the top; around the end where they cross.
const fn mask(from: u32, to: u32) -> u64 {
    let (from_top, to_top) = (u64::MAX >> (from % 64), u64::MAX << (63 - to % 64));
    if from <= to { from_top & to_top } else { from_top | to_top }
}

fn set_code(cpu: &mut Cpu, codes: [Bit; 4]) {
    for (n, bit) in codes.into_iter().enumerate() {
        cpu.set_condition(format!("cc{n}"), bit);
    }
}

/// As most that calculate with bits: 0 for a word of zeros, else 1.
fn set_zero_or_not(cpu: &mut Cpu, word: &[Bit]) {
    let zero = bits::is_zero(word);
    set_code(cpu, [zero.clone(), zero.not(), Bit::Zero, Bit::Zero]);
}

/// As a comparison: 0 for equal, 1 for less, 2 for more.
fn set_signs(cpu: &mut Cpu, equal: &Bit, less: &Bit) {
    let less = less.and_not(equal);
    set_code(cpu, [equal.clone(), less.clone(), equal.or(&less).not(), Bit::Zero]);
}

/// The address of `16(%r5)`, which must be known.
fn place(cpu: &Cpu, line: &Line, n: usize) -> Result<u64, Stuck> {
    let text = line.operand(n)?;
    let elsewhere = || Stuck::new(format!("uses memory at {text:?}, which is no constant"));
    let (offset, base) = text.trim_end_matches(')').split_once('(').ok_or_else(elsewhere)?;
    let base = base.strip_prefix("%r").and_then(|number| number.parse().ok()).ok_or_else(elsewhere)?;
    let base = known(&cpu.get(base)).ok_or_else(elsewhere)?;
    Ok(base.wrapping_add(value(offset).ok_or_else(elsewhere)?))
}

/// Comparisons, those that branch at once too: `cgrje %r1,%r2,10001ba`.
fn compare(image: &Image, cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let a = cpu.get(register(line, 0)?);
    let (stem, jump) = match name.split_once('j') {
        Some((stem, jump)) => (stem, Some(jump)),
        None => (name, None),
    };
    let b = match stem {
        "cgr" | "clgr" => cpu.get(register(line, 1)?),
        "cgi" | "clgi" | "cghi" | "cgfi" | "clgfi" => number(line.number(1)?, 64),
        "cgrl" | "clgrl" => number(image.number(line.target(1)?, 8)?, 64),
        "cg" | "clg" => number(image.number(place(cpu, line, 1)?, 8)?, 64),
        _ => return line.unknown(),
    };
    let (difference, below) = bits::sub(&a, &b, &Bit::Zero);
    let top = |word: &[Bit]| word.last().cloned().unwrap_or(Bit::Zero);
    let less = if stem.starts_with("cl") { below } else { below.xor(&top(&a)).xor(&top(&b)) };
    let equal = bits::is_zero(&difference);
    let bit = match jump {
        None => {
            set_signs(cpu, &equal, &less);
            return Ok(Next::Here);
        }
        Some("e") => equal,
        Some("ne") => equal.not(),
        Some("l") => less,
        Some("nl" | "he") => less.not(),
        Some("h") => equal.or(&less).not(),
        Some("nh" | "le") => equal.or(&less),
        Some(_) => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.target(2)?))
}

/// What an instruction leaves that nobody asks for here.
fn forget_code(cpu: &mut Cpu) {
    cpu.conditions.clear();
}

fn branch(cpu: &Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let cc = |n: usize| cpu.condition(&format!("cc{n}"));
    let bit = match name {
        "j" | "jg" => Bit::One,
        "je" | "jz" | "jge" | "jgz" => cc(0)?,
        "jne" | "jnz" | "jgne" | "jgnz" => cc(0)?.not(),
        "jo" => cc(3)?,
        "jno" => cc(3)?.not(),
        _ => return line.unknown(),
    };
    Ok(Next::Branch(bit, line.target(0)?))
}

pub(super) fn step(image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
    let name = line.name.as_str();
    match name {
        "nop" | "nopr" => return Ok(Next::Here),
        "br" if line.operand(0)? == "%r14" => return Ok(Next::Returns),
        "ber" | "bner" if line.operand(0)? == "%r14" => {
            let equal = cpu.condition("cc0")?;
            return Ok(Next::ReturnsIf(if name == "ber" { equal } else { equal.not() }));
        }
        _ if name.starts_with('j') => return branch(cpu, line, name),
        _ if name.starts_with('c') => return compare(image, cpu, line, name),
        "tmll" | "tmlh" | "tmhl" | "tmhh" => return test(cpu, line, name),
        _ => {}
    }
    let to = register(line, 0)?;
    let own = cpu.get(to);
    let low = |word: &[Bit]| -> Word { word.iter().take(32).cloned().collect() };
    let get = |n: usize| register(line, n).map(|register| cpu.get(register));
    let with_low = |low: &[Bit]| -> Word { low.iter().take(32).chain(own.iter().skip(32)).cloned().collect() };
    let three = line.operands.len() == 3;
    let (a, b) = if three { (1, 2) } else { (0, 1) };
    let top = |word: &[Bit]| word.last().cloned().unwrap_or(Bit::Zero);
    let word = match name {
        "lgr" => get(1)?,
        "ltgr" => {
            let word = get(1)?;
            set_signs(cpu, &bits::is_zero(&word), &top(&word));
            word
        }
        "larl" => number(line.target(1)?, 64),
        "lgrl" => number(image.number(line.target(1)?, 8)?, 64),
        "lg" => number(image.number(place(cpu, line, 1)?, 8)?, 64),
        _ if name.starts_with("locg") => {
            let (other, code) = match name.strip_prefix("locghi") {
                Some(code) => (number(line.number(1)?, 64), code),
                None => (get(1)?, name.trim_start_matches("locgr")),
            };
            let equal = cpu.condition("cc0")?;
            match code {
                "e" => bits::select(&equal, &other, &own),
                "ne" => bits::select(&equal, &own, &other),
                _ => return line.unknown(),
            }
        }
        "lr" => with_low(&get(1)?),
        "lgfr" => extended(&get(1)?, 32),
        "llgfr" => bits::resized(&low(&get(1)?), 64),
        "lghi" | "lgfi" => number(line.number(1)?, 64),
        "lhi" => with_low(&number(line.number(1)?, 32)),
        "llill" | "llilf" => number(line.number(1)?, 64),
        "llilh" => number(line.number(1)? << 16, 64),
        "llihl" | "llihf" => number(line.number(1)? << 32, 64),
        "llihh" => number(line.number(1)? << 48, 64),
        "sllg" => bits::shl(&get(1)?, line.count(2)?),
        "srlg" => bits::shr(&get(1)?, line.count(2)?, &Bit::Zero),
        "rllg" => bits::rotated(&get(1)?, line.count(2)?),
        "ngr" | "ngrk" | "ogr" | "ogrk" | "xgr" | "xgrk" | "ng" | "og" | "xg" => {
            let (a, b) = if name.len() == 2 {
                (own.clone(), number(image.number(place(cpu, line, 1)?, 8)?, 64))
            } else {
                (get(a)?, get(b)?)
            };
            let word = match name.as_bytes() {
                [b'n', ..] => bits::each(&a, &b, Bit::and),
                [b'o', ..] => bits::each(&a, &b, Bit::or),
                _ => bits::each(&a, &b, Bit::xor),
            };
            set_zero_or_not(cpu, &word);
            word
        }
        "agr" | "agrk" | "algr" | "algrk" | "sgr" | "sgrk" | "slgr" | "slgrk" => {
            let (a, b) = (get(a)?, get(b)?);
            forget_code(cpu);
            match name.as_bytes() {
                [b's', ..] => bits::sub(&a, &b, &Bit::Zero).0,
                _ => bits::add(&a, &b, &Bit::Zero).0,
            }
        }
        "aghi" | "agfi" | "algfi" | "aghik" => {
            let (from, value) = if three { (get(1)?, line.number(2)?) } else { (own.clone(), line.number(1)?) };
            forget_code(cpu);
            bits::add(&from, &number(value, 64), &Bit::Zero).0
        }
        "lcgr" | "lpgr" | "lngr" => {
            let word = get(1)?;
            let negative = bits::sub(&number(0, 64), &word, &Bit::Zero).0;
            forget_code(cpu);
            match name {
                "lcgr" => negative,
                "lpgr" => bits::select(&top(&word), &negative, &word),
                _ => bits::select(&top(&word), &word, &negative),
            }
        }
        "srag" => {
            let word = get(1)?;
            forget_code(cpu);
            bits::shr(&word, line.count(2)?, &top(&word))
        }
        "risbg" | "risbgz" | "risbgn" | "risbgnz" | "rosbg" | "rnsbg" | "rxsbg" => selected(cpu, line, name, &own)?,
        _ => part(cpu, line, name, &own)?,
    };
    cpu.set(to, &word);
    Ok(Next::Here)
}

/// A turned register, of which some bits are put into another.
fn selected(cpu: &mut Cpu, line: &Line, name: &str, own: &[Bit]) -> Result<Word, Stuck> {
    let position = |n: usize| -> Result<u32, Stuck> {
        let value = line.operands.get(n).map_or(Ok(0), |_| line.number(n))?;
        // What is above has other meanings.
        u32::try_from(value).ok().filter(|value| *value < 64).ok_or_else(|| Stuck::new("has a position above 63"))
    };
    let word = bits::rotated(&cpu.get(register(line, 1)?), position(4)? as usize);
    let here = number(mask(position(2)?, position(3)?), 64);
    let chosen = bits::each(&word, &here, Bit::and);
    let result = match name {
        "risbgz" | "risbgnz" => chosen,
        "risbg" | "risbgn" => bits::each(&bits::each(own, &here, Bit::and_not), &chosen, Bit::or),
        "rosbg" => bits::each(own, &chosen, Bit::or),
        "rxsbg" => bits::each(own, &chosen, Bit::xor),
        // All others stay.
        _ => bits::each(own, &bits::each(&word, &bits::not(&here), Bit::or), Bit::and),
    };
    match name {
        "risbgn" | "risbgnz" => {}
        "risbg" | "risbgz" => {
            set_signs(cpu, &bits::is_zero(&result), &result.last().cloned().unwrap_or(Bit::Zero));
        }
        _ => set_zero_or_not(cpu, &result),
    }
    Ok(result)
}

/// The instructions with a number for a part of a register: `oill`, `nilf`, `iihh`.
fn part(cpu: &mut Cpu, line: &Line, name: &str, own: &[Bit]) -> Result<Word, Stuck> {
    let (at, width) = match name.get(1..) {
        Some("ill") => (0, 16),
        Some("ilh") => (16, 16),
        Some("ihl") => (32, 16),
        Some("ihh") => (48, 16),
        Some("ilf") => (0, 32),
        Some("ihf") => (32, 32),
        _ => return line.unknown(),
    };
    let old: Word = own.iter().skip(at).take(width).cloned().collect();
    let value = number(line.number(1)?, width);
    let new = match name.as_bytes().first() {
        Some(b'n') => bits::each(&old, &value, Bit::and),
        Some(b'o') => bits::each(&old, &value, Bit::or),
        Some(b'x') => bits::each(&old, &value, Bit::xor),
        Some(b'i') => value,
        _ => return line.unknown(),
    };
    if !name.starts_with('i') {
        set_zero_or_not(cpu, &new);
    }
    let mut word = own.to_vec();
    word.splice(at..at + width, new);
    Ok(word)
}

/// Whether the bits under a mask are all 0, all 1, or some of each, with the first 0 or 1.
fn test(cpu: &mut Cpu, line: &Line, name: &str) -> Result<Next, Stuck> {
    let at = match name {
        "tmll" => 0,
        "tmlh" => 16,
        "tmhl" => 32,
        _ => 48,
    };
    let word = cpu.get(register(line, 0)?);
    let mask = number(line.number(1)?, 16);
    let under: Word =
        word.into_iter().skip(at).take(16).zip(&mask).filter(|(_, mask)| mask.is_one()).map(|it| it.0).collect();
    let (zeros, ones) = (bits::is_zero(&under), bits::is_zero(&bits::not(&under)));
    let first = under.last().cloned().unwrap_or(Bit::Zero);
    let mixed = zeros.or(&ones).not();
    // Nothing under the mask is all zeros.
    let ones = ones.and_not(&zeros);
    set_code(cpu, [zeros, mixed.and_not(&first), mixed.and(&first), ones]);
    Ok(Next::Here)
}
