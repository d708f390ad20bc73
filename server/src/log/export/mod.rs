//! The decisions of a session and of the whole log as files: Markdown to read, as one document and one for each decision;
//! CSV and XLSX to calculate with, HTML to print, calendar dates, JSON for programs.
//!
//! A [`Report`] is everything that a file tells, as plain data in the order in which it is told. The renderers
//! only spell it out; they decide nothing. None of them has ballots, since a record is made from the board, and the
//! board has none: what it has of them are counts. The head of the log's chain is in each of them.

mod amount;
mod calendar;
mod checkpoint;
mod csv;
mod escape;
mod html;
mod json;
mod log_json;
mod log_markdown;
mod log_table;
mod madr;
mod markdown;
mod record;
mod report;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod totals;
mod xlsx;

pub use amount::Amount;
pub use log_json::{NotALog, read as read_log};
pub(crate) use log_markdown::entry as log_entry;
pub use record::{PillarLine, Record, Row, RowPile};
pub use report::{Report, Subject};
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
    /// `decisions.html`
    Html,
    /// `decisions.ics`
    Calendar,
    /// `decisions.zip`
    Zip,
}

/// Whom a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reader {
    /// Whoever sees to it that it is done: the chief operating officer.
    #[default]
    Office,
    /// Everybody in the organisation: no tallies, no dissent, and no stop of which those whom it concerns have not been
    /// told.
    Everyone,
}

impl Reader {
    /// Who is asked for by that word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "office" => Some(Self::Office),
            "everyone" => Some(Self::Everyone),
            _ => None,
        }
    }
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Markdown, Self::Csv, Self::Json, Self::Xlsx, Self::Html, Self::Calendar, Self::Zip];

    /// The format of a file name's ending, without the dot.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }

    /// The format of a file's name: `decisions.md`.
    pub fn from_file(name: &str) -> Option<Self> {
        name.strip_prefix("decisions.").and_then(Self::from_ending)
    }

    /// The ending of its file name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Calendar => "ics",
            Self::Zip => "zip",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html; charset=utf-8",
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// The file. Only a page asks for whom it is.
    pub fn render(self, report: &Report, reader: Reader) -> Vec<u8> {
        match (self, &report.about) {
            (Self::Markdown, Subject::Session(record)) => markdown::render(record).into_bytes(),
            (Self::Markdown, Subject::Log(_)) => log_markdown::render(report).into_bytes(),
            (Self::Csv, Subject::Session(record)) => csv::render(record),
            (Self::Csv, Subject::Log(_)) => csv::table(&log_table::of(&report.decided, Some(report.head))),
            (Self::Json, Subject::Session(record)) => json::render(record),
            (Self::Json, Subject::Log(entries)) => log_json::render(report, entries),
            (Self::Xlsx, _) => xlsx::render(report),
            (Self::Html, _) => html::render(report, reader).into_bytes(),
            (Self::Calendar, _) => calendar::render(report).into_bytes(),
            (Self::Zip, _) => madr::render(report),
        }
    }
}
