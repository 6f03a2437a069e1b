//! A walk through page tables, as columns.

use std::collections::TryReserveError;
use std::ops::{ControlFlow, RangeInclusive};

use pyo3::exceptions::{PyException, PyMemoryError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};
use swp_pte_walk::{Budget, Entry, Geometry, Item, Root};

use crate::array::{Column, Numbers};
use crate::error::{DumpError, short};

/// Every entry of page tables that is not empty, in the order of addresses, a column each. A row is a tuple: virtual address,
/// level (1 is the lowest), physical address of its table, word.
#[pyclass(frozen, module = "swp_pte")]
pub struct Walk {
    /// Virtual addresses. uint64.
    #[pyo3(get)]
    address: Py<Column>,
    /// Levels of the page tables, 1 being the lowest. uint8.
    #[pyo3(get)]
    level: Py<Column>,
    /// Physical addresses of the tables that the words stand in. uint64.
    #[pyo3(get)]
    table: Py<Column>,
    /// The words. uint64.
    #[pyo3(get)]
    word: Py<Column>,
    /// What could not be read, a sentence each, at most 1000.
    #[pyo3(get)]
    missing: Vec<String>,
}

#[pymethods]
impl Walk {
    fn __len__(&self) -> usize {
        self.address.get().len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<(u64, u64, u64, u64)> {
        let at = |column: &Py<Column>| column.get().at(index);
        Ok((at(&self.address)?, at(&self.level)?, at(&self.table)?, at(&self.word)?))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        let columns = (&self.address, &self.level, &self.table, &self.word);
        py.import("builtins")?.getattr("zip")?.call1(columns)?.try_iter()
    }

    fn __repr__(&self) -> String {
        let missing = if self.missing.is_empty() { String::new() } else { format!(", {} missing", self.missing.len()) };
        format!("Walk({} entries{missing})", self.__len__())
    }
}

/// The columns while they grow.
#[derive(Default)]
pub(crate) struct Rows {
    address: Vec<u64>,
    level: Vec<u8>,
    table: Vec<u64>,
    word: Vec<u64>,
    missing: Vec<String>,
}

impl Rows {
    pub(crate) fn into_python(self, py: Python<'_>) -> PyResult<Walk> {
        let column = |numbers| Py::new(py, Column::new(numbers)?);
        Ok(Walk {
            address: column(Numbers::Words(self.address))?,
            level: column(Numbers::Bytes(self.level))?,
            table: column(Numbers::Words(self.table))?,
            word: column(Numbers::Words(self.word))?,
            missing: self.missing,
        })
    }
}

/// The most sentences about what is missing; there can be millions of pages.
const MOST_MISSING: usize = 1000;

/// Why memory was not read.
pub(crate) enum Unread {
    /// A sentence for `missing`; the walk goes on.
    Missing(String),
    /// The end of the walk: somebody pressed Ctrl-C.
    End(PyErr),
}

impl Rows {
    /// Tables can point at each other, and have more entries than there is memory for.
    fn push(&mut self, entry: &Entry) -> Result<(), TryReserveError> {
        self.address.try_reserve(1)?;
        self.level.try_reserve(1)?;
        self.table.try_reserve(1)?;
        self.word.try_reserve(1)?;
        self.address.push(entry.address);
        self.level.push(u8::try_from(entry.level).unwrap_or(u8::MAX));
        self.table.push(entry.table);
        self.word.push(entry.word);
        Ok(())
    }
}

/// After how many items it is asked whether somebody wants an end.
const PATIENCE: u32 = 1 << 16;

/// Walks a tree in a memory of so many bytes.
pub(crate) fn walk(
    geometry: &Geometry,
    root: Root,
    range: RangeInclusive<u64>,
    bytes: u64,
    read: impl FnMut(u64, &mut [u8]) -> Result<(), Unread>,
) -> PyResult<Rows> {
    let budget = Budget::for_memory(bytes);
    let (mut rows, mut items) = (Rows::default(), 0_u32);
    let end = swp_pte_walk::Walk::new(geometry, root, &budget).range(range, read, |item| {
        items = items.wrapping_add(1);
        if items.is_multiple_of(PATIENCE)
            && let Err(signal) = Python::attach(|py| py.check_signals())
        {
            return ControlFlow::Break(signal);
        }
        let missing = match item {
            Item::Entry(entry) => {
                return match rows.push(&entry) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(PyMemoryError::new_err(format!("after {} entries", rows.word.len()))),
                };
            }
            Item::Missing { why: Unread::End(error), .. } => return ControlFlow::Break(error),
            Item::Missing { first, last, why: Unread::Missing(why), .. } => format!("{first:#x} to {last:#x}: {why}"),
            Item::Loop(entry) => format!("{:#x}: an entry points at a table above it", entry.address),
            Item::Spent { address } => format!("{address:#x}: more tables than the memory has; the walk ends here"),
            Item::Table { .. } => return ControlFlow::Continue(()),
        };
        if rows.missing.len() < MOST_MISSING {
            rows.missing.push(missing);
        }
        ControlFlow::Continue(())
    });
    match end {
        ControlFlow::Continue(()) => Ok(rows),
        ControlFlow::Break(error) => Err(error),
    }
}

/// Page tables by their name ("x86_64", "arm64-4k-48", "sv39", …) below the physical address of the highest one, in memory that
/// `read(physical address, size)` gives. An exception of `read` is one of `missing`; what is no `Exception`, as
/// KeyboardInterrupt, ends the walk. Raises DumpError for an unknown name, MemoryError.
#[pyfunction]
#[pyo3(signature = (geometry, root, read, *, first=0, last=None))]
pub fn walk_tables(
    py: Python<'_>,
    geometry: &str,
    root: u64,
    read: &Bound<'_, PyAny>,
    first: u64,
    last: Option<u64>,
) -> PyResult<Walk> {
    let found = swp_pte_walk::find(geometry).ok_or_else(|| {
        let names: Vec<_> = swp_pte_walk::GEOMETRIES.iter().flat_map(|some| some.iter()).map(|one| one.name).collect();
        DumpError::new_err(format!("no page tables are called {:?}: there are {}", short(geometry), names.join(", ")))
    })?;
    let missing = |what: &str| Err(Unread::Missing(what.to_owned()));
    let read = |at: u64, into: &mut [u8]| {
        let given = match read.call1((at, into.len())) {
            Ok(given) => given,
            Err(error) if error.is_instance_of::<PyException>(py) => return missing(&error.to_string()),
            Err(error) => return Err(Unread::End(error)),
        };
        let Ok(given) = given.cast::<PyBytes>() else { return missing("read() gave no bytes") };
        let given = given.as_bytes();
        if given.len() != into.len() {
            return missing(&format!("read() gave {} bytes for {}", given.len(), into.len()));
        }
        into.copy_from_slice(given);
        Ok(())
    };
    let last = last.unwrap_or(found.last_user);
    // How much memory there is is not known; as much as such addresses can name at most.
    walk(&found, Root::new(root), first..=last, 1 << 40, read)?.into_python(py)
}
