//! Layouts that arrived inside a stable series.

use super::StableChange;

/// A row for each layout that arrived in a stable update, in the order of variant, series and third number. From 5.10 on there
/// is none.
pub const STABLE: &[StableChange] = &[];
