//! A layout as a page of Markdown: the picture, who looks at the other bits, limits, marker and source.

use std::fmt::{Display, Formatter, Result};

use swp_pte::{BitList, Bytes, Flag, Layout, Level};

use crate::{Drawing, is_own, words};

/// The page of a layout, without a heading; of a user-defined layout the picture and the other bits only.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(pub &'a Layout<'a>);

/// The bits that are neither entry nor marker, as a table of Markdown: who looks at them, or that nobody does.
#[derive(Clone, Copy, Debug)]
pub struct OtherBits<'a>(pub &'a Layout<'a>);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        let source = &layout.source;
        write!(f, "\n```text\n{}```\n\n{}", Drawing::new(layout), OtherBits(layout))?;
        if is_own(layout) {
            return Ok(());
        }
        writeln!(f, "\n| | |\n|---|---|")?;
        writeln!(f, "| variant | `{}` |", source.variant)?;
        writeln!(f, "| kernels | {}; {} |", source.kernels, words::measured(layout))?;
        writeln!(f, "| word | {} |", words::word(layout))?;
        writeln!(f, "| swap type | {} |", layout.swp_type)?;
        writeln!(f, "| swap offset | {} |", layout.swp_offset)?;
        writeln!(
            f,
            "| largest offset | {:#x} pages; with pages of {} a swap file of {} |",
            layout.max_offset(),
            Bytes(1 << layout.page_shift),
            Bytes(layout.max_swap_file())
        )?;
        if layout.lost_type != 0 {
            let max = layout.swp_type.max();
            writeln!(f, "| refused: lost | swap types above {max}: the kernel's encoder drops what does not fit |")?;
        }
        if layout.present_offset != 0 {
            let (first, last) = (layout.max_offset() + 1, layout.max_offset() | layout.present_offset);
            writeln!(
                f,
                "| refused: present | offsets {first:#x} to {last:#x}: the kernel writes them, and reads a mapping |"
            )?;
        }
        if layout.ignored_by_none() != 0 {
            let ignored = layout.named_bits(layout.ignored_by_none());
            writeln!(f, "| refused: none | entries with no bit set but {ignored}, which pte_none ignores |")?;
        }
        match (layout.exclusive, layout.marker_cost()) {
            (Some(exclusive), Some(cost)) => {
                writeln!(f, "| exclusive marker | bit {}, {}; cost: {cost} |", exclusive.bit, exclusive.placement)?;
            }
            _ if layout.source.level != Level::Pte => writeln!(f, "| exclusive marker | none at this level |")?,
            _ => writeln!(f, "| exclusive marker | none: these kernels are from before it |")?,
        }
        for flag in [Flag::SoftDirty, Flag::UffdWp] {
            match layout.flag(flag) {
                Some(bit) => writeln!(f, "| {} | bit {bit} |", flag.name())?,
                None => writeln!(f, "| {} | not in this layout |", flag.name())?,
            }
        }
        match layout.empty_entry() {
            Some(entry) => {
                writeln!(f, "| entry that reads as none | type 0, offset {:#x} |", entry.offset().get())?;
            }
            None => writeln!(f, "| entry that reads as none | no entry does |")?,
        }
        writeln!(f, "| source | `{}`: {} |", source.header, Names(source.symbols))?;
        writeln!(f, "| since | {} |", source.since)
    }
}

impl Display for OtherBits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let layout = self.0;
        writeln!(f, "| bits | value | name | who looks at it |\n|---|---|---|---|")?;
        for reserved in layout.reserved.iter().rev() {
            let value = u8::from(layout.always_one & reserved.bits != 0);
            let bits = BitList(reserved.bits);
            writeln!(f, "| {bits} | {value} | {} | {} |", Names(reserved.name), reserved.reason)?;
        }
        if layout.unused_mask() != 0 {
            writeln!(f, "| {} | 0 | | nobody: free for a marker |", BitList(layout.unused_mask()))?;
        }
        Ok(())
    }
}

