//! An architecture that is none: what is put into one is there.

extern crate std;

use super::*;
use crate::MemoryOrder;
use std::string::ToString;

const LITTLE: Memory = Memory::new(MemoryOrder::Little);

const FIRST: Variant<'static> = Variant::new("toy", "toy-first", 32, 12, LITTLE)
    .with_pfn_bits(&[PfnBits::new(34, "every one"), PfnBits::new(40, "the others")])
    .with_options(&[
        BuildOption::always(KernelOption::Migration),
        BuildOption::new(KernelOption::DevicePrivate, KernelRange::since(KernelVersion::new(6, 17))),
    ])
    .with_inaccessible(&[
        Inaccessible::new(1 << 4 | 1, 1 << 4, Reason::ProtNone, 4, "NO_ACCESS")
            .in_kernels(KernelRange::since(KernelVersion::new(6, 10))),
        Inaccessible::new(1 << 2, 0, Reason::NotYoung, 2, "YOUNG"),
    ]);
const SECOND: Variant<'static> = FIRST.with_name("toy-second").with_memory(LITTLE.repeated(14, 4));
const ARCH: Arch<'static> = Arch::new("toy", "toys", &[], &[FIRST, SECOND]);

const OLD: KernelVersion = KernelVersion::new(6, 9);
const NEW: KernelVersion = KernelVersion::new(6, 17);

#[test]
fn a_variant_is_found_by_its_name() {
    for name in ["toy-first", "toy-second"] {
        assert_eq!(ARCH.variant(name).map(|variant| variant.name), Some(name));
    }
    assert!(ARCH.variant("toy").is_none());
    assert_eq!([FIRST, SECOND].map(|variant| variant.memory.copies(14)), [1, 4]);
    assert_eq!((SECOND.width, SECOND.page_shift), (32, 12));
}

#[test]
fn a_kernel_is_built_with_what_its_variant_can_have() {
    let options = KernelOption::ALL.iter();
    let can_have =
        options.map(|option| (option.to_string(), FIRST.can_have(*option, OLD), FIRST.can_have(*option, NEW)));
    let expected = [
        ("MEMORY_FAILURE", false, false),
        ("MIGRATION", true, true),
        ("DEVICE_PRIVATE", false, true),
        ("PTE_MARKER", false, false),
        ("USERSWAP", false, false),
    ];
    assert!(can_have.eq(expected.map(|(name, old, new)| (name.to_string(), old, new))));
    assert_eq!(FIRST.usual_pfn_bits(), Some(34));
    assert_eq!(FIRST.with_pfn_bits(&[]).usual_pfn_bits(), None);
}

#[test]
fn the_first_reason_of_the_kernel_that_fits_counts() {
    let why = |kernel, word| FIRST.inaccessible(kernel, word).map(ToString::to_string);
    let no_access = || Some("PROT_NONE or NUMA hinting (bit 4 set, NO_ACCESS)".to_string());
    let not_young = || Some("not young: the next access faults (bit 2 clear, YOUNG)".to_string());
    assert_eq!([why(NEW, 1 << 4), why(OLD, 1 << 4)], [no_access(), not_young()]);
    assert_eq!([why(NEW, 1 << 4 | 1), why(NEW, 1 << 4 | 1 << 2)], [not_young(), no_access()]);
    assert_eq!([why(NEW, 1 << 2), why(OLD, 1 << 4 | 1 << 2)], [None, None]);
    assert_eq!(Reason::Invalidated.text(), "invalidated for an update");
}
