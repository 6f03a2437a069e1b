//! The readers of `scan` and `guess`, fed with whatever bytes there are: what they answer agrees with itself. Fuzzers
//! (`fuzz/`) and random tests call these.

use swp_pte::MemoryOrder;
use swp_pte_atlas::ROWS;
use swp_pte_dump::{Dump, Format, Memory, Options, Placed, Range};
use swp_pte_scan::{Evidence, Summary, Words, for_each_swap, judge, summarize};

use super::part::{self, Shard};

/// An image: the first two bytes choose layout, byte order and copies, the rest are its words.
///
/// # Panics
/// If the program is wrong.
pub fn image(bytes: &[u8]) {
    let Some(([choice, order], bytes)) = bytes.split_first_chunk() else { return };
    let Some(row) = ROWS.get(usize::from(*choice) % ROWS.len()) else { return };
    let (order, copies) =
        (if order & 1 == 1 { MemoryOrder::Big } else { MemoryOrder::Little }, u32::from(order >> 1 & 3) + 1);
    let word = (row.layout().width / 8 * copies) as usize;
    let (mut summary, mut rows, mut stray) = (Summary::new(), 0, 0);
    let words = Words::new(bytes, order).repeated(copies);
    let summarized = summarize(row.layout(), words, &mut summary);
    let listed = for_each_swap(row.layout(), words, |swap| {
        assert!(swap.position < bytes.len() as u64);
        // Without stray bits a word is what an encoder writes, and decodes.
        assert!(swap.stray != 0 || swap.entry.is_some(), "{:#x}", swap.word);
        rows += 1;
        stray += u64::from(swap.stray != 0);
    });
    assert_eq!(summarized, listed);
    assert_eq!(summarized.is_ok(), bytes.len().is_multiple_of(word));
    if summarized.is_ok() {
        assert_eq!(summary.words + summary.copies_that_differ(), (bytes.len() / word) as u64);
        assert_eq!((summary.swap(), summary.suspicious), (rows, stray));
        assert_eq!(summary.types().map(|(_, of_type)| of_type.count).sum::<u64>(), summary.clean());
    }
    let mut all = Evidence::candidates();
    let whole = bytes.get(..bytes.len() / 8 * 8).unwrap_or_default();
    for evidence in &mut all {
        assert!(evidence.add(whole).is_ok());
        let Evidence { words, none, present, swap, implausible, suspicious, .. } = *evidence;
        assert_eq!(words, none + present + swap + implausible + suspicious);
    }
    judge(&mut all);
}

/// `--shard` as text, after four numbers of eight bytes: the size of the file, `--start`, `--length`, and which of them are given.
///
/// # Panics
/// If the program is wrong.
pub fn part(bytes: &[u8]) {
    let (numbers, _) = bytes.as_chunks();
    let mut numbers = numbers.iter().map(|number| u64::from_le_bytes(*number));
    let mut next = || numbers.next().unwrap_or(0);
    let (size, start, length, which) = (next(), next(), next(), next());
    let text = bytes.get(32..).unwrap_or_default();
    let shard = str::from_utf8(text).ok().and_then(|text| text.parse::<Shard>().ok());
    let start = (which & 1 == 1).then_some(start);
    let length = (which & 2 == 2).then_some(length);
    for word in [4, 8] {
        for unaligned in [false, true] {
            if let Ok(range) = part::bytes(size, word, start, length, shard, unaligned) {
                assert!(range.start <= range.end && range.end <= size);
                assert!((range.end - range.start).is_multiple_of(word));
                assert!(unaligned || range.start.is_multiple_of(word));
            }
        }
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = super::number(text);
    }
}

/// A dump of any format, and some of its memory: the first byte says how what is read lies to the borders of ranges.
///
/// # Panics
/// If the program is wrong.
pub fn dump(bytes: &[u8]) {
    if let Some((shift, bytes)) = bytes.split_first() {
        read(*shift, bytes.to_vec());
    }
}

