//! Machines that are read as a disassembler lists them: the binutils' `objdump -d --no-show-raw-insn`.
//!
//! A kernel's helpers are a few instructions each, of which an architecture needs one or two dozen; each has a file that knows
//! them, by the names that the disassembler gives them. Any other is an error.

mod arm64;
mod ppc64;
mod riscv64;
mod s390;

use std::collections::BTreeMap;

use crate::bits::{self, Bit, Bits, Block, Word, number, resized};
use crate::image::Image;
use crate::state::{End, Machine, Memory, Stuck, Value};

/// An architecture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    /// 64-bit Arm.
    Arm64,
    /// 64-bit PowerPC, in either byte order.
    Ppc64,
    /// RISC-V with 64 bits.
    Riscv64,
    /// IBM Z.
    S390,
}

/// A listing of compiled code.
#[derive(Clone, Debug)]
pub struct Listing {
    isa: Isa,
    lines: BTreeMap<u64, Line>,
}

/// An instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    at: u64,
    /// The instruction behind it.
    next: Option<u64>,
    name: String,
    operands: Vec<String>,
}

/// How many instructions all paths of a helper may have together.
const STEPS: usize = 10_000;

/// What the registers hold, and the conditions that instructions leave: by the names that an architecture has for them.
#[derive(Clone, Debug)]
struct Cpu {
    when: Bit,
    registers: Vec<Word>,
    conditions: BTreeMap<String, Bit>,
    /// What was stored on the stack, by the distance from where the caller left it.
    stack: BTreeMap<i64, Word>,
}

/// Where a path goes on.
enum Next {
    Here,
    /// To this address, for these inputs; else here.
    Branch(Bit, u64),
    Returns,
    /// For these inputs; else here.
    ReturnsIf(Bit),
}

/// What differs between architectures, beside the instructions.
struct Convention {
    arguments: &'static [usize],
    result: usize,
    /// What a function leaves as it found it, the address to return to among them.
    kept: &'static [usize],
    /// A register that is always 0.
    zero: Option<usize>,
}

impl Isa {
    const fn convention(self) -> Convention {
        match self {
            Self::Arm64 => arm64::CONVENTION,
            Self::Ppc64 => ppc64::CONVENTION,
            Self::Riscv64 => riscv64::CONVENTION,
            Self::S390 => s390::CONVENTION,
        }
    }

    fn step(self, bits: &Bits, image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
        match self {
            Self::Arm64 => arm64::step(cpu, line),
            Self::Ppc64 => ppc64::step(cpu, line),
            Self::Riscv64 => riscv64::step(bits, image, cpu, line),
            Self::S390 => s390::step(image, cpu, line),
        }
    }
}

impl Listing {
    /// The instructions in a disassembler's output.
    #[must_use]
    pub fn parse(isa: Isa, text: &str) -> Self {
        let mut lines: BTreeMap<_, _> = text.lines().filter_map(Line::parse).map(|line| (line.at, line)).collect();
        let places: Vec<_> = lines.keys().copied().collect();
        for pair in places.windows(2) {
            if let [at, next] = *pair
                && let Some(line) = lines.get_mut(&at)
            {
                line.next = Some(next);
            }
        }
        Self { isa, lines }
    }
}

impl Line {
    /// An address, a colon and a tab, then the instruction, and remarks.
    fn parse(text: &str) -> Option<Self> {
        let (at, code) = text.split_once(":\t")?;
        let at = u64::from_str_radix(at.trim(), 16).ok()?;
        // Remarks of the disassembler's own.
        let code =
            ["\t//", " # ", " <"].into_iter().fold(code, |code, mark| code.split(mark).next().unwrap_or(code)).trim();
        let (name, operands) = code.split_once(|c: char| c.is_whitespace()).unwrap_or((code, ""));
        let operands = operands.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Some(Self { at, next: None, name: name.to_owned(), operands })
    }

    fn operand(&self, n: usize) -> Result<&str, Stuck> {
        self.operands.get(n).map(String::as_str).ok_or_else(|| Stuck::new(format!("has no operand {n}")))
    }

    /// A number: `#0x4`, `-1`, `12`, of which some listings say hexadecimal ones without a mark.
    fn number(&self, n: usize) -> Result<u64, Stuck> {
        let text = self.operand(n)?;
        value(text).ok_or_else(|| Stuck::new(format!("has {text:?} for a number")))
    }

    /// A number of bits.
    fn count(&self, n: usize) -> Result<usize, Stuck> {
        let count = usize::try_from(self.number(n)?).ok().filter(|count| *count <= 64);
        count.ok_or_else(|| Stuck::new("has a number of bits above 64"))
    }

    /// The address of a branch.
    fn target(&self, n: usize) -> Result<u64, Stuck> {
        let text = self.operand(n)?.trim_start_matches("0x");
        u64::from_str_radix(text, 16).map_err(|_| Stuck::new(format!("goes to {text:?}")))
    }

