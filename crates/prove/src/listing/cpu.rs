//! What a machine holds while it runs: registers, conditions, and its stack.

use std::collections::BTreeMap;

use super::Convention;
use crate::bits::{self, Bit, Bits, Block, Word, known, number, resized};
use crate::image::Image;
use crate::state::Stuck;

/// More than any of these machines has.
const REGISTERS: usize = 64;

/// What the registers hold, and the conditions that instructions leave: by the names that an architecture has for them.
#[derive(Clone, Debug)]
pub(super) struct Cpu {
    pub(super) when: Bit,
    /// As wide as the machine has them.
    pub(super) registers: Vec<Word>,
    pub(super) width: usize,
    pub(super) conditions: BTreeMap<String, Bit>,
    /// What was stored on the stack, byte by byte, by the distance from where the caller left it.
    pub(super) stack: BTreeMap<i64, Word>,
    /// What the stack pointer was.
    pub(super) bottom: Word,
    /// What the register with the address to return to was.
    pub(super) back: Word,
    /// From where on, and up to where, what is on the stack is the function's own.
    pub(super) own: (i64, i64),
    pub(super) big_endian: bool,
}

/// Memory that a function may use.
pub(super) enum Place {
    Stack(i64),
    Constant(u64),
}

impl Cpu {
    /// As a caller has left it.
    pub(super) fn new(
        bits: &Bits,
        big_endian: bool,
        convention: &Convention,
        arguments: &[Word],
    ) -> Result<Self, Stuck> {
        let width = convention.width;
        let registers: Vec<_> = (0..REGISTERS).map(|n| untouched(bits, n, width)).collect();
        let bottom = registers.get(convention.stack).cloned().unwrap_or_default();
        let back = registers.get(convention.link).cloned().unwrap_or_default();
        let own = convention.own;
        let (conditions, stack) = (BTreeMap::new(), BTreeMap::new());
        let mut cpu = Self { when: Bit::One, registers, width, conditions, stack, bottom, back, own, big_endian };
        let mut parts = Vec::new();
        for word in arguments {
            let mut halves: Vec<_> = word.chunks(width).map(|half| resized(half, width)).collect();
            if big_endian {
                halves.reverse();
            }
            parts.extend(halves);
        }
        if convention.arguments.is_empty() {
            // Behind the address to return to, which nothing here changes.
            let bytes = i64::try_from(width / 8).unwrap_or_default();
            for (n, part) in (1..).zip(&parts) {
                cpu.put(n * bytes, part);
            }
            return Ok(cpu);
        }
        if parts.len() > convention.arguments.len() {
            return Err(Stuck::new("has more arguments than registers"));
        }
        for (register, part) in convention.arguments.iter().zip(&parts) {
            cpu.set(*register, part);
        }
        Ok(cpu)
    }

    pub(super) fn get(&self, register: usize) -> Word {
        self.registers.get(register).cloned().unwrap_or_else(|| number(0, self.width))
    }

    pub(super) fn set(&mut self, register: usize, word: &[Bit]) {
        if let Some(place) = self.registers.get_mut(register) {
            *place = resized(word, self.width);
        }
    }

    pub(super) fn number(&self, value: u64) -> Word {
        number(value, self.width)
    }

    pub(super) fn condition(&self, name: &str) -> Result<Bit, Stuck> {
        let bit = self.conditions.get(name).cloned();
        bit.ok_or_else(|| Stuck::new(format!("asks for {name}, which nothing has set")))
    }

    pub(super) fn set_condition(&mut self, name: impl Into<String>, bit: Bit) {
        self.conditions.insert(name.into(), bit);
    }

    /// What lies at an address: the stack, or what never changes.
    pub(super) fn place(&self, address: &[Bit], text: &str) -> Result<Place, Stuck> {
        if let Some(at) = known(address) {
            return Ok(Place::Constant(at));
        }
        let distance = (!self.bottom.is_empty()).then(|| bits::sub(address, &self.bottom, &Bit::Zero).0);
        match distance.as_deref().and_then(known) {
            Some(distance) => Ok(Place::Stack(signed(distance, self.width).cast_signed())),
            None => Err(Stuck::new(format!("uses memory at {text:?}, which is neither the stack nor a constant"))),
        }
    }

