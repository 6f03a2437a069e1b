//! Input as people and programs write it, one thing a line; whatever a line holds, the rest is still read.

use std::io::{self, BufRead};
use std::num::ParseIntError;
use std::str::FromStr;

use swp_pte_forms::{Notation, given};

use crate::Error;

/// The longest line that is read. A word has some twenty characters; the rest of a longer line is passed over.
pub const LONGEST_LINE: usize = 4096;

/// How much of a line that is too long is shown.
const SHOWN: usize = 64;

/// A line of input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The text as it was given, without the line's end; of a line that is too long, the beginning. Bytes that are no
    /// UTF-8 are replaced by U+FFFD.
    pub text: String,
    /// Why it cannot be a word, if that is known already.
    pub fault: Option<&'static str>,
}

/// The lines of a stream, each in bounded memory.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    bytes: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `reader`.
    pub const fn new(reader: R) -> Self {
        Self { reader, bytes: Vec::new() }
    }

    /// The bytes of the next line, without its end; of a line that is too long the beginning. `None` at the end.
    ///
    /// # Errors
    /// What the system says of the stream.
    pub fn bytes(&mut self) -> io::Result<Option<&[u8]>> {
        self.bytes.clear();
        let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        io::Read::take(&mut self.reader, limit).read_until(b'\n', &mut self.bytes)?;
        if self.bytes.is_empty() {
            return Ok(None);
        }
        if self.bytes.pop_if(|last| *last == b'\n').is_none() && self.bytes.len() == LONGEST_LINE {
            skip_line(&mut self.reader)?;
        }
        Ok(Some(&self.bytes))
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// What the system says of the stream; nothing that is in it.
    pub fn read(&mut self) -> io::Result<Option<Line>> {
        self.bytes.clear();
        let limit = u64::try_from(LONGEST_LINE + 1).unwrap_or(u64::MAX);
        io::Read::take(&mut self.reader, limit).read_until(b'\n', &mut self.bytes)?;
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let ended = self.bytes.pop_if(|last| *last == b'\n').is_some();
        if !ended && self.bytes.len() > LONGEST_LINE {
            skip_line(&mut self.reader)?;
            let text = String::from_utf8_lossy(self.bytes.get(..SHOWN).unwrap_or_default()).into_owned() + "…";
            return Ok(Some(Line { text, fault: Some("the line is longer than 4096 bytes") }));
        }
        self.bytes.pop_if(|last| *last == b'\r');
        Ok(Some(match str::from_utf8(&self.bytes) {
            Ok(text) => Line { text: text.into(), fault: None },
            Err(_) => Line {
                text: String::from_utf8_lossy(&self.bytes).into_owned(),
                fault: Some("the line is not UTF-8 text"),
            },
        }))
    }
}

/// Reads up to the end of the line, keeping nothing.
fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// Reads a number: hex with `0x`, or decimal; `_` may separate digits.
///
/// # Errors
/// What is wrong with the text, and what would be right. Digits that could be hex or decimal are refused.
pub fn number(text: &str) -> Result<u64, String> {
    given(text, Notation::Marked).map(|given| given.value).map_err(|error| error.to_string())
}

/// A decimal number without a sign, for options.
///
/// # Errors
/// That it is none, or how large it may be.
pub fn plain<N: FromStr<Err = ParseIntError>>(text: &str) -> Result<N, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("not a number".into());
    }
    text.parse().map_err(|error: ParseIntError| error.to_string())
}

/// The end of a command that read many inputs.
///
/// # Errors
/// [`Error::Input`] if some were bad; each was reported in its place already.
pub fn verdict(bad: usize, all: usize, what: &str) -> Result<(), Error> {
    if bad == 0 { Ok(()) } else { Err(Error::Input(format!("{bad} of {all} {what}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut lines = Lines::new(io::BufReader::with_capacity(7, bytes));
        std::iter::from_fn(|| lines.read().unwrap()).collect()
    }

    fn good(text: &str) -> Line {
        Line { text: text.into(), fault: None }
    }

    #[test]
    fn lines_end_in_every_way() {
        assert_eq!(lines(b"0x1\r\n\n 2 \n3"), [good("0x1"), good(""), good(" 2 "), good("3")]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn a_long_line_is_one_fault_and_the_next_is_read() {
        let longest = "1".repeat(LONGEST_LINE);
        let mut bytes = longest.clone().into_bytes();
        bytes.extend_from_slice(b"\n");
        bytes.extend(vec![b'x'; 1_000_000]);
        bytes.extend_from_slice(b"\n0x5\n");
        let read = lines(&bytes);
        assert_eq!((read.len(), &read[0], &read[2]), (3, &good(&longest), &good("0x5")));
        assert_eq!((read[1].text.chars().count(), read[1].fault.is_some()), (SHOWN + 1, true));
        // A long line that ends with the stream.
        assert_eq!(lines(&[b'x'; LONGEST_LINE + 1]).len(), 1);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault() {
        let read = lines(b"\xff\xfe\n0\0x1\n");
        assert!(read[0].fault.is_some() && read[1].fault.is_none());
        assert!(number(&read[1].text).is_err());
    }
}
