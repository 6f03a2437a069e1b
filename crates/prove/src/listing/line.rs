//! The lines of a listing, and what stands in them.

use crate::state::Stuck;

/// An instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    pub(super) at: u64,
    /// The instruction behind it.
    pub(super) next: Option<u64>,
    pub(super) name: String,
    pub(super) operands: Vec<String>,
}

impl Line {
    /// An address and a colon, then the instruction, and remarks.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (at, code) = text.split_once(':')?;
        let at = u64::from_str_radix(at.trim(), 16).ok()?;
        // Remarks of the disassembler's own, and the names of places.
        let code =
            ["\t//", "\t!", "\t@", "\t;", " # "].into_iter().fold(code, |code, mark| match code.split_once(mark) {
                Some((code, _)) => code,
                None => code,
            });
        let code = without_names(code.trim());
        if code.is_empty() {
            return None;
        }
        let (name, operands) = code.split_once(|c: char| c.is_whitespace()).unwrap_or((&code, ""));
        let operands = operands.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Some(Self { at, next: None, name: name.to_owned(), operands })
    }

    pub(super) fn operand(&self, n: usize) -> Result<&str, Stuck> {
        self.operands.get(n).map(String::as_str).ok_or_else(|| Stuck::new(format!("has no operand {n}")))
    }

    /// A number: `#0x4`, `-1`, `12`, of which some listings say hexadecimal ones without a mark.
    pub(super) fn number(&self, n: usize) -> Result<u64, Stuck> {
        let text = self.operand(n)?;
        value(text).ok_or_else(|| Stuck::new(format!("has {text:?} for a number")))
    }

    /// A number of bits.
    pub(super) fn count(&self, n: usize) -> Result<usize, Stuck> {
        let count = usize::try_from(self.number(n)?).ok().filter(|count| *count <= 64);
        count.ok_or_else(|| Stuck::new("has a number of bits above 64"))
    }

    /// The address of a branch.
    pub(super) fn target(&self, n: usize) -> Result<u64, Stuck> {
        // Some listings say what lies there, too: `400074 (3ffffff)`.
        let text = self.operand(n)?.trim_start_matches("0x");
        let text = text.split(' ').next().unwrap_or(text);
        u64::from_str_radix(text, 16).map_err(|_| Stuck::new(format!("goes to {text:?}")))
    }

    /// A place in memory as most listings have it, `16(sp)`: the distance, and the register's name.
    pub(super) fn based(&self, n: usize) -> Result<(u64, &str), Stuck> {
        let text = self.operand(n)?;
        let (offset, base) = text
            .strip_suffix(')')
            .and_then(|text| text.split_once('('))
            .ok_or_else(|| Stuck::new(format!("has {text:?} for a place in memory")))?;
        let offset = if offset.is_empty() { Some(0) } else { value(offset) };
        Ok((offset.ok_or_else(|| Stuck::new(format!("has {text:?} for a place in memory")))?, base))
    }

    pub(super) fn unknown<T>(&self) -> Result<T, Stuck> {
        Err(Stuck::new("is not known here"))
    }
}

/// What is left without each ` <name+0x8>`.
fn without_names(code: &str) -> String {
    let mut left = String::new();
    let mut rest = code;
    while let Some((before, name)) = rest.split_once(" <") {
        left.push_str(before);
        rest = name.split_once('>').map_or("", |(_, rest)| rest);
    }
    left + rest
}

pub(super) fn value(text: &str) -> Option<u64> {
    let text = text.trim_start_matches('#');
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if minus { value.wrapping_neg() } else { value })
}
