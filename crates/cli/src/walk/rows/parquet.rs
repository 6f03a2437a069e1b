//! The columns of CSV with their types, as Parquet.

use std::sync::Arc;

use swp_pte_walk::Geometry;

use super::{Format, Row};
use crate::rows::parquet::{Column, Values};

/// A row on its own.
#[derive(Clone, Debug)]
pub(crate) struct RowOf {
    pid: Option<u64>,
    comm: Option<Arc<str>>,
    va: u64,
    level: &'static str,
    table: u64,
    word: u64,
    kind: &'static str,
    swp_type: Option<u8>,
    offset: Option<u64>,
    flags: [Option<bool>; 3],
    stray: u64,
    softleaf: Option<&'static str>,
    swap_file: Option<Arc<str>>,
}

/// The columns.
pub(crate) fn columns() -> Vec<Column<RowOf>> {
    vec![
        Column::new("pid", Values::SomeNumber(|row: &RowOf| row.pid)),
        Column::new("comm", Values::SomeText(|row| row.comm.as_deref())),
        Column::near("va", Values::Number(|row| row.va)),
        Column::new("level", Values::Text(|row| row.level)),
        Column::new("table", Values::Number(|row| row.table)),
        Column::near("word", Values::Number(|row| row.word)),
        Column::new("kind", Values::Text(|row| row.kind)),
        Column::new("type", Values::SomeByte(|row| row.swp_type)),
        Column::near("offset", Values::SomeNumber(|row| row.offset)),
        Column::new("exclusive", Values::SomeBool(|row| row.flags[0])),
        Column::new("soft_dirty", Values::SomeBool(|row| row.flags[1])),
        Column::new("uffd_wp", Values::SomeBool(|row| row.flags[2])),
        Column::new("stray", Values::Number(|row| row.stray)),
        Column::new("softleaf", Values::SomeText(|row| row.softleaf)),
        Column::new("swap_file", Values::SomeText(|row| row.swap_file.as_deref())),
    ]
}

/// Rows as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain;

impl Format for Plain {
    type Piece = Vec<RowOf>;

    fn row(&self, piece: &mut Vec<RowOf>, row: &Row<'_>) {
        let swap = row.swap();
        // Names are the same in many rows.
        let same = |before: Option<&Arc<str>>, text: Option<&str>| match (before, text) {
            (Some(before), Some(text)) if **before == *text => Some(Arc::clone(before)),
            (_, text) => text.map(Arc::from),
        };
        let before = piece.last();
        let comm = same(before.and_then(|row| row.comm.as_ref()), row.tree.comm.as_deref());
        let swap_file = same(before.and_then(|row| row.swap_file.as_ref()), row.swap_file());
        piece.push(RowOf {
            pid: row.tree.pid,
            comm,
            va: row.entry.address,
            level: Geometry::level_name(row.entry.level),
            table: row.entry.table,
            word: row.entry.word,
            kind: row.kind(),
            swp_type: swap.and_then(|swap| u8::try_from(swap.swp_type).ok()),
            offset: swap.map(|swap| swap.offset),
            flags: swap.map_or([None; 3], |swap| swap.flags().map(|(_, set)| set)),
            stray: row.stray(),
            softleaf: row.softleaf(),
            swap_file,
        });
    }
}
