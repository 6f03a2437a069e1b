//! VMCOREINFO: lines of text in which a kernel says what readers of its dumps need
//! (Documentation/admin-guide/kdump/vmcoreinfo.rst; `kernel/vmcore_info.c`, before 6.9 `kernel/crash_core.c`).

use memchr::memmem;
use swp_pte_dump::Memory;

/// The line that it begins with.
const BEGIN: &[u8] = b"OSRELEASE=";

/// No kernel has more: `VMCOREINFO_BYTES` is a page.
const LONGEST: usize = 64 << 10;

/// How much of memory is looked through at a time.
const CHUNK: usize = 1 << 20;

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
        let is_text = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\t');
        let end = bytes.iter().take(LONGEST).position(|byte| !is_text(byte)).unwrap_or(bytes.len().min(LONGEST));
        let text = str::from_utf8(bytes.get(..end)?).ok()?;
        let lines = || text.lines().filter(|line| line.contains('='));
        // A kernel's command line, or a page of a log with one of its lines, has not this many.
        let is_one = lines().count() >= 8 && lines().any(|line| line.starts_with("PAGESIZE="));
        is_one.then(|| Self { text: text.into(), from: from.into() })
    }

    /// The kernel's own copy, wherever it is in memory: a page that begins with its first line, or else the first text like
    /// it.
    #[must_use]
    pub fn search(memory: &dyn Memory) -> Option<Self> {
        let finder = memmem::Finder::new(BEGIN);
        let mut chunk = vec![0; CHUNK + LONGEST];
        for range in memory.ranges() {
            let mut at = range.start;
            while at < range.end {
                let length = usize::try_from(range.end - at).unwrap_or(usize::MAX).min(CHUNK + LONGEST);
                let bytes = chunk.get_mut(..length).unwrap_or_default();
                fill(memory, at, bytes);
                for found in finder.find_iter(bytes).take_while(|found| *found < CHUNK) {
                    let place = format!("physical address {:#x}", at + found as u64);
                    let text = bytes.get(found..).and_then(|rest| Self::new(rest, place));
                    if let Some(one) = text.filter(|one| one.get("SYMBOL(_stext)").is_some()) {
                        return Some(one);
                    }
                }
                at = at.saturating_add(CHUNK as u64);
            }
        }
        None
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

/// Reads what is there; the rest is zeros.
fn fill(memory: &dyn Memory, at: u64, bytes: &mut [u8]) {
    if memory.read(at, bytes).is_ok() {
        return;
    }
    for (page, part) in (0_u64..).zip(bytes.chunks_mut(4096)) {
        if memory.read(at.saturating_add(page * 4096), part).is_err() {
            part.fill(0);
        }
    }
}
