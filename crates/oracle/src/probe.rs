//! The layout, found out from the kernel's own functions one bit at a time. Nothing of the atlas is looked at.

use anyhow::{Context, Result, bail};
use swp_pte::{Field, Pattern, Run};

use super::ask::{Answers, Constants, WordAnswer};
use super::memory::Memory;

/// What the functions do with each bit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Probed {
    pub(super) width: u32,
    /// Of the build.
    pub(super) page_shift: u32,
    /// The same, unless the layout is one of several page sizes and is said for another one.
    pub(super) layout_page_shift: u32,
    pub(super) memory: Memory,
    pub(super) swp_type: Field,
    pub(super) swp_offset: Field,
    /// In the order of [`swp_pte::Flag::ALL`].
    pub(super) flags: [Option<u32>; 3],
    pub(super) always_one: u64,
    pub(super) none: Pattern,
    /// The word of an entry, and the bits of which any, turned over in it, makes it present.
    pub(super) base: u64,
    pub(super) present_if_turned: u64,
}

/// An entry that encodes to no empty word anywhere, nor does any that differs from it in one bit.
const BASE: (u64, u64) = (1, 2);
/// The one bit of a mask.
fn single(mask: u64, what: &str) -> Result<u32> {
    if mask.count_ones() != 1 {
        bail!("{what} changes the bits {mask:#x} of the word, not one bit");
    }
    Ok(mask.trailing_zeros())
}

/// Probes; `pages` are the page shifts of the build and of the layout where the two differ.
pub(super) fn probe(
    kernel: &mut dyn Answers,
    constants: &Constants,
    memory: Memory,
    pages: Option<(u32, u32)>,
) -> Result<Probed> {
    let width = u32::try_from(constants.get("pte_bits")?)?;
    if width != 32 && width != 64 {
        bail!("a page-table word of {width} bits");
    }
    let word_mask = u64::MAX >> (64 - width);
    let base = kernel.entries(&[BASE])?.first().context("no answer")?.word;
    if base & !word_mask != 0 {
        bail!("the word {base:#x} is wider than the {width} bits of a page-table word");
    }

    // What the encoder writes: one bit of the entry turned over.
    let types: Vec<_> = (0..5).map(|bit| (BASE.0 ^ 1 << bit, BASE.1)).collect();
    // Not every encoder masks: bits above the limit may land where no decoder looks. The limit is the kernel's own, what
    // comes back of an offset of all ones.
    let limit = constants.get("GENERIC_MAX_OFFSET")?;
    if !(limit.wrapping_add(1)).is_power_of_two() || limit < 4 {
        bail!("the largest offset that comes back is {limit:#x}: no power of two less one");
    }
    let offsets: Vec<_> = (0..limit.count_ones()).map(|bit| (BASE.0, BASE.1 ^ 1 << bit)).collect();
    let encoded = |kernel: &mut dyn Answers, entries: &[(u64, u64)]| -> Result<Vec<u64>> {
        Ok(kernel.entries(entries)?.iter().map(|answer| answer.word ^ base).collect())
    };
    let (types, offsets) = (encoded(kernel, &types)?, encoded(kernel, &offsets)?);

    // What the decoder reads: one bit of the word turned over.
    let turned: Vec<_> = (0..width).map(|bit| base ^ 1 << bit).collect();
    let turned = kernel.words(&turned)?;
    let whole = *kernel.words(&[base])?.first().context("no answer")?;
    let swp_type = field("type", &types, base, BASE.0, &turned, |answer| answer.fields.0 ^ whole.fields.0)?;
    let swp_offset = field("offset", &offsets, base, BASE.1, &turned, |answer| answer.fields.1 ^ whole.fields.1)?;

    let mut flags = [None; 3];
    for (i, (flag, have)) in flags.iter_mut().zip(constants.flags()).enumerate() {
        if have {
            let (mk, name) = (whole.mk.get(i).copied().unwrap_or(base), ["exclusive", "soft-dirty", "uffd-wp"]);
            *flag = Some(single(mk ^ base, name.get(i).copied().unwrap_or_default())?);
        }
    }
    let always_one = base & !(swp_type.mask() | swp_offset.mask());
    if whole.present {
        bail!("the word {base:#x} of an entry is present");
    }
    let present_if_turned =
        (0..width).zip(&turned).filter(|(_, answer)| answer.present).fold(0, |mask, (bit, _)| mask | 1 << bit);
    let page_shift = u32::try_from(constants.get("page_shift")?)?;
    let layout_page_shift = pages.filter(|(build, _)| *build == page_shift).map_or(page_shift, |(_, layout)| layout);
    Ok(Probed {
        width,
        page_shift,
        layout_page_shift,
        memory,
        swp_type,
        swp_offset,
        flags,
        always_one,
        none: none(kernel, width, always_one)?,
        base,
        present_if_turned,
    })
}

