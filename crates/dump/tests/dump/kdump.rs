//! kdump-compressed, flattened and as it is, of machines of every kind.

use crate::write::kdump::{Kdump, Packed, flatten};
use crate::{opened, read};
use swp_pte_dump::{ByteOrder, Dump, Format, Memory, Missing, OpenError, Options, Range, Readable, Warning};

fn page(seed: u8, size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at % 251).unwrap_or(0) ^ seed).collect()
}

/// Pages 1, 2 and 70 are there, 3 and 71 were left out.
fn pages(size: usize) -> [(u64, Option<Vec<u8>>); 5] {
    let page = |seed| Some(page(seed, size));
    [(1, page(1)), (2, page(2)), (3, None), (70, page(3)), (71, None)]
}

fn check(dump: &Dump, block: u64) {
    let size = usize::try_from(block).unwrap_or(0);
    assert_eq!(dump.format(), Format::Kdump);
    assert_eq!(dump.warnings(), []);
    assert_eq!(dump.vmcoreinfo(), Some(b"OSRELEASE=6.12\nPAGESIZE=4096\n".as_slice()));
    let ranges = [Range { start: block, end: 4 * block }, Range { start: 70 * block, end: 72 * block }];
    assert_eq!(dump.ranges(), ranges);
    let there = vec![Range { start: block, end: 3 * block }, Range { start: 70 * block, end: 71 * block }];
    assert_eq!(dump.readable(), Readable { ranges: there, excluded: 2 * block, truncated: 0 });
    assert_eq!(read(dump, block, 2 * size), Ok([page(1, size), page(2, size)].concat()));
    assert_eq!(read(dump, 70 * block + 5, 7), Ok(page(3, size)[5..12].to_vec()));
    assert_eq!(read(dump, 3 * block - 1, 2), Err(Missing::Excluded { at: 3 * block }));
    assert_eq!(read(dump, 71 * block + 9, 1), Err(Missing::Excluded { at: 71 * block + 9 }));
    assert_eq!(read(dump, 0, 1), Err(Missing::NotInDump { at: 0 }));
    assert_eq!(read(dump, 4 * block, 1), Err(Missing::NotInDump { at: 4 * block }));
    assert_eq!(read(dump, u64::MAX - 1, 4), Err(Missing::NotInDump { at: u64::MAX - 1 }));
}

#[test]
fn every_machine_and_packing() {
    for (order, bits, align, machine, name, block) in [
        (ByteOrder::Little, 64, 8, "x86_64", Some("x86_64"), 4096),
        (ByteOrder::Little, 64, 8, "aarch64", Some("arm64"), 65536),
        (ByteOrder::Big, 64, 8, "s390x", Some("s390"), 4096),
        (ByteOrder::Little, 64, 8, "ppc64le", Some("ppc64"), 65536),
        (ByteOrder::Big, 64, 8, "ppc64", Some("ppc64"), 4096),
        (ByteOrder::Little, 32, 4, "i686", Some("i386"), 4096),
        // As qemu writes it, whose ELF files of it are wide too.
        (ByteOrder::Little, 64, 8, "i686", Some("i386"), 4096),
        (ByteOrder::Little, 32, 8, "armv7l", Some("arm"), 4096),
        // As qemu writes it.
        (ByteOrder::Little, 32, 4, "armv7l", Some("arm"), 4096),
        (ByteOrder::Little, 64, 8, "newmachine", None, 4096),
        (ByteOrder::Big, 32, 8, "newmachine", None, 16384),
    ] {
        for packed in Packed::ALL {
            let mut kdump = Kdump::new(pages(block));
            (kdump.order, kdump.bits, kdump.align, kdump.machine, kdump.block) = (order, bits, align, machine, block);
            kdump.packed = packed;
            // As makedumpfile marks a dump whose pages are packed.
            kdump.status = packed.flags();
            let file = kdump.write();
            let dump = opened(file.clone());
            check(&dump, block as u64);
            assert_eq!(dump.machine().map(|machine| machine.name), name);
            assert_eq!(dump.byte_order(), Some(order));
            let position = dump.file_position(2 * block as u64 + 3);
            assert_eq!(position.is_some(), packed == Packed::Not);
            if let Some(position) = position {
                assert_eq!(file[usize::try_from(position).unwrap()], page(2, block)[3]);
            }
            for piece in [4096, 1000, 65536] {
                let flat = flatten(&file, piece);
                let dump = opened(flat.clone());
                assert!(dump.is_flattened());
                check(&dump, block as u64);
                if let Some(position) = dump.file_position(2 * block as u64 + 3) {
                    assert_eq!(flat[usize::try_from(position).unwrap()], page(2, block)[3]);
                }
            }
        }
    }
}

