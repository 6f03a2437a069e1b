//! How a word lies in memory, measured: the kernel stores one whose bytes are all different, and we look.

use std::fmt::{self, Display, Formatter};

use anyhow::{Context, Result, bail};
use swp_pte::{Layout, MemoryOrder};

use super::ask::Constants;

/// A page-table word in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Memory {
    /// `None` if it was not measured: a compiler for another machine stood in.
    pub(super) order: Option<MemoryOrder>,
    /// How many words, all alike, the kernel keeps for one.
    pub(super) copies: u32,
}

impl Memory {
    /// As the program found it.
    pub(super) fn measured(constants: &Constants) -> Result<Self> {
        let width = usize::try_from(constants.get("pte_bits")? / 8)?;
        let size = usize::try_from(constants.get("memory_size")?)?;
        let mut bytes = Vec::new();
        for i in 0..size.div_ceil(8) {
            bytes.extend(constants.get(&format!("memory_{i}"))?.to_be_bytes());
        }
        bytes.truncate(size);
        let words: Vec<_> = bytes.chunks(width.max(1)).collect();
        let first = *words.first().context("a page-table word without a byte")?;
        if let Some(other) = words.iter().find(|word| **word != first) {
            bail!("the kernel stores {bytes:x?} for one word: its parts {first:x?} and {other:x?} differ");
        }
        let orders = [MemoryOrder::Big, MemoryOrder::Little, MemoryOrder::BigLowWordFirst];
        // The most significant byte is 1: a word of 32 bits is the upper half.
        let word = 0x0102_0304_0506_0708_u64 >> (64 - constants.get("pte_bits")?.clamp(1, 64));
        let order = orders.into_iter().find(|order| order.word(first) == Some(word)).with_context(|| {
            format!("the word of the bytes 1, 2, 3 … lies in memory as {first:x?}: an order not known here")
        })?;
        Ok(Self { order: Some(order), copies: u32::try_from(words.len())? })
    }

    /// As a layout says it of kernels with pages of this size.
    pub(super) const fn of(layout: &Layout<'_>, page_shift: u32) -> Self {
        Self { order: Some(layout.memory.order), copies: layout.memory.copies(page_shift) }
    }
}

impl Display for Memory {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.order {
            None => "order not measured",
            Some(MemoryOrder::Big) => "big-endian",
            Some(MemoryOrder::Little) => "little-endian",
            Some(MemoryOrder::BigLowWordFirst) => "big-endian halves, the low one first",
            Some(other) => other.name(),
        })?;
        if self.copies != 1 {
            write!(f, ", {} copies", self.copies)?;
        }
        Ok(())
    }
}
