//! Cuts a dump down to the pages that a walk of one process reads, so that it is small enough for a test.
//!
//! `cargo run --release -p swp-pte-vmcore --example reduce -- DUMP PID NEW`: `NEW` is an ELF core with the dump's VMCOREINFO and
//! every page that was read on the way to the process's entries. Most of those are the kernel's tables of symbols and types,
//! of which a walk needs a few. What it does not need of them is zeros: the names and addresses of other symbols, and the
//! members and names of other types. All tables keep their places and lengths, every other byte is as it was, and nothing is
//! made up.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;

use swp_pte_dump::{ByteOrder, Machine, Memory, Missing, Options, Range, open};
use swp_pte_vmcore::{Given, Kallsyms, Kernel};
use swp_pte_walk::{Budget, Walk};

const PAGE: u64 = 4096;

/// Memory that remembers what was read.
struct Recording<'a> {
    inner: &'a dyn Memory,
    pages: Mutex<BTreeSet<u64>>,
}

impl Memory for Recording<'_> {
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Missing> {
        self.inner.read(at, into)?;
        let last = at + (into.len() as u64).saturating_sub(1);
        self.pages.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(at / PAGE..=last / PAGE);
        Ok(())
    }

    fn ranges(&self) -> &[Range] {
        self.inner.ranges()
    }

    fn vmcoreinfo(&self) -> Option<&[u8]> {
        self.inner.vmcoreinfo()
    }

    fn machine(&self) -> Option<Machine> {
        self.inner.machine()
    }

    fn file_position(&self, at: u64) -> Option<u64> {
        self.inner.file_position(at)
    }
}

/// The pages that are kept, by number.
#[derive(Default)]
struct Pages(BTreeMap<u64, [u8; 4096]>);

impl Pages {
    /// Changes bytes of the kernel's memory.
    fn write(&mut self, kernel: &Kernel<'_>, address: u64, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        for (address, byte) in (address..).zip(bytes) {
            let at = kernel.space.physical(address)?;
            let page = self.0.get_mut(&(at / PAGE)).ok_or("a page that was not read")?;
            *page.get_mut(usize::try_from(at % PAGE)?).ok_or("beyond a page")? = *byte;
        }
        Ok(())
    }
}

/// Leaves of the symbols those that are asked for, and the one behind `swap_info`.
fn kallsyms(pages: &mut Pages, kernel: &Kernel<'_>) -> Result<(), Box<dyn Error>> {
    let at = |name: &str| kernel.info.symbol(&format!("kallsyms_{name}")).ok_or("no kallsyms in VMCOREINFO");
    let (names_at, tokens_at, index_at) = (at("names")?, at("token_table")?, at("token_index")?);
    let read = |address: u64, length: u64| -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = vec![0; usize::try_from(length)?];
        kernel.space.read(address, &mut bytes)?;
        Ok(bytes)
    };
    let (mut names, tokens) = (read(names_at, tokens_at - names_at)?, read(tokens_at, index_at - tokens_at)?);
    let tokens: Vec<&[u8]> = tokens.split(|byte| *byte == 0).collect();
    let symbols = kernel.symbols()?;
    let all = Kallsyms::read(&kernel.space, &kernel.info)?;
    let mut kept = BTreeSet::new();
    let (mut at_name, mut index) = (0_usize, 0_usize);
    while let Some(length) = names.get(at_name).copied().filter(|length| *length != 0) {
        let (mut length, mut start) = (usize::from(length), at_name + 1);
        if length & 0x80 != 0 {
            length = length & 0x7f | usize::from(names[start]) << 7;
            start += 1;
        }
        let name: Vec<u8> =
            names[start..start + length].iter().flat_map(|token| tokens[usize::from(*token)].iter().copied()).collect();
        if WANTED.iter().any(|wanted| wanted.as_bytes() == name.get(1..).unwrap_or_default()) {
            kept.insert(index);
        } else {
            names[start..start + length].fill(0);
        }
        at_name = start + length;
        index += 1;
    }
    pages.write(kernel, names_at, &names)?;
    let behind = symbols.behind_swap_info.ok_or("nothing behind swap_info")?;
    kept.extend((0..index).filter(|index| all.address(*index) == Some(behind)));
    let offsets_at = at("offsets")?;
    for other in (0..index).filter(|index| !kept.contains(index)) {
        pages.write(kernel, offsets_at + other as u64 * 4, &[0; 4])?;
    }
    Ok(())
}

