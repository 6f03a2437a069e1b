//! A marker that there is none of.

use bitfield_struct::bitfield;
use swp_pte::{Field, Layout, Memory, MemoryOrder, Pattern, Placement, Reserved, Variant};

const VARIANT: Variant<'static> = Variant::new("toy", "toy", 32, 12, Memory::new(MemoryOrder::Little));

#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    present: bool,
    exclusive: bool,
    #[bits(5)]
    swp_type: u64,
    #[bits(25)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&VARIANT, Field::new(2, 5), Field::new(7, 25))
    .with_exclusive(1, Placement::UnusedBit)
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "PRESENT", "the hardware would take the word for a mapping")]);

swp_pte::backend! {
    pub struct Pte(Raw: u32), with exclusiv;
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
}

fn main() {}