    /// Reads so many bytes.
    pub(super) fn load(&self, image: &Image, address: &[Bit], bytes: usize, text: &str) -> Result<Word, Stuck> {
        match self.place(address, text)? {
            Place::Constant(at) => Ok(number(image.number(at, bytes)?, 8 * bytes)),
            Place::Stack(at) => {
                let unwritten = || Stuck::new("reads memory that nothing has written");
                let mut all = Vec::new();
                for (at, _) in (at..).zip(0..bytes) {
                    all.push(self.stack.get(&at).cloned().ok_or_else(unwritten)?);
                }
                if self.big_endian {
                    all.reverse();
                }
                Ok(all.concat())
            }
        }
    }

    /// Writes bits, on the function's own stack.
    pub(super) fn store(&mut self, address: &[Bit], word: &[Bit], text: &str) -> Result<(), Stuck> {
        let bytes = i64::try_from(word.len() / 8).unwrap_or_default();
        match self.place(address, text)? {
            Place::Stack(at) if self.own.0 <= at && at.saturating_add(bytes) <= self.own.1 => {
                self.put(at, word);
                Ok(())
            }
            _ => Err(Stuck::new(format!("writes to {text:?}, which is not its own"))),
        }
    }

    pub(super) fn put(&mut self, at: i64, word: &[Bit]) {
        let mut all: Vec<_> = word.chunks(8).map(<[Bit]>::to_vec).collect();
        if self.big_endian {
            all.reverse();
        }
        self.stack.extend((at..).zip(all));
    }

    /// The side for which a condition holds, if there is one; this one goes on with the rest.
    pub(super) fn split(&mut self, condition: &Bit) -> Option<Self> {
        let (yes, no) = (self.when.and(condition), self.when.and_not(condition));
        let taken = (!yes.is_zero()).then(|| Self { when: yes, ..self.clone() });
        self.when = no;
        taken
    }
}

/// What a caller has left in a register.
pub(super) fn untouched(bits: &Bits, n: usize, width: usize) -> Word {
    resized(&bits.block(Block::Register(n)), width)
}

/// A number of so many bits with its sign.
pub(super) const fn signed(value: u64, width: usize) -> u64 {
    match width {
        0..64 if value >> (width.saturating_sub(1)) & 1 != 0 => value | u64::MAX << width,
        _ => value,
    }
}

/// A word of half the width, extended by its sign.
pub(super) fn extended(word: &[Bit], width: usize) -> Word {
    let sign = width.checked_sub(1).and_then(|top| word.get(top)).cloned().unwrap_or(Bit::Zero);
    let mut wide: Word = word.iter().take(width).cloned().collect();
    wide.resize(64, sign);
    wide
}

/// How many zeros a word begins with from the top.
pub(super) fn leading_zeros(word: &[Bit]) -> Word {
    let mut count = number(word.len() as u64, 64);
    // From the lowest one up, so that the highest decides last.
    for (n, bit) in word.iter().enumerate() {
        let zeros = word.len() - 1 - n;
        count = bits::select(bit, &number(zeros as u64, 64), &count);
    }
    count
}

/// The highest bit: the sign.
pub(super) fn top(word: &[Bit]) -> Bit {
    word.last().cloned().unwrap_or(Bit::Zero)
}

/// Whether the first is below the second, as numbers without a sign.
pub(super) fn below(a: &[Bit], b: &[Bit]) -> Bit {
    bits::sub(a, b, &Bit::Zero).1
}

/// Whether the first is less than the second, as numbers with a sign.
pub(super) fn less(a: &[Bit], b: &[Bit]) -> Bit {
    // Of different signs the negative one is less, though it is above without signs.
    below(a, b).xor(&top(a)).xor(&top(b))
}

/// Whether they are the same.
pub(super) fn same(a: &[Bit], b: &[Bit]) -> Bit {
    bits::is_zero(&bits::each(a, b, Bit::xor))
}

/// So many bits from a place on, with zeros above.
pub(super) fn field(word: &[Bit], at: usize, len: usize) -> Word {
    word.iter().skip(at).take(len).cloned().collect()
}

/// A word with so many bits of another from a place on.
pub(super) fn inserted(word: &[Bit], at: usize, len: usize, field: &[Bit]) -> Result<Word, Stuck> {
    if at + len > word.len() {
        return Err(Stuck::new("has a field that is too wide"));
    }
    let mut word = word.to_vec();
    word.splice(at..at + len, resized(field, len));
    Ok(word)
}
