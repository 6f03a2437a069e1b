//! Dumps that are files: holes, blocks that are kept, a file that shrinks while it is read.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use quickcheck::quickcheck;
use swp_pte_dump::{Dump, Memory, Missing, Options, Placed, Range, data_of};

use crate::read;
use crate::write::elf::Elf;
use crate::write::kdump::{Kdump, Packed, flatten};

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// A sparse file of this length, with data at some places.
fn sparse(length: u64, data: &[(u64, &[u8])]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.set_len(length).unwrap();
    for (at, bytes) in data {
        file.seek(SeekFrom::Start(*at)).unwrap();
        file.write_all(bytes).unwrap();
    }
    file
}

fn raw(file: &File, changes: bool) -> Dump {
    let options = Options { base: Some(0x10_0000), changes, ..Options::default() };
    Dump::of_file(file.try_clone().unwrap(), &options).unwrap()
}

/// All stretches that are worth reading.
fn stretches(dump: &Dump) -> Vec<Range> {
    let mut at = 0;
    std::iter::from_fn(|| {
        let next = dump.next_data(at)?;
        assert!(at <= next.start && next.start < next.end);
        at = next.end;
        Some(next)
    })
    .collect()
}

#[test]
fn holes_are_passed_over_and_are_zeros() {
    const GIB: u64 = 1 << 30;
    let (one, two) = ([1_u8; 5000], [2_u8; 3]);
    let file = sparse(64 * GIB, &[(3 * GIB + 100, &one), (64 * GIB - 3, &two)]);
    let dump = raw(&file, false);
    let all = stretches(&dump);
    let bytes: u64 = all.iter().map(Range::bytes).sum();
    // A file system that tells nothing has one stretch.
    assert!(bytes == 64 * GIB || bytes < 1 << 20, "{all:?}");
    for (at, bytes) in [(3 * GIB + 100, &one[..]), (64 * GIB - 3, &two[..])] {
        let at = at + 0x10_0000;
        assert!(all.iter().any(|range| range.start <= at && at + bytes.len() as u64 <= range.end), "{all:?}");
        assert_eq!(read(&dump, at, bytes.len()).unwrap(), bytes);
    }
    // What is passed over can be read all the same.
    assert_eq!(read(&dump, 0x10_0000 + 7 * GIB, 16).unwrap(), [0; 16]);
    assert_eq!(data_of(&file, 5..5), None);
    let first = data_of(&file, 3 * GIB + 200..3 * GIB + 300).unwrap();
    assert_eq!(first, 3 * GIB + 200..3 * GIB + 300);
}

#[test]
fn only_what_is_in_the_file_is_worth_reading() {
    let page = [7_u8; 4096];
    let placed = |start: u64, end: u64, position| Placed { memory: Range { start, end }, position };
    // In another order than in the file; one with a part that is cut off, one that is all behind the end.
    let map = vec![placed(0x10_0000, 0x10_1000, 4096), placed(0, 0x1000, 0), placed(0x20_0000, 0x20_4000, 4096)]
        .into_iter()
        .chain([placed(0x30_0000, 0x30_1000, u64::MAX - 5), placed(0x40_0000, 0x40_1000, 8192)]);
    let options = Options { format: Some(swp_pte_dump::Format::Raw), map: map.collect(), ..Options::default() };
    let dump = Dump::of_file(file_of(&page.repeat(2)), &options).unwrap();
    let range = |start, end| Range { start, end };
    assert_eq!(stretches(&dump), [range(0, 0x1000), range(0x10_0000, 0x10_1000), range(0x20_0000, 0x20_1000)]);
    // What was left out is not.
    let mut elf = Elf::new(&[(0x1000, &page), (0x8000, &page)]);
    elf.segments[0].2 = 0x3000;
    let dump = Dump::of_bytes(elf.write(), &Options::default()).unwrap();
    assert_eq!(stretches(&dump), [range(0x1000, 0x2000), range(0x8000, 0x9000)]);
    let kdump = Kdump::new([(1, Some(page.to_vec())), (2, None), (9, Some(page.to_vec()))]).write();
    for bytes in [kdump.clone(), flatten(&kdump, 1500)] {
        let dump = Dump::of_bytes(bytes, &Options::default()).unwrap();
        assert_eq!(stretches(&dump), [range(0x1000, 0x2000), range(0x9000, 0xa000)]);
    }
    // Of a flattened ELF what no piece has is zeros: here whole pieces of them.
    let (zeros, long) = (vec![0; 0x10_0000], vec![5; 4096]);
    let elf = Elf::new(&[(0x1000, &zeros), (0x80_0000, &long)]).write();
    let dump = Dump::of_bytes(flatten(&elf, 4096), &Options::default()).unwrap();
    let all = stretches(&dump);
    assert!(all.iter().map(Range::bytes).sum::<u64>() < 0x8000, "{all:?}");
    assert_eq!(read(&dump, 0x5_0000, 8).unwrap(), [0; 8]);
    let last: Vec<_> = all.iter().filter(|one| one.end > 0x80_0000).collect();
    assert!(last.iter().map(|one| one.bytes()).sum::<u64>() >= 0x1000, "{all:?}");
    assert_eq!(last.last().map(|one| one.end), Some(0x80_1000));
}

