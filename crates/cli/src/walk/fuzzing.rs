//! The readers of `walk` and `ps`, fed with whatever memory there is: page tables of every geometry, and a kernel that says
//! things of itself. Fuzzers (`fuzz/`) and random tests call these.

use std::cell::Cell;
use std::convert::Infallible;
use std::ops::ControlFlow;

use swp_pte_dump::{Machine, Memory, Missing, Range};
use swp_pte_kernel::Machine as OfKernel;
use swp_pte_vmcore::{Given, Kernel, machine_of_dump};
use swp_pte_walk::{Budget, Entry, GEOMETRIES, Geometry, Item, Root, Unmapped, Walk, translate};

/// What memory goes up to, in which the bytes that are there are repeated.
const REPEATED: u64 = 1 << 20;
/// Tables that are visited at most.
const TABLES: u64 = 12;
/// Entries that are looked at by themselves at most, of the thousands in a table.
const LOOKED_AT: usize = 1000;
/// Bytes that a walk reads at a time.
const CHUNK: u64 = 4096;

/// Memory that is some bytes.
struct Bytes<'a> {
    bytes: &'a [u8],
    range: [Range; 1],
    /// Whether they are there again and again, so that every pointer leads somewhere.
    again: bool,
}

impl<'a> Bytes<'a> {
    const fn new(bytes: &'a [u8], again: bool) -> Self {
        let end = if again { REPEATED } else { bytes.len() as u64 };
        Self { bytes, range: [Range { start: 0, end }], again }
    }
}

impl Memory for Bytes<'_> {
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Missing> {
        let [range] = self.range;
        let end = at.checked_add(into.len() as u64).filter(|end| *end <= range.end);
        if end.is_none() || self.bytes.is_empty() {
            return Err(Missing::NotInDump { at: at.max(range.end) });
        }
        let length = self.bytes.len() as u64;
        let start = usize::try_from(if self.again { at % length } else { at }).unwrap_or(0);
        for (into, byte) in into.iter_mut().zip(self.bytes.iter().cycle().skip(start)) {
            *into = *byte;
        }
        Ok(())
    }

    fn ranges(&self) -> &[Range] {
        &self.range
    }

    fn vmcoreinfo(&self) -> Option<&[u8]> {
        None
    }

    fn machine(&self) -> Option<Machine> {
        None
    }

    fn file_position(&self, _: u64) -> Option<u64> {
        None
    }
}

