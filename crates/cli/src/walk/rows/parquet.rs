//! The same columns as CSV has, with their types, in row groups of bounded size.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use swp_pte_walk::Geometry;

use super::{Format, Row, Sink};

/// Rows in a row group: what is held in memory before it is written, some twenty megabytes.
const GROUP: usize = 1 << 18;

const SCHEMA: &str = "message entries {
    OPTIONAL INT64 pid (INTEGER(64, false));
    OPTIONAL BYTE_ARRAY comm (STRING);
    REQUIRED INT64 va (INTEGER(64, false));
    REQUIRED BYTE_ARRAY level (STRING);
    REQUIRED INT64 table (INTEGER(64, false));
    REQUIRED INT64 word (INTEGER(64, false));
    REQUIRED BYTE_ARRAY kind (STRING);
    OPTIONAL INT32 type (INTEGER(8, false));
    OPTIONAL INT64 offset (INTEGER(64, false));
    OPTIONAL BOOLEAN exclusive;
    OPTIONAL BOOLEAN soft_dirty;
    OPTIONAL BOOLEAN uffd_wp;
    OPTIONAL INT64 stray (INTEGER(64, false));
    OPTIONAL BYTE_ARRAY softleaf (STRING);
    OPTIONAL BYTE_ARRAY swap_file (STRING);
}";

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
    swp_type: Option<u64>,
    offset: Option<u64>,
    flags: [Option<bool>; 3],
    stray: Option<u64>,
    softleaf: Option<&'static str>,
    swap_file: Option<Arc<str>>,
}

/// Rows as they are, for [`Parquet`].
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
            swp_type: swap.map(|swap| swap.swp_type),
            offset: swap.map(|swap| swap.offset),
            flags: swap.map_or([None; 3], |swap| swap.flags().map(|(_, set)| set)),
            stray: swap.map(|swap| swap.stray),
            softleaf: row.softleaf(),
            swap_file,
        });
    }
}

/// Writes row groups.
pub(crate) struct Parquet<W: Write + Send> {
    out: SerializedFileWriter<W>,
    pending: Vec<RowOf>,
}

fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}

impl<W: Write + Send> Parquet<W> {
    /// Writes the beginning of the file. `about` is kept in it, as pairs of key and value.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn new(out: W, about: Vec<(String, String)>) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(io_error)?);
        let about = about.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
        let mut properties =
            WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(about));
        // Addresses grow and offsets come in runs: differences take a byte or two where the values take eight.
        for name in ["va", "word", "offset"] {
            let column = ColumnPath::from(name);
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
        }
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties.build())).map_err(io_error)?;
        Ok(Self { out, pending: Vec::new() })
    }

    /// Writes the end of the file, and gives back the stream.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn into_inner(mut self) -> io::Result<W> {
        if !self.pending.is_empty() {
            self.group(self.pending.len()).map_err(io_error)?;
        }
        self.out.into_inner().map_err(io_error)
    }

    /// Writes the first `count` pending rows as a row group.
    fn group(&mut self, count: usize) -> Result<(), ParquetError> {
        let rows = self.pending.get(..count).unwrap_or_default();
        let mut group = self.out.next_row_group()?;
        let mut number = 0;
        while let Some(mut column) = group.next_column()? {
            write_column(column.untyped(), number, rows)?;
            column.close()?;
            number += 1;
        }
        group.close()?;
        self.pending.drain(..count);
        Ok(())
    }
}

/// A column of [`SCHEMA`], by its number there.
fn write_column(column: &mut ColumnWriter<'_>, number: usize, rows: &[RowOf]) -> Result<(), ParquetError> {
    /// The values that are there, and 1 where one is.
    fn parts<T>(rows: &[RowOf], value: impl Fn(&RowOf) -> Option<T>) -> (Vec<T>, Vec<i16>) {
        let (mut values, mut levels) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for value in rows.iter().map(value) {
            levels.push(i16::from(value.is_some()));
            values.extend(value);
        }
        (values, levels)
    }
    match column {
        ColumnWriter::Int64ColumnWriter(column) => {
            let value = |row: &RowOf| match number {
                0 => row.pid,
                2 => Some(row.va),
                4 => Some(row.table),
                5 => Some(row.word),
                8 => row.offset,
                _ => row.stray,
            };
            // The bits of an unsigned number: the schema says that they are to be read as one.
            let (values, levels) = parts(rows, |row| value(row).map(u64::cast_signed));
            column.write_batch(&values, (!matches!(number, 2 | 4 | 5)).then_some(&levels), None)?;
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            let (values, levels) = parts(rows, |row| row.swp_type.and_then(|number| i32::try_from(number).ok()));
            column.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::BoolColumnWriter(column) => {
            let (values, levels) = parts(rows, |row| row.flags.get(number - 9).copied().flatten());
            column.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::ByteArrayColumnWriter(column) => {
            let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
            let value = |row: &RowOf| match number {
                1 => row.comm.as_deref().map(text),
                3 => Some(text(row.level)),
                6 => Some(text(row.kind)),
                13 => row.softleaf.map(text),
                _ => row.swap_file.as_deref().map(text),
            };
            let (values, levels) = parts(rows, value);
            column.write_batch(&values, (!matches!(number, 3 | 6)).then_some(&levels), None)?;
        }
        _ => return Err(ParquetError::General(format!("column {number} has a type that the schema does not have"))),
    }
    Ok(())
}

impl<W: Write + Send> Sink<Vec<RowOf>> for Parquet<W> {
    fn write(&mut self, piece: &mut Vec<RowOf>) -> io::Result<()> {
        self.pending.append(piece);
        while self.pending.len() >= GROUP {
            self.group(GROUP).map_err(io_error)?;
        }
        Ok(())
    }
}
