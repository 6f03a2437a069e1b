//! A kernel of a variant: its layout, its numbering of types, and what had to be assumed.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use swp_pte::{KernelOption, Level, SwpType};
use swp_pte_atlas::{Found, SwapTypes, find_release_at};
use swp_pte_reading::Reader;

use crate::array::{self, Columns};
use crate::entry::Entry;
use crate::error::{DecodeError, KernelError, lookup, short};
use crate::layout::{Layout, encode};
use crate::release::Release;

/// What a variant has in a kernel's release. `config` says how it was built, as far as that moves swap types
/// ({"DEVICE_PRIVATE": False}); `pfn_bits` is `SWP_PFN_BITS`; `page_size` is in bytes; `max_swapfiles` is the length of its
/// `swap_info[]`; `level` is "pte" or "pmd". Raises KernelError.
#[pyclass(frozen, module = "swp_pte")]
pub struct Kernel {
    found: Found,
    types: SwapTypes,
    reader: Reader,
    release: swp_pte::Release,
}

fn level(name: &str) -> PyResult<Level> {
    let levels = [Level::Pte, Level::Pmd];
    levels
        .into_iter()
        .find(|level| level.name() == name)
        .ok_or_else(|| KernelError::new_err(format!("level {:?}: it is \"pte\" or \"pmd\"", short(name))))
}

/// The options of a configuration by their names, with or without `CONFIG_`.
fn options(config: BTreeMap<String, bool>) -> PyResult<Vec<(KernelOption, bool)>> {
    let known = |name: &str| {
        let name = name.strip_prefix("CONFIG_").unwrap_or(name);
        KernelOption::ALL.iter().copied().find(|option| option.name() == name)
    };
    let find = |(name, on): (String, bool)| {
        known(&name).map(|option| (option, on)).ok_or_else(|| {
            let names: Vec<_> = KernelOption::ALL.iter().map(|option| option.name()).collect();
            KernelError::new_err(format!("option {:?} moves no swap type: {} do", short(&name), names.join(", ")))
        })
    };
    config.into_iter().map(find).collect()
}

impl Kernel {
    /// That of a dump, whose `swap_info` has room for one of so many files; where nothing is known of that, for any.
    pub(crate) fn of_dump(arch: &str, release: &str, page_shift: Option<u32>, files: &[u64]) -> PyResult<Self> {
        Self::find(arch, release, None, None, page_shift.map(|shift| 1 << shift), files, "pte")
    }

    fn find(
        arch: &str,
        release: &str,
        config: Option<BTreeMap<String, bool>>,
        pfn_bits: Option<u32>,
        page_size: Option<u64>,
        files: &[u64],
        level: &str,
    ) -> PyResult<Self> {
        let release = Release::parse(release)?;
        let level = self::level(level)?;
        let found = find_release_at(arch, level, &release).map_err(|error| lookup(arch, error))?;
        let said = options(config.unwrap_or_default())?;
        if pfn_bits.is_some_and(|bits| bits == 0 || bits >= u64::BITS) {
            return Err(KernelError::new_err("pfn_bits is 1 to 63"));
        }
        let said = |option| said.iter().find(|(known, _)| *known == option).map(|(_, on)| *on);
        let types = if files.is_empty() {
            found.swap_types(said, pfn_bits)
        } else {
            let fits = |number: usize| files.iter().any(|files| u64::try_from(number) == Ok(*files));
            found.swap_types_that_fit(said, pfn_bits, fits).ok_or_else(|| {
                let files: Vec<_> = files.iter().map(u64::to_string).collect();
                KernelError::new_err(format!(
                    "MAX_SWAPFILES is {}, which {release} is in no configuration: it is another kernel, or numbers its types in \
                     its own way",
                    files.join(" or ")
                ))
            })?
        };
        let least = found.row.layout().page_shift;
        let page_shift = match page_size {
            None => least,
            Some(size) if size.is_power_of_two() && (least..=24).contains(&size.trailing_zeros()) => {
                size.trailing_zeros()
            }
            Some(size) => return Err(KernelError::new_err(format!("{size} bytes are no page size of {arch}"))),
        };
        let reader = Reader::new(found.row, level, found.entries_of, types, page_shift);
        Ok(Self { found, types, reader, release })
    }
}

