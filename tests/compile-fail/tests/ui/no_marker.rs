//! A marker of a layout from before it.

fn main() {
    swp_pte_s390::until_5_18::Pte::from_bits(0x41e02).is_exclusive();
}
