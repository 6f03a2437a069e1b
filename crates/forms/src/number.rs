//! Numbers as people and programs write them, and the texts that could be two numbers.

use core::fmt::{Display, Formatter};

use crate::Form;

/// How digits without `0x` are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Notation {
    /// As decimal digits; but what could as well be hex is refused.
    #[default]
    Marked,
    /// As hex, as in a kernel's log or a hex dump.
    Hex,
}

/// A number that was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Given {
    /// The number.
    pub value: u64,
    /// The form that its prefix says: `pte:8000000012345067`. `None` without one.
    pub form: Option<Form>,
}

/// Why a text is no number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum NoNumber<'a> {
    /// Nothing but space.
    Empty,
    /// Hex digits, some of them letters, without a mark.
    BareHex(&'a str),
    /// Decimal digits that are hex as likely: with a zero in front, or eight of them and more.
    Ambiguous {
        /// The digits.
        digits: &'a str,
        /// What they are as decimal digits; `None` if that has more than 64 bits.
        decimal: Option<u64>,
    },
    /// Words with space between them.
    Several,
    /// A line of a kernel's log.
    LogLine,
    /// More than 64 bits.
    TooWide,
    /// A prefix that names no form.
    UnknownForm,
    /// Something else.
    NotANumber,
}

/// Digits that are more likely a word in hex than a decimal number: as many as a kernel pads a word to (`%08llx`).
const LIKELY_HEX: usize = 8;
/// The hex digits of 64 bits.
const HEX_DIGITS: usize = 16;

/// Reads a number: hex with `0x` or behind a prefix (`pte:`, `pmd:`, `entry:`, `pagemap:`), or decimal; `_` may separate
/// digits.
///
/// # Errors
/// [`NoNumber`], whose text says what would be right. Of a number that could be hex or decimal none is chosen.
pub fn given(text: &str, notation: Notation) -> Result<Given, NoNumber<'_>> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NoNumber::Empty);
    }
    let (form, rest) = match text.split_once([':', '=']) {
        None => (None, text),
        Some((prefix, rest)) => match Form::of_prefix(prefix.trim()) {
            Some(form) => (Some(form), rest.trim()),
            None if text.contains(char::is_whitespace) => return Err(several(text)),
            None => return Err(NoNumber::UnknownForm),
        },
    };
    if rest.contains(char::is_whitespace) {
        return Err(several(text));
    }
    let marked = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"));
    let digits = marked.unwrap_or(rest);
    let significant = || digits.bytes().filter(|byte| *byte != b'_');
    let hex = marked.is_some() || form.is_some() || notation == Notation::Hex;
    let all_are = |radix| significant().count() > 0 && significant().all(|byte| char::from(byte).is_digit(radix));
    if hex {
        return match all_are(16) {
            true => Ok(Given { value: value(digits, 16).ok_or(NoNumber::TooWide)?, form }),
            false => Err(NoNumber::NotANumber),
        };
    }
    if !all_are(10) {
        return Err(if all_are(16) { NoNumber::BareHex(digits) } else { NoNumber::NotANumber });
    }
    let (count, decimal) = (significant().count(), value(digits, 10));
    let padded = count > 1 && significant().next() == Some(b'0');
    if (padded || count >= LIKELY_HEX) && value(digits, 16).is_some() && count <= HEX_DIGITS {
        return Err(NoNumber::Ambiguous { digits, decimal });
    }
    Ok(Given { value: decimal.ok_or(NoNumber::TooWide)?, form })
}

/// Digits of a radix as a number; `None` above 64 bits.
fn value(digits: &str, radix: u32) -> Option<u64> {
    digits
        .chars()
        .filter_map(|digit| digit.to_digit(radix))
        .try_fold(0_u64, |value, digit| value.checked_mul(radix.into())?.checked_add(digit.into()))
}

/// More than one word: a line of a log, if a log has such.
fn several(text: &str) -> NoNumber<'_> {
    if crate::log::findings(text).next().is_some() { NoNumber::LogLine } else { NoNumber::Several }
}

/// Longer texts are cut where they are repeated.
const SHOWN: usize = 40;