/// A field, from the bit of the word that each bit of the value changes (`encoded`) and the bits of the value that each
/// bit of the word changes (`turned`).
fn field(
    name: &str,
    encoded: &[u64],
    base: u64,
    value: u64,
    turned: &[WordAnswer],
    read: impl Fn(&WordAnswer) -> u64,
) -> Result<Field> {
    let written = encoded.iter().take_while(|change| **change != 0).count();
    if written == 0 || encoded.iter().skip(written).any(|change| *change != 0) {
        bail!("the bits of the {name} that the encoder writes do not begin at 0 or have a hole: {encoded:x?}");
    }
    // Where the decoder finds each bit of the value.
    let mut positions: [Option<u32>; 64] = [None; 64];
    for (bit, answer) in (0..).zip(turned) {
        let changed = read(answer);
        if changed != 0 {
            let value_bit = single(changed, &format!("in the {name}, turning bit {bit}"))?;
            let position = positions.get_mut(usize::try_from(value_bit)?);
            *position.context("no such bit")? = Some(bit);
        }
    }
    let mut inverted = None;
    for (value_bit, change) in encoded.iter().take(written).enumerate() {
        let bit = single(*change, &format!("bit {value_bit} of the {name}"))?;
        if positions.get(value_bit).copied().flatten() != Some(bit) {
            bail!("bit {value_bit} of the {name} is written to bit {bit} of the word, and read elsewhere");
        }
        let inverts = base >> bit & 1 != value >> value_bit & 1;
        if *inverted.get_or_insert(inverts) != inverts {
            bail!("some bits of the {name} are inverted and some are not");
        }
    }
    let read: Vec<u32> = positions.iter().map_while(|position| *position).collect();
    if positions.iter().skip(read.len()).any(Option::is_some) {
        bail!("the decoder reads bits of the {name} with a hole between them");
    }
    let mut runs = [Run { bit: 0, len: 0, value_bit: 0 }; Field::MAX_RUNS];
    let mut used = 0usize;
    for (value_bit, bit) in (0..).zip(read) {
        match used.checked_sub(1).and_then(|last| runs.get_mut(last)) {
            Some(run) if run.bit + run.len == bit => run.len += 1,
            _ => {
                let run = runs.get_mut(used);
                *run.with_context(|| format!("the {name} is split into more than {} runs", Field::MAX_RUNS))? =
                    Run { bit, len: 1, value_bit };
                used += 1;
            }
        }
    }
    let field = Field::split(runs).writing(u32::try_from(written)?);
    Ok(if inverted == Some(true) { field.inverted() } else { field })
}

/// `pte_none()`: the word that it accepts among the empty one, those of one bit and those that differ in one bit at most
/// from what is 1 in every entry; and the bits that it ignores there.
fn none(kernel: &mut dyn Answers, width: u32, always_one: u64) -> Result<Pattern> {
    let near = |word: u64| std::iter::once(word).chain((0..width).map(move |bit| word ^ 1 << bit));
    let candidates: Vec<u64> = near(0).chain(near(always_one)).collect();
    let answers = kernel.words(&candidates)?;
    let accepted = candidates.iter().zip(&answers).find(|(_, answer)| answer.none);
    let (&value, _) =
        accepted.context("pte_none() accepts neither the empty word nor one near to it or to an entry")?;
    let turned: Vec<_> = (0..width).map(|bit| value ^ 1 << bit).collect();
    let answers = kernel.words(&turned)?;
    let ignored = (0..width).zip(&answers).filter(|(_, answer)| answer.none).fold(0, |mask, (bit, _)| mask | 1 << bit);
    Ok(Pattern::exactly(value, ignored))
}