/// The symbols that are asked for.
const WANTED: [&str; 8] = [
    "init_task",
    "swap_info",
    "nr_swapfiles",
    "__start_BTF",
    "__stop_BTF",
    "kernel_config_data",
    "kernel_config_data_end",
    "_stext",
];

/// The types whose members are asked for.
const TYPES: [&str; 10] = [
    "task_struct",
    "signal_struct",
    "mm_struct",
    "swap_info_struct",
    "file",
    "path",
    "dentry",
    "qstr",
    "mount",
    "pageflags",
];

/// Leaves of the types those that are asked for, and what these contain.
fn btf(pages: &mut Pages, kernel: &Kernel<'_>) -> Result<(), Box<dyn Error>> {
    let (start, end) = kernel.symbols()?.btf.ok_or("no BTF")?;
    let mut bytes = vec![0; usize::try_from(end - start)?];
    kernel.space.read(start, &mut bytes)?;
    let big = bytes.first() == Some(&0xeb);
    let word = |bytes: &[u8], at: usize| {
        let word = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    };
    let index = |bytes: &[u8], at: usize| word(bytes, at) as usize;
    let [header, types_at, types_size, strings_at, strings_size] = [4, 8, 12, 16, 20].map(|at| index(&bytes, at));
    let (types, strings) = (header + types_at, header + strings_at);
    let name = |bytes: &[u8], offset: usize| {
        let rest = &bytes[strings + offset..];
        rest.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
    };
    // Where each type is, and what is behind its fixed part.
    let (mut at, mut starts) = (types, vec![(0, 0, 0)]);
    while at < types + types_size {
        let info = word(&bytes, at + 4);
        let (kind, members) = (info >> 24 & 0x1f, (info & 0xffff) as usize);
        let behind = match kind {
            1 | 14 | 17 => 4,
            3 => 12,
            4 | 5 | 15 | 19 => members * 12,
            6 | 13 => members * 8,
            _ => 0,
        };
        starts.push((at, kind, behind));
        at += 12 + behind;
    }
    let mut queue: Vec<usize> = Vec::new();
    for (number, (at, kind, behind)) in starts.iter().enumerate().skip(1) {
        let own = name(&bytes, index(&bytes, *at));
        if matches!(kind, 4 | 6) && *behind > 0 && TYPES.iter().any(|wanted| wanted.as_bytes() == own) {
            queue.push(number);
        }
    }
    let (mut kept, mut texts) = (BTreeSet::new(), BTreeSet::from([0]));
    while let Some(number) = queue.pop() {
        if number == 0 || !kept.insert(number) {
            continue;
        }
        let (at, kind, behind) = starts[number];
        texts.insert(index(&bytes, at));
        match kind {
            3 => queue.push(index(&bytes, at + 12)),
            4 | 5 => {
                for member in (at + 12..at + 12 + behind).step_by(12) {
                    texts.insert(index(&bytes, member));
                    queue.push(index(&bytes, member + 4));
                }
            }
            6 => texts.extend((at + 12..at + 12 + behind).step_by(8).map(|member| index(&bytes, member))),
            8..=11 | 18 => queue.push(index(&bytes, at + 8)),
            _ => {}
        }
    }
    for (number, (at, _, behind)) in starts.iter().enumerate().skip(1) {
        if !kept.contains(&number) {
            bytes[*at..at + 4].fill(0);
            bytes[at + 8..at + 12 + behind].fill(0);
        }
    }
    let texts: Vec<_> = texts.into_iter().map(|offset| (strings + offset, name(&bytes, offset))).collect();
    bytes[strings..strings + strings_size].fill(0);
    for (at, text) in texts {
        bytes[at..at + text.len()].copy_from_slice(&text);
    }
    pages.write(kernel, start, &bytes)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, pid, new] = arguments.as_slice() else { return Err("reduce DUMP PID NEW".into()) };
    let pid: u64 = pid.parse()?;
    let dump = open(Path::new(path), &Options::default())?;
    let memory = Recording { inner: &dump, pages: Mutex::default() };
    let kernel = Kernel::find(&memory, &Given::default())?;
    kernel.swap_files()?;
    kernel.facts()?;
    let processes = kernel.processes()?;
    let process = processes.all.iter().find(|process| process.pid == pid).ok_or("no such process")?;
    let tables = process.tables.clone().ok_or("it has no memory")??;
    let (geometry, root) = kernel.tree(&memory, &tables);
    let budget = Budget::new(1 << 20);
    let mut entries = 0;
    let walk = Walk::new(&geometry, root, &budget);
    let _: ControlFlow<()> = walk.range(
        walk.user(),
        |at, into| memory.read(at, into),
        |_| {
            entries += 1;
            ControlFlow::Continue(())
        },
    );
    let mut pages = Pages::default();
    for page in memory.pages.lock().map_err(|_| "poisoned")?.iter() {
        let mut bytes = [0; 4096];
        dump.read(page * PAGE, &mut bytes)?;
        pages.0.insert(*page, bytes);
    }
    kallsyms(&mut pages, &kernel)?;
    btf(&mut pages, &kernel)?;
    let machine = dump.machine().ok_or("the dump names no machine")?;
    std::fs::write(new, elf(&pages, machine, kernel.info.text())?)?;
    println!("{entries} entries, {} pages", pages.0.len());
    Ok(())
}

