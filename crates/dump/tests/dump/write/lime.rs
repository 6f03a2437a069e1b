//! LiME.

use swp_pte_dump::ByteOrder;

use super::Out;

/// Ranges of memory, each with its physical address.
pub(crate) fn lime(order: ByteOrder, ranges: &[(u64, &[u8])]) -> Vec<u8> {
    let mut out = Out::new(order);
    for (at, bytes) in ranges {
        out.put(4, 0x4c69_4d45).put(4, 1).put(8, *at).put(8, at + bytes.len() as u64 - 1).put(8, 0).bytes(bytes);
    }
    out.bytes
}
