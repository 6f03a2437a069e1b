//! A walk through page tables, as columns.

use std::convert::Infallible;
use std::ops::{ControlFlow, RangeInclusive};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use swp_pte_walk::{Budget, Geometry, Item, Root};

use crate::array::{Column, Numbers};
use crate::error::{DumpError, short};

/// Every entry of page tables that is not empty, in the order of addresses: a column each. A row is (address, level, table,
/// word).
#[pyclass(frozen, module = "swp_pte")]
pub struct Walk {
    #[pyo3(get)]
    address: Py<Column>,
    #[pyo3(get)]
    level: Py<Column>,
    #[pyo3(get)]
    table: Py<Column>,
    #[pyo3(get)]
    word: Py<Column>,
    /// What could not be read, a sentence each.
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

/// Walks a tree in a memory of so many bytes.
pub(crate) fn walk(
    geometry: &Geometry,
    root: Root,
    range: RangeInclusive<u64>,
    bytes: u64,
    read: impl FnMut(u64, &mut [u8]) -> Result<(), String>,
) -> Rows {
    let budget = Budget::for_memory(bytes);
    let mut rows = Rows::default();
    let _: ControlFlow<Infallible> = swp_pte_walk::Walk::new(geometry, root, &budget).range(range, read, |item| {
        let missing = match item {
            Item::Entry(entry) => {
                rows.address.push(entry.address);
                rows.level.push(u8::try_from(entry.level).unwrap_or(u8::MAX));
                rows.table.push(entry.table);
                rows.word.push(entry.word);
                return ControlFlow::Continue(());
            }
            Item::Missing { first, last, why, .. } => format!("{first:#x} to {last:#x}: {why}"),
            Item::Loop(entry) => format!("{:#x}: an entry points at a table above it", entry.address),
            Item::Spent { address } => format!("{address:#x}: more tables than the memory has; the walk ends here"),
            Item::Table { .. } => return ControlFlow::Continue(()),
        };
        if rows.missing.len() < MOST_MISSING {
            rows.missing.push(missing);
        }
        ControlFlow::Continue(())
    });
    rows
}

/// Walks page tables of a geometry (`"x86_64"`, `"arm64-4k-48"`, `"sv39"` …) below the physical address of the highest one.
/// `read(address, size)` gives physical memory; an exception of it ends the walk of that table, and is in `missing`.
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
    let read = |at: u64, into: &mut [u8]| {
        let given = read.call1((at, into.len())).map_err(|error| error.to_string())?;
        let given = given.cast::<PyBytes>().map_err(|_| "read() gave no bytes".to_owned())?.as_bytes();
        if given.len() != into.len() {
            return Err(format!("read() gave {} bytes for {}", given.len(), into.len()));
        }
        into.copy_from_slice(given);
        Ok(())
    };
    let last = last.unwrap_or(found.last_user);
    // How much memory there is is not known; as much as such addresses can name at most.
    walk(&found, Root::new(root), first..=last, 1 << 40, read).into_python(py)
}
