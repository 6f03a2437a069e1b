//! Cuts a dump down to the pages that a walk of one process reads, so that it is small enough for a test.
//!
//! `cargo run --release -p swp-pte-vmcore --example reduce -- DUMP PID NEW`: `NEW` is an ELF core with the dump's VMCOREINFO and
//! every page that was read on the way to the process's entries, as it was. Nothing is changed or made up.

use std::collections::BTreeSet;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;

use swp_pte_dump::{ByteOrder, Machine, Memory, Missing, Options, Range, open};
use swp_pte_vmcore::{Given, Kernel};
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
    let pages = memory.pages.lock().map_err(|_| "poisoned")?.clone();
    let machine = dump.machine().ok_or("the dump names no machine")?;
    std::fs::write(new, elf(&memory, &pages, machine, kernel.info.text())?)?;
    println!("{entries} entries, {} pages", pages.len());
    Ok(())
}

/// An ELF core of these pages.
fn elf(memory: &dyn Memory, pages: &BTreeSet<u64>, machine: Machine, info: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for page in pages {
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
    for page in pages {
        let mut bytes = vec![0; 4096];
        memory.read(page * PAGE, &mut bytes)?;
        file.extend(bytes);
    }
    Ok(file)
}
