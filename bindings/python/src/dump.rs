//! Memory dumps: what is in them, their kernel, its processes, and a walk through the page tables of each.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use swp_pte_dump::{Memory, Options};
use swp_pte_vmcore::Given;
use swp_pte_walk::{Geometry, Root};

use crate::error::{DumpError, shown};
use crate::kernel::Kernel;
use crate::walk::{Unread, Walk, walk};

/// A memory dump: ELF (vmcore, qemu), kdump-compressed or flattened, LiME, raw. No debug information is needed. `base` is the
/// physical address of the first byte of a raw one. Raises DumpError, which says what is missing.
#[pyclass(frozen, module = "swp_pte")]
pub struct Dump {
    dump: swp_pte_dump::Dump,
    path: PathBuf,
    known: OnceLock<Known>,
}

/// What the kernel in it says of itself.
struct Known {
    arch: &'static str,
    release: String,
    page_shift: Option<u32>,
    max_swapfiles: Vec<u64>,
    processes: Vec<(Process, Option<Tree>)>,
    swap_files: Vec<SwapFile>,
    notes: Vec<String>,
}

/// The page tables of a process, and its last address.
type Tree = (Geometry, Root, u64);

/// A process of a dump.
#[pyclass(frozen, get_all, eq, module = "swp_pte")]
#[derive(Clone, PartialEq, Eq)]
pub struct Process {
    /// Its process ID, as the first namespace has it.
    pid: u64,
    /// Its name, as `ps` has it; None if it is not in the dump.
    comm: Option<String>,
    /// The physical address of its highest page table; None if it has none, or where it is not known.
    pgd: Option<u64>,
    /// Whether it is a thread of the kernel, which has no page tables of its own.
    kernel_thread: bool,
}

#[pymethods]
impl Process {
    fn __repr__(&self) -> String {
        format!("Process({}, {:?})", self.pid, self.comm.as_deref().unwrap_or("?"))
    }
}

/// A swap file of a dump.
#[pyclass(frozen, get_all, eq, module = "swp_pte")]
#[derive(Clone, PartialEq, Eq)]
pub struct SwapFile {
    /// The swap type of its entries.
    #[pyo3(name = "type")]
    swp_type: u64,
    /// Its path; None if that is not in the dump.
    path: Option<String>,
    /// Pages that entries can name, the header's among them.
    max: u64,
    /// Pages that can be used; None if it is not known.
    pages: Option<u64>,
    /// Its priority; None if it is not known.
    prio: Option<i64>,
}

#[pymethods]
impl SwapFile {
    fn __repr__(&self) -> String {
        format!("SwapFile({}, {:?}, {} pages)", self.swp_type, self.path.as_deref().unwrap_or("?"), self.max)
    }
}

/// The variant of a machine's layouts.
fn variant(machine: &str, page_shift: Option<u32>) -> Option<&'static str> {
    Some(match (machine, page_shift) {
        ("x86_64", _) => "x86_64",
        ("aarch64", _) => "arm64",
        ("s390x", _) => "s390",
        ("riscv64", _) => "riscv-rv64",
        ("riscv32", _) => "riscv-rv32",
        ("ppc64" | "ppc64le", Some(16)) => "ppc-book3s64-64k",
        ("ppc64" | "ppc64le", Some(12)) => "ppc-book3s64-4k",
        _ => return None,
    })
}

impl Dump {
    /// How much memory it describes, by its own account.
    fn bytes(&self) -> u64 {
        self.dump.ranges().iter().fold(0, |bytes: u64, range| bytes.saturating_add(range.bytes()))
    }

    fn error(&self, what: impl std::fmt::Display) -> PyErr {
        DumpError::new_err(format!("{}: {what}", shown(&self.path)))
    }

    fn known(&self, py: Python<'_>) -> PyResult<&Known> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let known = py.detach(|| self.ask()).map_err(|what| self.error(what))?;
        Ok(self.known.get_or_init(|| known))
    }

