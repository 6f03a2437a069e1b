//! The probed layout against the atlas: what differs, which era is nearest, and a layout not yet known as data.

use std::fmt::Write as _;

use swp_pte::{
    BitList, Field, Flag, KernelRange, KernelVersion, Layout, Pattern, Placement, PteKind, Release, Reserved,
};
use swp_pte_atlas::{ROWS, Row, find_release};

use super::memory::Memory;
use super::probe::Probed;
use super::variants::Variant;

/// What the atlas says of a probed layout.
#[derive(Debug)]
pub(super) enum Known {
    /// It is the one that the atlas has for this variant and kernel.
    AsDeclared(&'static Row),
    /// It is not.
    Changed(Box<Change>),
}

/// A layout that the atlas does not have for this kernel.
#[derive(Debug)]
pub(super) struct Change {
    /// What the atlas has for the variant and the kernel, or why it has nothing.
    pub(super) declared: Result<&'static Row, String>,
    /// Against the declared layout: `type: kernel 6..=10, ours 3..=7`.
    pub(super) differences: Vec<String>,
    /// The row that differs least; without a difference, another era or variant has exactly this layout.
    pub(super) nearest: &'static Row,
    /// Against the nearest one.
    pub(super) moved: Vec<String>,
    /// The layout as data.
    pub(super) layout: OwnedLayout,
    /// Its words in memory, of which the layout's data does not say everything.
    pub(super) memory: Memory,
}

/// Looks the layout up.
pub(super) fn identify(probed: &Probed, config: &Variant, release: &Release) -> Option<Known> {
    let (variant, kernel) = (config.variant, release.series());
    let declared = find_release(variant, release).map(|found| found.row);
    if let Ok(row) = declared
        && differences(probed, row.layout()).is_empty()
    {
        return Some(Known::AsDeclared(row));
    }
    // The fewest differences; among equals the same variant, then the same architecture, then the newest.
    let distance = |row: &&'static Row| {
        let source = &row.layout().source;
        let (other_variant, other_arch) = (source.variant != variant, source.arch != config.machine.arch);
        (differences(probed, row.layout()).len(), other_variant, other_arch)
    };
    let nearest = ROWS.iter().rev().min_by_key(distance)?;
    Some(Known::Changed(Box::new(Change {
        declared: declared.map_err(|error| error.to_string()),
        differences: declared.map(|row| differences(probed, row.layout())).unwrap_or_default(),
        nearest,
        moved: differences(probed, nearest.layout()),
        layout: OwnedLayout::new(probed, config, kernel, nearest.layout()),
        memory: probed.memory,
    })))
}

/// A field's bits: `6..=10`, `9..=58 inverted`, `7..=7 and 12..=31`.
fn bits(field: &Field) -> String {
    let runs: Vec<_> = field.runs().map(|run| format!("{}..={}", run.bit, run.bit + run.len - 1)).collect();
    let mut text = runs.join(" and ");
    if field.is_inverted() {
        text += " inverted";
    }
    if field.written_bits() != field.width() {
        let _ = write!(text, " of which the encoder writes {}", field.written_bits());
    }
    text
}

fn bit(bit: Option<u32>) -> String {
    bit.map_or_else(|| "none".into(), |bit| format!("bit {bit}"))
}

fn mask(mask: u64) -> String {
    if mask == 0 { "none".into() } else { BitList(mask).to_string() }
}

fn pattern(pattern: Pattern, width: u32) -> String {
    let word = u64::MAX >> (64 - width);
    format!("{:#x} ignoring {}", pattern.value & word, mask(!pattern.mask & word))
}

/// A probed layout in words, what and how.
pub(super) fn describe(probed: &Probed) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("word", format!("{} bits, {} in memory", probed.width, probed.memory)),
        ("type", bits(&probed.swp_type)),
        ("offset", bits(&probed.swp_offset)),
    ];
    lines.extend(Flag::ALL.into_iter().zip(probed.flags).map(|(flag, found)| (flag.name(), bit(found))));
    lines.push(("always 1", mask(probed.always_one)));
    lines.push(("none", pattern(probed.none, probed.width)));
    lines.push(("present if any is turned", mask(probed.present_if_turned)));
    let pages = u128::from(probed.swp_offset.max()) + 1;
    lines.push(("largest swap file", format!("2^{} bytes", (pages << probed.page_shift).ilog2())));
    // The entry whose word is the empty one, if there is one.
    let empty = (probed.swp_type.gather(0), probed.swp_offset.gather(0));
    let whole = probed.always_one == 0 && empty.1 <= probed.swp_offset.max();
    let entry = if whole { format!("type {}, offset {:#x}", empty.0, empty.1) } else { "none".into() };
    lines.push(("entry of the empty word", entry));
    lines
}

/// The offset as the kernel writes it: with the bits that make the word present, which we refuse.
pub(super) const fn as_written(layout: &Layout<'_>) -> Field {
    match layout.present_offset {
        0 => layout.swp_offset,
        refused => layout.swp_offset.writing(64 - refused.leading_zeros()),
    }
}

