//! The decision log as JSON, to be read and checked by programs, and to be read again.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::report::Report;
use crate::log::{
    chain::{self, Content, Entry, Hash},
    decisions::{Book, Chain},
};

/// What the file is, for who finds it later.
const FORMAT: &str = "plumbline.log";
/// Rises when something that was there goes or changes its meaning; new fields do not raise it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct File<'e> {
    format: &'static str,
    version: u32,
    /// RFC 3339, UTC.
    exported_at: String,
    /// The hash of the last entry.
    head: Hash,
    entries: Vec<Line<'e>>,
}

#[derive(Serialize)]
struct Line<'e> {
    previous: Hash,
    hash: Hash,
    /// For decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Option<u64>>,
    /// A decision: the very text that the hash is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'e RawValue>,
    /// A change of one, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'e RawValue>,
}

pub(super) fn render(report: &Report, entries: &[Entry]) -> Vec<u8> {
    let mut decided = report.decided.iter();
    let line = |entry| line(entry, &mut decided);
    let file = File {
        format: FORMAT,
        version: VERSION,
        exported_at: report.exported_at.to_string(),
        head: report.head,
        entries: entries.iter().map(line).collect(),
    };
    let mut bytes = serde_json::to_vec(&file).expect("texts and finite numbers are JSON");
    bytes.push(b'\n');
    bytes
}

/// The decisions stand in the order of the entries that they are.
fn line<'e>(
    entry: &'e Entry,
    decided: &mut impl Iterator<Item = &'e crate::log::decisions::Decided>,
) -> Line<'e> {
    let (record, change, superseded_by) = match &entry.content {
        Content::Decision(_) => {
            let by = decided.next().and_then(|decided| decided.standing.superseded_by);
            (Some(&*entry.json), None, Some(by))
        }
        Content::Change(_) => (None, Some(&*entry.json), None),
    };
    Line { previous: entry.previous, hash: entry.hash, superseded_by, record, change }
}

/// Why a file is no decision log.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALog {
    /// It is no JSON, or not of that form.
    #[error("this is no decision log in JSON: {0}")]
    Form(String),
    /// Another format, or a later version.
    #[error(
        "this is `{format}`, version {version}, and not `{FORMAT}`, version {VERSION}: use `decisions.json` of the log, and a release that is not older than it"
    )]
    Other {
        /// What it says it is.
        format: String,
        /// Of which version.
        version: u32,
    },
    /// An entry is not what was written.
    #[error("entry {number} is not what was written: {what}")]
    Broken {
        /// Which.
        number: u64,
        /// How.
        what: String,
    },
    /// The file names another head than that of its last entry.
    #[error("the file names another last entry than it has: it was cut off, or changed")]
    Head,
}

/// Reads a log back: the same entries, to the byte.
///
/// # Errors
/// When it is none, or is not what was written.
pub fn read(bytes: &[u8]) -> Result<Book, NotALog> {
    #[derive(Deserialize)]
    struct Said<'f> {
        format: String,
        version: u32,
        head: Hash,
        #[serde(borrow)]
        entries: Vec<SaidLine<'f>>,
    }
    #[derive(Deserialize)]
    struct SaidLine<'f> {
        previous: Hash,
        hash: Hash,
        #[serde(borrow)]
        record: Option<&'f RawValue>,
        #[serde(borrow)]
        change: Option<&'f RawValue>,
    }
    let said: Said<'_> = serde_json::from_slice(bytes).map_err(|error| NotALog::Form(error.to_string()))?;
    if said.format != FORMAT || said.version > VERSION {
        return Err(NotALog::Other { format: said.format, version: said.version });
    }
    let mut book = Book::default();
    let mut chain = Chain::new(None);
    for (number, line) in (1..).zip(said.entries) {
        let broken = |what: String| NotALog::Broken { number, what };
        let (format, json) = match (line.record, line.change) {
            (Some(record), None) => (chain::DECISION, record),
            (None, Some(change)) => (chain::CHANGE, change),
            _ => return Err(broken("it is neither a record nor a change".to_owned())),
        };
        let bytes = chain::bytes(format, line.previous, line.hash, json.get().as_bytes());
        chain.add(&bytes);
        book.entries.push(chain::read(&bytes).map_err(|fault| broken(fault.to_string()))?);
    }
    let verified = chain.end();
    if let Some(fault) = verified.first_fault {
        return Err(NotALog::Broken { number: fault.number, what: fault.what });
    }
    if verified.head != said.head {
        return Err(NotALog::Head);
    }
    Ok(book)
}