/// Page tables: the first byte chooses the geometry, the second says whether memory repeats and in which order words are,
/// then come the root and the first and last address of eight bytes each; the rest is memory. How many entries of the lowest
/// level were found.
///
/// # Panics
/// If the program is wrong.
#[must_use]
pub fn tables(bytes: &[u8]) -> usize {
    let Some(([choice, how], bytes)) = bytes.split_first_chunk() else { return 0 };
    let Some((numbers, bytes)) = bytes.split_first_chunk::<24>() else { return 0 };
    let (numbers, _) = numbers.as_chunks();
    let [root, first, last] = std::array::from_fn(|i| numbers.get(i).map_or(0, |one| u64::from_le_bytes(*one)));
    let all: Vec<&Geometry> = GEOMETRIES.iter().flat_map(|some| some.iter()).collect();
    let Some(geometry) = all.get(usize::from(*choice) % all.len()) else { return 0 };
    let order = if how & 2 == 0 { swp_pte::MemoryOrder::Little } else { swp_pte::MemoryOrder::Big };
    let geometry = geometry.in_order(order);
    let memory = Bytes::new(bytes, how & 1 != 0);
    // Where nothing repeats, addresses of tables are what they are.
    let root = Root::new(if how & 4 == 0 { root } else { (root % REPEATED) & !0xfff });
    let range = if how & 8 == 0 { first..=last } else { 0..=u64::MAX };

    let (budget, reads) = (Budget::new(TABLES), Cell::new(0));
    let read = |at, into: &mut [u8]| {
        reads.set(reads.get() + 1);
        memory.read(at, into)
    };
    let mut items = Vec::new();
    let _: ControlFlow<Infallible> = Walk::new(&geometry, root, &budget).range(range.clone(), read, |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    // 2048 tables of s390 are of 2048 entries, none is longer than 64 KiB.
    assert!(reads.get() <= (TABLES - budget.left()) * ((64 << 10) / CHUNK + 1));
    let mut before: Option<u64> = None;
    for (number, item) in items.iter().enumerate() {
        let (start, end) = match item {
            Item::Entry(entry) | Item::Loop(entry) => {
                if number < LOOKED_AT {
                    check(&geometry, root, entry, matches!(item, Item::Loop(_)), &memory);
                }
                let behind = geometry.table(entry.level).map_or(0, |table| (1_u64 << table.shift) - 1);
                assert!(entry.address & behind == 0);
                (entry.address, entry.address | behind)
            }
            Item::Missing { first, last, .. } => (*first, *last),
            Item::Spent { address } => (*address, *address),
            Item::Table { .. } => unreachable!("tables of every level are entered"),
        };
        assert!(start <= end && end >= *range.start() && start <= *range.end());
        assert!(before.is_none_or(|before| before < start), "{before:x?} {start:#x}");
        // One that the budget ends can lie behind what was not read.
        before = Some(if matches!(item, Item::Spent { .. }) { start } else { end });
    }
    if budget.left() > 0 {
        assert_eq!(in_two_steps(&geometry, root, &range, &memory), items);
    }
    items.iter().filter(|item| matches!(item, Item::Entry(Entry { level: 1, .. }))).count()
}

/// What a walk says of an entry is what a look at its address says.
fn check(geometry: &Geometry, root: Root, entry: &Entry, is_loop: bool, memory: &dyn Memory) {
    assert!(geometry.is_canonical(entry.address));
    assert!(entry.at.wrapping_sub(entry.table) < 64 << 10);
    let found = translate(geometry, root.at, entry.address, |at, into: &mut [u8]| memory.read(at, into));
    match found {
        Ok(mapping) => assert!(is_loop || (entry.leaf && (mapping.level, mapping.word) == (entry.level, entry.word))),
        Err(Unmapped::Hole { level, word }) => {
            assert!(is_loop || (!entry.leaf && (level, word) == (entry.level, entry.word)));
        }
        // Of a word of its own page another can be missing, but not the one that was read.
        Err(Unmapped::Missing { .. } | Unmapped::NotCanonical) => assert!(is_loop),
    }
}

/// The same as the program does it: down to the tables of PTEs, then these.
fn in_two_steps(
    geometry: &Geometry,
    root: Root,
    range: &std::ops::RangeInclusive<u64>,
    memory: &Bytes<'_>,
) -> Vec<Item<Missing>> {
    let (above, below) = (Budget::new(TABLES), Budget::new(TABLES));
    let read = |at, into: &mut [u8]| memory.read(at, into);
    let mut items = Vec::new();
    let behind = geometry.table(2).map_or(0, |table| (1_u64 << table.shift) - 1);
    let walk = Walk::new(geometry, root, &above).down_to(2);
    let _: ControlFlow<Infallible> = walk.range(range.clone(), read, |item| {
        match item {
            Item::Table { entry, root } => {
                let (first, last) = (entry.address.max(*range.start()), (entry.address | behind).min(*range.end()));
                let walk = Walk::new(geometry, root, &below).from_level(1);
                let _: ControlFlow<Infallible> = walk.range(first..=last, read, |item| {
                    items.push(item);
                    ControlFlow::Continue(())
                });
            }
            other => items.push(other),
        }
        ControlFlow::Continue(())
    });
    items
}

/// Machines whose page tables are walked.
const MACHINES: [&str; 8] = ["x86_64", "i386", "aarch64", "riscv64", "riscv32", "s390x", "ppc64le", "ppc64"];

/// A kernel: the first byte chooses the machine, the second what is given; then come VMCOREINFO, symbols and types, each
/// with its length in two bytes before it; the rest is memory. With nothing given, all of it is looked for in memory. How many
/// processes and swap files were found.
///
/// # Panics
/// If the program is wrong.
#[must_use]
pub fn kernel(bytes: &[u8]) -> usize {
    let Some(([choice, how], mut bytes)) = bytes.split_first_chunk() else { return 0 };
    let mut part = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let (part, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        bytes = rest;
        Some(part)
    };
    let (Some(info), Some(symbols), Some(btf)) = (part(), part(), part()) else { return 0 };
    let memory = Bytes::new(bytes, how & 1 != 0);
    let given = |bit: u8, part: &[u8]| (how & bit != 0).then(|| part.to_vec());
    let machine = MACHINES.get(usize::from(*choice)).and_then(|name| OfKernel::of_uname(name));
    let given = Given {
        machine,
        vmcoreinfo: given(2, info),
        phys_base: (how & 4 != 0).then_some(0),
        geometry: None,
        symbols: given(8, symbols).map(|text| String::from_utf8_lossy(&text).into_owned()),
        btf: given(16, btf),
        no_search: false,
    };
    let _ = machine_of_dump(&memory, machine);
    let kernel = match Kernel::find(&memory, &given) {
        Ok(kernel) => kernel,
        Err(lack) => {
            assert!(!lack.to_string().is_empty());
            return 0;
        }
    };
    if let Ok(facts) = kernel.facts() {
        assert!(facts.clone().join(facts).is_ok());
    }
    let files = kernel.swap_files().unwrap_or_default();
    for file in &files {
        assert!(file.swp_type < 32 && file.path.as_ref().is_none_or(|path| path.starts_with('/')));
        for offset in [0, 1, file.max, u64::MAX] {
            let count = kernel.swap_count(file, offset);
            assert!(count.is_none_or(|count| count < 0x3f));
            let mut some = [Some(0); 3];
            kernel.swap_counts(file, offset, &mut some);
            assert_eq!(some, [0, 1, 2].map(|more| kernel.swap_count(file, offset.checked_add(more)?)));
        }
    }
    let Ok(processes) = kernel.processes() else { return files.len() };
    for process in processes.all.iter().take(16) {
        let Some(Ok(tables)) = &process.tables else { continue };
        let (geometry, root) = kernel.tree(&memory, tables);
        let budget = Budget::new(4);
        let read = |at, into: &mut [u8]| memory.read(at, into);
        let _: ControlFlow<Infallible> =
            Walk::new(&geometry, root, &budget).range(0..=u64::MAX, read, |_| ControlFlow::Continue(()));
    }
    files.len() + processes.all.len()
}
