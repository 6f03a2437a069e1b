//! Lines of text, put together in memory that is there already: a value costs its bytes and nothing else.

use std::io::{self, Write};

use swp_pte::{Flag, Layout};

use super::Markers;
use crate::rows::Sink;

/// Room for a line: far more than the longest of any format.
const ROOM: usize = 256;

/// Lines, and room for more.
#[derive(Debug, Default)]
pub(crate) struct Text {
    bytes: Vec<u8>,
    used: usize,
}

impl Text {
    /// Adds a line.
    #[inline]
    pub(crate) fn line(&mut self, write: impl FnOnce(&mut Line<'_>)) {
        if self.bytes.len() < self.used + ROOM {
            self.grow();
        }
        if let Some(room) = self.bytes.get_mut(self.used..).and_then(<[u8]>::first_chunk_mut) {
            let mut line = Line { room, used: 0 };
            write(&mut line);
            self.used += line.used;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let room = self.used + ROOM;
        self.bytes.resize(room.max(room.next_multiple_of(1 << 16)).max(self.bytes.len() * 2), 0);
    }

    /// The lines.
    pub(crate) fn lines(&self) -> &[u8] {
        self.bytes.get(..self.used).unwrap_or_default()
    }

    /// Forgets the lines, and keeps the memory.
    pub(crate) const fn clear(&mut self) {
        self.used = 0;
    }
}

impl<W: Write + Send> Sink<Text> for W {
    fn write(&mut self, lines: &mut Text) -> io::Result<()> {
        let written = self.write_all(lines.lines());
        lines.clear();
        written
    }
}

/// A line that is being written.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    room: &'a mut [u8; ROOM],
    used: usize,
}

impl Line<'_> {
    /// Puts `N` bytes there, of which `length` belong to the line: the compiler knows how to copy a number of bytes that
    /// it knows.
    #[inline(always)]
    fn put<const N: usize>(&mut self, bytes: &[u8; N], length: usize) {
        if let Some(place) = self.room.get_mut(self.used..).and_then(<[u8]>::first_chunk_mut) {
            *place = *bytes;
            self.used += length;
        }
    }

    /// Some text.
    #[inline(always)]
    pub(crate) fn text<const N: usize>(&mut self, text: &[u8; N]) {
        self.put(text, N);
    }

    /// A number in decimal.
    #[inline(always)]
    pub(crate) fn decimal(&mut self, number: u64) {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(number).as_bytes();
        if let Some(place) = self.room.get_mut(self.used..self.used + digits.len()) {
            place.copy_from_slice(digits);
            self.used += digits.len();
        }
    }

    /// A number in hexadecimal, without `0x`.
    #[inline(always)]
    pub(crate) fn hex(&mut self, number: u64) {
        let (digits, length) = hex(number);
        self.put(&digits, length);
    }

    /// What a line has for the markers of a word.
    #[inline(always)]
    pub(crate) fn tail(&mut self, tails: &Tails, word: u64) {
        let Tail { text, length } = tails.of(word);
        self.put(text, *length);
    }
}

/// The digits of a number, and how many there are: all digits at once, a byte each.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
const fn hex(number: u64) -> ([u8; 16], usize) {
    /// Each of eight digits in a byte of its own, the lowest in the lowest.
    const fn spread(half: u32) -> u64 {
        let half = half as u64;
        let half = (half | half << 16) & 0x0000_ffff_0000_ffff;
        let half = (half | half << 8) & 0x00ff_00ff_00ff_00ff;
        (half | half << 4) & 0x0f0f_0f0f_0f0f_0f0f
    }
    /// From 0 to 15 to its character.
    const fn characters(digits: u64) -> u64 {
        const EACH: u64 = 0x0101_0101_0101_0101;
        let letters = (digits + 6 * EACH) >> 4 & EACH;
        digits + b'0' as u64 * EACH + letters * (b'a' - b'0' - 10) as u64
    }
    let unused = (number | 1).leading_zeros() / 4;
    let from_the_left = number << (unused * 4);
    let high = characters(spread((from_the_left >> 32) as u32));
    let low = characters(spread(from_the_left as u32));
    (((high as u128) << 64 | low as u128).to_be_bytes(), 16 - unused as usize)
}

/// What follows the offset of a row, for each combination of markers.
#[derive(Debug)]
pub(crate) struct Tails {
    markers: Markers,
    tails: [Tail; 1 << Flag::ALL.len()],
}

/// As long as the longest: JSON has names in it.
#[derive(Clone, Copy, Debug)]
struct Tail {
    text: [u8; 96],
    length: usize,
}

impl Tails {
    /// `write` says what a row has for these markers; what is longer than there is room is an error of the format.
    ///
    /// # Errors
    /// [`io::ErrorKind::WriteZero`] then.
    pub(crate) fn new(
        layout: &Layout<'_>,
        write: impl Fn(&mut dyn Write, [Option<bool>; Flag::ALL.len()]) -> io::Result<()>,
    ) -> io::Result<Self> {
        let markers = Markers::new(layout);
        let mut tails = [Tail { text: [0; 96], length: 0 }; 1 << Flag::ALL.len()];
        for (combination, tail) in tails.iter_mut().enumerate() {
            let mut rest = tail.text.as_mut_slice();
            write(&mut rest, markers.of_combination(combination))?;
            tail.length = 96 - rest.len();
        }
        Ok(Self { markers, tails })
    }

    #[inline(always)]
    fn of(&self, word: u64) -> &Tail {
        &self.tails[self.markers.combination(word) % self.tails.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let near =
            (0..64).flat_map(|power| [1u64 << power, (1 << power) - 1, !(1 << power), 0xa5a5_a5a5_0f0f_9abc >> power]);
        let tens = (0..20).flat_map(|power| [10u64.pow(power), 10u64.pow(power) - 1]);
        for number in near.chain(tens).chain([0, 9, 10, 15, 16, u64::MAX]) {
            let mut text = Text::default();
            text.line(|line| {
                line.hex(number);
                line.text(b" ");
                line.decimal(number);
            });
            assert_eq!(str::from_utf8(text.lines()), Ok(format!("{number:x} {number}").as_str()));
        }
    }
}
