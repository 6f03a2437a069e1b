//! A table of symbols as text: `System.map`, `/proc/kallsyms`. A line is an address, a letter and a name.

use crate::{Facts, Learned, SwapInfo};

/// The array that has an element for every swap file (`mm/swapfile.c`).
pub(crate) const SWAP_INFO: &str = "swap_info";

/// A line of the table.
struct Line<'a> {
    address: u64,
    /// Digits of the address: 16 of a 64-bit kernel, 8 of a 32-bit one.
    digits: usize,
    name: &'a str,
}

/// Takes a line apart.
fn line(text: &str) -> Option<Line<'_>> {
    let mut words = text.split_ascii_whitespace();
    let (address, letter, name) = (words.next()?, words.next()?, words.next()?);
    let digits = address.len();
    let is_hex = address.bytes().all(|b| b.is_ascii_hexdigit());
    if !matches!(digits, 8 | 16) || !is_hex || letter.len() != 1 {
        return None;
    }
    Some(Line { address: u64::from_str_radix(address, 16).ok()?, digits, name })
}

/// Whether a text begins as a table does.
pub(crate) fn is_table(text: &str) -> bool {
    text.lines().next().is_some_and(|first| line(first).is_some())
}

/// What a table tells.
///
/// # Errors
/// A line that is none, with its number.
pub(crate) fn facts(text: &str, from: &str) -> Result<Facts, String> {
    let mut lines = 0_usize;
    let mut found: Option<(u64, u64)> = None;
    let mut all_zero = true;
    for (number, text) in (1..).zip(text.lines()) {
        let one = line(text).ok_or_else(|| format!("line {number} is no address, letter and name"))?;
        lines += 1;
        all_zero &= one.address == 0;
        if one.name == SWAP_INFO {
            let pointer = if one.digits == 16 { 8 } else { 4 };
            if found.is_some_and(|found| found != (one.address, pointer)) {
                return Err(format!("line {number}: {SWAP_INFO} is there twice, at different addresses"));
            }
            found = Some((one.address, pointer));
        }
    }
    let mut facts = Facts::default();
    match found {
        _ if all_zero && lines > 1 => facts.notes.push(format!(
            "{from}: every address is 0, as the kernel shows them to users without privilege (kernel.kptr_restrict)"
        )),
        None => facts.notes.push(format!("{from}: no symbol {SWAP_INFO}; it has {lines} symbols")),
        Some((start, pointer)) => {
            let behind = text.lines().filter_map(line).map(|line| line.address).filter(|address| *address > start);
            match behind.min() {
                Some(next) => {
                    let info = SwapInfo { bytes: next - start, pointer, next: Some(next) };
                    if info.max_swapfiles().next().is_none() {
                        return Err(format!(
                            "{SWAP_INFO} has {} bytes up to the next symbol, {next:#x}, which is no array of at most 32 pointers",
                            info.bytes
                        ));
                    }
                    let place = format!("{from}: {next:#x}, the symbol behind {SWAP_INFO}");
                    facts.swap_info = Some(Learned::new(info, place));
                }
                None => {
                    facts.notes.push(format!("{from}: no symbol behind {SWAP_INFO}, so that its size is not known"));
                }
            }
        }
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Option<Vec<u64>> {
        facts(text, "map").unwrap().swap_info.map(|info| info.value.max_swapfiles().collect())
    }

    #[test]
    fn the_next_symbol_says_how_large_the_array_is() {
        let map = "ffffffff83a0b000 b last\nffffffff83a0b0d8 b proc_poll_event\nffffffff83a0b000 b swap_info\n";
        assert_eq!(numbers(map), Some(vec![27]));
        // kallsyms names modules, and a 32-bit kernel has addresses of eight digits.
        assert_eq!(numbers("c0100000 b swap_info\nc010006c b next\t[module]\n"), Some(vec![27]));
    }

    #[test]
    fn what_is_not_there_is_said() {
        for (text, why) in [
            ("0000000000000000 A a\n0000000000000000 b swap_info\n", "every address is 0"),
            ("ffffffff83a0b000 b other\n", "no symbol swap_info"),
            ("ffffffff83a0b000 b swap_info\n", "no symbol behind"),
            (
                "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n",
                "no symbol swap_info",
            ),
        ] {
            let facts = facts(text, "map").unwrap();
            assert!(facts.is_empty() && facts.notes[0].contains(why), "{:?}", facts.notes);
        }
        let far = facts("ffffffff83a0b000 b swap_info\nffffffff83a0b888 b next\n", "map").unwrap_err();
        assert!(far.contains("2184 bytes"), "{far}");
        assert!(facts("ffffffff83a0b000 b a\nbroken\n", "map").unwrap_err().contains("line 2"));
        let twice = "ffffffff83a0b000 b swap_info\nffffffff83a0c000 b swap_info\n";
        assert!(facts(twice, "map").unwrap_err().contains("twice"));
    }
}
