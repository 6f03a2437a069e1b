//! Evidence that a word which reads as a swap PTE, or as a mapping, was never written as one: bad memory, freed memory, text, addresses.
//! Each piece is a fact about the number; none is a verdict.

use core::fmt::{Display, Formatter};

use swp_pte::{Bytes, Layout, MemoryOrder, Variant};

use crate::SwapFiles;

/// A word that reads as a swap PTE or as present, and what is known beside it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The word; `None` for an entry that no word holds, of which only its type and offset can be doubted.
    pub word: Option<u64>,
    /// The layout that it is read by.
    pub layout: &'a Layout<'a>,
    /// What all eras of the variant share.
    pub facts: &'a Variant<'a>,
    /// The swap type and offset that the kernel's decoder reads.
    pub entry: (u64, u64),
    /// Whether the type is that of a swap file.
    pub in_a_file: bool,
    /// The page frame number, where the entry or the present word has one.
    pub frame: Option<u64>,
    /// log2 of the page size.
    pub page_shift: u32,
    /// The machine's swap files, if they are known.
    pub files: Option<&'a SwapFiles>,
}

/// A reason to doubt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Doubt {
    /// There is no swap file of this type.
    NoSuchFile {
        /// The type.
        swp_type: u64,
        /// How many swap files there are.
        files: usize,
    },
    /// The offset is outside the swap file.
    OutsideFile {
        /// The offset, in pages.
        offset: u64,
        /// The type.
        swp_type: u64,
        /// The pages of that swap file.
        pages: u64,
    },
    /// All bytes but one at most are the same.
    OneByte {
        /// The byte.
        byte: u8,
        /// The kernel's names for memory filled with it; empty if it has none.
        names: &'static str,
        /// How many bytes are the same, and of how many.
        same: (u32, u32),
    },
    /// A number that the kernel writes as a mark.
    Magic {
        /// Its name.
        name: &'static str,
    },
    /// An address of the kernel's own memory.
    KernelAddress,
    /// Text.
    Text {
        /// The bytes in memory.
        bytes: [u8; 8],
        /// How many of them are text; those behind are zero.
        len: usize,
    },
    /// Two or four parts of a real-mode interrupt vector table, which point into the BIOS.
    BiosVectors,
    /// Both halves are the same.
    Repeated,
    /// A swap file that large is hardly met.
    FarOffset {
        /// Bytes from the start of the swap file.
        bytes: u128,
    },
    /// Memory at such an address is hardly met.
    FarFrame {
        /// The address.
        bytes: u128,
    },
    /// The page of a swap file's header, which never holds a page.
    Header,
    /// One bit set or clear makes it of the empty word.
    OneBit {
        /// The bit.
        bit: u32,
    },
}

/// All reasons, in order of weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubts {
    all: [Option<Doubt>; Self::MOST],
}

/// Swap files beyond this are hardly met: 16 TiB.
const FAR_FILE: u32 = 44;
/// Nor is memory beyond this: 64 TiB.
const FAR_MEMORY: u32 = 46;

/// What entries above the swap files need of an offset: a page frame number up to there, and the young and dirty bits.
const SPECIAL_BITS: u32 = FAR_MEMORY - 12 + 2;

/// What fills memory that is not in use: `include/linux/poison.h`, `mm/kasan/kasan.h`.
const POISON: &[(u8, &str)] = &[
    (0x6b, "POISON_FREE"),
    (0x5a, "POISON_INUSE"),
    (0xa5, "POISON_END"),
    (0xcc, "POISON_FREE_INITMEM, SLUB_RED_ACTIVE"),
    (0xbb, "SLUB_RED_INACTIVE"),
    (0xaa, "PAGE_POISON"),
    (0x5b, "JBD_POISON_FREE"),
    (0x5c, "JBD2_POISON_FREE"),
    (0xa7, "POOL_POISON_FREED"),
    (0xa9, "POOL_POISON_ALLOCATED"),
    (0xbd, "KEY_DESTROY"),
    (0xf8, "KASAN_VMALLOC_INVALID"),
    (0xfb, "KASAN_SLAB_FREE"),
    (0xfc, "KASAN_SLAB_REDZONE"),
    (0xfe, "KASAN_PAGE_REDZONE, KASAN_TAG_INVALID; gcc's pattern for variables"),
];

/// Marks of 32 bits, which may be either half of a word: `include/linux/spinlock_types_raw.h`,
/// `include/uapi/linux/magic.h`, `include/linux/poison.h`.
const MAGIC: &[(u64, &str)] =
    &[(0xdead_4ead, "SPINLOCK_MAGIC"), (0x57ac_6e9d, "STACK_END_MAGIC"), (0xdead_beef, "ATM_POISON")];

