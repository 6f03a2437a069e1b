//! ELF cores of every shape that is met, and of some that nobody should write.

use crate::write::elf::Elf;
use crate::{opened, read};
use swp_pte_dump::{ByteOrder, Dump, Format, Memory, Missing, OpenError, Options, Range, Warning};

/// Memory whose every byte differs from its neighbours'.
fn page(seed: u8) -> Vec<u8> {
    (0..4096u32).map(|at| u8::try_from(at % 251).unwrap_or(0) ^ seed).collect()
}

#[test]
fn both_byte_orders_and_widths() {
    let (one, two) = (page(1), page(2));
    for (order, bits, machine, name) in [
        (ByteOrder::Little, 64, 62, "x86_64"),
        (ByteOrder::Little, 64, 183, "arm64"),
        (ByteOrder::Big, 64, 22, "s390"),
        (ByteOrder::Big, 64, 21, "ppc64"),
        (ByteOrder::Little, 64, 243, "riscv64"),
        (ByteOrder::Little, 32, 3, "i386"),
        (ByteOrder::Big, 32, 20, "ppc32"),
        // i386 with PAE: /proc/vmcore has 64 bits there.
        (ByteOrder::Little, 64, 3, "i386"),
    ] {
        for extended in [false, true] {
            for skew in [0, 1, 0x16c] {
                let mut elf = Elf::new(&[(0x1000, &one), (0x8000, &two)]);
                (elf.order, elf.bits, elf.machine, elf.skew, elf.extended) = (order, bits, machine, skew, extended);
                elf.vmcoreinfo = Some(b"OSRELEASE=6.12\nPAGESIZE=4096\n");
                let file = elf.write();
                let dump = opened(file.clone());
                assert_eq!(dump.format(), Format::Elf);
                assert_eq!(dump.warnings(), [], "{name}");
                let machine = dump.machine().unwrap();
                assert_eq!((machine.name, machine.order, dump.byte_order()), (name, order, Some(order)));
                assert_eq!(dump.vmcoreinfo(), elf.vmcoreinfo);
                assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x2000 }, Range { start: 0x8000, end: 0x9000 }]);
                assert_eq!(read(&dump, 0x1000, 4096).as_ref(), Ok(&one));
                assert_eq!(read(&dump, 0x8ffd, 3).unwrap(), two[4093..]);
                assert_eq!(read(&dump, 0x8ffd, 4), Err(Missing::NotInDump { at: 0x9000 }));
                assert_eq!(read(&dump, 0, 1), Err(Missing::NotInDump { at: 0 }));
                let position = dump.file_position(0x8123).unwrap();
                assert_eq!(file[usize::try_from(position).unwrap()], two[0x123]);
                assert_eq!(dump.file_position(0x9000), None);
            }
        }
    }
}

#[test]
fn memory_goes_on_over_segments() {
    let (one, two) = (page(1), page(2));
    // In the other order in the file.
    let dump = opened(Elf::new(&[(0x2000, &two), (0x1000, &one)]).write());
    assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x3000 }]);
    assert_eq!(read(&dump, 0x1ffe, 4).unwrap(), [&one[4094..], &two[..2]].concat());
    assert_eq!(dump.pieces().len(), 2);
}

#[test]
fn what_is_in_memory_and_not_in_the_file_was_left_out() {
    let one = page(1);
    let mut elf = Elf::new(&[(0x1000, &one)]);
    elf.segments[0].2 = 0x2000;
    let dump = opened(elf.write());
    assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x4000 }]);
    assert_eq!(read(&dump, 0x1ff8, 16), Err(Missing::Excluded { at: 0x2000 }));
    assert_eq!(read(&dump, 0x3fff, 2), Err(Missing::Excluded { at: 0x3fff }));
    assert_eq!(dump.warnings(), []);
}

#[test]
fn a_file_that_is_cut_off_gives_what_it_has() {
    let (one, two) = (page(1), page(2));
    let mut file = Elf::new(&[(0x1000, &one), (0x8000, &two)]).write();
    file.truncate(file.len() - 96);
    let dump = opened(file);
    let end = dump.file_position(0x8fff - 96).unwrap() + 1;
    assert_eq!(dump.warnings(), [Warning::Truncated { end, missing: 96, all: 8192, from: 0x8fa0 }]);
    assert_eq!(read(&dump, 0x8f90, 16).unwrap(), two[0xf90..0xfa0]);
    assert_eq!(read(&dump, 0x8f90, 17), Err(Missing::Truncated { at: 0x8fa0 }));
    assert_eq!(dump.file_position(0x8fa0), None);
}

#[test]
fn what_overlaps_is_taken_once() {
    let all: Vec<u8> = [page(1), page(2), page(3)].concat();
    let inner = page(9);
    let dump = opened(Elf::new(&[(0x1000, &all), (0x2000, &inner), (0x3800, &inner)]).write());
    assert_eq!(dump.warnings(), [Warning::Overlapping { bytes: 0x1800 }]);
    assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x4800 }]);
    assert_eq!(read(&dump, 0x1000, 0x3000).as_ref(), Ok(&all));
    assert_eq!(read(&dump, 0x4000, 0x800).unwrap(), inner[0x800..]);
}

#[test]
fn segments_without_physical_address_are_passed_over() {
    let one = page(1);
    // As its image, which all of memory has as well, is in /proc/kcore.
    let dump = opened(Elf::new(&[(u64::MAX, &one), (0x1000, &one), (0x1000, &one)]).write());
    assert_eq!(dump.warnings(), [Warning::Live]);
    assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x2000 }]);
}

#[test]
fn what_is_no_dump_is_said() {
    let one = page(1);
    let process = Elf::new(&[(0, &one), (0, &one)]).write();
    let error = Dump::of_bytes(process, &Options::default()).unwrap_err();
    assert!(matches!(error, OpenError::NoDump { .. }), "{error}");
    let mut program = Elf::new(&[(0x1000, &one)]).write();
    program[16] = 2;
    let error = Dump::of_bytes(program, &Options::default()).unwrap_err();
    assert!(error.to_string().contains("vmlinux"), "{error}");
    assert!(matches!(Dump::of_bytes(Vec::new(), &Options::default()), Err(OpenError::Empty)));
}
