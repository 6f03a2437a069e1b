//! Writers of small dumps, after the formats' own descriptions and not after the readers.

use swp_pte_dump::ByteOrder;

pub(crate) mod elf;
pub(crate) mod kdump;
pub(crate) mod lime;

/// Numbers in a byte order, one after the other.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) bytes: Vec<u8>,
    order: ByteOrder,
}

impl Out {
    pub(crate) const fn new(order: ByteOrder) -> Self {
        Self { bytes: Vec::new(), order }
    }

    /// A number of 2, 4 or 8 bytes.
    pub(crate) fn put(&mut self, bytes: usize, number: u64) -> &mut Self {
        let all = number.to_le_bytes();
        let mut digits = all[..bytes].to_vec();
        if self.order == ByteOrder::Big {
            digits.reverse();
        }
        self.bytes.extend(digits);
        self
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend(bytes);
        self
    }

    pub(crate) fn pad(&mut self, to: usize) -> &mut Self {
        assert!(self.bytes.len() <= to, "{} bytes are there already, not {to}", self.bytes.len());
        self.bytes.resize(to, 0);
        self
    }
}
