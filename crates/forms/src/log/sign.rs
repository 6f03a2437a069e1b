//! What of a log narrows the architecture down without naming it, and what two of these say together.

/// Something that only some architectures print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Sign {
    /// `addr:` with sixteen digits, as `print_bad_pte` prints a pointer where a `long` has 64 bits.
    Long64,
    /// `addr:` with eight.
    Long32,
    /// `Call trace:`, as arm64 has it and 32-bit arm, sh and openrisc; all others write `Call Trace:`, parisc `Backtrace:`.
    LowerTrace,
    /// `<TASK>`, x86's name for a stack.
    Task,
    /// `Hardware name: … (DT)`, a name from a device tree: arm64 and riscv.
    DeviceTree,
    /// `Call Trace:`.
    UpperTrace,
    /// `PowerMac3,6`.
    PowerMac,
}

/// The signs of one report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Signs(u8);

impl Signs {
    const fn has(self, sign: Sign) -> bool {
        self.0 & 1 << sign as u8 != 0
    }

    /// Adds one. Signs of two kernels, such as a `long` of either size, leave nothing to be said.
    pub const fn add(&mut self, sign: Sign) {
        self.0 |= 1 << sign as u8;
    }

    /// The bits of a `long`, where a sign says so and none says otherwise.
    #[must_use]
    pub const fn long_bits(self) -> Option<u32> {
        match (self.has(Sign::Long64), self.has(Sign::Long32)) {
            (true, false) => Some(64),
            (false, true) => Some(32),
            _ => None,
        }
    }

    /// The architecture that has all of these, if there is only one.
    #[must_use]
    pub const fn arch(self) -> Option<&'static str> {
        let (long64, long32) = (self.has(Sign::Long64), self.has(Sign::Long32));
        let (lower, upper) = (self.has(Sign::LowerTrace), self.has(Sign::UpperTrace));
        if long64 && long32 || lower && upper {
            return None;
        }
        let (task, device_tree) = (self.has(Sign::Task), self.has(Sign::DeviceTree));
        Some(match () {
            () if lower && (long64 || device_tree) && !task => "arm64",
            () if upper && device_tree && long64 && !task => "riscv64",
            () if upper && device_tree && long32 && !task => "riscv32",
            () if task && long64 && !device_tree => "x86_64",
            () if task && long32 && !device_tree => "i386",
            () if self.has(Sign::PowerMac) && long32 => "ppc",
            () if self.has(Sign::PowerMac) && long64 => "ppc64",
            () => return None,
        })
    }
}

/// The sign that a word is; `before` are the words before it, the nearest first.
pub(super) fn of(word: &str, before: [&str; 3]) -> Option<Sign> {
    match word.as_bytes().first()? {
        b'a' => match word.strip_prefix("addr:")? {
            digits if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => None,
            digits if digits.len() == 16 => Some(Sign::Long64),
            digits if digits.len() == 8 => Some(Sign::Long32),
            _ => None,
        },
        b't' if word == "trace:" && before[0] == "Call" => Some(Sign::LowerTrace),
        b'T' if word == "Trace:" && before[0] == "Call" => Some(Sign::UpperTrace),
        b'<' if matches!(word, "<TASK>" | "</TASK>") => Some(Sign::Task),
        b'(' if word == "(DT)" => Some(Sign::DeviceTree),
        b'P' if word.starts_with("PowerMac") && before[0] == "name:" => Some(Sign::PowerMac),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(all: &[Sign]) -> Option<&'static str> {
        let mut signs = Signs::default();
        all.iter().for_each(|sign| signs.add(*sign));
        signs.arch()
    }

    #[test]
    fn two_signs_say_what_neither_does() {
        use Sign::{DeviceTree, Long32, Long64, LowerTrace, PowerMac, Task, UpperTrace};
        for (signs, arch) in [
            (&[LowerTrace][..], None),
            (&[DeviceTree], None),
            (&[Long64, UpperTrace], None),
            (&[LowerTrace, Long64], Some("arm64")),
            (&[LowerTrace, DeviceTree], Some("arm64")),
            (&[LowerTrace, Long32], None),
            (&[UpperTrace, DeviceTree, Long64], Some("riscv64")),
            (&[UpperTrace, DeviceTree, Long32], Some("riscv32")),
            (&[Task, UpperTrace, Long64], Some("x86_64")),
            (&[Task, Long32], Some("i386")),
            (&[PowerMac, Long32, UpperTrace], Some("ppc")),
            (&[PowerMac, Long64], Some("ppc64")),
            // Of two kernels.
            (&[LowerTrace, UpperTrace, Long64, Task], None),
            (&[Task, Long32, Long64], None),
        ] {
            assert_eq!(said(signs), arch, "{signs:?}");
        }
    }

    #[test]
    fn words_are_signs_where_they_stand_as_kernels_write_them() {
        for (word, before, sign) in [
            ("addr:0000007f83000000", ["kernel:", "", ""], Some(Sign::Long64)),
            ("addr:7edbb000", ["", "", ""], Some(Sign::Long32)),
            ("addr:7edb", ["", "", ""], None),
            ("addr:(null)", ["", "", ""], None),
            ("trace:", ["Call", "", ""], Some(Sign::LowerTrace)),
            ("trace:", ["a", "", ""], None),
            ("Trace:", ["Call", "", ""], Some(Sign::UpperTrace)),
            ("PowerMac3,6", ["name:", "Hardware", ""], Some(Sign::PowerMac)),
        ] {
            assert_eq!(of(word, before), sign, "{word}");
        }
    }
}