/// An ELF core of these pages.
fn elf(pages: &Pages, machine: Machine, info: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for page in pages.0.keys() {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == *page => *count += 1,
            _ => runs.push((*page, 1)),
        }
    }
    let big = machine.order == ByteOrder::Big;
    let number = |value: u64, bytes: usize| {
        let all = value.to_be_bytes();
        let mut part = all.get(8 - bytes..).unwrap_or_default().to_vec();
        if !big {
            part.reverse();
        }
        part
    };
    let elf_machine = match machine.name {
        "x86_64" => 62,
        "arm64" => 183,
        "s390" => 22,
        "riscv64" => 243,
        "ppc64" => 21,
        other => return Err(format!("{other}: not known here").into()),
    };
    let mut note = [number(11, 4), number(info.len() as u64, 4), number(0, 4), b"VMCOREINFO\0\0".to_vec()].concat();
    note.extend_from_slice(info.as_bytes());
    note.resize(note.len().next_multiple_of(4), 0);
    let headers = 64 + 56 * (runs.len() as u64 + 1);
    let memory_at = (headers + note.len() as u64).next_multiple_of(PAGE);
    let mut file = b"\x7fELF\x02".to_vec();
    file.extend([if big { 2 } else { 1 }, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for (value, bytes) in [
        (4, 2),
        (elf_machine, 2),
        (1, 4),
        (0, 8),
        (64, 8),
        (0, 8),
        (0, 4),
        (64, 2),
        (56, 2),
        (runs.len() as u64 + 1, 2),
    ] {
        file.extend(number(value, bytes));
    }
    file.extend([0; 6]);
    let mut header = |kind: u64, at: u64, physical: u64, size: u64, align: u64| {
        for (value, bytes) in [(kind, 4), (0, 4), (at, 8), (0, 8), (physical, 8), (size, 8), (size, 8), (align, 8)] {
            file.extend(number(value, bytes));
        }
    };
    header(4, headers, 0, note.len() as u64, 4);
    let mut at = memory_at;
    for (first, count) in &runs {
        header(1, at, first * PAGE, count * PAGE, PAGE);
        at += count * PAGE;
    }
    file.extend(&note);
    file.resize(usize::try_from(memory_at)?, 0);
    pages.0.values().for_each(|bytes| file.extend(bytes));
    Ok(file)
}
