//! `swp_entry_t`: the word in which the core of the kernel keeps a swap type and offset, and which its messages print.

use swp_pte::{KernelRange, KernelVersion};

/// How kernels of a word size keep a `swp_entry_t`: the type above the offset (`swp_entry`, `include/linux/swapops.h`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EntryForm {
    /// `BITS_PER_LONG`, 32 or 64.
    pub long_bits: u32,
    /// `SWP_TYPE_SHIFT`: how many bits the offset has.
    pub type_shift: u32,
}

/// `MAX_SWAPFILES_SHIFT`, the bits of a type.
const TYPE_BITS: u32 = 5;

/// The swap cache became an `XArray`, whose values have one bit less than a long: commit 3159f943aafd, "xarray: Replace
/// exceptional entries".
const XARRAY: KernelVersion = KernelVersion::new(4, 20);
/// Before, a radix tree marked such values with two bits: commit 9b15b817f3d6, "swap: fix shmem swapping when more than 8
/// areas".
const RADIX_TREE: KernelVersion = KernelVersion::new(3, 5);

impl EntryForm {
    /// The form in a kernel whose `long` has 32 or 64 bits.
    #[must_use]
    pub const fn of(kernel: KernelVersion, long_bits: u32) -> Self {
        let taken = if KernelRange::since(XARRAY).contains(kernel) {
            1
        } else if KernelRange::since(RADIX_TREE).contains(kernel) {
            2
        } else {
            0
        };
        Self { long_bits, type_shift: long_bits.saturating_sub(TYPE_BITS + taken) }
    }

    /// The largest offset, `SWP_OFFSET_MASK`.
    #[must_use]
    pub const fn max_offset(self) -> u64 {
        match 1_u64.checked_shl(self.type_shift) {
            Some(bit) => bit - 1,
            None => u64::MAX,
        }
    }

    /// Type and offset, as `swp_type()` and `swp_offset()` read them: the type may be above 31. `None` for a number with
    /// more bits than a `long`.
    #[must_use]
    pub const fn split(self, value: u64) -> Option<(u64, u64)> {
        if self.long_bits < u64::BITS && value >> self.long_bits != 0 {
            return None;
        }
        let swp_type = match value.checked_shr(self.type_shift) {
            Some(swp_type) => swp_type,
            None => 0,
        };
        Some((swp_type, value & self.max_offset()))
    }

    /// The number for a type and an offset; `None` if one does not fit.
    #[must_use]
    pub const fn join(self, swp_type: u64, offset: u64) -> Option<u64> {
        if swp_type >> TYPE_BITS != 0 || offset > self.max_offset() {
            return None;
        }
        Some(swp_type << self.type_shift | offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kernel: &str, long_bits: u32) -> EntryForm {
        EntryForm::of(kernel.parse().unwrap(), long_bits)
    }

    #[test]
    fn the_shift_depends_on_kernel_and_word_size() {
        for (kernel, shifts) in [("7.2", [58, 26]), ("4.20", [58, 26]), ("4.19", [57, 25]), ("3.10", [57, 25])] {
            assert_eq!([64, 32].map(|bits| form(kernel, bits).type_shift), shifts, "{kernel}");
        }
        assert_eq!([64, 32].map(|bits| form("2.6.32", bits).type_shift), [59, 27]);
    }

    /// Values of kernels' logs beside the raw word of the same message.
    #[test]
    fn entries_of_logs() {
        // x86_64 4.1: pte:fd20b000, whose offset begins at bit 9.
        assert_eq!(form("4.1", 64).split(0x007e_9058), Some((0, 0xfd20_b000 >> 9)));
        // A marker of 6.x: "unrecognized swap entry 0x7c00000000000001".
        assert_eq!(form("6.6", 64).split(0x7c00_0000_0000_0001), Some((31, 1)));
        // The empty word of x86_64, as get_swap_device prints it.
        assert_eq!(form("6.6", 64).split(0x0003_ffff_ffff_ffff), Some((0, 0x0003_ffff_ffff_ffff)));
    }

    #[test]
    fn what_is_split_is_joined_and_what_does_not_fit_is_refused() {
        for form in [form("6.12", 64), form("6.12", 32), form("4.19", 64)] {
            for (swp_type, offset) in [(0, 0), (31, form.max_offset()), (7, 0x41)] {
                let value = form.join(swp_type, offset).unwrap();
                assert_eq!(form.split(value), Some((swp_type, offset)));
            }
            assert_eq!((form.join(32, 0), form.join(0, form.max_offset() + 1)), (None, None));
        }
        assert_eq!((form("6.12", 32).split(1 << 32), form("6.12", 64).split(1 << 63)), (None, Some((32, 0))));
    }
}
