//! The decisions of a session as files: Markdown to read, CSV and XLSX to calculate with, JSON for
//! programs.
//!
//! A [`Record`] is everything that an export tells, as plain data in the order in which it is told. The renderers
//! only spell it out; they decide nothing. None of them has ballots, since a record is made from the board, and the
//! board has none.

mod amount;
mod csv;
mod json;
mod markdown;
mod record;
mod summary;
mod table;
mod xlsx;

pub use amount::Amount;
pub use record::{PillarLine, Record, Row, RowPile};
pub use summary::{PileSum, Sum, Summary, VerdictCount};

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_ending() {
        for format in Format::ALL {
            assert_eq!(Format::from_ending(format.ending()), Some(format));
        }
        assert_eq!(Format::from_ending("exe"), None);
    }
}
