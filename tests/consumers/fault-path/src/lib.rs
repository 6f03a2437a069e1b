//! The swap side of a fault path, on arm64 kernels from 6.10 on.
#![no_std]

use swp_pte::{DecodeError, EncodeError, SwpEntry};
use swp_pte_arm64::Pte; // `swp_pte_arm64::since_5_19::Pte` for 5.19 to 6.9

/// What `try_to_unmap` writes: the entry, and whether the page belonged to this process alone.
///
/// # Errors
/// An offset that the layout cannot hold, with the limit.
pub fn swap_out(entry: SwpEntry, exclusive: bool) -> Result<u64, EncodeError> {
    let pte = Pte::encode(entry)?;
    Ok(if exclusive { pte.mk_exclusive() } else { pte }.to_bits())
}

/// What `do_swap_page` reads.
///
/// # Errors
/// A word that is none or present, which says so.
pub fn swap_in(word: u64) -> Result<(SwpEntry, bool), DecodeError> {
    let pte = Pte::from_bits(word);
    Ok((pte.decode()?, pte.is_exclusive()))
}

/// What `fork` does to the parent's word before it copies it.
#[must_use]
pub const fn fork(word: u64) -> u64 {
    Pte::from_bits(word).clear_exclusive().to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_survives_swap_and_ends_at_fork() {
        let entry = SwpEntry::from_parts(1, 0x41).unwrap();
        let word = swap_out(entry, true).unwrap();
        assert_eq!(swap_in(word), Ok((entry, true)));
        assert_eq!(swap_in(fork(word)), Ok((entry, false)));
    }
}