impl Display for NoNumber<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let cut = |digits: &str| digits.char_indices().nth(SHOWN).map_or(digits.len(), |(end, _)| end);
        match self {
            Self::Empty => f.write_str("nothing where a word should be"),
            Self::BareHex(digits) => {
                let shown = digits.get(..cut(digits)).unwrap_or_default();
                let more = if shown.len() < digits.len() { "…" } else { "" };
                write!(f, "hex digits without 0x; write 0x{shown}{more}, or give --hex")
            }
            Self::Ambiguous { digits, decimal } => {
                match value(digits, 16).filter(|_| digits.len() > SHOWN) {
                    None => {
                        write!(
                            f,
                            "hex or decimal? Write 0x{digits} (or pte:{digits}, or give --hex) for the hex digits"
                        )?;
                    }
                    // Somebody's digits as they are, unless most of them are underscores.
                    Some(hex) => write!(f, "hex or decimal? Write {hex:#x} (or give --hex) for the hex digits")?,
                }
                match decimal {
                    Some(decimal) => write!(f, ", or {decimal:#x} for the decimal number"),
                    None => Ok(()),
                }
            }
            Self::Several => f.write_str("more than one word; one a line"),
            Self::LogLine => f.write_str("a line of a kernel's log; `swp-pte log` reads those"),
            Self::TooWide => f.write_str("more than 64 bits"),
            Self::UnknownForm => f.write_str("a prefix that is none of pte:, pmd:, entry:, pagemap:"),
            Self::NotANumber => f.write_str("no number; words are hex with 0x, or decimal"),
        }
    }
}

impl core::error::Error for NoNumber<'_> {}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString;

    fn read(text: &str) -> Result<u64, NoNumber<'_>> {
        given(text, Notation::Marked).map(|given| given.value)
    }

    #[test]
    fn underscores_make_no_message_long() {
        // A fuzzer's.
        let text = ["0", &"_".repeat(150), "07", &"_".repeat(150)].concat();
        let message = read(&text).unwrap_err().to_string();
        assert_eq!(
            message,
            "hex or decimal? Write 0x7 (or give --hex) for the hex digits, or 0x7 for the decimal number"
        );
    }

    #[test]
    fn numbers() {
        for (text, value) in [
            ("0", 0),
            ("0x0", 0),
            (" 0X7FFF_ffff_ffff_fe00 ", 0x7fff_ffff_ffff_fe00),
            ("1234567", 1_234_567),
            // Too many digits for hex.
            ("18446744073709551615", u64::MAX),
            ("0xffffffffffffffff", u64::MAX),
            ("0x00000000000000000000041", 0x41),
        ] {
            assert_eq!(read(text), Ok(value), "{text}");
        }
        for (text, why) in [
            ("", "nothing"),
            ("0x", "no number"),
            ("-1", "no number"),
            ("+1", "no number"),
            ("1e3", "write 0x1e3"),
            ("7fffe00", "write 0x7fffe00"),
            ("0x1 0x2", "more than one word"),
            ("18446744073709551616", "more than 64 bits"),
            ("0x1ffffffffffffffff", "more than 64 bits"),
            ("٣", "no number"),
            ("_", "no number"),
            ("pxe:41", "prefix"),
            ("pte:41 pmd:42", "log"),
            ("swap_free: Bad swap file entry 0100d400", "log"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn digits_that_could_be_two_numbers_are_refused_with_both() {
        for (text, hex, decimal) in
            [("010", "0x010", "0xa"), ("12345678", "0x12345678", "0xbc614e"), ("01000000", "0x01000000", "0xf4240")]
        {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(hex) && error.contains(decimal), "{text}: {error}");
            assert!(given(text, Notation::Hex).is_ok());
        }
    }

    #[test]
    fn a_prefix_says_the_form_and_that_the_digits_are_hex() {
        for (text, form, value) in [
            ("pte:800000bed4b380ba", Form::Pte, 0x8000_00be_d4b3_80ba),
            ("pmd:01000000", Form::Pmd, 0x0100_0000),
            ("PTE=0x41", Form::Pte, 0x41),
            ("swap_entry: 41", Form::Entry, 0x41),
            ("pagemap:41", Form::Pagemap, 0x41),
        ] {
            assert_eq!(given(text, Notation::Marked), Ok(Given { value, form: Some(form) }), "{text}");
        }
    }
}