#[test]
fn a_bitmap_for_both_has_nothing_left_out() {
    let mut kdump = Kdump::new([(9, Some(page(1, 4096)))]);
    kdump.one_bitmap = true;
    // Before version 6 the number of pages is in the header only.
    kdump.version = 5;
    let dump = opened(kdump.write());
    assert_eq!(read(&dump, 0x9000, 4096), Ok(page(1, 4096)));
    assert_eq!(read(&dump, 0x8000, 1), Err(Missing::NotInDump { at: 0x8000 }));
}

#[test]
fn zero_pages_are_not_those_left_out() {
    let dump = opened(Kdump::new([(1, Some(vec![0; 4096])), (2, None)]).write());
    assert_eq!(read(&dump, 0x1000, 4096), Ok(vec![0; 4096]));
    assert_eq!(read(&dump, 0x2000, 8), Err(Missing::Excluded { at: 0x2000 }));
}

#[test]
fn what_is_cut_off_is_said() {
    let whole = Kdump::new(pages(4096)).write();
    let dump = opened(whole[..whole.len() - 100].to_vec());
    assert_eq!(dump.warnings(), [Warning::CutOff { end: whole.len() as u64 - 100 }]);
    assert_eq!(read(&dump, 0x1000, 4096), Ok(page(1, 4096)));
    assert_eq!(read(&dump, 70 << 12, 8), Err(Missing::Truncated { at: 70 << 12 }));
    let flat = flatten(&whole, 4096);
    let dump = opened(flat[..flat.len() - 5000].to_vec());
    assert!(dump.warnings().contains(&Warning::CutOff { end: flat.len() as u64 - 5000 }), "{:?}", dump.warnings());
    let mut incomplete = Kdump::new(pages(4096));
    incomplete.status = 8;
    assert_eq!(opened(incomplete.write()).warnings(), [Warning::Incomplete]);
}

#[test]
fn a_part_and_other_dumps_are_refused_with_a_sentence() {
    let error = |file: Vec<u8>| Dump::of_bytes(file, &Options::default()).unwrap_err();
    let mut split = Kdump::new(pages(4096));
    split.split = true;
    assert!(error(split.write()).to_string().contains("--reassemble"));
    let mut old = Kdump::new(pages(4096)).write();
    old[..8].copy_from_slice(b"DISKDUMP");
    assert!(matches!(error(old), OpenError::NoDump { .. }));
    let mut block = Kdump::new(pages(4096)).write();
    block[428] = 1;
    assert!(error(block).to_string().contains("size of its blocks"));
}

/// The n-th descriptor of a dump of `pages`, and a number that is put into it.
fn with_descriptor(packed: Packed, number: usize, field: usize, bytes: &[u8]) -> Dump {
    let mut kdump = Kdump::new(pages(4096));
    kdump.packed = packed;
    let mut file = kdump.write();
    let at = 4 * 4096 + number * 24 + field;
    file[at..at + bytes.len()].copy_from_slice(bytes);
    opened(file)
}

