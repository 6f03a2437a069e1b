//! Layouts, with their fields.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use swp_pte::{Claim, Flag, SwpEntry};
use swp_pte_atlas::{OLDER, OWN, ROWS, Row, SECOND_FORMS};

use crate::array::{self, Columns};
use crate::error::{DecodeError, EncodeError};

/// A layout of the record: the bits of a variant in a range of kernels. In a notebook it is a picture.
#[pyclass(frozen, module = "swp_pte")]
pub struct Layout(pub(crate) &'static Row);

/// The markers by the names of this package.
const MARKERS: [(&str, Flag); 3] =
    [("exclusive", Flag::Exclusive), ("soft_dirty", Flag::SoftDirty), ("uffd_wp", Flag::UffdWp)];

/// The word of an entry, with markers.
pub(crate) fn encode(row: &'static Row, swp_type: u64, offset: u64, markers: [bool; 3]) -> PyResult<u64> {
    let refused = |error: swp_pte::EncodeError| EncodeError::new_err(format!("{}: {error}", row.variant()));
    let entry = SwpEntry::from_parts(swp_type, offset).map_err(|error| refused(error.into()))?;
    let mut word = row.encode(entry).map_err(refused)?;
    for ((name, flag), _) in MARKERS.iter().zip(markers).filter(|(_, set)| *set) {
        word =
            word.set(*flag).ok_or_else(|| EncodeError::new_err(format!("{} has no {name} marker", row.variant())))?;
    }
    Ok(word.bits())
}

#[pymethods]
impl Layout {
    /// The name of the variant, which `arch` takes.
    #[getter]
    fn variant(&self) -> &'static str {
        self.0.variant()
    }

    /// The level of the page tables whose entries have it: "pte", or another where those differ.
    #[getter]
    fn level(&self) -> &'static str {
        self.0.layout().source.level.name()
    }

    /// The kernels that have it, as text.
    #[getter]
    fn kernels(&self) -> String {
        self.0.layout().source.kernels.to_string()
    }

    /// The first kernel that has it: major and minor.
    #[getter]
    fn first_kernel(&self) -> (u16, u16) {
        let first = self.0.layout().source.kernels.first;
        (first.major, first.minor)
    }

    /// The last kernel that has it; None where that is not known.
    #[getter]
    fn last_kernel(&self) -> Option<(u16, u16)> {
        self.0.layout().source.kernels.last.map(|last| (last.major, last.minor))
    }

    /// How it is known: "measured" (its compiled headers were asked) or "read".
    #[getter]
    fn grade(&self) -> &'static str {
        self.0.grade().name()
    }

    /// The kernel's header, the symbols there, and the commit.
    #[getter]
    fn source(&self) -> String {
        let source = self.0.layout().source;
        format!("{}: {}; {}", source.header, source.symbols, source.since)
    }

    /// Bits of a word: 32 or 64.
    #[getter]
    fn width(&self) -> u32 {
        self.0.layout().width
    }

    /// log2 of the smallest page size, in bytes.
    #[getter]
    fn page_shift(&self) -> u32 {
        self.0.layout().page_shift
    }

    /// How a word lies in memory: "little", "big", "big-low-word-first".
    #[getter]
    fn memory_order(&self) -> &'static str {
        self.0.layout().memory.order.name()
    }

    /// The largest swap offset that the encoder takes, in pages.
    #[getter]
    fn max_offset(&self) -> u64 {
        self.0.layout().max_offset()
    }

    /// The bit of each marker; None where the layout does not have it.
    #[getter]
    fn markers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let markers = PyDict::new(py);
        for (name, flag) in MARKERS {
            markers.set_item(name, self.0.layout().flag(flag))?;
        }
        Ok(markers)
    }

    /// What the bits are, highest first: name, highest bit, lowest bit.
    #[getter]
    fn fields(&self) -> Vec<(String, u32, u32)> {
        let name = |claim: Claim<'_>| match claim {
            Claim::Type => "type".to_owned(),
            Claim::Offset => "offset".to_owned(),
            Claim::Flag(flag) => flag.name().to_owned(),
            Claim::Reserved(reserved) => reserved.name.to_owned(),
            _ => "unused".to_owned(),
        };
        swp_pte_draw::cells(self.0.layout()).map(|cell| (name(cell.claim), cell.high, cell.low)).collect()
    }

    /// The kernel's predicates for a word. Raises DecodeError for a number that is wider than the layout's words.
    fn kind(&self, word: u64) -> PyResult<&'static str> {
        let word = self.0.word(word).map_err(|error| DecodeError::new_err(format!("{}: {error}", self.variant())))?;
        Ok(match word.kind() {
            swp_pte::PteKind::None => "none",
            swp_pte::PteKind::Present => "present",
            swp_pte::PteKind::Swap => "swap",
        })
    }

    /// As `Kernel.encode`.
    #[pyo3(signature = (swp_type, offset, *, exclusive=false, soft_dirty=false, uffd_wp=false))]
    fn encode(&self, swp_type: u64, offset: u64, exclusive: bool, soft_dirty: bool, uffd_wp: bool) -> PyResult<u64> {
        encode(self.0, swp_type, offset, [exclusive, soft_dirty, uffd_wp])
    }

    /// As `Kernel.decode_array`.
    #[pyo3(signature = (buffer, *, byteorder=None))]
    fn decode_array(&self, py: Python<'_>, buffer: &Bound<'_, PyAny>, byteorder: Option<&str>) -> PyResult<Columns> {
        array::decode(py, self.0, buffer, byteorder)
    }

    fn __eq__(&self, other: &Self) -> bool {
        core::ptr::eq(self.0, other.0)
    }

    fn __hash__(&self) -> usize {
        core::ptr::from_ref(self.0).addr()
    }

    fn __repr__(&self) -> String {
        let fields: Vec<_> = self
            .fields()
            .into_iter()
            .map(
                |(name, high, low)| if high == low { format!("{name} {high}") } else { format!("{name} {high}-{low}") },
            )
            .collect();
        let level = if self.level() == "pte" { String::new() } else { format!(" at {}", self.level()) };
        format!("Layout({}{level}, {}: {})", self.variant(), self.kernels(), fields.join(", "))
    }

    /// The picture, for notebooks.
    fn _repr_svg_(&self) -> String {
        swp_pte_draw::svg(self.0.layout())
    }
}

/// Every layout of the record, oldest first within a variant; those of higher levels last.
#[pyfunction]
pub fn atlas() -> Vec<Layout> {
    ROWS.iter().chain(SECOND_FORMS).chain(OLDER).chain(OWN).map(Layout).collect()
}

/// The names of all variants, which `arch` takes.
#[pyfunction]
pub fn variants() -> Vec<&'static str> {
    swp_pte_atlas::variants().collect()
}