/// `CONFIG_ILLEGAL_POINTER_VALUE`, above which `LIST_POISON1` and others lie.
const ILLEGAL_POINTER: u64 = 0xdead;
/// The segment of the BIOS.
const BIOS: u64 = 0xf000;
/// Fewer letters happen by chance.
const SHORTEST_TEXT: usize = 4;

impl Doubts {
    const MOST: usize = 8;

    /// No reason.
    pub const NONE: Self = Self { all: [None; Self::MOST] };

    /// What there is to doubt, most weighty first.
    #[must_use]
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut doubts = Self::NONE;
        let mut add = |doubt: Option<Doubt>| {
            if doubt.is_some()
                && let Some(slot) = doubts.all.iter_mut().find(|slot| slot.is_none())
            {
                *slot = doubt;
            }
        };
        add(subject.outside());
        if let Some(word) = subject.word {
            add(subject.one_byte(word));
            add(subject.magic(word));
            add(subject.address(word));
            add(subject.text(word));
            add(subject.bios(word));
            add(subject.repeated(word));
        }
        add(subject.far());
        add((subject.in_a_file && subject.entry.1 == 0).then_some(Doubt::Header));
        if let Some(word) = subject.word {
            add(subject.one_bit(word));
        }
        doubts
    }

    /// What speaks against a word that maps a page, most weighty first. Many patterns are those of ordinary mappings too: what
    /// is short counts only where the hardware gets nothing out of the word, as with `PROT_NONE`.
    #[must_use]
    pub fn of_present(subject: &Subject<'_>, inaccessible: bool) -> Self {
        let Some(word) = subject.word else { return Self::NONE };
        let (wide, full) = (subject.layout.width > 32, |doubt: &Doubt| match *doubt {
            Doubt::OneByte { same: (same, all), .. } => same == all,
            Doubt::Text { bytes, len } => len == bytes.len(),
            _ => false,
        });
        let counts = |doubt: &Doubt| inaccessible || full(doubt) || wide && !matches!(doubt, Doubt::Text { .. });
        let mut doubts = Self::NONE;
        let patterns = [
            subject.one_byte(word),
            subject.magic(word),
            subject.text(word),
            subject.bios(word),
            subject.repeated(word),
        ];
        let found = patterns.into_iter().map(|doubt| doubt.filter(counts)).chain([subject.far()]);
        for (slot, doubt) in doubts.all.iter_mut().zip(found.flatten()) {
            *slot = Some(doubt);
        }
        doubts
    }

    /// The reasons, most weighty first.
    pub fn iter(&self) -> impl Iterator<Item = Doubt> {
        self.all.into_iter().flatten()
    }

    /// Whether there is no reason.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl Subject<'_> {
    fn outside(&self) -> Option<Doubt> {
        let files = self.files.filter(|_| self.in_a_file)?;
        let (swp_type, offset) = self.entry;
        match files.pages(swp_type) {
            None => Some(Doubt::NoSuchFile { swp_type, files: files.count() }),
            Some(pages) if offset >= pages => Some(Doubt::OutsideFile { offset, swp_type, pages }),
            Some(_) => None,
        }
    }

    /// The bytes from the most significant, and how many the word has.
    fn bytes(&self, word: u64) -> ([u8; 8], usize) {
        let len = usize::try_from(self.layout.width / 8).unwrap_or(8).min(8);
        let mut bytes = word.to_be_bytes();
        bytes.rotate_left(8 - len);
        (bytes, len)
    }

    fn one_byte(&self, word: u64) -> Option<Doubt> {
        let (bytes, len) = self.bytes(word);
        let bytes = bytes.get(..len)?;
        let count = |byte: u8| bytes.iter().filter(|other| **other == byte).count();
        let byte = bytes.iter().copied().max_by_key(|byte| count(*byte))?;
        let same = count(byte);
        // Zeros and ones are what most words are full of.
        if matches!(byte, 0 | 0xff) || same + 1 < len {
            return None;
        }
        let names = POISON.iter().find(|(poison, _)| *poison == byte).map_or("", |(_, names)| names);
        let number = |count: usize| u32::try_from(count).unwrap_or(0);
        Some(Doubt::OneByte { byte, names, same: (number(same), number(len)) })
    }

    fn magic(&self, word: u64) -> Option<Doubt> {
        let halves = [word & u64::from(u32::MAX), word >> 32];
        let name = MAGIC.iter().find(|(magic, _)| halves.contains(magic)).map(|(_, name)| *name);
        let poison = (word >> 48 == ILLEGAL_POINTER).then_some("an illegal pointer, as LIST_POISON1");
        name.or(poison).map(|name| Doubt::Magic { name })
    }

    /// Entries above the swap files look like addresses where a type of 31 or an inverted offset is all ones: those that a
    /// kernel can have written are left alone.
    fn address(&self, word: u64) -> Option<Doubt> {
        let written = !self.in_a_file && self.layout.stray(word) == 0 && self.entry.1 >> SPECIAL_BITS == 0;
        (!written && self.facts.is_kernel_address(word)).then_some(Doubt::KernelAddress)
    }

    fn text(&self, word: u64) -> Option<Doubt> {
        let (mut bytes, width) = self.bytes(word);
        let in_memory = bytes.get_mut(..width)?;
        if self.layout.memory.order == MemoryOrder::Little {
            in_memory.reverse();
        }
        let is_text = |byte: &u8| byte.is_ascii_graphic() || matches!(*byte, b' ' | b'\n' | b'\t');
        let len = in_memory.iter().take_while(|byte| is_text(byte)).count();
        let ends = in_memory.get(len..)?.iter().all(|byte| *byte == 0);
        (len >= SHORTEST_TEXT && ends).then_some(Doubt::Text { bytes, len })
    }

    const fn bios(&self, word: u64) -> Option<Doubt> {
        let low = word >> 16 & 0xffff == BIOS;
        let high = if self.layout.width > 32 { word >> 48 == BIOS } else { word >> 32 == 0 };
        if low && high { Some(Doubt::BiosVectors) } else { None }
    }

    const fn repeated(&self, word: u64) -> Option<Doubt> {
        let half = self.layout.width / 2;
        if word != 0 && word >> half == word & ((1 << half) - 1) { Some(Doubt::Repeated) } else { None }
    }

    fn far(&self) -> Option<Doubt> {
        let bytes = |pages: u64| u128::from(pages) << self.page_shift;
        if let Some(frame) = self.frame {
            return (bytes(frame) >> FAR_MEMORY != 0).then(|| Doubt::FarFrame { bytes: bytes(frame) });
        }
        let far = self.in_a_file && self.files.is_none() && bytes(self.entry.1) >> FAR_FILE != 0;
        far.then(|| Doubt::FarOffset { bytes: bytes(self.entry.1) })
    }

    const fn one_bit(&self, word: u64) -> Option<Doubt> {
        let different = (word ^ self.layout.none.value) & self.layout.word_mask();
        if different.is_power_of_two() { Some(Doubt::OneBit { bit: different.trailing_zeros() }) } else { None }
    }
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self::NoSuchFile { swp_type, files } => {
                write!(f, "no swap file has type {swp_type}: there are {files}, from 0 on")
            }
            Self::OutsideFile { offset, swp_type, pages } => {
                write!(f, "offset {offset:#x} is outside swap file {swp_type}, which has {pages:#x} pages")
            }
            Self::OneByte { byte, names, same: (same, all) } => {
                write!(f, "{same} of {all} bytes are {byte:#04x}")?;
                if names.is_empty() { f.write_str(": a pattern, not an entry") } else { write!(f, " ({names})") }
            }
            Self::Magic { name } => write!(f, "it has a mark of the kernel's: {name}"),
            Self::KernelAddress => f.write_str("it looks like an address of the kernel's own"),
            Self::Text { bytes, len } => {
                f.write_str("its bytes in memory are text: \"")?;
                for byte in bytes.get(..len).unwrap_or_default() {
                    write!(f, "{}", char::from(*byte).escape_default())?;
                }
                f.write_str("\"")
            }
            Self::BiosVectors => f.write_str("it looks like interrupt vectors of a BIOS (segment 0xf000)"),
            Self::Repeated => f.write_str("its two halves are the same"),
            Self::FarOffset { bytes } => {
                write!(f, "its offset is {} into the swap file; files above 16 TiB are hardly met", Bytes(rough(bytes)))
            }
            Self::FarFrame { bytes } => {
                write!(f, "its page frame is {} into memory; machines above 64 TiB are hardly met", Bytes(rough(bytes)))
            }
            Self::Header => f.write_str("offset 0 is the swap file's header, where no page is ever put"),
            Self::OneBit { bit } => {
                write!(f, "only bit {bit} tells it from the empty word: one flipped bit of memory makes such a word")
            }
        }
    }
}

