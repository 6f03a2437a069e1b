//! VMCOREINFO: lines of text in which a kernel says what readers of its dumps need
//! (Documentation/admin-guide/kdump/vmcoreinfo.rst; `kernel/vmcore_info.c`, before 6.9 `kernel/crash_core.c`).

/// No kernel has more: `VMCOREINFO_BYTES` is a page.
pub(crate) const LONGEST: usize = 64 << 10;

/// The text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vmcoreinfo {
    text: String,
    /// Where it is from: `a note of the dump`.
    pub from: String,
}

impl Vmcoreinfo {
    /// The text of a note, of a file, or what begins in memory: up to its first byte that is no text.
    #[must_use]
    pub fn new(bytes: &[u8], from: impl Into<String>) -> Option<Self> {
        let text = str::from_utf8(bytes.get(..length_of_text(bytes))?).ok()?;
        let lines = || text.lines().filter(|line| line.contains('='));
        // A kernel's command line, or a page of a log with one of its lines, has not this many.
        let is_one = lines().count() >= 8 && lines().any(|line| line.starts_with("PAGESIZE="));
        is_one.then(|| Self { text: text.into(), from: from.into() })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a line says: `SYMBOL(_stext)`, `PAGESIZE`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    }

    /// The address of a symbol.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<u64> {
        u64::from_str_radix(self.get(&format!("SYMBOL({name})"))?, 16).ok()
    }

    /// A number; a negative one as the kernel has it, in 64 bits.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        let text = self.get(&format!("NUMBER({name})"))?;
        match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None => text.parse::<i64>().ok().map(i64::cast_unsigned).or_else(|| text.parse().ok()),
        }
    }

    /// A line that has a number in hex without more: `KERNELOFFSET`.
    #[must_use]
    pub fn hex(&self, key: &str) -> Option<u64> {
        u64::from_str_radix(self.get(key)?, 16).ok()
    }

    /// The kernel's release.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.get("OSRELEASE")
    }

    /// log2 of the page size.
    #[must_use]
    pub fn page_shift(&self) -> Option<u32> {
        let size: u64 = self.get("PAGESIZE")?.parse().ok()?;
        (size.is_power_of_two() && (4096..=1 << 20).contains(&size)).then(|| size.trailing_zeros())
    }
}

/// How many bytes are text from the first on, as far as they are looked at.
pub(crate) fn length_of_text(bytes: &[u8]) -> usize {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\t');
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    bytes.iter().position(|byte| !is_text(byte)).unwrap_or(bytes.len())
}
