//! The header of a vector file: what the build says of itself, against the layout and the numbering of swap types.

use swp_pte::{Flag, KernelOption, MemoryOrder};
use swp_pte_atlas::{Access, SoftleafType};

use super::format::{Header, Memory};
use super::{Config, SwapTypes, VectorFile};
use crate::report::{Check, Report};

pub(super) fn check_memory(report: &mut Report, file: &VectorFile, memory: &Memory, page_shift: Option<u32>) {
    let input = |what: &'static str| move || format!("{}:1 {what}", file.name);
    let declared = file.row.layout().memory;
    if let Some(measured) = memory.order {
        report.values(Check::VectorHeader, input("memory_order"), &MemoryOrder::from(measured), &declared.order);
    }
    // A build whose order was not measured says something of copies only where it says it.
    if let (Some(page_shift), Some(measured)) = (page_shift, memory.copies.or(memory.order.map(|_| 1))) {
        report.values(Check::VectorHeader, input("memory_copies"), &measured, &declared.copies(page_shift));
    }
}

/// The types above the swap files, by the kernel's constants.
const NAMES: [(&str, SoftleafType); 11] = [
    ("SWP_HWPOISON", SoftleafType::Hwpoison),
    ("SWP_MIGRATION_READ", SoftleafType::Migration(Access::Read)),
    ("SWP_MIGRATION_READ_EXCLUSIVE", SoftleafType::Migration(Access::ReadExclusive)),
    ("SWP_MIGRATION_WRITE", SoftleafType::Migration(Access::Write)),
    ("SWP_DEVICE_WRITE", SoftleafType::DevicePrivateWrite),
    ("SWP_DEVICE_READ", SoftleafType::DevicePrivateRead),
    ("SWP_DEVICE_EXCLUSIVE_WRITE", SoftleafType::DeviceExclusiveWrite),
    ("SWP_DEVICE_EXCLUSIVE_READ", SoftleafType::DeviceExclusiveRead),
    ("SWP_DEVICE_EXCLUSIVE", SoftleafType::DeviceExclusive),
    ("SWP_PTE_MARKER", SoftleafType::Marker),
    ("SWP_SWAPIN_ERROR", SoftleafType::SwapinError),
];

pub(super) fn check(report: &mut Report, file: &VectorFile, header: &Header) {
    let layout = file.row.layout();
    check_memory(report, file, &header.memory, Some(header.page_shift));
    // The layout gives sizes for the smallest pages of its variant; most variants have larger ones too, with the same bits.
    report.check(Check::VectorHeader, header.page_shift >= layout.page_shift, || {
        let (input, least) = (format!("{}:1 page_shift", file.name), format!("at least {}", layout.page_shift));
        (input, least, header.page_shift.to_string(), String::new())
    });
    let mut number = |name: &str, expected: u64, got: u64| {
        report.values(Check::VectorHeader, || format!("{}:1 {name}", file.name), &expected, &got);
    };
    number("pte_bits", header.pte_bits.into(), layout.width.into());
    if let (Some(frame), Some(memory)) = (header.constant("SWP_PFN_BITS"), header.constant("MAX_PHYSMEM_BITS")) {
        number("SWP_PFN_BITS, MAX_PHYSMEM_BITS - PAGE_SHIFT", frame, memory.wrapping_sub(header.page_shift.into()));
    }
    if let Some(limit) = header.constant("GENERIC_MAX_OFFSET") {
        // The kernel asks its encoder and its decoder, not whether the word is present.
        number("GENERIC_MAX_OFFSET", limit, layout.max_offset() | layout.present_offset);
    }
    number("HAVE_EXCL", header.has(Flag::Exclusive).into(), layout.exclusive.is_some().into());

    let on = |name: &str| header.constant(name) == Some(1);
    let mut config = Config::NONE;
    config.switch(KernelOption::MemoryFailure, on("CONFIG_MEMORY_FAILURE"));
    config.switch(KernelOption::Migration, on("CONFIG_MIGRATION"));
    config.switch(KernelOption::DevicePrivate, on("CONFIG_DEVICE_PRIVATE"));
    // The option has no constant in these files; the type is there or not.
    config.switch(KernelOption::PteMarker, header.constant("SWP_PTE_MARKER").is_some());
    let types = SwapTypes::numbered(file.numbering, config);
    if let Some(files) = header.constant("MAX_SWAPFILES") {
        number("MAX_SWAPFILES", files, types.max_swapfiles().try_into().unwrap_or(u64::MAX));
    }
    if let Some(mask) = header.constant("PTE_MARKER_MASK") {
        number("PTE_MARKER_MASK", mask, types.marker_mask());
    }
    for (name, meaning) in NAMES {
        let expected = header.constant(name);
        report.values(Check::VectorHeader, || format!("{}:1 {name}", file.name), &expected, &types.number(meaning));
    }
}