/// So many bytes to one significant digit of 1024, so that they are told as a few digits.
const fn rough(bytes: u128) -> u128 {
    let mut unit = 1_u128;
    while unit << 10 <= bytes {
        unit <<= 10;
    }
    bytes / unit * unit
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::{String, ToString};
    use std::vec::Vec;
    use swp_pte_atlas::find;

    fn doubts(variant: &str, kernel: &str, word: u64, files: Option<&SwapFiles>) -> Vec<String> {
        let row = find(variant, kernel.parse().unwrap()).unwrap();
        let entry = row.layout().fields(word);
        let subject = Subject {
            word: Some(word),
            layout: row.layout(),
            facts: row.facts(),
            entry,
            in_a_file: entry.0 < 20,
            frame: None,
            page_shift: row.layout().page_shift,
            files,
        };
        Doubts::of(&subject).iter().map(|doubt| doubt.to_string()).collect()
    }

    #[test]
    fn words_of_bug_reports() {
        for (variant, word, what) in [
            // Memory of kernels' logs in public trackers.
            ("arm64", 0x40_0000_0000, "only bit 38"),
            ("x86_64", 0x0100_0000, "only bit 24"),
            ("x86_64", 0xcccc_cccc_cccc_cccc, "POISON_FREE_INITMEM"),
            ("arm64", 0x5a5a_5a5a_5a5a_5a5a, "POISON_INUSE"),
            ("s390", 0x6b6b_6b6b_6b6b_6ba4, "7 of 8 bytes are 0x6b (POISON_FREE)"),
            ("x86_64", 0xfefe_fefe_fefe_fefe, "KASAN_PAGE_REDZONE"),
            ("x86_64", 0x2d2d_2f30, "\"0/--\""),
            ("x86_64", 0xf000_e2c3_f000_e2c4, "BIOS"),
            ("x86_64", 0xffff_8880_1234_5678, "address of the kernel"),
            ("x86_64", 0xffff_8880_1234_5000, "address of the kernel"),
            ("arm64", 0xdead_0000_0000_0100, "LIST_POISON1"),
            ("arm64", 0x0004_1004_0004_1004, "two halves"),
            ("x86_64", 0x01fe, "3 EiB into the swap file"),
        ] {
            let doubts = doubts(variant, "6.12", word, None);
            assert!(doubts.iter().any(|doubt| doubt.contains(what)), "{word:#x}: {doubts:?}");
        }
    }

    #[test]
    fn mappings_are_doubted_for_what_no_mapping_looks_like() {
        let of = |variant: &str, word: u64, frame: Option<u64>, inaccessible: bool| -> Vec<String> {
            let row = find(variant, "6.12".parse().unwrap()).unwrap();
            let subject = Subject {
                word: Some(word),
                layout: row.layout(),
                facts: row.facts(),
                entry: (0, 0),
                in_a_file: false,
                frame,
                page_shift: row.layout().page_shift,
                files: None,
            };
            Doubts::of_present(&subject, inaccessible).iter().map(|doubt| doubt.to_string()).collect()
        };
        for (variant, word, frame, inaccessible, what) in [
            ("x86_64", 0x6b6b_6b6b_6b6b_6b6a, None, true, "POISON_FREE"),
            ("i386", 0x2d2d_2f30, None, true, "\"0/--\""),
            ("i386", 0xf000_ff52, None, true, "BIOS"),
            ("x86_64", 0x676b_7261_7469_6c6f, None, false, "\"olitarkg\""),
            ("x86_64", 0x4003_ffff_a095_a63f, Some(0x3f_fffa_095a), false, "64 TiB"),
        ] {
            let doubts = of(variant, word, frame, inaccessible);
            assert!(doubts.iter().any(|doubt| doubt.contains(what)), "{word:#x}: {doubts:?}");
        }
        // Flags of an ordinary mapping are letters, and so are the numbers of some frames; a page of a device is at 0xf0000000.
        for (variant, word) in
            [("x86_64", 0x3344_5567), ("i386", 0x3344_5567), ("i386", 0xf000_f067), ("i386", 0x2525_2567)]
        {
            assert_eq!(of(variant, word, Some(0x1234), false), [] as [&str; 0], "{word:#x}");
        }
    }

    #[test]
    fn words_of_running_kernels_are_not_doubted() {
        for (variant, word) in [
            ("x86_64", 0x07ff_ffff_ffff_7c0a),
            ("s390", 0x41e02),
            ("arm64", 0x41_0004),
            ("riscv-rv32", 0x41040),
            // A marker, and a migration entry.
            ("x86_64", 0xffff_ffff_ffff_fc00),
            ("x86_64", 0xd7ff_ffff_fdb9_7200),
        ] {
            assert_eq!(doubts(variant, "6.12", word, None), [] as [&str; 0], "{word:#x}");
        }
    }

    #[test]
    fn the_sizes_of_swap_files_say_more_than_a_usual_size() {
        let files = SwapFiles::from_list("0x100,0x100").unwrap();
        let of = |word| doubts("s390", "6.12", word, Some(&files));
        assert_eq!(of(0x41e02), [] as [&str; 0]);
        assert_eq!(of(0x100_e02), ["offset 0x100 is outside swap file 0, which has 0x100 pages"]);
        assert_eq!(of(0x41e08), ["no swap file has type 2: there are 2, from 0 on"]);
        assert_eq!(of(0xe04), ["offset 0 is the swap file's header, where no page is ever put"]);
    }
}
