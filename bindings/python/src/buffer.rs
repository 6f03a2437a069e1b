//! What Python's objects with the buffer protocol hold, as bytes in one piece with their order.

use std::ffi::CStr;

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use swp_pte::MemoryOrder;

use crate::error::{DecodeError, short};

/// An item of so many bytes, whatever its type, order and place. PyO3's own integers are taken for those of this machine where
/// their format says `>`, must be aligned, and refuse what ctypes calls `<L`.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Item<const BYTES: usize>([u8; BYTES]);

// SAFETY: any bytes are an item.
unsafe impl<const BYTES: usize> Element for Item<BYTES> {
    fn is_compatible_format(format: &CStr) -> bool {
        // What C calls a long has 4 bytes or 8, by the order before it and by who wrote it; the size of the items says it.
        let integers: &[u8] = match BYTES {
            1 => b"bBc",
            4 => b"iIlLnN",
            _ => b"lLqQnN",
        };
        matches!(format.to_bytes(), [letter] | [b'@' | b'=' | b'<' | b'>' | b'!', letter] if integers.contains(letter))
    }
}

/// A buffer of integers that is held.
enum Held {
    Of1(PyBuffer<Item<1>>),
    Of4(PyBuffer<Item<4>>),
    Of8(PyBuffer<Item<8>>),
}

/// The words of a buffer, as long as it is held.
pub(crate) struct Words {
    held: Held,
    order: MemoryOrder,
}

impl Words {
    /// Takes hold of a buffer for words of so many bytes. Bytes are in the order of the layout's machine, `memory`, unless
    /// `byteorder` says otherwise; numbers are in the order that their format says.
    pub(crate) fn of(
        buffer: &Bound<'_, PyAny>,
        width: usize,
        memory: MemoryOrder,
        byteorder: Option<&str>,
    ) -> PyResult<Self> {
        // The view brings what some leave out, as ctypes does the strides.
        let view = PyMemoryView::from(buffer).map_err(|_| {
            let name = name_of(buffer);
            PyTypeError::new_err(format!(
                "{name} is no buffer: bytes, memoryview, array, numpy's arrays and their like are"
            ))
        })?;
        let held = PyBuffer::get(&view)
            .map(Held::Of1)
            .or_else(|_| PyBuffer::get(&view).map(Held::Of8))
            .or_else(|_| PyBuffer::get(&view).map(Held::Of4))
            .map_err(|_| no_integers(buffer, &view))?;
        let (size, whole, numbers) = match &held {
            Held::Of1(bytes) => (1, bytes.is_c_contiguous(), memory),
            Held::Of4(numbers) => (4, numbers.is_c_contiguous(), order_of(numbers.format())),
            Held::Of8(numbers) => (8, numbers.is_c_contiguous(), order_of(numbers.format())),
        };
        if !whole {
            return Err(DecodeError::new_err("the buffer is not in one piece: copy it first"));
        }
        if size != 1 && size != width {
            return Err(DecodeError::new_err(format!(
                "numbers of {} bits, and words of this layout have {}",
                size * 8,
                width * 8
            )));
        }
        let order = byteorder.map_or(Ok(numbers), named)?;
        Ok(Self { held, order })
    }

    /// The order of the bytes of a word.
    pub(crate) const fn order(&self) -> MemoryOrder {
        self.order
    }

    /// The bytes. Whoever writes to them from another thread meanwhile gets the answers to some of both words, as the
    /// documentation says.
    pub(crate) fn bytes(&self) -> &[u8] {
        let (data, length) = match &self.held {
            Held::Of1(bytes) => (bytes.buf_ptr(), bytes.len_bytes()),
            Held::Of4(numbers) => (numbers.buf_ptr(), numbers.len_bytes()),
            Held::Of8(numbers) => (numbers.buf_ptr(), numbers.len_bytes()),
        };
        // A buffer without bytes may be nowhere.
        // SAFETY: the buffer is held, and in one piece.
        if length == 0 { &[] } else { unsafe { std::slice::from_raw_parts(data.cast_const().cast(), length) } }
    }
}

const NATIVE: MemoryOrder = if cfg!(target_endian = "big") { MemoryOrder::Big } else { MemoryOrder::Little };

/// The order that a format of Python's `struct` says.
fn order_of(format: &CStr) -> MemoryOrder {
    match format.to_bytes() {
        [b'<', ..] => MemoryOrder::Little,
        [b'>' | b'!', ..] => MemoryOrder::Big,
        _ => NATIVE,
    }
}

fn named(name: &str) -> PyResult<MemoryOrder> {
    match name {
        "little" => Ok(MemoryOrder::Little),
        "big" => Ok(MemoryOrder::Big),
        "native" => Ok(NATIVE),
        other => Err(DecodeError::new_err(format!(
            "byteorder {:?}: it is \"little\", \"big\", \"native\", or None for bytes as the layout's machine has them and for \
             numbers as their format says",
            short(other)
        ))),
    }
}

fn name_of(buffer: &Bound<'_, PyAny>) -> String {
    buffer.get_type().name().map_or_else(|_| "it".to_owned(), |name| name.to_string())
}

/// What is wrong with a buffer that has no integers of 1, 4 or 8 bytes.
fn no_integers(buffer: &Bound<'_, PyAny>, view: &Bound<'_, PyMemoryView>) -> PyErr {
    let name = name_of(buffer);
    let items = || -> PyResult<(String, usize, usize)> {
        let get = |what| view.getattr(what);
        Ok((get("format")?.extract()?, get("itemsize")?.extract()?, get("ndim")?.extract()?))
    };
    PyTypeError::new_err(match items() {
        Err(error) => format!("{name}: {error}"),
        Ok((_, _, 0)) => format!("{name} is a single number, no array"),
        Ok((format, size, _)) => format!(
            "{name} holds items {:?} of {size} bytes: words are bytes, or integers of 32 or 64 bits",
            short(&format)
        ),
    })
}
