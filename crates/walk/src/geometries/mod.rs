//! The geometries of all architectures; a file each, from its manual.

mod arm64;
mod ppc64;
mod riscv;
mod s390;
mod x86;

pub use arm64::{ARM64, arm64};
pub use ppc64::{PPC64_RADIX_4K, PPC64_RADIX_64K};
pub use riscv::{SV32, SV39, SV48, SV57};
pub use s390::{S390, s390_of_asce, s390_of_entry};
pub use x86::{I386, I386_PAE, X86_64, X86_64_LA57};

use crate::Geometry;

/// All of them.
pub const GEOMETRIES: &[&[Geometry]] = &[
    &[X86_64, X86_64_LA57, I386, I386_PAE],
    ARM64,
    &[SV32, SV39, SV48, SV57],
    S390,
    &[PPC64_RADIX_4K, PPC64_RADIX_64K],
];

/// The geometry of this name.
#[must_use]
pub fn find(name: &str) -> Option<Geometry> {
    GEOMETRIES.iter().flat_map(|some| some.iter()).find(|geometry| geometry.name == name).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn levels_follow_each_other_without_gap_and_names_are_unique() {
        let mut names = HashSet::new();
        for geometry in GEOMETRIES.iter().flat_map(|some| some.iter()) {
            assert!(names.insert(geometry.name), "{}", geometry.name);
            let mut shift = geometry.page_shift();
            for level in 1..=geometry.levels() {
                let table = geometry.table(level).unwrap();
                assert_eq!(table.shift, shift, "{} level {level}", geometry.name);
                assert_eq!(table.format.link.is_none(), level == 1, "{} level {level}", geometry.name);
                shift += table.index_bits;
            }
            assert_eq!(shift, geometry.address_bits, "{}", geometry.name);
            assert!(geometry.table(0).is_none() && geometry.table(geometry.levels() + 1).is_none());
            // An empty entry is neither a page nor a table.
            for level in 1..=geometry.levels() {
                let format = &geometry.table(level).unwrap().format;
                let empty = format.empty.value;
                assert!(!format.is_leaf(empty) && format.table(empty).is_none(), "{} level {level}", geometry.name);
            }
        }
        assert_eq!(find("sv39").map(|geometry| geometry.levels()), Some(3));
    }
}
