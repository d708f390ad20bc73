//! A table before anybody knows what its columns mean.

use super::limits;
use super::portfolio::Note;
use super::text::is_blank;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Cell {
    /// What it says, exactly.
    pub(crate) text: String,
    /// Whether it was a number in the file, so that its point is a decimal point for certain.
    pub(crate) number: bool,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: false }
    }

    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: true }
    }

    pub(crate) fn is_blank(&self) -> bool {
        is_blank(&self.text)
    }
}

/// One row with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// As a spreadsheet shows it, from 1.
    pub(crate) number: u32,
    /// Its cells; missing ones at the end are empty.
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// The text of a cell, empty if the row is too short to have it.
    pub(crate) fn at(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.text.as_str())
    }

    /// How many cells have something in them.
    pub(crate) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_blank()).count()
    }
}

/// Rows that were counted and not read, because there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) count: u32,
}

/// One table of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// The sheet's name in its workbook.
    pub(crate) name: Option<String>,
    /// The keys, if the rows came as objects and so have them for certain.
    pub(crate) keys: Option<Vec<String>>,
    /// Rows with something in them, blank ones left out.
    pub(crate) rows: Vec<Row>,
    /// The rows after the last one that is read.
    pub(crate) unread: Option<Unread>,
    /// Whether the file's own dialect suggests a decimal comma.
    pub(crate) comma: bool,
    /// What was noticed while reading.
    pub(crate) notes: Vec<Note>,
}

impl Sheet {
    /// Adds a row, unless it is blank; beyond [`limits::ROWS`] it is only counted.
    pub(crate) fn push(&mut self, row: Row) {
        if row.cells.iter().all(Cell::is_blank) {
            return;
        }
        if self.rows.len() < limits::ROWS {
            self.rows.push(row);
            return;
        }
        let unread = self.unread.get_or_insert(Unread { first: row.number, last: row.number, count: 0 });
        unread.last = row.number;
        unread.count += 1;
    }
}
