//! Parquet: the same columns with their types, in row groups of bounded size, for `DuckDB`, Spark, pandas.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnWriter;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use swp_pte::Layout;
use swp_pte_scan::SwapWord;

use super::{Format, Markers, RowOf, Sink};

/// Rows in a row group: what is held in memory before it is written, some ten megabytes.
const GROUP: usize = 1 << 18;

/// Of an image.
const IMAGE: &str = "REQUIRED INT64 position (INTEGER(64, false));";
/// Of a dump, where a packed word has no position.
const DUMP: &str = "OPTIONAL INT64 position (INTEGER(64, false));
    REQUIRED INT64 physical (INTEGER(64, false));";

const REST: &str = "
    REQUIRED INT64 raw (INTEGER(64, false));
    OPTIONAL INT32 type (INTEGER(8, false));
    OPTIONAL INT64 offset (INTEGER(64, false));
    OPTIONAL BOOLEAN exclusive;
    OPTIONAL BOOLEAN soft_dirty;
    OPTIONAL BOOLEAN uffd_wp;
    REQUIRED INT64 stray (INTEGER(64, false));";

/// Writes row groups.
pub(crate) struct Parquet<W: Write + Send> {
    out: SerializedFileWriter<W>,
    in_dump: bool,
    pending: Vec<RowOf>,
}

impl<W: Write + Send> std::fmt::Debug for Parquet<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parquet").field("pending", &self.pending.len()).finish_non_exhaustive()
    }
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
    pub(crate) fn new(out: W, about: Vec<(String, String)>, in_dump: bool) -> io::Result<Self> {
        let schema = format!("message swap_ptes {{ {}{REST} }}", if in_dump { DUMP } else { IMAGE });
        let schema = Arc::new(parse_message_type(&schema).map_err(io_error)?);
        let about = about.into_iter().map(|(key, value)| parquet::file::metadata::KeyValue::new(key, value)).collect();
        // Positions grow and offsets come in runs: differences take a byte or two where the values take eight.
        let differences = |properties: parquet::file::properties::WriterPropertiesBuilder, name: &str| {
            let column = ColumnPath::from(name);
            properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED)
        };
        let mut properties =
            WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(about));
        for name in ["position", "physical", "raw", "offset"].into_iter().filter(|name| in_dump || *name != "physical")
        {
            properties = differences(properties, name);
        }
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties.build())).map_err(io_error)?;
        Ok(Self { out, in_dump, pending: Vec::new() })
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
            write_column(column.untyped(), number, self.in_dump, rows)?;
            column.close()?;
            number += 1;
        }
        group.close()?;
        self.pending.drain(..count);
        Ok(())
    }
}

/// The bits of an unsigned number: the schema says that they are to be read as one.
const fn bits(number: u64) -> i64 {
    number.cast_signed()
}

/// A column of the schema, by its number there; a dump's has one more, after the first.
fn write_column(
    column: &mut ColumnWriter<'_>,
    number: usize,
    in_dump: bool,
    rows: &[RowOf],
) -> Result<(), ParquetError> {
    /// 1 where a value is there.
    fn levels<T>(values: &[Option<T>]) -> Vec<i16> {
        values.iter().map(|value| i16::from(value.is_some())).collect()
    }
    let physical = in_dump && number == 1;
    let number = if in_dump && number > 0 { number - 1 } else { number };
    match column {
        ColumnWriter::Int64ColumnWriter(column) if number == 3 || (in_dump && number == 0 && !physical) => {
            let value = |row: &RowOf| if number == 3 { row.offset } else { row.position };
            let values: Vec<_> = rows.iter().map(|row| value(row).map(bits)).collect();
            let present: Vec<_> = values.iter().copied().flatten().collect();
            column.write_batch(&present, Some(&levels(&values)), None)?;
        }
        ColumnWriter::Int64ColumnWriter(column) => {
            let value = |row: &RowOf| match number {
                0 if physical => row.physical.unwrap_or(0),
                0 => row.position.unwrap_or(0),
                1 => row.raw,
                _ => row.stray,
            };
            let values: Vec<_> = rows.iter().map(|row| bits(value(row))).collect();
            column.write_batch(&values, None, None)?;
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            let values: Vec<_> = rows.iter().map(|row| row.swp_type.map(i32::from)).collect();
            let present: Vec<_> = values.iter().copied().flatten().collect();
            column.write_batch(&present, Some(&levels(&values)), None)?;
        }
        ColumnWriter::BoolColumnWriter(column) => {
            let values: Vec<_> = rows.iter().map(|row| row.flags.get(number - 4).copied().flatten()).collect();
            let present: Vec<_> = values.iter().copied().flatten().collect();
            column.write_batch(&present, Some(&levels(&values)), None)?;
        }
        _ => return Err(ParquetError::General(format!("column {number} has a type that the schema does not have"))),
    }
    Ok(())
}

/// Rows as they are, for [`Parquet`].
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

impl<W: Write + Send> Sink<Vec<RowOf>> for Parquet<W> {
    fn write(&mut self, piece: &mut Vec<RowOf>) -> io::Result<()> {
        self.pending.append(piece);
        while self.pending.len() >= GROUP {
            self.group(GROUP).map_err(io_error)?;
        }
        Ok(())
    }
}
