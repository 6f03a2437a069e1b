//! Lines of a kernel's log: the words and entries in them, and what they say of the kernel and its machine.
//!
//! A line is looked at word by word, so that whatever stands in front (a time, a host, `> ` of a quoted mail) does not
//! matter. Colours and control characters are the caller's to remove.

mod arch;
mod sign;

use core::str::SplitAsciiWhitespace;

use crate::Form;

pub use sign::{Sign, Signs};

/// Something that a line says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A word or an entry.
    Found(Finding<'a>),
    /// A kernel's release, as `uname -r` prints it.
    Release {
        /// The release.
        text: &'a str,
        /// Whether the kernel says it while it starts (`Linux version …`), not about a report that it is in the middle of.
        at_boot: bool,
    },
    /// The architecture, by a name that this project knows.
    Arch {
        /// The name: `x86_64`, `ppc64le`.
        name: &'static str,
        /// What is stronger counts: 3 for registers and a compiler's target, 2 for functions, 1 for a machine's name and
        /// for what [`Signs`] say.
        strength: u8,
    },
    /// What narrows the architecture down.
    Sign(Sign),
    /// The page size, as log2.
    PageShift(u32),
    /// The host that a system logger puts in front of `kernel:`.
    Host(&'a str),
    /// `BUG:`, with which a report begins.
    Begin,
    /// `---[ end trace`, with which many end.
    End,
}

/// A word or an entry in a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Finding<'a> {
    /// What it is.
    pub form: Form,
    /// The hex digits, without `0x`.
    pub digits: &'a str,
    /// The number; `None` for more than 64 bits.
    pub value: Option<u64>,
    /// Whether there are fewer digits than the kernel prints, so that the line must have been cut.
    pub is_cut: bool,
    /// Whether nothing stands behind it.
    pub ends_line: bool,
}

/// What a line says, from left to right.
#[must_use]
pub fn items(line: &str) -> Items<'_> {
    Items {
        words: line.split_ascii_whitespace(),
        before: ["", "", ""],
        state: State::Plain,
        host_seen: false,
        last: last_word(line),
        registers: false,
    }
}

/// The words and entries of a line, from left to right.
pub fn findings(line: &str) -> impl Iterator<Item = Finding<'_>> {
    items(line).filter_map(|item| match item {
        Item::Found(finding) => Some(finding),
        _ => None,
    })
}

/// The items of a line; see [`items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    words: SplitAsciiWhitespace<'a>,
    /// The words before, the nearest first.
    before: [&'a str; 3],
    state: State,
    host_seen: bool,
    last: &'a str,
    /// Whether the line has riscv's `epc`, which mips has too but not with `ra` behind it.
    registers: bool,
}

/// What the words before make likely.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Plain,
    /// Behind `Tainted:` or `Not tainted`: so many more words may be the flags before a release.
    Taint(u8),
    /// A line of x86's page-table dump, `PGD … PMD … PTE …`.
    PageTables,
}

/// The flags of a tainted kernel are letters with spaces between them; no more than these.
const MOST_TAINTS: u8 = 24;
/// What `%08lx` and `%08llx` print at least.
const LEAST_DIGITS: usize = 8;

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let word = self.words.next()?;
            let item = self.item(word);
            let [one, two, _] = self.before;
            self.before = [word, one, two];
            if item.is_some() {
                return item;
            }
        }
    }
}

