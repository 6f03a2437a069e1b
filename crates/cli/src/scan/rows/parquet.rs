//! The columns of CSV with their types, as Parquet.

use swp_pte::Layout;
use swp_pte_scan::SwapWord;

use super::{Format, Markers, RowOf};
use crate::rows::parquet::{Column, Values};

/// The columns. Of a dump they have one more, and a packed word has no position.
pub(crate) fn columns(in_dump: bool) -> Vec<Column<RowOf>> {
    let place = if in_dump {
        vec![
            Column::near("position", Values::SomeNumber(|row: &RowOf| row.position)),
            Column::near("physical", Values::Number(|row| row.physical.unwrap_or(0))),
        ]
    } else {
        vec![Column::near("position", Values::Number(|row: &RowOf| row.position.unwrap_or(0)))]
    };
    let rest = [
        Column::near("raw", Values::Number(|row: &RowOf| row.raw)),
        Column::new("type", Values::SomeByte(|row| row.swp_type)),
        Column::near("offset", Values::SomeNumber(|row| row.offset)),
        Column::new("exclusive", Values::SomeBool(|row| row.flags[0])),
        Column::new("soft_dirty", Values::SomeBool(|row| row.flags[1])),
        Column::new("uffd_wp", Values::SomeBool(|row| row.flags[2])),
        Column::new("stray", Values::Number(|row| row.stray)),
    ];
    [place, rest.to_vec()].concat()
}

/// Rows as they are.
#[derive(Debug)]
pub(crate) struct Plain {
    markers: Markers,
}

impl Plain {
    /// Rows of a layout.
    #[must_use]
    pub(crate) fn new(layout: &Layout<'_>) -> Self {
        Self { markers: Markers::new(layout) }
    }
}

impl Format for Plain {
    type Piece = Vec<RowOf>;

    fn add(&self, piece: &mut Vec<RowOf>, row: &SwapWord) {
        piece.push(RowOf::new(self.markers, row));
    }

    fn add_in_dump(&self, piece: &mut Vec<RowOf>, row: &SwapWord, position: Option<u64>) {
        piece.push(RowOf::in_dump(self.markers, row, position));
    }
}
