//! `swp_pte._native`: what the Python package `swp_pte` is made of. `python/swp_pte/__init__.pyi` has the types and the texts
//! that a reader of Python sees.

mod array;
mod buffer;
mod dump;
mod entry;
mod error;
mod kernel;
mod layout;
mod release;
mod walk;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::array::{Column, Columns};
    #[pymodule_export]
    use crate::dump::{Dump, Process, SwapFile};
    #[pymodule_export]
    use crate::entry::Entry;
    #[pymodule_export]
    use crate::error::{DecodeError, DumpError, EncodeError, KernelError, SwpPteError};
    #[pymodule_export]
    use crate::kernel::Kernel;
    #[pymodule_export]
    use crate::layout::{Layout, atlas, variants};
    #[pymodule_export]
    use crate::release::Release;
    #[pymodule_export]
    use crate::walk::{Walk, walk_tables};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