/// Each difference as `what: kernel …, ours …`. A build without soft-dirty or uffd-wp says nothing about
/// their bits, and a compiler that stands in nothing about the order in memory.
pub(super) fn differences(probed: &Probed, ours: &Layout<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |what: &str, kernel: String, ours: String| {
        if kernel != ours {
            lines.push(format!("{what}: kernel {kernel}, ours {ours}"));
        }
    };
    compare("word", format!("{} bits", probed.width), format!("{} bits", ours.width));
    let memory = Memory::of(ours, probed.page_shift);
    let ours_order = probed.memory.order.and(memory.order);
    compare("memory", probed.memory.to_string(), Memory { order: ours_order, ..memory }.to_string());
    compare("type", bits(&probed.swp_type), bits(&ours.swp_type));
    compare("offset", bits(&probed.swp_offset), bits(&as_written(ours)));
    for (flag, found) in Flag::ALL.into_iter().zip(probed.flags) {
        if found.is_some() || flag == Flag::Exclusive {
            compare(flag.name(), bit(found), bit(ours.flag(flag)));
        }
    }
    compare("always 1", mask(probed.always_one), mask(ours.always_one));
    let width = probed.width.min(ours.width);
    compare("none", pattern(probed.none, width), pattern(ours.none, width));
    let present = (0..width).filter(|bit| ours.kind(probed.base ^ 1 << bit) == PteKind::Present);
    let present = present.fold(0, |mask, bit| mask | 1 << bit);
    compare("present if any is turned", mask(probed.present_if_turned), mask(present));
    compare("page shift", probed.layout_page_shift.to_string(), ours.page_shift.to_string());
    lines
}

/// A layout with the lists that it refers to, which elsewhere are constants.
#[derive(Debug)]
pub(super) struct OwnedLayout {
    /// All but the lists.
    base: Layout<'static>,
    measured: Vec<KernelVersion>,
    present: Vec<Pattern>,
    reserved: Vec<Reserved<'static>>,
}

impl OwnedLayout {
    /// The layout.
    pub(super) fn layout(&self) -> Layout<'_> {
        let base: Layout<'_> = self.base;
        base.with_kernels(base.source.kernels, &self.measured).with_present(&self.present).with_reserved(&self.reserved)
    }

    /// The probed layout as data, with the names and reasons of the nearest one for the bits that nobody else claims now.
    pub(super) fn new(probed: &Probed, config: &Variant, kernel: KernelVersion, nearest: &Layout<'static>) -> Self {
        let [exclusive, soft_dirty, uffd_wp] = probed.flags;
        let flags = probed.flags.iter().flatten().fold(0, |mask, bit| mask | 1u64 << bit);
        let claimed = probed.swp_type.mask() | probed.swp_offset.mask() | flags;
        let word = u64::MAX >> (64 - probed.width);
        let mut reserved: Vec<_> = nearest
            .reserved
            .iter()
            .map(|reserved| Reserved::new(reserved.bits & !claimed & word, reserved.name, reserved.reason))
            .filter(|reserved| reserved.bits != 0)
            .collect();
        let explained = reserved.iter().fold(claimed, |mask, reserved| mask | reserved.bits);
        let looked_at = probed.always_one | probed.present_if_turned | (!probed.none.mask & word);
        if looked_at & !explained != 0 {
            let reason = "pte_present tests it, pte_none ignores it, or it is 1 in every swap PTE";
            reserved.push(Reserved::new(looked_at & !explained, "(name it)", reason));
        }
        // The nearest one's patterns, where they say what was found; else one for each bit, as it was when it was turned.
        let turned = (0..probed.width).filter(|bit| probed.present_if_turned >> bit & 1 != 0);
        let explains = |word: u64| nearest.present.iter().find(|pattern| pattern.matches(word));
        let mut present: Vec<Pattern> = Vec::new();
        for bit in turned {
            let word = probed.base ^ 1 << bit;
            let own = Pattern { mask: 1 << bit, value: word & 1 << bit };
            let pattern = explains(word).filter(|_| explains(probed.base).is_none()).copied().unwrap_or(own);
            if !present.contains(&pattern) {
                present.push(pattern);
            }
        }
        let order = probed.memory.order.unwrap_or(nearest.memory.order);
        let memory = match probed.memory.copies {
            1 => swp_pte::Memory::new(order),
            copies => swp_pte::Memory::new(order).repeated(probed.page_shift, copies),
        };
        let (arch, page_shift) = (config.machine.arch, probed.layout_page_shift);
        let shared = swp_pte::Variant::new(arch, config.variant, probed.width, page_shift, memory);
        let mut base = Layout::new(&shared, probed.swp_type, probed.swp_offset)
            .with_kernels(KernelRange::since(kernel), &[])
            .with_source(nearest.source.header, nearest.source.symbols, "(the commit that brought it)")
            .with_always_one(probed.always_one)
            .with_none(probed.none);
        if let Some(bit) = exclusive {
            let placement = nearest.exclusive.map_or(Placement::UnusedBit, |exclusive| exclusive.placement);
            base = base.with_exclusive(bit, placement);
        }
        (base.soft_dirty, base.uffd_wp) = (soft_dirty, uffd_wp);
        Self { base, measured: vec![KernelVersion::new(kernel.major, kernel.minor)], present, reserved }
    }
}