#[pymethods]
impl Kernel {
    #[new]
    #[pyo3(signature = (arch, release, *, config=None, pfn_bits=None, page_size=None, max_swapfiles=None, level="pte"))]
    fn new(
        arch: &str,
        release: &str,
        config: Option<BTreeMap<String, bool>>,
        pfn_bits: Option<u32>,
        page_size: Option<u64>,
        max_swapfiles: Option<u64>,
        level: &str,
    ) -> PyResult<Self> {
        Self::find(arch, release, config, pfn_bits, page_size, max_swapfiles.as_slice(), level)
    }
    /// The layout of its swap PTEs.
    #[getter]
    fn layout(&self) -> Layout {
        Layout(self.found.row)
    }

    /// Its release, taken apart.
    #[getter]
    fn release(&self) -> Release {
        Release(self.release)
    }

    /// What had to be assumed, a sentence each; empty where nothing was.
    #[getter]
    fn assumed(&self) -> Vec<String> {
        self.found.assumed.iter().map(|one| one.to_string()).collect()
    }

    /// How the bits are known: "measured", "captured", "read", "changelog".
    #[getter]
    fn bits_grade(&self) -> &'static str {
        self.found.bits.grade.name()
    }

    /// Where that stands.
    #[getter]
    fn bits_source(&self) -> &'static str {
        self.found.bits.source
    }

    /// How the numbering of swap types is known, likewise.
    #[getter]
    fn types_grade(&self) -> &'static str {
        self.found.types_from.grade.name()
    }

    /// Where that stands.
    #[getter]
    fn types_source(&self) -> &'static str {
        self.found.types_from.source
    }

    /// How many swap files it can have, `MAX_SWAPFILES`.
    #[getter]
    fn max_swapfiles(&self) -> usize {
        self.types.max_swapfiles()
    }

    /// What each of the 32 swap types is.
    #[getter]
    fn meanings(&self) -> Vec<&'static str> {
        (0..32).filter_map(|number| SwpType::new(number).ok()).map(|one| self.types.meaning(one).name()).collect()
    }

    /// What a word says. Raises DecodeError for a number that is wider than the layout's words.
    fn decode(&self, word: u64) -> PyResult<Entry> {
        let variant = self.found.row.variant();
        let reading = self.reader.read(word).map_err(|error| DecodeError::new_err(format!("{variant}: {error}")))?;
        Ok(Entry::of(word, variant, &reading))
    }

    /// The word for an entry; `offset` is in pages. Raises EncodeError with field, value and limit.
    #[pyo3(signature = (swp_type, offset, *, exclusive=false, soft_dirty=false, uffd_wp=false))]
    fn encode(&self, swp_type: u64, offset: u64, exclusive: bool, soft_dirty: bool, uffd_wp: bool) -> PyResult<u64> {
        encode(self.found.row, swp_type, offset, [exclusive, soft_dirty, uffd_wp])
    }

    /// What each word of a buffer says. Bytes are words as they lie in memory, in the order of the layout's machine; numbers of
    /// 32 or 64 bits have the order that their format says (numpy's ">u8"), this machine's where it says none. `byteorder` is
    /// stronger than either. The interpreter goes on meanwhile: who writes to the buffer gets answers to some of both words.
    /// Raises DecodeError, TypeError for what holds no integers, MemoryError.
    #[pyo3(signature = (buffer, *, byteorder=None))]
    fn decode_array(&self, py: Python<'_>, buffer: &Bound<'_, PyAny>, byteorder: Option<&str>) -> PyResult<Columns> {
        array::decode(py, self.found.row, buffer, byteorder)
    }

    fn __repr__(&self) -> String {
        let assumed: Vec<_> = self.assumed().into_iter().map(|one| format!(", assumed: {one}")).collect();
        format!(
            "Kernel({:?}, {:?}, {} swap files, bits {}, types {}{})",
            self.found.row.variant(),
            self.release.as_str(),
            self.max_swapfiles(),
            self.bits_grade(),
            self.types_grade(),
            assumed.concat()
        )
    }
}
