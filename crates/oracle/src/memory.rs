//! How a word lies in memory, measured: the kernel stores one whose bytes are all different, and we look.

use std::fmt::{self, Display, Formatter};

use anyhow::{Context, Result, bail};
use swp_pte::{ByteOrder, Layout};

use super::ask::Constants;

/// The order of a word's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
    /// Two big-endian halves, the less significant one first: a 64-bit word kept as two 32-bit ones.
    BigLowWordFirst,
}

impl Order {
    /// As the header of a vector file says it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Big => "big",
            Self::Little => "little",
            Self::BigLowWordFirst => "big-low-word-first",
        }
    }
}

/// A page-table word in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Memory {
    /// `None` if it was not measured: a compiler for another machine stood in.
    pub(super) order: Option<Order>,
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
        let order = match first {
            [1, 2, 3, 4] | [1, 2, 3, 4, 5, 6, 7, 8] => Order::Big,
            [4, 3, 2, 1] | [8, 7, 6, 5, 4, 3, 2, 1] => Order::Little,
            [5, 6, 7, 8, 1, 2, 3, 4] => Order::BigLowWordFirst,
            bytes => bail!("the word of the bytes 1, 2, 3 … lies in memory as {bytes:x?}: an order not known here"),
        };
        Ok(Self { order: Some(order), copies: u32::try_from(words.len())? })
    }

    /// As a layout says it.
    pub(super) const fn of(layout: &Layout) -> Self {
        let order = match layout.memory_order {
            ByteOrder::Big => Order::Big,
            ByteOrder::Little => Order::Little,
        };
        Self { order: Some(order), copies: 1 }
    }
}

impl Display for Memory {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.order {
            None => "order not measured",
            Some(Order::Big) => "big-endian",
            Some(Order::Little) => "little-endian",
            Some(Order::BigLowWordFirst) => "big-endian halves, the low one first",
        })?;
        if self.copies != 1 {
            write!(f, ", {} copies", self.copies)?;
        }
        Ok(())
    }
}