/// What is fuzzed behind the beginning of a format, which a fuzzer need not find: an ELF core.
///
/// # Panics
/// If the program is wrong.
pub fn dump_elf(bytes: &[u8]) {
    const CLASSES_AND_ORDERS: [[u8; 2]; 4] = [[2, 1], [2, 2], [1, 1], [1, 2]];
    let Some(([shift, choice], rest)) = bytes.split_first_chunk() else { return };
    let [class, order] = CLASSES_AND_ORDERS[usize::from(choice % 4)];
    let kind = if order == 1 { [4, 0] } else { [0, 4] };
    let start = [b"\x7fELF", &[class, order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &kind].concat();
    read(*shift, [&start, rest].concat());
}

/// `/proc/kcore`: an ELF core whose header is whole; its segments are fuzzed, of which some have no physical address.
///
/// # Panics
/// If the program is wrong.
pub fn dump_kcore(bytes: &[u8]) {
    let Some(([shift, segments, without], rest)) = bytes.split_first_chunk() else { return };
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0\x3e\0\x01\0\0\0".to_vec();
    file.extend([0_u64, 64, 0].into_iter().flat_map(u64::to_le_bytes));
    file.extend([0, 0, 0, 0, 64, 0, 56, 0, segments % 16, 0, 0, 0, 0, 0, 0, 0]);
    for (number, segment) in rest.chunks(56).enumerate() {
        let mut segment = segment.to_vec();
        if let Some(physical) = segment.get_mut(24..32).filter(|_| number < 8 && without >> number & 1 != 0) {
            physical.fill(0xff);
        }
        file.extend(segment);
    }
    read(*shift, file);
}

/// kdump-compressed.
///
/// # Panics
/// If the program is wrong.
pub fn dump_kdump(bytes: &[u8]) {
    if let Some((shift, rest)) = bytes.split_first() {
        read(*shift, [b"KDUMP   ", rest].concat());
    }
}

/// A flattened file, whatever is in it.
///
/// # Panics
/// If the program is wrong.
pub fn dump_flat(bytes: &[u8]) {
    let Some((shift, rest)) = bytes.split_first() else { return };
    // The type and the version, and pages of 4096 bytes of header.
    let mut file = b"makedumpfile\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x01".to_vec();
    file.resize(4096, 0);
    file.extend_from_slice(rest);
    read(*shift, file);
}

/// LiME, of either byte order.
///
/// # Panics
/// If the program is wrong.
pub fn dump_lime(bytes: &[u8]) {
    let Some(([shift, order], rest)) = bytes.split_first_chunk() else { return };
    let start: &[u8] = if order & 1 == 0 { b"EMiL\x01\0\0\0" } else { b"LiME\0\0\0\x01" };
    read(*shift, [start, rest].concat());
}

/// Memory as it is, at a base and by a map of up to four ranges.
///
/// # Panics
/// If the program is wrong.
pub fn dump_raw(bytes: &[u8]) {
    let Some(([shift, ranges], rest)) = bytes.split_first_chunk() else { return };
    let Some((base, mut rest)) = rest.split_first_chunk() else { return };
    let mut map = Vec::new();
    for _ in 0..ranges % 5 {
        let Some((numbers, behind)) = rest.split_first_chunk::<24>() else { break };
        let (numbers, _) = numbers.as_chunks();
        let [start, end, position] = std::array::from_fn(|i| numbers.get(i).map_or(0, |one| u64::from_le_bytes(*one)));
        map.push(Placed { memory: Range { start, end }, position });
        rest = behind;
    }
    let options =
        Options { format: Some(Format::Raw), base: Some(u64::from_le_bytes(*base)), map, ..Options::default() };
    read_as(*shift, rest.to_vec(), &options);
}

fn read(shift: u8, bytes: Vec<u8>) {
    read_as(shift, bytes, &Options::default());
}

fn read_as(shift: u8, bytes: Vec<u8>, options: &Options) {
    let length = bytes.len() as u64;
    let Ok(dump) = Dump::of_bytes(bytes, options) else { return };
    assert!(dump.ranges().is_sorted_by(|one, next| one.end <= next.start));
    let readable = dump.readable();
    assert!(readable.ranges.is_sorted_by(|one, next| one.end <= next.start));
    let mut page = [0; 4096];
    for range in readable.ranges.iter().take(64) {
        assert!(range.start < range.end);
        for at in [range.start, range.start.saturating_add(u64::from(shift)), range.end - 1, range.end] {
            if dump.read(at, &mut page).is_ok() {
                assert!(dump.read(at + 4095, &mut page[..1]).is_ok());
            }
            if let Some(position) = dump.file_position(at) {
                assert!(position < length);
            }
        }
    }
    // What is worth reading lies in what can be read, and comes to an end.
    let mut at = 0;
    for _ in 0..64 {
        let Some(data) = dump.next_data(at) else { break };
        assert!(at <= data.start && data.start < data.end);
        let whole = readable.ranges.iter().find(|range| range.contains(data.start));
        assert!(whole.is_some_and(|range| data.end <= range.end), "{data:?}");
        at = data.end;
    }
    dump.warnings().iter().for_each(|warning| assert!(!warning.to_string().is_empty()));
}