    fn unknown<T>(&self) -> Result<T, Stuck> {
        Err(Stuck::new("is not known here"))
    }
}

fn value(text: &str) -> Option<u64> {
    let text = text.trim_start_matches('#');
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if minus { value.wrapping_neg() } else { value })
}

impl Cpu {
    fn get(&self, register: usize) -> Word {
        self.registers.get(register).cloned().unwrap_or_else(|| number(0, 64))
    }

    fn set(&mut self, register: usize, word: &[Bit]) {
        if let Some(place) = self.registers.get_mut(register) {
            *place = resized(word, 64);
        }
    }

    fn condition(&self, name: &str) -> Result<Bit, Stuck> {
        let bit = self.conditions.get(name).cloned();
        bit.ok_or_else(|| Stuck::new(format!("asks for {name}, which nothing has set")))
    }

    fn set_condition(&mut self, name: impl Into<String>, bit: Bit) {
        self.conditions.insert(name.into(), bit);
    }
}

impl Machine for Listing {
    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck> {
        let convention = self.isa.convention();
        if memory || arguments.len() > convention.arguments.len() {
            return Err(Stuck::new("has more arguments than registers"));
        }
        let mut registers: Vec<_> = (0..32).map(|n| bits.block(Block::Register(n))).collect();
        for (register, word) in convention.arguments.iter().zip(arguments) {
            registers[*register] = word.clone();
        }
        let mut open =
            vec![(entry, Cpu { when: Bit::One, registers, conditions: BTreeMap::new(), stack: BTreeMap::new() })];
        let (mut ends, mut steps) = (Vec::new(), 0);
        while let Some((mut at, mut cpu)) = open.pop() {
            loop {
                steps += 1;
                let line =
                    self.lines.get(&at).ok_or_else(|| Stuck::new(format!("goes to {at:#x}, where no code is")))?;
                let place = |stuck: Stuck| stuck.at(format!("at {at:#x}, {} {}", line.name, line.operands.join(",")));
                if steps > STEPS {
                    return Err(place(Stuck::new(format!("goes on after {STEPS} instructions"))));
                }
                if let Some(zero) = convention.zero {
                    cpu.set(zero, &number(0, 64));
                }
                match self.isa.step(bits, image, &mut cpu, line).map_err(place)? {
                    Next::Here => {}
                    Next::Branch(condition, target) => {
                        let (yes, no) = (cpu.when.and(&condition), cpu.when.and_not(&condition));
                        if !yes.is_zero() {
                            open.push((target, Cpu { when: yes, ..cpu.clone() }));
                        }
                        if no.is_zero() {
                            break;
                        }
                        cpu.when = no;
                    }
                    Next::Returns => {
                        ends.push(self.end(bits, &cpu).map_err(place)?);
                        break;
                    }
                    Next::ReturnsIf(condition) => {
                        let (yes, no) = (cpu.when.and(&condition), cpu.when.and_not(&condition));
                        if !yes.is_zero() {
                            ends.push(self.end(bits, &Cpu { when: yes, ..cpu.clone() }).map_err(place)?);
                        }
                        if no.is_zero() {
                            break;
                        }
                        cpu.when = no;
                    }
                }
                at = line.next.ok_or_else(|| Stuck::new("runs out of the listing"))?;
            }
        }
        Ok(ends)
    }
}

impl Listing {
    /// What a caller sees, once everything is as it must be.
    fn end(&self, bits: &Bits, cpu: &Cpu) -> Result<End, Stuck> {
        let convention = self.isa.convention();
        let kept = |n: &&usize| cpu.get(**n) == bits.block(Block::Register(**n));
        if let Some(n) = convention.kept.iter().find(|n| !kept(n)) {
            return Err(Stuck::new(format!("returns with another register {n}")));
        }
        let results = [cpu.get(convention.result), number(0, 64)].map(Value::Word);
        Ok(End { when: cpu.when.clone(), results, memory: Memory::default() })
    }
}

/// A word of half the width, extended by its sign.
fn extended(word: &[Bit], width: usize) -> Word {
    let sign = width.checked_sub(1).and_then(|top| word.get(top)).cloned().unwrap_or(Bit::Zero);
    let mut wide: Word = word.iter().take(width).cloned().collect();
    wide.resize(64, sign);
    wide
}

/// How many zeros a word begins with from the top.
fn leading_zeros(word: &[Bit]) -> Word {
    let mut count = number(word.len() as u64, 64);
    // From the lowest one up, so that the highest decides last.
    for (n, bit) in word.iter().enumerate() {
        let zeros = word.len() - 1 - n;
        count = bits::select(bit, &number(zeros as u64, 64), &count);
    }
    count
}

/// A word turned upwards by a number, of 32 or 64 bits.
fn turned(word: &[Bit], by: usize) -> Word {
    bits::rotated(word, by)
}
