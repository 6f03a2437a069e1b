//! Nios II from 6.3 on: the type got its five bits, and the exclusive marker the bit above them. `pte_none`
//! ignores the lowest four bits of the offset: what this loses is refused here.
#![doc = include_str!("since_6_3.md")]

use bitfield_struct::bitfield;
use swp_pte::{Field, KernelRange, KernelVersion, Layout, Pattern, Placement, Reserved};

use crate::arch::NIOS2;

/// The word, from bit 0 up.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    /// 0..=19: the swap offset, in pages
    #[inline]
    #[bits(20)]
    swp_offset: u64,
    /// 20: `_PAGE_GLOBAL`, zero
    #[inline]
    global: bool,
    #[bits(4)]
    __: u8,
    /// 25: `_PAGE_PRESENT`, zero
    #[inline]
    present: bool,
    /// 26..=30: the swap type
    #[inline]
    #[bits(5)]
    swp_type: u64,
    /// 31: remembers `PG_anon_exclusive`
    #[inline]
    exclusive: bool,
}

const LAYOUT: Layout<'static> = Layout::new(&NIOS2, Field::new(26, 5), Field::new(0, 20))
    .with_kernels(KernelRange::since(KernelVersion::new(6, 3)), &[KernelVersion::new(6, 12), KernelVersion::new(7, 2), KernelVersion::new(7, 3)])
    .with_source("arch/nios2/include/asm/pgtable.h", "__swp_type, __swp_offset, __swp_entry, _PAGE_SWP_EXCLUSIVE", "nios2/mm: refactor swap PTE layout (0a9ad8273ff4, 6.3), nios2/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE (4d1d955f7c0c, 6.3)")
    .with_exclusive(31, Placement::UnusedBit)
    .with_none(Pattern::exactly(0, 0xf | 1 << 20))
    .with_present(&[Pattern::all_ones(1 << 25)])
    .with_reserved(&[
        Reserved::new(1 << 20, "_PAGE_GLOBAL", "the refill loads any word into the TLB, present or not; pte_none ignores it"),
        Reserved::new(0xe0_0000, "_PAGE_EXEC, _PAGE_WRITE, _PAGE_READ", "the refill loads any word into the TLB, present or not: without a permission the access faults"),
        Reserved::new(1 << 24, "_PAGE_CACHED", "the refill loads any word into the TLB, present or not"),
        Reserved::new(1 << 25, "_PAGE_PRESENT", "pte_present tests it"),
    ]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusive;
    none: |raw| raw.with_global(false).into_bits() >> 4 == 0;
    present: |raw| raw.present();
}
