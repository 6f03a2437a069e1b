//! A marker of a layout from before it, in generic code.

fn exclusive<P: swp_pte::Exclusive>(pte: P) -> bool {
    pte.is_exclusive()
}

fn main() {
    exclusive(swp_pte_arm64::until_5_18::Pte::from_bits(0x41004));
}