/// Names that are joined by commas, each in backticks.
struct Names<'a>(&'a str);

impl Display for Names<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut separator = "";
        for name in self.0.split(", ") {
            write!(f, "{separator}`{name}`")?;
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_everything() {
        let mut layout = *swp_pte_atlas::find("s390", "5.18".parse().unwrap()).unwrap().layout();
        let table = "\n\
            | bits | value | name | who looks at it |\n\
            |---|---|---|---|\n\
            | bit 10 | 1 | `_PAGE_INVALID` | the hardware must see an invalid entry |\n\
            | bit 9 | 1 | `_PAGE_PROTECT` | pte_swap tests it: 1 here and 0 in bit 0 say swap |\n\
            | bit 0 | 0 | `_PAGE_PRESENT` | pte_present tests it |\n\
            | bits 11, 8-7 | 0 | | nobody: free for a marker |\n";
        let rest = "\n\
            | | |\n\
            |---|---|\n\
            | variant | `s390` |\n\
            | kernels | 4.1 to 5.18; measured in 4.4, 4.9, 4.15, 5.0, 5.4, 5.10 |\n\
            | word | 64 bits, big-endian in memory |\n\
            | swap type | bits 6-2 |\n\
            | swap offset | bits 63-12 |\n\
            | largest offset | 0xfffffffffffff pages; with pages of 4 KiB a swap file of 16 EiB |\n\
            | exclusive marker | none: these kernels are from before it |\n\
            | soft-dirty | bit 1 |\n\
            | uffd-wp | not in this layout |\n\
            | entry that reads as none | no entry does |\n\
            | source | `arch/s390/include/asm/pgtable.h`: `mk_swap_pte`, `__SWP_TYPE_SHIFT`, `__SWP_OFFSET_SHIFT` |\n";
        let picture = format!("\n```text\n{}```\n", Drawing::new(&layout));
        let page = Page(&layout).to_string();
        let since = format!("| since | {} |\n", layout.source.since);
        assert_eq!(page, format!("{picture}{table}{rest}{since}"));
        // Nothing is said of a source that is not there.
        layout.source.arch = "";
        assert_eq!(Page(&layout).to_string(), format!("{picture}{table}"));
        // Nor of unused bits, if there are none.
        layout.swp_type = swp_pte::Field::new(2, 7);
        layout.soft_dirty = Some(11);
        layout.uffd_wp = Some(1);
        assert!(!OtherBits(&layout).to_string().contains("nobody"));
    }

    #[test]
    fn a_page_tells_what_a_kernel_loses() {
        let sound = *swp_pte_atlas::find("ppc-book3s32", "5.10".parse().unwrap()).unwrap().layout();
        assert!(!Page(&sound).to_string().contains("refused"));
        let losing = sound
            .with_fields(swp_pte::Field::new(3, 2), sound.swp_offset.writing(23))
            .with_lost_type(0b1_1100)
            .with_present_offset(1 << 23)
            .with_none(swp_pte::Pattern::exactly(0, 0b110 << 8));
        let page = Page(&losing).to_string();
        for row in [
            "| refused: lost | swap types above 3: the kernel's encoder drops what does not fit |",
            "| refused: present | offsets 0x800000 to 0xffffff: the kernel writes them, and reads a mapping |",
            "| refused: none | entries with no bit set but bits 10-9 (offset 2-1), which pte_none ignores |",
        ] {
            assert!(page.contains(row), "{page}");
        }
    }

    #[test]
    fn a_page_tells_marker_and_entry_that_reads_as_none() {
        let page = |variant| Page(swp_pte_atlas::newest(variant).unwrap().layout()).to_string();
        let x86_64 = page("x86_64");
        assert!(x86_64.contains("| exclusive marker | bit 3, "), "{x86_64}");
        assert!(x86_64.contains("| entry that reads as none | type 0, offset 0x3ffffffffffff |"), "{x86_64}");
        assert!(page("arm64").contains("| entry that reads as none | type 0, offset 0x0 |"));
    }
}
