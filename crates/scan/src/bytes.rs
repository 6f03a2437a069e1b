//! Words out of bytes: the one place that knows byte orders.

use swp_pte::{PteBits, SwpPte};

/// The bytes of one word, four or eight.
pub(crate) trait WordBytes: Copy {
    /// The slice as whole words, and what is left over.
    fn split(bytes: &[u8]) -> (&[Self], &[u8]);

    /// The bytes of whole words.
    fn join(words: &[Self]) -> &[u8];

    /// The number that they are in a byte order.
    fn number<O: Order>(self) -> u64;
}

impl WordBytes for [u8; 4] {
    #[inline(always)]
    fn split(bytes: &[u8]) -> (&[Self], &[u8]) {
        bytes.as_chunks()
    }

    #[inline(always)]
    fn join(words: &[Self]) -> &[u8] {
        words.as_flattened()
    }

    #[inline(always)]
    fn number<O: Order>(self) -> u64 {
        u64::from(if O::BIG { u32::from_be_bytes(self) } else { u32::from_le_bytes(self) })
    }
}

impl WordBytes for [u8; 8] {
    #[inline(always)]
    fn split(bytes: &[u8]) -> (&[Self], &[u8]) {
        bytes.as_chunks()
    }

    #[inline(always)]
    fn join(words: &[Self]) -> &[u8] {
        words.as_flattened()
    }

    #[inline(always)]
    fn number<O: Order>(self) -> u64 {
        if O::BIG { u64::from_be_bytes(self) } else { u64::from_le_bytes(self) }
    }
}

/// A byte order as a type, so that each has a loop of its own.
pub(crate) trait Order {
    const BIG: bool;
}

pub(crate) struct Big;
pub(crate) struct Little;

impl Order for Big {
    const BIG: bool = true;
}

impl Order for Little {
    const BIG: bool = false;
}

/// The backend's type for a number out of [`WordBytes`]; `None` never happens for words of the layout's width.
#[inline(always)]
pub(crate) fn pte<P: SwpPte>(number: u64) -> Option<P> {
    P::Bits::try_from_u64(number).map(P::from_bits)
}

/// A loop over words, to be compiled for each width and byte order.
pub(crate) trait Loop {
    type Output;

    fn run<W: WordBytes, O: Order>(self, words: &[W]) -> Self::Output;
}

/// Runs a loop over the whole words of `bytes`, of a width in bytes, most significant byte first or last.
#[inline(always)]
pub(crate) fn over_words<L: Loop>(bytes: &[u8], word: usize, big: bool, l: L) -> L::Output {
    #[inline(always)]
    fn with<L: Loop, W: WordBytes>(bytes: &[u8], big: bool, l: L) -> L::Output {
        let (words, _) = W::split(bytes);
        if big { l.run::<W, Big>(words) } else { l.run::<W, Little>(words) }
    }
    match word {
        4 => with::<L, [u8; 4]>(bytes, big, l),
        _ => with::<L, [u8; 8]>(bytes, big, l),
    }
}

/// A length that is no multiple of the word's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartialWord {
    /// How many bytes there are.
    pub length: usize,
    /// How many bytes a word of the layout has, 4 or 8, times its copies.
    pub word: usize,
}

impl core::fmt::Display for PartialWord {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { length, word } = self;
        write!(f, "{length} bytes are not a whole number of words of {word} bytes: {} are left over", length % word)
    }
}

impl core::error::Error for PartialWord {}
