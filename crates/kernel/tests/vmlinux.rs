//! ELF files as a kernel's: made here, since a real one has hundreds of megabytes.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use object::write::{Object, StandardSection, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope};
use swp_pte_kernel::{Error, facts_of};

const BANNER: &[u8] = b"Linux version 6.12.117+deb13-amd64 (debian-kernel@lists.debian.org) #1 SMP\n\0";

/// BTF whose only type is `enum pageflags`, with `PG_anon_exclusive` or with another enumerator.
fn btf(endian: Endianness, with: bool) -> Vec<u8> {
    let little = matches!(endian, Endianness::Little);
    let word = |word: u32| if little { word.to_le_bytes() } else { word.to_be_bytes() };
    let strings: &[u8] = b"\0pageflags\0PG_locked\0PG_anon_exclusive\0";
    let name = if with { 21 } else { 11 };
    let types: Vec<u8> = [1, 6 << 24 | 1, 4, name, 0].into_iter().flat_map(word).collect();
    let magic = if little { [0x9f, 0xeb, 1, 0] } else { [0xeb, 0x9f, 1, 0] };
    let sizes = [24, 0, types.len(), types.len(), strings.len()].map(|size| word(u32::try_from(size).unwrap()));
    [&magic[..], sizes.as_flattened(), &types, strings].concat()
}

/// A file with the array of so many bytes, a banner, and BTF.
fn vmlinux(architecture: Architecture, endian: Endianness, swap_info: Option<u64>, with: bool) -> Vec<u8> {
    let mut file = Object::new(BinaryFormat::Elf, architecture, endian);
    let constants = file.section_id(StandardSection::ReadOnlyData);
    let banner = file.append_section_data(constants, BANNER, 8);
    let zeros = file.section_id(StandardSection::UninitializedData);
    let mut symbol = |name: &[u8], size, section, value| {
        file.add_symbol(Symbol {
            name: name.to_vec(),
            value,
            size,
            kind: SymbolKind::Data,
            scope: SymbolScope::Compilation,
            weak: false,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        });
    };
    symbol(b"linux_banner", BANNER.len() as u64, constants, banner);
    if let Some(size) = swap_info {
        symbol(b"swap_info", size, zeros, 0);
    }
    file.append_section_bss(zeros, 4096, 8);
    let section = file.add_section(Vec::new(), b".BTF".to_vec(), object::SectionKind::ReadOnlyData);
    file.append_section_data(section, &btf(endian, with), 8);
    file.write().unwrap()
}

#[test]
fn a_vmlinux_tells_machine_release_size_and_series() {
    for (architecture, endian, size, machine) in [
        (Architecture::X86_64, Endianness::Little, 216, "x86_64"),
        (Architecture::Aarch64, Endianness::Little, 216, "aarch64"),
        (Architecture::S390x, Endianness::Big, 216, "s390x"),
        (Architecture::PowerPc64, Endianness::Little, 216, "ppc64le"),
        (Architecture::PowerPc64, Endianness::Big, 216, "ppc64"),
        (Architecture::Riscv64, Endianness::Little, 216, "riscv64"),
        (Architecture::Arm, Endianness::Little, 108, "arm"),
    ] {
        for with in [true, false] {
            let facts = facts_of(&vmlinux(architecture, endian, Some(size), with), "vmlinux").unwrap();
            assert_eq!(facts.machine.unwrap().value.name(), machine);
            assert_eq!(facts.release.unwrap().value.as_str(), "6.12.117+deb13-amd64", "{machine}");
            assert_eq!(facts.anon_exclusive.map(|has| has.value), Some(with), "{machine}");
            assert_eq!(facts.swap_info.unwrap().value.max_swapfiles().collect::<Vec<_>>(), [27], "{machine}");
        }
    }
}

#[test]
fn what_was_stripped_is_said_and_what_is_no_array_is_refused() {
    let file = |size| vmlinux(Architecture::X86_64, Endianness::Little, size, true);
    let facts = facts_of(&file(None), "vmlinux").unwrap();
    assert!(facts.swap_info.is_none() && facts.notes.iter().any(|note| note.contains("stripped")), "{:?}", facts.notes);
    for size in [217, 33 * 8] {
        let error = facts_of(&file(Some(size)), "vmlinux").unwrap_err();
        assert!(matches!(error, Error::Broken { .. }), "{error}");
    }
}

/// Whatever is cut off or changed is an answer or an error, and neither hangs nor panics.
#[test]
fn broken_files_are_errors() {
    let whole = vmlinux(Architecture::X86_64, Endianness::Little, Some(216), true);
    for length in 0..whole.len() {
        let _ = facts_of(&whole[..length], "vmlinux");
    }
    for at in 0..whole.len() {
        for byte in [0, 0x7f, 0xff] {
            let mut changed = whole.clone();
            changed[at] = byte;
            let _ = facts_of(&changed, "vmlinux");
        }
    }
}

#[test]
fn two_files_that_disagree_are_a_contradiction() {
    let one = facts_of(&vmlinux(Architecture::X86_64, Endianness::Little, Some(216), true), "vmlinux").unwrap();
    let joined = |other: &[u8]| one.clone().join(facts_of(other, "other").unwrap()).map_err(|error| error.to_string());
    let map = include_bytes!("files/System.map");
    let config = include_bytes!("files/config-6.12-amd64");
    assert!(joined(map).is_ok());
    let both = joined(config).unwrap();
    assert_eq!(both.release.unwrap().value.as_str(), "6.12.117+deb13-amd64", "the finer of the two");
    assert_eq!(both.config.map(|config| config.value.is_on("DEVICE_PRIVATE")), Some(false));
    let version = joined(b"Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@x) #1 SMP\n").unwrap_err();
    assert_eq!(
        version,
        "the release is 6.12.117+deb13-amd64 (vmlinux: linux_banner), but 5.14.0-427.13.1.el9_4.x86_64 (other: its line)"
    );
    assert!(
        joined(b"ffffffff83a0af80 b swap_info\nffffffff83a0b008 b next\n")
            .unwrap_err()
            .starts_with("MAX_SWAPFILES is 27")
    );
    let arm = vmlinux(Architecture::Aarch64, Endianness::Little, Some(216), true);
    assert!(joined(&arm).unwrap_err().starts_with("the machine is x86_64"));
}