    fn ask(&self) -> Result<Known, String> {
        let kernel = swp_pte_vmcore::Kernel::find(&self.dump, &Given::default()).map_err(|lack| lack.to_string())?;
        let facts = kernel.facts().map_err(|error| error.to_string())?;
        let release = facts.release.as_ref().ok_or("the kernel does not say its release")?;
        let page_shift = facts.page_shift.as_ref().map(|shift| shift.value);
        let machine = kernel.machine.name();
        let arch = variant(machine, page_shift);
        let arch = arch.ok_or_else(|| format!("kernels of {machine} are not known to this package"))?;
        let processes = kernel.processes().map_err(|lack| lack.to_string())?;
        let mut notes: Vec<String> = self.dump.warnings().iter().map(ToString::to_string).collect();
        notes.extend(processes.cut_off.iter().cloned());
        let process = |one: &swp_pte_vmcore::Process| {
            let tables = one.tables.as_ref().and_then(|tables| tables.as_ref().ok());
            let tree = tables.map(|tables| {
                let (geometry, root) = kernel.tree(&self.dump, tables);
                (geometry, root, tables.task_size.map_or(geometry.last_user, |end| end.saturating_sub(1)))
            });
            let pgd = tables.map(|tables| tables.pgd);
            let kernel_thread = one.kernel_thread;
            (Process { pid: one.pid, comm: one.comm.clone(), pgd, kernel_thread }, tree)
        };
        let swap_files = kernel.swap_files().unwrap_or_else(|lack| {
            notes.push(lack.to_string());
            Vec::new()
        });
        Ok(Known {
            arch,
            release: release.value.as_str().to_owned(),
            page_shift,
            max_swapfiles: facts.swap_info.map(|info| info.value.max_swapfiles().collect()).unwrap_or_default(),
            processes: processes.all.iter().map(process).collect(),
            swap_files: swap_files
                .into_iter()
                .map(|file| SwapFile {
                    swp_type: file.swp_type,
                    path: file.path,
                    max: file.max,
                    pages: file.pages,
                    prio: file.prio,
                })
                .collect(),
            notes,
        })
    }
}

#[pymethods]
impl Dump {
    #[new]
    #[pyo3(signature = (path, *, base=None))]
    fn new(py: Python<'_>, path: &Bound<'_, PyAny>, base: Option<u64>) -> PyResult<Self> {
        // PyO3's own way to a path panics where Python's has no bytes for it.
        let path = py.import("os")?.getattr("fsencode")?.call1((path,))?;
        let path = PathBuf::from(OsStr::from_bytes(path.cast::<PyBytes>()?.as_bytes()));
        let options = Options { base, ..Options::default() };
        let dump = py.detach(|| swp_pte_dump::open(&path, &options));
        let dump = dump.map_err(|error| DumpError::new_err(format!("{}: {error}", shown(&path))))?;
        Ok(Self { dump, path, known: OnceLock::new() })
    }

    /// What is strange about it, a sentence each.
    #[getter]
    fn notes(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.known(py)?.notes.clone())
    }

    /// Physical memory that it describes: first address, and the one after the last.
    #[getter]
    fn ranges(&self) -> Vec<(u64, u64)> {
        self.dump.ranges().iter().map(|range| (range.start, range.end)).collect()
    }

    /// The text of VMCOREINFO, if the dump has it as a note or in its header.
    #[getter]
    fn vmcoreinfo<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.dump.vmcoreinfo().map(|text| PyBytes::new(py, text))
    }

    /// Physical memory. Raises DumpError for what is not there.
    fn read<'py>(&self, py: Python<'py>, address: u64, size: usize) -> PyResult<Bound<'py, PyBytes>> {
        const MOST: usize = 1 << 30;
        if size > MOST {
            return Err(self.error(format!("{size} bytes at once: at most {MOST}")));
        }
        PyBytes::new_with(py, size, |into| self.dump.read(address, into).map_err(|missing| self.error(missing)))
    }

    /// Its kernel: release, machine and `swap_info[]` are those of the dump.
    #[getter]
    fn kernel(&self, py: Python<'_>) -> PyResult<Kernel> {
        let known = self.known(py)?;
        Kernel::of_dump(known.arch, &known.release, known.page_shift, &known.max_swapfiles)
    }

    /// Its processes, kernel threads among them.
    #[getter]
    fn processes(&self, py: Python<'_>) -> PyResult<Vec<Process>> {
        Ok(self.known(py)?.processes.iter().map(|(process, _)| process.clone()).collect())
    }

    /// Its swap files.
    #[getter]
    fn swap_files(&self, py: Python<'_>) -> PyResult<Vec<SwapFile>> {
        Ok(self.known(py)?.swap_files.clone())
    }

    /// The page tables of a process, from one virtual address to another.
    #[pyo3(signature = (pid, *, first=0, last=None))]
    fn walk(&self, py: Python<'_>, pid: u64, first: u64, last: Option<u64>) -> PyResult<Walk> {
        let known = self.known(py)?;
        let found = known.processes.iter().find(|(process, _)| process.pid == pid);
        let (process, tree) = found.ok_or_else(|| self.error(format!("no process {pid}")))?;
        let (geometry, root, end) = tree.as_ref().ok_or_else(|| {
            let why = if process.kernel_thread { "is the kernel's own" } else { "has no page tables in the dump" };
            self.error(format!("process {pid} {why}"))
        })?;
        let bytes = self.bytes();
        let range = first..=last.unwrap_or(*end);
        py.detach(|| {
            walk(geometry, *root, range, bytes, |at, into| {
                self.dump.read(at, into).map_err(|why| Unread::Missing(why.to_string()))
            })
        })?
        .into_python(py)
    }

    fn __repr__(&self) -> String {
        format!("Dump({:?}, {} MiB)", self.path, self.bytes() >> 20)
    }
}
