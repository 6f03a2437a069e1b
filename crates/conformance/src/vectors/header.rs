//! The header of a vector file: what the build says of itself, against the layout and the numbering of swap types.

use swp_pte::{ByteOrder, Flag};
use swp_pte_atlas::{Access, SoftleafType};

use super::format::{Header, Order};
use super::{Config, SwapTypes, VectorFile};
use crate::report::{Check, Report};

pub(super) fn check_order(report: &mut Report, file: &VectorFile, order: Order) {
    let input = || format!("{}:1 memory_order", file.name);
    report.values(Check::VectorHeader, input, &ByteOrder::from(order), &file.row.layout().memory_order);
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
    check_order(report, file, header.memory_order);
    let mut number = |name: &str, expected: u64, got: u64| {
        report.values(Check::VectorHeader, || format!("{}:1 {name}", file.name), &expected, &got);
    };
    number("pte_bits", header.pte_bits.into(), layout.width.into());
    // The bits of most layouts do not depend on the page size; where they do, the variant's name says so.
    if layout.source.variant.contains("book3s64") {
        number("page_shift", header.page_shift.into(), layout.page_shift.into());
    }
    if let Some(limit) = header.constant("GENERIC_MAX_OFFSET") {
        number("GENERIC_MAX_OFFSET", limit, layout.max_offset());
    }
    number("HAVE_EXCL", header.has(Flag::Exclusive).into(), layout.exclusive.is_some().into());

    let on = |name: &str| header.constant(name) == Some(1);
    let config = Config {
        memory_failure: on("CONFIG_MEMORY_FAILURE"),
        migration: on("CONFIG_MIGRATION"),
        device_private: on("CONFIG_DEVICE_PRIVATE"),
        // The option has no constant in these files; the type is there or not.
        pte_marker: header.constant("SWP_PTE_MARKER").is_some(),
    };
    let types = SwapTypes::new(file.kernel, config);
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
