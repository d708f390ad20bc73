//! Why a file could not be read, in sentences that say what to do.

use super::{limits, portfolio::Column};

/// A file that no project could be read from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// More bytes than [`limits::FILE_BYTES`].
    #[error(
        "The file is larger than 5 MB. Save only the sheet with the projects, as CSV or XLSX, and import that."
    )]
    TooLarge,
    /// A workbook that unpacks to more than the limits allow.
    #[error(
        "The workbook unpacks to more than an import may hold. Copy the table of projects to a new workbook, or save that sheet as CSV, and import that."
    )]
    UnpacksTooLarge,
    /// No bytes, or nothing but blank rows.
    #[error("There is nothing in this file. Choose the file that has one row for each project.")]
    Empty,
    /// A kind of file that is not read.
    #[error("This looks like {what}, which cannot be read here. {instead}")]
    Unsupported {
        /// What the file is.
        what: &'static str,
        /// What to do about it, a sentence.
        instead: &'static str,
    },
    /// A workbook that cannot be unpacked or understood.
    #[error(
        "The workbook cannot be read: {detail}. Open it in a spreadsheet program, save it again as .xlsx or CSV, and import that."
    )]
    Damaged {
        /// What is wrong, without a full stop.
        detail: String,
    },
    /// JSON that does not parse, or holds something else than projects.
    #[error(
        "The JSON cannot be read: {detail}. It should be an array with one object for each project, or an object with such an array under \"projects\"."
    )]
    Json {
        /// What is wrong, without a full stop.
        detail: String,
    },
    /// A row with more columns than [`limits::COLUMNS`].
    #[error(
        "Row {row} has more than {limit} columns. Save only the columns that matter, and import that.",
        limit = limits::COLUMNS
    )]
    TooManyColumns {
        /// The row, as a spreadsheet counts.
        row: u32,
    },
    /// No column could be taken for the names.
    #[error(
        "No column looks like the projects' names. Say which one it is with ?map=name:COLUMN. Columns found: {columns}."
    )]
    NoNameColumn {
        /// The columns' headers, quoted and separated by commas.
        columns: String,
        /// The columns themselves, to choose from.
        found: Vec<Column>,
    },
    /// A header and nothing under it.
    #[error(
        "There is a header in row {row}, but no rows under it. Add a row for each project, and import again."
    )]
    NoRows {
        /// The header's row, as a spreadsheet counts.
        row: u32,
    },
    /// A part of the column map that is not `field:column`.
    #[error(
        "“{part}” in the column map is not of the form field:column. Write it like name:Project,cost:Budget. Fields: {fields}."
    )]
    MapSyntax {
        /// The part in question.
        part: String,
        /// The fields there are.
        fields: String,
    },
    /// A field in the column map that does not exist.
    #[error("There is no field “{field}” to map a column to. Fields: {fields}.")]
    UnknownField {
        /// What was asked for.
        field: String,
        /// The fields there are.
        fields: String,
    },
    /// A column in the column map that does not exist.
    #[error("There is no column “{column}” in this file. Columns found: {columns}.")]
    UnknownColumn {
        /// What was asked for.
        column: String,
        /// The columns' headers, quoted and separated by commas.
        columns: String,
    },
    /// A field or a column that the map names twice.
    #[error("The column map names {what} twice. Name each field and each column once.")]
    MappedTwice {
        /// The field or the column.
        what: String,
    },
    /// Pillars that cannot be read.
    #[error("The pillars cannot be read: {detail}.")]
    Pillars {
        /// What is wrong and what to do, without the last full stop.
        detail: String,
    },
}