#[test]
fn a_descriptor_is_not_believed() {
    let why = |dump: &Dump| match read(dump, 0x1000, 8) {
        Err(Missing::Damaged { why, .. }) => why,
        other => format!("{other:?}"),
    };
    // Where headers are, too long, empty, packed in an unknown way, shorter than a page.
    assert!(why(&with_descriptor(Packed::Not, 0, 0, &[0, 0, 0])).contains("where headers are"));
    assert!(why(&with_descriptor(Packed::Not, 0, 8, &[0xff; 4])).contains("4294967295 bytes"));
    assert!(why(&with_descriptor(Packed::Not, 0, 8, &[0; 4])).contains("0 bytes"));
    assert!(why(&with_descriptor(Packed::Not, 0, 12, &[0x40])).contains("0x40"));
    assert!(why(&with_descriptor(Packed::Not, 0, 8, &[1, 0])).contains("has 1 bytes and not 4096"));
    for packed in [Packed::Zlib, Packed::Lzo, Packed::Snappy, Packed::Zstd] {
        assert!(why(&with_descriptor(packed, 0, 8, &[9, 0])).contains("cannot be unpacked"), "{packed:?}");
    }
    // Beyond the file.
    let dump = with_descriptor(Packed::Not, 0, 4, &[1]);
    assert_eq!(read(&dump, 0x1000, 8), Err(Missing::Truncated { at: 0x1000 }));
    // The others are as they were.
    assert_eq!(read(&dump, 0x2000, 4096), Ok(page(2, 4096)));
}

#[test]
fn a_page_never_unpacks_to_more_than_a_page() {
    let bomb = vec![0; 1 << 24];
    let mut bombs: Vec<_> =
        [Packed::Zlib, Packed::Snappy, Packed::Zstd].map(|packed| (packed, packed.pack(&bomb))).into();
    // Of lzo: four bytes and a repetition of two million, whose length is a run of zeros; as many literals as may be.
    bombs.push((Packed::Lzo, [&[21, 1, 2, 3, 4, 0x20][..], &[0; 8000], &[1, 0, 0, 0x11, 0, 0]].concat()));
    bombs.push((Packed::Lzo, Packed::Lzo.pack(&bomb[..8100])));
    for (packed, small) in bombs {
        let mut kdump = Kdump::new(pages(4096));
        kdump.packed = packed;
        let mut file = kdump.write();
        let at = file.len();
        // As long a piece of it as a page may have.
        let length = small.len().min(8192);
        file.extend(&small[..length]);
        let descriptor = 4 * 4096;
        file[descriptor..descriptor + 8].copy_from_slice(&(at as u64).to_le_bytes());
        file[descriptor + 8..descriptor + 12].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        let dump = opened(file);
        assert!(matches!(read(&dump, 0x1000, 8), Err(Missing::Damaged { .. })), "{packed:?}");
    }
}

/// A page of VMCOREINFO as makedumpfile 1.7.9 packed it, out of a guest with Debian's 6.1.0-56-cloud-amd64.
#[test]
fn pages_of_makedumpfile_itself() {
    let page = include_bytes!("pages/page");
    let packed: [(Packed, &[u8]); 4] = [
        (Packed::Zlib, include_bytes!("pages/zlib")),
        (Packed::Lzo, include_bytes!("pages/lzo")),
        (Packed::Snappy, include_bytes!("pages/snappy")),
        (Packed::Zstd, include_bytes!("pages/zstd")),
    ];
    for (by, bytes) in packed {
        assert!(bytes.len() < page.len());
        let mut file = Kdump::new([(1, Some(vec![0; 4096]))]).write();
        let at = file.len() as u64;
        file.extend(bytes);
        let length = u32::try_from(bytes.len()).unwrap();
        let descriptor = [&at.to_le_bytes()[..], &length.to_le_bytes()[..], &by.flags().to_le_bytes()[..4]].concat();
        file[4 * 4096..4 * 4096 + 16].copy_from_slice(&descriptor);
        let dump = opened(file);
        assert_eq!(read(&dump, 0x1000, 4096).as_deref(), Ok(&page[..]), "{by:?}");
        assert_eq!(dump.file_position(0x1000), None);
    }
}
