//! Kernel releases, taken apart.

use pyo3::prelude::*;

use crate::error::{KernelError, short};

/// A kernel's release, taken apart: `uname -r`, a `Linux version` line, `git describe`. Raises KernelError for a text that is
/// none.
#[pyclass(frozen, eq, hash, module = "swp_pte")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Release(pub(crate) swp_pte::Release);

impl Release {
    pub(crate) fn parse(text: &str) -> PyResult<swp_pte::Release> {
        text.parse().map_err(|error| KernelError::new_err(format!("{:?} is {error}", short(text))))
    }
}

#[pymethods]
impl Release {
    #[new]
    fn new(text: &str) -> PyResult<Self> {
        Self::parse(text).map(Self)
    }

    /// The text that it was made of.
    #[getter]
    fn text(&self) -> &str {
        self.0.as_str()
    }

    /// The upstream release that it began as: major and minor.
    #[getter]
    fn series(&self) -> (u16, u16) {
        (self.0.series().major, self.0.series().minor)
    }

    /// The third number; None if it was not given.
    #[getter]
    fn stable(&self) -> Option<u16> {
        self.0.stable()
    }

    /// The number of a release candidate.
    #[getter]
    fn candidate(&self) -> Option<u16> {
        self.0.candidate()
    }

    /// Commits behind the tag, as `git describe` counts them.
    #[getter]
    fn commits(&self) -> Option<u32> {
        self.0.commits()
    }

    /// The vendor's build.
    #[getter]
    fn build(&self) -> Option<String> {
        self.0.build().map(|build| build.to_string())
    }

    /// Whose kernel it is; None for upstream's own.
    #[getter]
    fn vendor(&self) -> Option<&'static str> {
        self.0.vendor().map(swp_pte::Vendor::name)
    }

    fn __str__(&self) -> &str {
        self.text()
    }

    fn __repr__(&self) -> String {
        let vendor = self.vendor().map_or_else(String::new, |vendor| format!(", vendor={vendor:?}"));
        let build = self.build().map_or_else(String::new, |build| format!(", build={build:?}"));
        format!("Release({:?}, series={:?}{build}{vendor})", self.text(), self.series())
    }
}
