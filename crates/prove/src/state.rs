//! What a machine has while it runs: registers, memory, and for which inputs it came here.

use std::collections::BTreeMap;

use crate::bits::{self, Bit, Bits, Block, Word, number};
use crate::image::Image;

/// Why a function cannot be judged. Never a proof, and never passed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stuck(String);

impl Stuck {
    /// For this reason.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The same, with where it happened.
    #[must_use]
    pub fn at(self, place: impl std::fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl std::fmt::Display for Stuck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stuck {}

/// Memory that somebody gives, somewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Region {
    /// The caller's, for a result that fits no registers.
    Result,
    /// The stack, from where the caller left it.
    Stack,
}

impl Region {
    const fn block(self) -> Block {
        match self {
            Self::Result => Block::Result,
            Self::Stack => Block::Stack,
        }
    }
}

/// 64 bits.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Bit by bit.
    Word(Word),
    /// That many bytes into such memory, wherever it is.
    Address(Region, i64),
}

impl Value {
    /// A number.
    #[must_use]
    pub fn number(value: u64) -> Self {
        Self::Word(number(value, 64))
    }

    /// Bit by bit: of memory that may be anywhere, an address may be anything.
    #[must_use]
    pub fn word(&self, bits: &Bits) -> Word {
        match self {
            Self::Word(word) => word.clone(),
            Self::Address(region, offset) => {
                let offset = number(offset.cast_unsigned(), 64);
                bits::add(&bits.block(region.block()), &offset, &Bit::Zero).0
            }
        }
    }

    /// The sum with a number, which of an address is an address again.
    #[must_use]
    pub fn plus(&self, bits: &Bits, by: &Self) -> Self {
        let sum = match (self, by) {
            (Self::Address(region, offset), Self::Word(by)) | (Self::Word(by), Self::Address(region, offset)) => {
                bits::known(by).map(|by| Self::Address(*region, offset.wrapping_add(by.cast_signed())))
            }
            _ => None,
        };
        sum.unwrap_or_else(|| Self::Word(bits::add(&self.word(bits), &by.word(bits), &Bit::Zero).0))
    }
}

/// A byte of memory.
#[derive(Clone, PartialEq, Debug)]
enum Byte {
    Bits(Word),
    /// One of the eight of an address.
    Of(Value, usize),
}

/// What was written to memory.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    bytes: BTreeMap<(Region, i64), Byte>,
}

impl Memory {
    /// Writes bits, as bytes from the lowest up.
    pub fn write(&mut self, region: Region, at: i64, word: &[Bit]) {
        for (k, byte) in (0..).zip(word.chunks(8)) {
            self.bytes.insert((region, at + k), Byte::Bits(byte.to_vec()));
        }
    }

    /// Writes so many bytes: what an address has of them on the machine.
    pub fn write_value(&mut self, region: Region, at: i64, value: &Value, len: usize) {
        match value {
            Value::Word(word) => self.write(region, at, word.get(..8 * len).unwrap_or(word)),
            Value::Address(..) => {
                for (k, part) in (0..).zip(0..len) {
                    self.bytes.insert((region, at + k), Byte::Of(value.clone(), part));
                }
            }
        }
    }

    /// So many bytes, which may be an address; 0 above them.
    ///
    /// # Errors
    /// A byte that nothing has written.
    pub fn read_value(&self, bits: &Bits, region: Region, at: i64, len: usize) -> Result<Value, Stuck> {
        if let Some(Byte::Of(value, 0)) = self.bytes.get(&(region, at)) {
            let whole = (0..)
                .zip(0..len)
                .all(|(k, part)| self.bytes.get(&(region, at + k)) == Some(&Byte::Of(value.clone(), part)));
            if whole {
                return Ok(value.clone());
            }
        }
        self.read(bits, region, at, len).map(|word| Value::Word(bits::resized(&word, 64)))
    }

    /// So many bytes.
    ///
    /// # Errors
    /// One that nothing has written.
    pub fn read(&self, bits: &Bits, region: Region, at: i64, len: usize) -> Result<Word, Stuck> {
        let mut word = Word::new();
        for (at, _) in (at..).zip(0..len) {
            match self.bytes.get(&(region, at)) {
                None => return Err(Stuck::new("reads memory that nothing has written")),
                Some(Byte::Bits(byte)) => word.extend_from_slice(byte),
                Some(Byte::Of(value, part)) => word.extend(value.word(bits).into_iter().skip(part * 8).take(8)),
            }
        }
        Ok(word)
    }

    /// Where bytes of a region were written.
    #[must_use]
    pub fn written(&self, region: Region) -> Vec<i64> {
        self.bytes.keys().filter(|key| key.0 == region).map(|key| key.1).collect()
    }
}

/// How a path ends: for which inputs, and with what.
#[derive(Clone, Debug)]
pub struct End {
    /// The inputs that come here.
    pub when: Bit,
    /// The registers in which a result comes back, the first and the second.
    pub results: [Value; 2],
    /// What was written.
    pub memory: Memory,
}

/// A machine that runs a function on all inputs at once.
pub trait Machine {
    /// The bits of its registers. What is wider comes and goes in two of them.
    fn width(&self) -> usize;

    /// Every way through the function at an address: with these arguments, and with memory for a result before them or
    /// without.
    ///
    /// # Errors
    /// An instruction or a place in memory that is not understood, by its address.
    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck>;
}
