//! The decisions of a session as files: Markdown to read, CSV and XLSX to calculate with, JSON for
//! programs.
//!
//! A [`Record`] is everything that an export tells, as plain data in the order in which it is told. The renderers
//! only spell it out; they decide nothing. None of them has ballots, since a record is made from the board, and the
//! board has none: what it has of them are counts. The files of the decision log are made of its entries in the same way.

mod amount;
mod csv;
mod escape;
mod json;
mod log_csv;
mod log_json;
mod log_markdown;
mod markdown;
mod record;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod xlsx;

pub use amount::Amount;
pub(crate) use log_markdown::entry as log_entry;
pub use record::{PillarLine, Record, Row, RowPile};
pub use summary::{PileSum, Sum, Summary, VerdictCount};

use super::chain::Entry;

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `decisions.md`
    Markdown,
    /// `decisions.csv`
    Csv,
    /// `decisions.json`
    Json,
    /// `decisions.xlsx`
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Markdown, Self::Csv, Self::Json, Self::Xlsx];

    /// The format of a file name's ending, without the dot.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }

    /// The ending of its file name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The file.
    pub fn render(self, record: &Record) -> Vec<u8> {
        match self {
            Self::Markdown => markdown::render(record).into_bytes(),
            Self::Csv => csv::render(record),
            Self::Json => json::render(record),
            Self::Xlsx => xlsx::render(record),
        }
    }

    /// The file of the decision log; none where there is no such file.
    ///
    /// `entries` are all of them, the first one first, each with the number of the one that took its place;
    /// `exported_at` is in milliseconds since 1970, UTC.
    pub fn render_log(self, entries: &[(Entry, Option<u64>)], exported_at: u64) -> Option<Vec<u8>> {
        let exported_at = record::moment(exported_at);
        match self {
            Self::Markdown => Some(log_markdown::render(entries, exported_at).into_bytes()),
            Self::Csv => Some(log_csv::render(entries)),
            Self::Json => Some(log_json::render(entries, exported_at)),
            Self::Xlsx => None,
        }
    }
}
