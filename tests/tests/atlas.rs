//! The atlas against a table of its own: the bits of every layout as they were read off the compiled headers of five
//! kernels, one bit at a time, and written down before any backend was.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use swp_pte::{Flag, KernelOption, KernelVersion, Layout};
use swp_pte_atlas::{Config, LookupError, ROWS, SwapTypes, find, newest, rows_of, variants};

/// Variant, kernels measured, word, bits of the type that the decoder reads, bits of the offset that the encoder
/// writes, exclusive, soft-dirty, uffd-wp, bits that are always 1.
type Measured =
    (&'static str, &'static [&'static str], u32, [u32; 2], [u32; 2], Option<u32>, Option<u32>, Option<u32>, u64);

const NEW: &[&str] = &["6.1", "6.12", "7.2", "7.3"];
const OLD: &[&str] = &["5.10", "6.1"];
const NEWEST: &[&str] = &["6.12", "7.2", "7.3"];

#[rustfmt::skip]
const MEASURED: &[Measured] = &[
    ("x86_64", &["5.10"], 64, [59, 63], [9, 58], None, Some(1), Some(2), 0),
    ("x86_64", &["3.10"], 64, [1, 5], [9, 63], None, None, None, 0),
    ("x86_64", &["4.4"], 64, [1, 5], [9, 63], None, Some(7), None, 0),
    ("x86_64", &["4.9"], 64, [9, 13], [14, 63], None, Some(7), None, 0),
    ("x86_64", &["4.15"], 64, [9, 13], [14, 63], None, Some(1), None, 0),
    ("x86_64", &["4.19", "5.0", "5.4"], 64, [59, 63], [9, 58], None, Some(1), None, 0),
    ("x86_64", NEW, 64, [59, 63], [9, 58], Some(3), Some(1), Some(2), 0),
    ("arm64", &["4.4", "4.9", "4.15", "5.0", "5.4", "5.10"], 64, [2, 7], [8, 57], None, None, None, 0),
    ("arm64", &["6.1"], 64, [3, 7], [8, 57], Some(2), None, None, 0),
    ("arm64", NEWEST, 64, [6, 10], [12, 61], Some(2), None, Some(3), 0),
    ("s390", &["4.4", "4.9", "4.15", "5.0", "5.4", "5.10"], 64, [2, 6], [12, 63], None, Some(1), None, 0b11 << 9),
    ("s390", NEW, 64, [2, 6], [12, 63], Some(11), Some(1), None, 0b11 << 9),
    ("ppc-book3s64-4k", &["4.9"], 64, [0, 4], [12, 56], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-4k", &["4.15"], 64, [0, 4], [12, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-4k", &["5.0", "5.4"], 64, [0, 4], [12, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-4k", &["5.10"], 64, [0, 4], [12, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-4k", NEW, 64, [0, 4], [12, 52], Some(5), Some(9), None, 1 << 62),
    ("ppc-book3s64-64k", &["4.9"], 64, [0, 4], [16, 56], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-64k", &["4.15"], 64, [0, 4], [16, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-64k", &["5.0", "5.4"], 64, [0, 4], [16, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-64k", &["5.10"], 64, [0, 4], [16, 52], None, Some(5), None, 1 << 62),
    ("ppc-book3s64-64k", NEW, 64, [0, 4], [16, 52], Some(5), Some(9), None, 1 << 62),
    ("ppc-book3s32", OLD, 32, [3, 7], [8, 31], None, None, None, 0),
    ("ppc-book3s32", NEWEST, 32, [3, 7], [8, 31], Some(2), None, None, 0),
    ("ppc-nohash32-8xx", OLD, 32, [3, 7], [8, 31], None, None, None, 0),
    ("ppc-nohash32-8xx", NEWEST, 32, [3, 7], [8, 31], Some(2), None, None, 0),
    ("ppc-nohash32-85xx", &["6.1"], 32, [3, 7], [8, 31], None, None, None, 0),
    ("ppc-nohash32-85xx", &["6.12"], 32, [3, 7], [8, 31], Some(2), None, None, 0),
    ("ppc-nohash32-pte64", OLD, 64, [3, 7], [8, 31], None, None, None, 0),
    ("ppc-nohash32-pte64", NEWEST, 64, [3, 7], [8, 31], Some(2), None, None, 0),
    ("ppc-nohash32-40x", &["6.1"], 32, [3, 7], [8, 31], None, None, None, 0),
    ("ppc-nohash64", OLD, 64, [2, 6], [24, 63], None, None, None, 0),
    ("ppc-nohash64", NEWEST, 64, [2, 6], [24, 63], Some(7), None, None, 0),
    ("riscv-rv64", &["4.15", "4.18"], 64, [2, 6], [7, 63], None, None, None, 0),
    ("riscv-rv64", &["5.0", "5.4", "5.10"], 64, [2, 6], [7, 63], None, None, None, 0),
    ("riscv-rv64", &["6.1"], 64, [6, 10], [11, 63], None, None, None, 0),
    ("riscv-rv64", NEWEST, 64, [7, 11], [12, 63], Some(6), None, None, 0),
    ("riscv-rv64-svrsw60t59b", &["7.2", "7.3"], 64, [7, 11], [12, 63], Some(6), Some(3), Some(4), 0),
    ("riscv-rv32", &["5.4", "5.10"], 32, [2, 6], [7, 31], None, None, None, 0),
    ("riscv-rv32", &["6.1"], 32, [6, 10], [11, 31], None, None, None, 0),
    ("riscv-rv32", NEWEST, 32, [7, 11], [12, 31], Some(6), None, None, 0),
    ("openrisc", OLD, 32, [5, 11], [12, 31], None, None, None, 0),
    ("openrisc", NEWEST, 32, [5, 10], [12, 31], Some(11), None, None, 0),
    ("alpha", OLD, 64, [32, 39], [40, 63], None, None, None, 0),
    ("alpha", NEWEST, 64, [32, 38], [40, 63], Some(39), None, None, 0),
    ("sparc64", OLD, 64, [13, 20], [21, 63], None, None, None, 0),
    ("sparc64", NEWEST, 64, [13, 19], [21, 63], Some(20), None, None, 0),
    ("sparc32", OLD, 32, [7, 11], [12, 31], None, None, None, 0),
    ("sparc32", NEWEST, 32, [7, 11], [12, 31], Some(6), None, None, 0),
    ("um", OLD, 64, [5, 9], [11, 63], None, None, None, 0),
    ("um", NEWEST, 64, [5, 9], [11, 63], Some(10), None, None, 0),
    ("loongarch64", &["6.1"], 64, [16, 23], [24, 63], None, None, None, 0),
    ("loongarch64", NEWEST, 64, [16, 22], [24, 63], Some(23), None, None, 0),
    ("arm", OLD, 32, [2, 6], [7, 31], None, None, None, 0),
    ("arm", NEWEST, 32, [2, 6], [8, 31], Some(7), None, None, 0),
    ("arm-lpae", OLD, 64, [2, 6], [7, 31], None, None, None, 0),
    ("arm-lpae", NEWEST, 64, [2, 6], [8, 31], Some(7), None, None, 0),
    ("i386", OLD, 32, [1, 5], [9, 31], None, None, None, 0),
    ("i386", NEWEST, 32, [1, 5], [9, 31], Some(7), None, None, 0),
    ("i386-pae", OLD, 64, [59, 63], [9, 34], None, None, None, 0xff_ffff << 35),
    ("i386-pae", NEWEST, 64, [59, 63], [9, 34], Some(7), None, None, 0xff_ffff << 35),
    ("mips32", OLD, 32, [8, 12], [13, 31], None, None, None, 0),
    ("mips32", NEWEST, 32, [8, 12], [13, 31], Some(1), None, None, 0),
    ("mips32-r3k", OLD, 32, [10, 14], [15, 31], None, None, None, 0),
    ("mips32-r3k", NEWEST, 32, [10, 14], [15, 31], Some(7), None, None, 0),
    ("mips32-xpa", OLD, 64, [36, 40], [41, 63], None, None, None, 0),
    ("mips32-xpa", NEWEST, 64, [36, 40], [41, 63], Some(25), None, None, 0),
    ("mips32-phys64", OLD, 64, [34, 38], [39, 63], None, None, None, 0),
    ("mips32-phys64", NEWEST, 64, [34, 38], [39, 63], Some(7), None, None, 0),
    ("mips64", OLD, 64, [16, 23], [24, 63], None, None, None, 0),
    ("mips64", NEWEST, 64, [16, 22], [24, 63], Some(23), None, None, 0),
    ("microblaze", OLD, 32, [2, 7], [8, 31], None, None, None, 0),
    ("microblaze", NEWEST, 32, [2, 6], [8, 31], Some(7), None, None, 0),
    ("xtensa", OLD, 32, [6, 10], [11, 31], None, None, None, 0b111 << 2),
    ("xtensa", NEWEST, 32, [6, 10], [11, 31], Some(1), None, None, 0b111 << 2),
    ("arc", OLD, 32, [0, 4], [13, 31], None, None, None, 0),
    ("arc", NEWEST, 32, [0, 4], [13, 31], Some(5), None, None, 0),
    ("arc-pae40", OLD, 64, [0, 4], [13, 31], None, None, None, 0),
    ("arc-pae40", &["7.2", "7.3"], 64, [0, 4], [13, 31], Some(5), None, None, 0),
    ("m68k-motorola", OLD, 32, [4, 11], [12, 31], None, None, None, 0),
    ("m68k-motorola", NEWEST, 32, [4, 10], [12, 31], Some(11), None, None, 0),
    ("m68k-sun3", OLD, 32, [0, 6], [7, 30], None, None, None, 0),
    ("m68k-sun3", NEWEST, 32, [0, 5], [7, 30], Some(6), None, None, 0),
    ("m68k-coldfire", OLD, 32, [0, 7], [11, 31], None, None, None, 0),
    ("m68k-coldfire", NEWEST, 32, [0, 6], [11, 31], Some(7), None, None, 0),
    ("sh", OLD, 32, [1, 8], [11, 31], None, None, None, 0),
    ("sh", NEWEST, 32, [1, 5], [11, 31], Some(6), None, None, 0),
    ("sh-x2tlb", OLD, 64, [32, 36], [37, 62], None, None, None, 0),
    ("sh-x2tlb", NEWEST, 64, [32, 36], [37, 62], Some(6), None, None, 0),
    ("hexagon", OLD, 32, [1, 5], [6, 31], None, None, None, 0),
    ("hexagon", NEWEST, 32, [1, 5], [7, 31], Some(6), None, None, 0),
    ("csky", &["5.10"], 32, [4, 11], [12, 31], None, None, None, 0),
    ("csky", &["6.1"], 32, [2, 6], [7, 31], None, None, None, 0),
    ("csky", NEWEST, 32, [2, 6], [8, 31], Some(7), None, None, 0),
    ("csky-ck610", &["5.10"], 32, [4, 11], [12, 31], None, None, None, 0),
    ("csky-ck610", &["6.1"], 32, [2, 8], [9, 31], None, None, None, 0),
    ("csky-ck610", NEWEST, 32, [2, 8], [10, 31], Some(9), None, None, 0),
    ("nios2", OLD, 32, [26, 27], [0, 19], None, None, None, 0),
    ("nios2", NEWEST, 32, [26, 30], [0, 19], Some(31), None, None, 0),
    ("parisc32", OLD, 32, [0, 4], [6, 31], None, None, None, 0),
    ("parisc32", NEWEST, 32, [0, 4], [5, 31], Some(8), None, None, 0),
    ("parisc64", OLD, 64, [0, 4], [6, 63], None, None, None, 0),
    ("parisc64", NEWEST, 64, [0, 4], [5, 63], Some(8), None, None, 0),
];

/// Bits between the lowest and the highest of a field that are not the field's, by variant and first kernel.
const HOLES: &[(&str, &str, u64)] = &[
    ("hexagon", "5.10", 0b111 << 10),
    ("hexagon", "6.12", 0b111 << 10),
    ("csky", "6.1", 0b11 << 9),
    ("csky", "6.12", 0b11 << 9),
    ("csky-ck610", "6.1", 0b11 << 6),
    ("csky-ck610", "6.12", 0b11 << 6),
    ("parisc32", "5.10", 0b11 << 9),
    ("parisc32", "6.12", 0b11 << 8),
    ("parisc64", "5.10", 0b11 << 9),
    ("parisc64", "6.12", 0b11 << 8),
];

const fn bits([low, high]: [u32; 2]) -> u64 {
    u64::MAX >> (63 - high) & u64::MAX << low
}

fn version(text: &str) -> KernelVersion {
    text.parse().expect("a kernel version")
}

#[test]
fn every_measured_layout_is_found_and_has_the_measured_bits() {
    for &(variant, kernels, width, swp_type, swp_offset, exclusive, soft_dirty, uffd_wp, always_one) in MEASURED {
        for kernel in kernels {
            let layout = find(variant, version(kernel)).expect("measured, so known").layout();
            let what = format!("{variant} {kernel}");
            assert_eq!(layout.width, width, "{what}");
            let hole = HOLES.iter().find(|(of, first, _)| (*of, *first) == (variant, kernels[0]));
            let without_hole = |run| bits(run) & !hole.map_or(0, |(.., bits)| *bits);
            assert_eq!(layout.swp_type.mask(), without_hole(swp_type), "{what}");
            assert_eq!(layout.swp_offset.written_mask(), without_hole(swp_offset), "{what}");
            let inverts = variant == "i386-pae" || variant == "x86_64" && version(kernel) >= KernelVersion::new(4, 19);
            assert_eq!(layout.swp_offset.is_inverted(), inverts, "{what}");
            assert_eq!(Flag::ALL.map(|flag| layout.flag(flag)), [exclusive, soft_dirty, uffd_wp], "{what}");
            assert_eq!(layout.ones(), always_one, "{what}");
            assert!(layout.source.measured.contains(&version(kernel)), "{what}");
        }
    }
}

/// Each of the rows above is a layout of its own, and whatever else the atlas has says that it was never measured.
#[test]
fn measured_and_unmeasured_layouts_add_up() {
    let of = |(variant, kernels, ..): &Measured| find(variant, version(kernels[0])).unwrap().layout().source;
    let found: Vec<_> = MEASURED.iter().map(of).collect();
    for (i, source) in found.iter().enumerate() {
        assert!(!found[..i].contains(source), "{source:?} is two rows");
    }
    let unmeasured: Vec<_> = ROWS.iter().filter(|row| row.layout().source.measured.is_empty()).collect();
    assert_eq!(found.len() + unmeasured.len(), ROWS.len());
}

#[test]
fn eras_follow_each_other_without_a_gap() {
    for variant in variants() {
        let layouts: Vec<&Layout<'_>> = rows_of(variant).map(swp_pte_atlas::Row::layout).collect();
        for two in layouts.windows(2) {
            let (last, first) =
                (two[0].source.kernels.last.expect("an era before another ends"), two[1].source.kernels.first);
            // 6.3 has no one layout on parisc: see its record.
            let left_out = u16::from(variant.starts_with("parisc"));
            // Before 5.10 there are gaps, which tests/record lists.
            if first > KernelVersion::new(5, 10) {
                // The one change of major number after that, 5.19 to 6.0, is no boundary.
                assert_eq!((last.major, last.minor + 1 + left_out), (first.major, first.minor), "{variant}");
            }
        }
        assert_eq!(newest(variant).unwrap().layout().source, layouts.last().unwrap().source);
    }
}

#[test]
fn boundaries_are_where_the_commits_are() {
    for (variant, kernel, exclusive) in [
        ("x86_64", "5.18", None),
        ("x86_64", "5.19", Some(3)),
        ("arm64", "6.9.12", Some(2)),
        ("riscv-rv64", "6.2", None),
        ("riscv-rv64", "6.3-rc1", Some(6)),
        ("ppc-nohash32-40x", "6.10", Some(2)),
    ] {
        let exclusive_now = find(variant, version(kernel)).unwrap().layout().exclusive.map(|e| e.bit);
        assert_eq!(exclusive_now, exclusive, "{variant} {kernel}");
    }
    assert_eq!(find("arm64", version("6.9")).unwrap().layout().uffd_wp, None);
    assert_eq!(find("arm64", version("6.10")).unwrap().layout().uffd_wp, Some(3));
}

#[test]
fn what_is_not_in_the_record_is_said_so() {
    assert_eq!(find("amd64", version("6.12")).unwrap_err(), LookupError::UnknownVariant);
    let error = find("x86_64", version("3.9")).unwrap_err();
    assert_eq!(error.to_string(), "kernel 3.9 is older than the record, which begins at 3.10");
    let error = find("ppc-nohash32-40x", version("6.11")).unwrap_err();
    assert_eq!(error.to_string(), "kernel 6.11 no longer has this variant; the last was 6.10");
    assert!(matches!(find("riscv-rv64-svrsw60t59b", version("6.12")), Err(LookupError::TooOld { .. })));
}

#[test]
fn words_too_wide_are_refused_and_nothing_is_cut() {
    let row = newest("ppc-book3s32").unwrap();
    let error = row.word(1 << 32).unwrap_err();
    assert_eq!(error.to_string(), "0x100000000 has more than the 32 bits of this layout");
    assert!(row.word(u64::from(u32::MAX)).is_ok());
}

/// What the headers of the vector files say of their builds is what the atlas takes such kernels to be built with.
#[test]
fn the_usual_configuration_is_that_of_the_measured_kernels() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut headers = 0;
    for entry in std::fs::read_dir(folder).expect("tests/vectors is part of the repository") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a vector file");
        let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let (variant, kernel) = (header["variant"].as_str().unwrap(), version(header["kernel"].as_str().unwrap()));
        let on = |name: &str| header["consts"][name] == 1;
        let usual = Config::of(variant, kernel);
        let mut built = usual;
        built.switch(KernelOption::MemoryFailure, on("CONFIG_MEMORY_FAILURE"));
        built.switch(KernelOption::Migration, on("CONFIG_MIGRATION"));
        built.switch(KernelOption::DevicePrivate, on("CONFIG_DEVICE_PRIVATE"));
        built.switch(KernelOption::PteMarker, !header["consts"]["SWP_PTE_MARKER"].is_null());
        let usual = SwapTypes::new(kernel, usual);
        assert_eq!(usual, SwapTypes::new(kernel, built), "{}", path.display());
        headers += 1;
    }
    assert!(headers > 0, "no vector file was read");
}

/// Between two kernels of `SwapTypes::CHANGES` the numbering is the same, and at each of them some variant's differs.
#[test]
fn the_numbering_changes_where_the_atlas_says() {
    let kernels =
        (10..20).map(|minor| KernelVersion::new(5, minor)).chain((0..20).map(|minor| KernelVersion::new(6, minor)));
    for two in kernels.chain([KernelVersion::new(7, 2)]).collect::<Vec<_>>().windows(2) {
        let differs = variants().any(|variant| {
            let types = |kernel| SwapTypes::new(kernel, Config::of(variant, kernel));
            let meanings = |kernel| {
                (0..32).map(|number| types(kernel).meaning(swp_pte::SwpType::new(number).unwrap())).collect::<Vec<_>>()
            };
            meanings(two[0]) != meanings(two[1]) || types(two[0]).marker_mask() != types(two[1]).marker_mask()
        });
        // In 6.1 it is the offset that is divided anew.
        let listed = SwapTypes::CHANGES.contains(&two[1]) && two[1] != KernelVersion::new(6, 1);
        assert_eq!(differs, listed, "{} to {}", two[0], two[1]);
    }
}
