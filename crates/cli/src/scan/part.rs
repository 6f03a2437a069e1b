//! Which part of a file is read: `--start`, `--length`, `--shard`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// One of several equal parts, `2/5`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shard {
    number: u64,
    of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, of) = text.split_once('/').ok_or("a shard is I/N, as 2/5")?;
        let parse = |part: &str| crate::input::plain::<u64>(part).map_err(|error| format!("{part:?}: {error}"));
        let (number, of) = (parse(number)?, parse(of)?);
        match of {
            0 => Err("a file cannot be split into no parts".into()),
            _ if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err(format!("the shards of {of} are 1/{of} to {of}/{of}")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    /// The shard of so many words; all shards together are all words, each once.
    pub(super) fn words(self, words: u64) -> Range<u64> {
        let border = |number: u64| {
            let border = u128::from(words) * u128::from(number) / u128::from(self.of);
            u64::try_from(border).unwrap_or(words)
        };
        border(self.number - 1)..border(self.number)
    }
}

/// The bytes to read of a file with `size` bytes: whole words of `word` bytes, the first on the border of one unless any
/// byte may be the first.
///
/// # Errors
/// What is wrong with the numbers, in one sentence.
pub(crate) fn bytes(
    size: u64,
    word: u64,
    start: Option<u64>,
    length: Option<u64>,
    shard: Option<Shard>,
    unaligned: bool,
) -> Result<Range<u64>, String> {
    let start = start.unwrap_or(0);
    if !unaligned && !start.is_multiple_of(word) {
        return Err(format!("--start {start} is not on the border of a word of {word} bytes; --unaligned takes any"));
    }
    if start >= size {
        return Err(format!("--start {start} is not before the end of the file, which has {size} bytes"));
    }
    let rest = size - start;
    let length = match length {
        Some(0) => return Err("--length 0 leaves nothing to read".into()),
        Some(length) if length > rest => {
            return Err(format!("--length {length} is more than the {rest} bytes from {start} to the end of the file"));
        }
        Some(length) if !length.is_multiple_of(word) => {
            return Err(format!("--length {length} is not a whole number of words of {word} bytes"));
        }
        Some(length) => length,
        None if rest.is_multiple_of(word) => rest,
        None => {
            let whole = rest - rest % word;
            return Err(format!(
                "{rest} bytes are not a whole number of words of {word} bytes: {} are left over at the end; --length {whole} leaves them out",
                rest - whole
            ));
        }
    };
    let words = shard.map_or(0..length / word, |shard| shard.words(length / word));
    Ok(start + words.start * word..start + words.end * word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_the_whole_each_word_once() {
        for words in [0, 1, 2, 7, 1000, u64::MAX / 8] {
            for of in [1, 2, 3, 7, 1000, u64::MAX] {
                let shards = (1..=of.min(5)).map(|number| Shard { number, of }.words(words));
                let end = shards.fold(0, |end, shard| {
                    assert_eq!(shard.start, end, "{words} words in {of}");
                    shard.end
                });
                if of <= 5 {
                    assert_eq!(end, words);
                }
                assert_eq!(Shard { number: of, of }.words(words).end, words);
            }
        }
    }

    #[test]
    fn a_shard_that_does_not_exist_is_refused() {
        for (text, why) in [
            ("5/4", "1/4 to 4/4"),
            ("0/4", "1/4 to 4/4"),
            ("1/0", "no parts"),
            ("3", "I/N"),
            ("/", "not a number"),
            ("+1/+2", "not a number"),
            ("-1/4", "not a number"),
            ("1/99999999999999999999999", "too large"),
        ] {
            let error = text.parse::<Shard>().unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        assert_eq!("4/4".parse(), Ok(Shard { number: 4, of: 4 }));
    }

    #[test]
    fn parts_lie_in_the_file_and_on_words() {
        assert_eq!(bytes(80, 8, None, None, None, false), Ok(0..80));
        assert_eq!(bytes(84, 8, Some(4), None, None, true), Ok(4..84));
        assert_eq!(bytes(80, 8, Some(16), Some(24), None, false), Ok(16..40));
        assert_eq!(bytes(81, 8, None, Some(80), None, false), Ok(0..80));
        assert_eq!(bytes(80, 8, Some(16), None, Some(Shard { number: 2, of: 2 }), false), Ok(48..80));
        for (start, length, why) in [
            (None, None, "--length 80 leaves them out"),
            (Some(3), None, "border"),
            (Some(88), None, "81 bytes"),
            (Some(u64::MAX - 7), None, "81 bytes"),
            (None, Some(0), "nothing"),
            (None, Some(12), "whole number"),
            (Some(8), Some(80), "73 bytes"),
            (Some(8), Some(u64::MAX), "73 bytes"),
        ] {
            let error = bytes(81, 8, start, length, None, false).unwrap_err();
            assert!(error.contains(why), "{start:?} {length:?}: {error}");
        }
    }
}