quickcheck! {
    /// With blocks that are kept, without, and out of memory: the same bytes, and the same reasons.
    fn all_ways_read_the_same(length: u16, reads: Vec<(u16, u16)>) -> bool {
        let length = usize::from(length % 40_000) + 1;
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at * 7 % 253).unwrap()).collect();
        let file = file_of(&bytes);
        let options = Options { base: Some(0x10_0000), ..Options::default() };
        let dumps = [raw(&file, false), raw(&file, true), Dump::of_bytes(bytes, &options).unwrap()];
        reads.iter().all(|(at, size)| {
            let (at, size) = (0x10_0000 + u64::from(*at % 41_000), usize::from(*size % 9000));
            // Few bytes at borders of pages are what a cache gets wrong.
            [(at, size), (at, 8), (at | 0xffc, 8), (at | 0xfff, 1), (at | 0x3f9, 1023), (at & !0x3ff, 1024), (at & !0xfff, 4096)].iter().all(|(at, size)| {
                let all = dumps.each_ref().map(|dump| read(dump, *at, *size));
                all[0] == all[1] && all[1] == all[2]
            })
        })
    }
}

#[test]
fn a_file_that_shrinks_is_cut_off_and_no_more() {
    let page = |seed: u8| [seed; 4096];
    let bytes = [page(1), page(2), page(3), page(4)].concat();
    for changes in [false, true] {
        let file = file_of(&bytes);
        let dump = raw(&file, changes);
        assert_eq!(read(&dump, 0x10_0000, 8).unwrap(), [1; 8]);
        assert_eq!(read(&dump, 0x10_3008, 8).unwrap(), [4; 8]);
        file.set_len(4096 + 100).unwrap();
        assert_eq!(read(&dump, 0x10_0800, 8).unwrap(), [1; 8]);
        assert_eq!(read(&dump, 0x10_1000, 100).unwrap(), [2; 100]);
        assert_eq!(read(&dump, 0x10_1000, 4096), Err(Missing::Truncated { at: 0x10_1064 }));
        assert_eq!(read(&dump, 0x10_2000, 8), Err(Missing::Truncated { at: 0x10_2000 }));
        // A block that was read before it was gone may still be there.
        match read(&dump, 0x10_3010, 8) {
            Ok(kept) => assert!(!changes && kept == [4; 8]),
            Err(missing) => assert_eq!(missing, Missing::Truncated { at: 0x10_3010 }),
        }
        assert!(stretches(&dump).iter().all(|range| range.end <= 0x10_4000));
        file.set_len(0).unwrap();
        assert_eq!(read(&dump, 0x10_1000, 8), Err(Missing::Truncated { at: 0x10_1000 }));
    }
    // Headers were read before; of a kdump the bitmaps are still asked for.
    let pages = || [(1, Some(page(1).to_vec())), (2, None), (70, Some(page(3).to_vec()))];
    for packed in Packed::ALL {
        let mut kdump = Kdump::new(pages());
        kdump.packed = packed;
        for length in [0, 100, 4096 * 2 + 1, 4096 * 3, 4096 * 4 + 30, 4096 * 5] {
            let file = file_of(&kdump.write());
            let options = Options { changes: true, ..Options::default() };
            let dump = Dump::of_file(file.try_clone().unwrap(), &options).unwrap();
            file.set_len(length).unwrap();
            for at in [0x1000, 0x2000, 70 << 12, 71 << 12] {
                let _ = (read(&dump, at, 8), read(&dump, at, 5000), dump.file_position(at));
            }
            let _ = stretches(&dump);
        }
    }
}

#[test]
fn what_is_written_to_a_file_that_changes_is_read() {
    let mut file = file_of(&[1; 8192]);
    let dump = raw(&file, true);
    assert_eq!(read(&dump, 0x10_0010, 8).unwrap(), [1; 8]);
    file.seek(SeekFrom::Start(16)).unwrap();
    file.write_all(&[9; 8]).unwrap();
    assert_eq!(read(&dump, 0x10_0010, 8).unwrap(), [9; 8]);
}