impl<'a> Items<'a> {
    fn item(&mut self, word: &'a str) -> Option<Item<'a>> {
        match word {
            "kernel:" if !self.host_seen => {
                self.host_seen = true;
                let host = self.before[0];
                return (is_host(host)).then_some(Item::Host(host));
            }
            "BUG:" => return Some(Item::Begin),
            "tainted" | "Tainted:" => self.state = State::Taint(MOST_TAINTS),
            "PGD" => self.state = State::PageTables,
            "trace" if self.before[0] == "end" => return Some(Item::End),
            "epc" | "epc:" => self.registers = true,
            _ => {}
        }
        if let Some(finding) = self.finding(word) {
            return Some(Item::Found(finding));
        }
        if let Some(text) = self.release(word) {
            let at_boot = self.before[0] == "version";
            self.state = State::Plain;
            return Some(Item::Release { text, at_boot });
        }
        if let Some(size) = word.strip_prefix("PAGE_SIZE=") {
            return page_shift(size).map(Item::PageShift);
        }
        if let Some(sign) = sign::of(word, self.before) {
            return Some(Item::Sign(sign));
        }
        arch::of(word, self.before, self.registers).map(|(name, strength)| Item::Arch { name, strength })
    }

    fn finding(&self, word: &'a str) -> Option<Finding<'a>> {
        let make = |form, text: &'a str, padded: bool| {
            let marked = text.strip_prefix("0x");
            let text = marked.unwrap_or(text);
            let end = text.bytes().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len());
            let (digits, rest) = text.split_at_checked(end)?;
            // `pte:ffff8000…` goes on with a comma or bracket; with a letter it is something else.
            if digits.is_empty() || rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                return None;
            }
            let is_cut = padded && marked.is_none() && digits.len() < LEAST_DIGITS;
            let value = u64::from_str_radix(digits, 16).ok();
            Some(Finding { form, digits, value, is_cut, ends_line: core::ptr::eq(word, self.last) })
        };
        if self.state == State::PageTables
            && let Some(form) = [("PTE", Form::Pte), ("PMD", Form::Pmd)].into_iter().find(|one| one.0 == self.before[0])
        {
            return make(form.1, word, false);
        }
        if self.before[0].eq_ignore_ascii_case("entry") && self.is_swap_entry() {
            let padded = !word.starts_with("0x");
            return make(Form::Entry, word, padded);
        }
        let bare = word.trim_start_matches(['*', '(', '[', '"', '\'', '`']);
        let (name, text) = bare.split_once([':', '='])?;
        let form = match name {
            "pte" => Form::Pte,
            "pmd" => Form::Pmd,
            "swap_entry" | "swp_entry" => Form::Entry,
            _ => return None,
        };
        make(form, text, true)
    }

    /// `swap entry`, `swap file entry`, `swap offset entry`: the words before the one that is looked at.
    fn is_swap_entry(&self) -> bool {
        let [_, one, two] = self.before;
        one.eq_ignore_ascii_case("swap") || (two == "swap" && matches!(one, "file" | "offset"))
    }

    fn release(&mut self, word: &'a str) -> Option<&'a str> {
        let text = word.trim_start_matches('(');
        let at_boot = self.before[0] == "version" && self.before[1].ends_with("Linux");
        match &mut self.state {
            State::Taint(left) if *left > 0 => *left -= 1,
            _ if at_boot => {}
            _ => return None,
        }
        is_release(text).then_some(text)
    }
}

/// The architecture in the name of a release, as distributions put it there: `6.12.9-amd64`.
#[must_use]
pub fn arch_of_release(release: &str) -> Option<&'static str> {
    arch::of_release(release)
}

/// The last word of a line, as [`Items`] will meet it.
fn last_word(line: &str) -> &str {
    line.split_ascii_whitespace().next_back().unwrap_or("")
}

/// `6.10.0-rc7-00042-gabc`: two numbers with a dot between them, and whatever follows.
fn is_release(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let major = digits(text);
    let Some(rest) = text.get(major..).and_then(|rest| rest.strip_prefix('.')) else { return false };
    let minor = digits(rest);
    let behind = rest.as_bytes().get(minor);
    (1..=2).contains(&major) && (1..=3).contains(&minor) && behind.is_none_or(|byte| b".-+_~".contains(byte))
}

/// No time and no level: what a logger calls a machine.
fn is_host(word: &str) -> bool {
    !word.is_empty() && !word.contains([':', '[', ']', '<', '>']) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// log2 of `4K`, `64K`.
fn page_shift(size: &str) -> Option<u32> {
    let kib: u32 = size.strip_suffix('K')?.parse().ok()?;
    kib.is_power_of_two().then(|| kib.trailing_zeros() + 10)
}

#[cfg(test)]
mod tests;
