//! Parquet: columns with their types, in row groups of bounded size, for `DuckDB`, Spark, pandas.

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

use super::Sink;

/// Rows in a row group: what is held in memory before it is written, some ten or twenty megabytes.
const GROUP: usize = 1 << 18;

/// What a column has of a row. Numbers are unsigned, and the schema says so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values<R> {
    /// A number in every row.
    Number(fn(&R) -> u64),
    /// A number in some rows.
    SomeNumber(fn(&R) -> Option<u64>),
    /// A small number in some rows.
    SomeByte(fn(&R) -> Option<u8>),
    /// True or false in some rows.
    SomeBool(fn(&R) -> Option<bool>),
    /// A text in every row.
    Text(fn(&R) -> &str),
    /// A text in some rows.
    SomeText(fn(&R) -> Option<&str>),
}

/// A column: its name, and what it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<R> {
    name: &'static str,
    values: Values<R>,
    /// Whether values differ little from those before: differences then take a byte or two where values take eight.
    near: bool,
}

impl<R> Column<R> {
    pub(crate) const fn new(name: &'static str, values: Values<R>) -> Self {
        Self { name, values, near: false }
    }

    /// A column in which values differ little from those before.
    pub(crate) const fn near(name: &'static str, values: Values<R>) -> Self {
        Self { name, values, near: true }
    }

    /// Its line of the schema.
    fn schema(&self) -> String {
        let name = self.name;
        match &self.values {
            Values::Number(_) => format!("REQUIRED INT64 {name} (INTEGER(64, false));"),
            Values::SomeNumber(_) => format!("OPTIONAL INT64 {name} (INTEGER(64, false));"),
            Values::SomeByte(_) => format!("OPTIONAL INT32 {name} (INTEGER(8, false));"),
            Values::SomeBool(_) => format!("OPTIONAL BOOLEAN {name};"),
            Values::Text(_) => format!("REQUIRED BYTE_ARRAY {name} (STRING);"),
            Values::SomeText(_) => format!("OPTIONAL BYTE_ARRAY {name} (STRING);"),
        }
    }

    /// Writes its values.
    fn write(&self, column: &mut ColumnWriter<'_>, rows: &[R]) -> Result<(), ParquetError> {
        /// The values that are there, and 1 where one is.
        fn parts<R, T>(rows: &[R], value: impl Fn(&R) -> Option<T>) -> (Vec<T>, Vec<i16>) {
            let (mut values, mut levels) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
            for value in rows.iter().map(value) {
                levels.push(i16::from(value.is_some()));
                values.extend(value);
            }
            (values, levels)
        }
        let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
        match (&self.values, column) {
            (Values::Number(value), ColumnWriter::Int64ColumnWriter(column)) => {
                let values: Vec<_> = rows.iter().map(|row| value(row).cast_signed()).collect();
                column.write_batch(&values, None, None)?;
            }
            (Values::SomeNumber(value), ColumnWriter::Int64ColumnWriter(column)) => {
                let (values, levels) = parts(rows, |row| value(row).map(u64::cast_signed));
                column.write_batch(&values, Some(&levels), None)?;
            }
            (Values::SomeByte(value), ColumnWriter::Int32ColumnWriter(column)) => {
                let (values, levels) = parts(rows, |row| value(row).map(i32::from));
                column.write_batch(&values, Some(&levels), None)?;
            }
            (Values::SomeBool(value), ColumnWriter::BoolColumnWriter(column)) => {
                let (values, levels) = parts(rows, value);
                column.write_batch(&values, Some(&levels), None)?;
            }
            (Values::Text(value), ColumnWriter::ByteArrayColumnWriter(column)) => {
                let values: Vec<_> = rows.iter().map(|row| text(value(row))).collect();
                column.write_batch(&values, None, None)?;
            }
            (Values::SomeText(value), ColumnWriter::ByteArrayColumnWriter(column)) => {
                let (values, levels) = parts(rows, |row| value(row).map(text));
                column.write_batch(&values, Some(&levels), None)?;
            }
            _ => return Err(ParquetError::General(format!("column {} has another type in the schema", self.name))),
        }
        Ok(())
    }
}

/// Writes row groups.
pub(crate) struct Parquet<R, W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: Vec<Column<R>>,
    pending: Vec<R>,
}

impl<R, W: Write + Send> std::fmt::Debug for Parquet<R, W> {
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

impl<R, W: Write + Send> Parquet<R, W> {
    /// Writes the beginning of the file. `name` is that of the schema; `about` is kept in the file, as pairs of key and value, of
    /// which each key is this program's.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn new(
        out: W,
        name: &str,
        columns: Vec<Column<R>>,
        about: impl IntoIterator<Item = (&'static str, String)>,
    ) -> io::Result<Self> {
        let schema = columns.iter().map(Column::schema).collect::<String>();
        let schema = Arc::new(parse_message_type(&format!("message {name} {{ {schema} }}")).map_err(io_error)?);
        let about = about.into_iter().map(|(key, value)| KeyValue::new(format!("swp-pte.{key}"), value)).collect();
        let mut properties =
            WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(about));
        for column in columns.iter().filter(|column| column.near) {
            let path = ColumnPath::from(column.name);
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties.build())).map_err(io_error)?;
        Ok(Self { out, columns, pending: Vec::new() })
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
        for of in &self.columns {
            let column = group.next_column()?;
            let mut column = column.ok_or_else(|| ParquetError::General(format!("no column {}", of.name)))?;
            of.write(column.untyped(), rows)?;
            column.close()?;
        }
        group.close()?;
        self.pending.drain(..count);
        Ok(())
    }
}

impl<R: Send, W: Write + Send> Sink<Vec<R>> for Parquet<R, W> {
    fn write(&mut self, piece: &mut Vec<R>) -> io::Result<()> {
        self.pending.append(piece);
        while self.pending.len() >= GROUP {
            self.group(GROUP).map_err(io_error)?;
        }
        Ok(())
    }
}
