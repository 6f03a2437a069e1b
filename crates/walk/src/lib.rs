//! Page tables in physical memory: where each architecture keeps them, as data, and one walker for all of them.
//!
//! A [`Geometry`] says how a virtual address is cut into indices, which words of each level point at the next table, and
//! which map a page. [`Walk`] goes through a range of addresses and hands out every entry that is not empty, with its
//! address, its level, its table and its word: those that are not present (swap entries, migration, markers) are as good as
//! any other, and so are those one level up. [`translate`] finds where one address is.
//!
//! Memory is read through a closure, so that a dump, a live machine and a test look alike. What cannot be read is an item
//! of its own ([`Item::Missing`]), never a hole. Nothing is allocated, and no memory makes a walk endless: the number of
//! levels is that of the geometry, a table that is its own ancestor is not entered ([`Item::Loop`]), and all tables come out
//! of a [`Budget`].
//!
//! | architecture | geometries | where it is written |
//! |---|---|---|
//! | x86_64 | 4 and 5 levels | Intel SDM volume 3A, 4.5; `arch/x86/include/asm/pgtable_types.h` |
//! | i386 | 2 levels, PAE | Intel SDM volume 3A, 4.3 and 4.4 |
//! | arm64 | 4K, 16K and 64K granules; 36 to 52 bits; LPA and LPA2 | Arm ARM, D8.3; `arch/arm64/include/asm/pgtable-hwdef.h` |
//! | riscv | Sv32, Sv39, Sv48, Sv57 | The RISC-V privileged architecture, 12.3 to 12.6 |
//! | s390 | segment, region-third, region-second and region-first tables | z/Architecture Principles of Operation, 3 |
//! | ppc64 | radix, 4K and 64K | Power ISA 3.0B, book III, 5.7.10; `arch/powerpc/include/asm/book3s/64/radix.h` |
//!
//! Not here: the hashed tables of ppc (a swap entry of Linux is in its own tree, whose pointers are virtual addresses),
//! and arm, loongarch, mips, parisc, sparc and the others, whose trees of pointers belong to the software.
#![no_std]

#[cfg(test)]
extern crate std;

mod budget;
mod geometries;
mod geometry;
mod translate;
mod walker;

pub use budget::Budget;
pub use geometries::{
    ARM64, GEOMETRIES, I386, I386_PAE, PPC64_RADIX_4K, PPC64_RADIX_64K, S390, SV32, SV39, SV48, SV57, X86_64,
    X86_64_LA57, arm64, find, s390_of_asce, s390_of_entry,
};
pub use geometry::{Format, Geometry, Link, Piece, Quarters, Root, Table};
pub use translate::{Mapping, Unmapped, translate};
pub use walker::{Entry, Item, Walk};
