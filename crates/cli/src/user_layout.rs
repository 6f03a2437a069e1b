//! User-defined layouts, from TOML: for somebody who designs the next one. `docs/layout.toml` is an example.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use swp_pte::{
    BitList, Field, Flag, Inconsistency, KernelRange, Layout, Memory, MemoryOrder, Pattern, Placement, Release,
    Reserved, Run, Variant,
};
use swp_pte_atlas::Row;

use crate::Error;
use crate::kconfig::page_shift;
use crate::own_types::Types;

/// The longest file that is read; a layout has some forty lines.
const LONGEST_FILE: u64 = 1 << 20;

/// A layout as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sketch {
    name: String,
    variant: Option<String>,
    kernel: Option<String>,
    types: Option<Types>,
    width: u32,
    page_size: Option<String>,
    #[serde(default)]
    big_endian: bool,
    #[serde(rename = "type")]
    swp_type: FieldSketch,
    offset: FieldSketch,
    exclusive: Option<u32>,
    soft_dirty: Option<u32>,
    uffd_wp: Option<u32>,
    always_one: Option<Bits>,
    none: Option<Bits>,
    none_ignores: Option<Bits>,
    #[serde(default)]
    present: Vec<PatternSketch>,
    #[serde(default)]
    reserved: Vec<ReservedSketch>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldSketch {
    bits: Bits,
    #[serde(default)]
    inverted: bool,
    written: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternSketch {
    ones: Option<Bits>,
    zeros: Option<Bits>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReservedSketch {
    bits: Bits,
    name: String,
    reason: String,
}

/// Bits as people write them: `3`, `"12-63"`, `"7, 12-31"`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Bits {
    One(u32),
    Ranges(String),
}

/// A user-defined layout that does not contradict itself.
#[derive(Clone, Debug)]
pub struct UserLayout {
    name: String,
    variant: Option<String>,
    kernel: Option<Release>,
    types: Option<Types>,
    width: u32,
    page_shift: u32,
    memory: Memory,
    swp_type: Field,
    swp_offset: Field,
    exclusive: Option<u32>,
    soft_dirty: Option<u32>,
    uffd_wp: Option<u32>,
    always_one: u64,
    none: Pattern,
    present: Vec<Pattern>,
    reserved: Vec<OwnedReserved>,
}

/// [`Reserved`] with texts of its own.
#[derive(Clone, Debug)]
struct OwnedReserved {
    bits: u64,
    name: String,
    reason: String,
}

impl UserLayout {
    /// The variant of the record that it is a layout of, if it names one.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The kernel that it is of, if it names one.
    #[must_use]
    pub const fn kernel(&self) -> Option<Release> {
        self.kernel
    }

    /// How its kernel numbers the types above the swap files, if it says so.
    #[must_use]
    pub const fn types(&self) -> Option<&Types> {
        self.types.as_ref()
    }

    /// A row of it, which lives as long as the program, as the atlas's do.
    #[must_use]
    pub fn into_row(self) -> &'static Row {
        let facts = self.variant.as_deref().and_then(swp_pte_atlas::facts_of);
        let own: &'static Self = Box::leak(Box::new(self));
        let reserved = own.reserved.iter().map(|one| Reserved::new(one.bits, &one.name, &one.reason));
        let reserved: &'static [Reserved<'static>] = Vec::leak(reserved.collect());
        let variant: &'static Variant<'static> =
            Box::leak(Box::new(Variant::new("", &own.name, own.width, own.page_shift, own.memory)));
        let layout = own.built(variant, reserved);
        Box::leak(Box::new(Row::described(Box::leak(Box::new(layout)), facts.unwrap_or(variant))))
    }

    fn built<'a>(&'a self, variant: &Variant<'a>, reserved: &'a [Reserved<'a>]) -> Layout<'a> {
        let mut layout = Layout::new(variant, self.swp_type, self.swp_offset)
            .with_always_one(self.always_one)
            .with_none(self.none)
            .with_present(&self.present)
            .with_reserved(reserved);
        if let Some(kernel) = self.kernel {
            layout = layout.with_kernels(KernelRange::between(kernel.series(), kernel.series()), &[]);
        }
        if let Some(bit) = self.exclusive {
            layout = layout.with_exclusive(bit, Placement::UnusedBit);
        }
        if let Some(bit) = self.soft_dirty {
            layout = layout.with_soft_dirty(bit);
        }
        if let Some(bit) = self.uffd_wp {
            layout = layout.with_uffd_wp(bit);
        }
        layout
    }

    /// Calls `look` with the layout, which borrows the texts from here.
    pub fn with<R>(&self, look: impl FnOnce(&Layout<'_>) -> R) -> R {
        let reserved: Vec<_> =
            self.reserved.iter().map(|one| Reserved::new(one.bits, &one.name, &one.reason)).collect();
        let variant = Variant::new("", &self.name, self.width, self.page_shift, self.memory);
        look(&self.built(&variant, &reserved))
    }
}

/// Reads the file.
///
/// # Errors
/// [`Error::Io`] for a file that cannot be read, [`Error::Input`] for one that holds no layout, or one that contradicts
/// itself.
pub fn read(path: &Path) -> Result<UserLayout, Error> {
    let name = path.display();
    let mut text = String::new();
    let file = File::open(path).map_err(Error::io(format!("cannot open {name}")))?;
    file.take(LONGEST_FILE + 1).read_to_string(&mut text).map_err(Error::io(format!("cannot read {name}")))?;
    if text.len() as u64 > LONGEST_FILE {
        return Err(Error::Input(format!("{name}: longer than 1 MiB; a layout is not")));
    }
    parse(&text).map_err(|why| Error::Input(format!("{name}: {why}")))
}

/// Reads a layout.
///
/// # Errors
/// What is wrong, and in which key.
pub fn parse(text: &str) -> Result<UserLayout, String> {
    let sketch: Sketch = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let layout = sketch.layout()?;
    match layout.with(|layout| layout.check().map_err(|error| contradiction(layout, error))) {
        Ok(()) => Ok(layout),
        Err(why) => Err(why),
    }
}

impl Sketch {
    /// The layout as it is written down, which may still contradict itself.
    fn layout(self) -> Result<UserLayout, String> {
        let width = self.width;
        if width != 32 && width != 64 {
            return Err(format!("width: {width} is neither 32 nor 64"));
        }
        let mask = |key: &str, bits: &Option<Bits>| bits.as_ref().map_or(Ok(0), |bits| bits.mask(key, width));
        let bit = |key: &str, bit: Option<u32>| match bit {
            Some(bit) if bit >= width => Err(format!("{key}: bit {bit} is outside the word of {width} bits")),
            bit => Ok(bit),
        };
        let mut present = Vec::new();
        for (i, pattern) in self.present.iter().enumerate() {
            let key = format!("present[{i}]");
            let (ones, zeros) = (mask(&key, &pattern.ones)?, mask(&key, &pattern.zeros)?);
            if ones & zeros != 0 || ones | zeros == 0 {
                return Err(format!("{key}: some bits must be ones or zeros, and none of them both"));
            }
            present.push(Pattern { mask: ones | zeros, value: ones });
        }
        let ignored = mask("none_ignores", &self.none_ignores)?;
        let none = mask("none", &self.none)?;
        if none & ignored != 0 {
            return Err(format!("none_ignores: {} of none are among these", BitList(none & ignored)));
        }
        let owned = |(i, one): (usize, ReservedSketch)| {
            let bits = one.bits.mask(&format!("reserved[{i}]"), width)?;
            Ok::<_, String>(OwnedReserved { bits, name: one.name, reason: one.reason })
        };
        let page_shift = self.page_size.as_deref().map_or(Ok(12), page_shift);
        Ok(UserLayout {
            width,
            page_shift: page_shift.map_err(|error| format!("page_size: {error}"))?,
            memory: Memory::new(if self.big_endian { MemoryOrder::Big } else { MemoryOrder::Little }),
            swp_type: self.swp_type.field("type", width)?,
            swp_offset: self.offset.field("offset", width)?,
            exclusive: bit("exclusive", self.exclusive)?,
            soft_dirty: bit("soft_dirty", self.soft_dirty)?,
            uffd_wp: bit("uffd_wp", self.uffd_wp)?,
            always_one: mask("always_one", &self.always_one)?,
            none: Pattern::exactly(none, ignored),
            present,
            reserved: self.reserved.into_iter().enumerate().map(owned).collect::<Result<_, _>>()?,
            name: self.name,
            variant: self.variant,
            kernel: self.kernel.as_deref().map(str::parse).transpose().map_err(|error| format!("kernel: {error}"))?,
            types: self.types,
        })
    }
}

impl Bits {
    /// The runs in the order in which they are written, each as its lowest bit and its length.
    fn runs(&self, key: &str, width: u32) -> Result<Vec<(u32, u32)>, String> {
        let text = match self {
            Self::One(bit) => &bit.to_string(),
            Self::Ranges(text) => text,
        };
        let one = |text: &str| {
            let bit: u32 = text.trim().parse().map_err(|_| {
                format!("{key}: \"{}\" are no bits; write 3, \"12-63\" or \"7, 12-31\"", text.escape_debug())
            })?;
            if bit < width { Ok(bit) } else { Err(format!("{key}: bit {bit} is outside the word of {width} bits")) }
        };
        let mut runs = Vec::new();
        let mut seen = 0_u64;
        for part in text.split(',') {
            let (a, b) = part.split_once('-').unwrap_or((part, part));
            let (a, b) = (one(a)?, one(b)?);
            let (low, len) = (a.min(b), a.abs_diff(b) + 1);
            for bit in low..low + len {
                if seen >> bit & 1 != 0 {
                    return Err(format!("{key}: bit {bit} is there twice"));
                }
                seen |= 1 << bit;
            }
            runs.push((low, len));
        }
        Ok(runs)
    }

    fn mask(&self, key: &str, width: u32) -> Result<u64, String> {
        let bits = self.runs(key, width)?.into_iter().flat_map(|(low, len)| low..low + len);
        Ok(bits.fold(0, |mask, bit| mask | 1 << bit))
    }
}

impl FieldSketch {
    fn field(&self, key: &str, width: u32) -> Result<Field, String> {
        let parts = self.bits.runs(key, width)?;
        let mut runs = [Run { bit: 0, len: 0, value_bit: 0 }; Field::MAX_RUNS];
        if parts.len() > runs.len() {
            return Err(format!("{key}: {} parts; a field has at most {}", parts.len(), runs.len()));
        }
        let mut value_bit = 0;
        for (run, (bit, len)) in runs.iter_mut().zip(parts) {
            *run = Run { bit, len, value_bit };
            value_bit += len;
        }
        let mut field = Field::split(runs);
        match self.written {
            Some(written) if written == 0 || written > value_bit => {
                return Err(format!("{key}: written is 1 to {value_bit}, the bits that are read"));
            }
            Some(written) => field = field.writing(written),
            None => {}
        }
        Ok(if self.inverted { field.inverted() } else { field })
    }
}

/// A contradiction, in words, with what to do.
fn contradiction(layout: &Layout<'_>, error: Inconsistency) -> String {
    let owners = |bits: u64| {
        let mut owners = Vec::new();
        let mut own = |mask: u64, name: &str| {
            if mask & bits != 0 {
                owners.push(name.to_owned());
            }
        };
        own(layout.swp_type.mask(), "type");
        own(layout.swp_offset.mask(), "offset");
        for flag in Flag::ALL {
            own(layout.flag_mask(flag), flag.name());
        }
        for reserved in layout.reserved {
            own(reserved.bits, reserved.name);
        }
        owners.join(" and ")
    };
    match error {
        Inconsistency::Overlap { bits } => format!("{} belong to {} at once", BitList(bits), owners(bits)),
        Inconsistency::TypeTooNarrow => "type: the core needs five bits, for types 0 to 31".into(),
        Inconsistency::Unexplained { bits } => format!(
            "{}: always_one, present or none_ignores looks at these; add a [[reserved]] that says who and why",
            BitList(bits)
        ),
        Inconsistency::ReadsAsPresent => {
            "a swap PTE could read as present: a [[present]] needs a bit that is 1 there, and 0 in every swap PTE"
                .into()
        }
        other => format!("the layout contradicts itself: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../../docs/layout.toml");

    #[test]
    fn the_example_of_the_manual_is_a_layout() {
        parse(GOOD).unwrap().with(|layout| {
            assert!(swp_pte_draw::is_own(layout));
            assert_eq!((layout.source.variant, layout.check()), ("example", Ok(())));
            assert_eq!(layout.reserved.last().map(|reserved| reserved.name), Some("PBHA"));
            assert!(layout.cheapest_placement().is_some());
        });
    }

    #[test]
    fn the_kernels_layouts_can_be_written_down_too() {
        let text = r#"
            name = "x86_64"
            width = 64
            exclusive = 3
            soft_dirty = 1
            uffd_wp = 2
            none_ignores = "5-6"
            type.bits = "59-63"
            offset = { bits = "9-58", inverted = true }
            present = [{ ones = 0 }, { ones = 8 }, { ones = 7 }]
            reserved = [
                { bits = 8, name = "_PAGE_PROTNONE", reason = "" }, { bits = 7, name = "_PAGE_PSE", reason = "" },
                { bits = "5-6", name = "A, D", reason = "" }, { bits = "0", name = "_PAGE_PRESENT", reason = "" },
            ]"#;
        let kernel = swp_pte_atlas::newest("x86_64").unwrap().layout();
        parse(text).unwrap().with(|user| {
            assert_eq!(user.swp_offset, kernel.swp_offset);
            assert_eq!(user.none, kernel.none);
            assert_eq!(user.placements().collect::<Vec<_>>(), kernel.placements().collect::<Vec<_>>());
        });
    }

    #[test]
    fn what_is_wrong_is_said() {
        let swap = |from: &str, to: &str| {
            assert!(GOOD.contains(from), "{from}");
            parse(&GOOD.replacen(from, to, 1)).unwrap_err()
        };
        for (from, to, why) in [
            ("width = 64", "width = 65", "width: 65 is neither"),
            ("width = 64", "width = -1", "invalid value"),
            ("width = 64", "", "missing field `width`"),
            ("width = 64", "wdith = 64", "unknown field `wdith`"),
            ("\"5-9\"", "\"5-64\"", "type: bit 64 is outside"),
            ("\"5-9\"", "\"5-8\"", "needs five bits"),
            ("\"5-9\"", "\"5-10\"", "bit 10 belong to type and offset at once"),
            ("\"5-9\"", "\"5-9, 5\"", "bit 5 is there twice"),
            ("\"5-9\"", "\"five\"", "are no bits"),
            ("\"5-9\"", "\"\"", "are no bits"),
            ("\"5-9\"", "\"5,6,7,8,9\"", "at most 4"),
            ("\"5-9\"", "\"4294967296\"", "are no bits"),
            ("4K", "5K", "page_size: not a page size"),
        ] {
            let error = swap(from, to);
            assert!(error.contains(why), "{to}: {error}");
        }
        assert!(parse("").unwrap_err().contains("missing field"));
        assert!(parse("\0").is_err());
    }
}
