//! Arrays of words to columns, which have the buffer protocol too.

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::exceptions::{PyBufferError, PyMemoryError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use swp_pte_atlas::Row;

use crate::buffer::Words;
use crate::error::DecodeError;

/// What an array of words says, a column each.
#[pyclass(frozen, module = "swp_pte")]
pub struct Columns {
    /// NONE, PRESENT, SWAP, or BROKEN for a word that reads as swap and holds what no encoder writes. uint8.
    #[pyo3(get)]
    kind: Py<Column>,
    /// Swap types; 0 where the word holds no entry. uint8.
    #[pyo3(get, name = "type")]
    swp_type: Py<Column>,
    /// Markers that are set: 1 exclusive, 2 soft-dirty, 4 uffd-wp; 0 where the word holds no entry. uint8.
    #[pyo3(get)]
    markers: Py<Column>,
    /// Swap offsets in pages; 0 where the word holds no entry. uint64.
    #[pyo3(get)]
    offset: Py<Column>,
    words: usize,
}

#[pymethods]
impl Columns {
    fn __len__(&self) -> usize {
        self.words
    }

    fn __repr__(&self) -> String {
        format!("Columns({} words: kind, type, markers, offset)", self.words)
    }
}

/// Numbers of one kind, which nobody changes.
pub(crate) enum Numbers {
    Bytes(Vec<u8>),
    Words(Vec<u64>),
}

/// A column of numbers, read-only, with the buffer protocol: `numpy.asarray(column)` copies nothing.
#[pyclass(frozen, module = "swp_pte")]
pub struct Column {
    numbers: Numbers,
    /// For the buffer: how many numbers, and how many bytes each has.
    shape: ffi::Py_ssize_t,
    stride: ffi::Py_ssize_t,
}

impl Column {
    pub(crate) fn new(numbers: Numbers) -> PyResult<Self> {
        let (length, size) = match &numbers {
            Numbers::Bytes(bytes) => (bytes.len(), 1),
            Numbers::Words(words) => (words.len(), 8),
        };
        Ok(Self { numbers, shape: length.try_into()?, stride: size })
    }

    pub(crate) const fn len(&self) -> usize {
        match &self.numbers {
            Numbers::Bytes(bytes) => bytes.len(),
            Numbers::Words(words) => words.len(),
        }
    }

    /// The number at an index as Python has it.
    pub(crate) fn at(&self, index: isize) -> PyResult<u64> {
        let from_end = if index < 0 { self.shape } else { 0 };
        let index = usize::try_from(index.saturating_add(from_end)).ok();
        let number = index.and_then(|index| match &self.numbers {
            Numbers::Bytes(bytes) => bytes.get(index).copied().map(u64::from),
            Numbers::Words(words) => words.get(index).copied(),
        });
        number.ok_or_else(|| pyo3::exceptions::PyIndexError::new_err("index out of range"))
    }
}

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<u64> {
        self.at(index)
    }

    fn __iter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyIterator>> {
        Self::view(slf)?.try_iter()
    }

    /// The numbers without a copy: format B or Q.
    fn view<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("builtins")?.getattr("memoryview")?.call1((slf,))
    }

    /// # Safety
    /// Called by Python alone, with a view that it owns.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("no view"));
        }
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            return Err(PyBufferError::new_err("a column cannot be written to"));
        }
        let column = slf.get();
        let (data, format) = match &column.numbers {
            Numbers::Bytes(bytes) => (bytes.as_ptr().cast::<c_void>(), c"B"),
            Numbers::Words(words) => (words.as_ptr().cast(), c"Q"),
        };
        // SAFETY: the view is Python's to fill in. It holds a reference to the column, which is frozen: what it points at stays
        // where it is as long as the view.
        unsafe {
            (*view).buf = data.cast_mut();
            (*view).len = column.shape * column.stride;
            (*view).readonly = 1;
            (*view).itemsize = column.stride;
            (*view).format = if flags & ffi::PyBUF_FORMAT == ffi::PyBUF_FORMAT {
                format.as_ptr().cast_mut()
            } else {
                ptr::null_mut()
            };
            (*view).ndim = 1;
            (*view).shape = if flags & ffi::PyBUF_ND == ffi::PyBUF_ND {
                ptr::from_ref(&column.shape).cast_mut()
            } else {
                ptr::null_mut()
            };
            (*view).strides = if flags & ffi::PyBUF_STRIDES == ffi::PyBUF_STRIDES {
                ptr::from_ref(&column.stride).cast_mut()
            } else {
                ptr::null_mut()
            };
            (*view).suboffsets = ptr::null_mut();
            (*view).internal = ptr::null_mut();
            (*view).obj = slf.into_ptr();
        }
        Ok(())
    }

    fn __repr__(&self) -> String {
        let kind = if self.stride == 1 { "uint8" } else { "uint64" };
        format!("Column({} × {kind})", self.len())
    }
}

/// Memory of so many numbers, which costs nothing before it is written to.
fn zeros<T: bytemuck::Zeroable>(count: usize) -> PyResult<Vec<T>> {
    bytemuck::try_zeroed_vec(count)
        .map_err(|()| PyMemoryError::new_err(format!("no memory for columns of {count} words")))
}

/// Decodes a buffer; the interpreter goes on meanwhile.
pub(crate) fn decode(
    py: Python<'_>,
    row: &'static Row,
    buffer: &Bound<'_, PyAny>,
    byteorder: Option<&str>,
) -> PyResult<Columns> {
    let layout = row.layout();
    let width = if layout.width == u32::BITS { 4 } else { 8 };
    let words = Words::of(buffer, width, layout.memory.order, byteorder)?;
    let (bytes, order) = (words.bytes(), words.order());
    let count = bytes.len() / width;
    let columns = py.detach(|| {
        // There may be less memory than a buffer claims to have words.
        let (mut kind, mut swp_type, mut markers) = (zeros(count)?, zeros(count)?, zeros(count)?);
        let mut offset = zeros(count)?;
        let into = swp_pte_atlas::Columns {
            kind: &mut kind,
            swp_type: &mut swp_type,
            markers: &mut markers,
            offset: &mut offset,
        };
        let decoded = row.decode_columns(bytes, order, into);
        decoded.map_err(|error| DecodeError::new_err(format!("{}: {error}", row.variant())))?;
        Ok::<_, PyErr>((kind, swp_type, markers, offset))
    });
    let (kind, swp_type, markers, offset) = columns?;
    let column = |numbers| Py::new(py, Column::new(numbers)?);
    Ok(Columns {
        kind: column(Numbers::Bytes(kind))?,
        swp_type: column(Numbers::Bytes(swp_type))?,
        markers: column(Numbers::Bytes(markers))?,
        offset: column(Numbers::Words(offset))?,
        words: count,
    })
}
