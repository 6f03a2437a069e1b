//! uffd-wp of an architecture without it.

fn write_protected<P: swp_pte::UffdWp>(pte: P) -> bool {
    pte.is_uffd_wp()
}

fn main() {
    write_protected(swp_pte_s390::Pte::from_bits(0x41e02));
}
