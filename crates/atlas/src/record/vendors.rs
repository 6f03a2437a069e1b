//! Vendors' kernels, a row for each range of builds. CONTRIBUTING.md says how to add one.

use super::VendorRange;

/// The rows; of one vendor and series in the order of builds.
pub const VENDORS: &[VendorRange] = &[];
