//! Dumps in which bytes were changed, taken away or repeated: whatever comes out, it comes out soon, and is no panic.

use std::time::{Duration, Instant};

use swp_pte_dump::{ByteOrder, Dump, Memory, Options};

use crate::write::elf::Elf;
use crate::write::kdump::{Kdump, Packed, flatten};
use crate::write::lime::lime;

/// Numbers that look as random ones do (Vigna, `splitmix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }
}

/// A small dump of each format.
fn dumps() -> Vec<(&'static str, Vec<u8>)> {
    let page: Vec<u8> = (0..4096).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let mut elf = Elf::new(&[(0x1000, &page), (0x8000, &page), (0x8800, &page)]);
    elf.vmcoreinfo = Some(b"OSRELEASE=6.12\n");
    let wide = elf.write();
    (elf.bits, elf.order, elf.machine, elf.extended) = (32, ByteOrder::Big, 20, true);
    let mut all = vec![("elf64", wide), ("elf32", elf.write())];
    let pages = || [(1, Some(page.clone())), (2, None), (9, Some(page.clone()))];
    for packed in Packed::ALL {
        let mut kdump = Kdump::new(pages());
        kdump.packed = packed;
        all.push(("kdump", kdump.write()));
    }
    let kdump = Kdump::new(pages()).write();
    all.push(("flat", flatten(&kdump, 1500)));
    all.push(("flat elf", flatten(&elf.write(), 700)));
    all.push(("lime", lime(ByteOrder::Little, &[(0x1000, &page), (0x10_0000, &page)])));
    all
}

/// Opens a dump, and reads of it what there is to read, but not more than some pages of each range.
fn look(bytes: Vec<u8>) -> Option<usize> {
    let dump = Dump::of_bytes(bytes, &Options::default()).ok()?;
    let mut page = [0; 4096];
    let mut done = 0;
    for range in dump.ranges().iter().take(64) {
        assert!(range.start < range.end);
        for at in [range.start, range.start | 0xff1, range.end - 1, range.end.saturating_sub(5000), range.end] {
            done += usize::from(dump.read(at, &mut page).is_ok());
            let _ = (dump.read(at, &mut page[..8]), dump.file_position(at));
        }
    }
    assert!(dump.ranges().is_sorted_by(|one, next| one.end <= next.start));
    let _ = (dump.vmcoreinfo(), dump.machine(), dump.pieces(), dump.warnings().iter().map(ToString::to_string).max());
    Some(done)
}

#[test]
fn changed_dumps_are_no_panic_and_take_no_time() {
    let mut numbers = Numbers(14);
    let (mut opened, mut refused) = (0, 0);
    let mut longest = (Duration::ZERO, "");
    for (name, good) in dumps() {
        assert!(look(good.clone()).is_some(), "{name}");
        for round in 0..300 {
            let mut bytes = good.clone();
            for _ in 0..=numbers.below(4) {
                // Headers are where it hurts.
                let reach = if numbers.below(4) > 0 { bytes.len().min(600) } else { bytes.len() };
                let at = numbers.below(reach);
                let number = match numbers.below(4) {
                    0 => u64::MAX,
                    1 => 1 << numbers.below(64),
                    2 => numbers.next(),
                    _ => 0,
                };
                let length = [1, 2, 4, 8][numbers.below(4)].min(bytes.len() - at);
                bytes[at..at + length].copy_from_slice(&number.to_be_bytes()[8 - length..]);
            }
            match round % 6 {
                0 => bytes.truncate(numbers.below(good.len())),
                1 => bytes.extend(&good[numbers.below(good.len())..]),
                _ => {}
            }
            let begun = Instant::now();
            match look(bytes) {
                Some(_) => opened += 1,
                None => refused += 1,
            }
            longest = longest.max((begun.elapsed(), name));
        }
    }
    assert!(opened > 300 && refused > 300, "{opened} were opened, {refused} refused");
    assert!(longest.0 < Duration::from_secs(5), "{longest:?}");
}

#[test]
fn every_length_of_a_file_that_is_cut_off() {
    for (_, good) in dumps() {
        for length in (0..good.len().min(1200)).chain((1200..good.len()).step_by(97)) {
            look(good[..length].to_vec());
        }
    }
}
