//! The format of vector files: version 1, JSON lines, numbers that can be wide as hex strings.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use swp_pte::{Flag, MemoryOrder};

/// A number written as `"0x…"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hex(pub(super) u64);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map(Self).ok_or_else(|| serde::de::Error::custom(format_args!("{text:?} is no hex number of 64 bits")))
    }
}

/// The order in which a word's bytes lie in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Order {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
    /// Two 32-bit words, the less significant one first, each most significant byte first.
    BigLowWordFirst,
}

impl From<Order> for MemoryOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Big => Self::Big,
            Order::Little => Self::Little,
            Order::BigLowWordFirst => Self::BigLowWordFirst,
        }
    }
}

/// How a word lies in memory.
#[derive(Debug, Deserialize)]
pub(super) struct Memory {
    /// `null`: not measured. The key itself may not be missing.
    #[serde(rename = "memory_order", deserialize_with = "Option::deserialize")]
    pub(super) order: Option<Order>,
    /// How many identical copies there are of a word, one if nothing is said.
    #[serde(rename = "memory_copies")]
    pub(super) copies: Option<u32>,
}

/// The first line of a file of answers.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub(super) kernel: String,
    pub(super) variant: String,
    pub(super) pte_bits: u32,
    pub(super) page_shift: u32,
    #[serde(flatten)]
    pub(super) memory: Memory,
    /// Most are numbers; what is none says nothing.
    pub(super) consts: BTreeMap<String, serde_json::Value>,
    pub(super) cases: usize,
}

impl Header {
    /// A constant of the build.
    pub(super) fn constant(&self, name: &str) -> Option<u64> {
        self.consts.get(name).and_then(serde_json::Value::as_u64)
    }

    /// Whether the kernel was built with a marker's helpers.
    pub(super) fn has(&self, flag: Flag) -> bool {
        let name = match flag {
            Flag::Exclusive => "HAVE_EXCL",
            Flag::SoftDirty => "HAVE_SOFT_DIRTY",
            Flag::UffdWp => "HAVE_UFFD_WP",
        };
        self.constant(name) != Some(0)
    }
}

/// The first line of a file of words out of a running kernel.
#[derive(Debug, Deserialize)]
pub(super) struct LiveHeader {
    pub(super) kernel: String,
    pub(super) variant: String,
    #[serde(flatten)]
    pub(super) memory: Memory,
    pub(super) cases: usize,
}
