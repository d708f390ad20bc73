//! The decision log as JSON, to be read and checked by programs.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::log::chain::{Entry, Hash};

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
    superseded_by: Option<u64>,
    /// The very text that the hash is of.
    record: &'e RawValue,
}

pub(super) fn render(entries: &[(Entry, Option<u64>)], exported_at: Timestamp) -> Vec<u8> {
    let file = File {
        format: FORMAT,
        version: VERSION,
        exported_at: exported_at.to_string(),
        head: crate::log::decisions::head(entries),
        entries: entries.iter().map(line).collect(),
    };
    let mut bytes = serde_json::to_vec(&file).expect("texts and finite numbers are JSON");
    bytes.push(b'\n');
    bytes
}

fn line((entry, superseded_by): &(Entry, Option<u64>)) -> Line<'_> {
    Line { previous: entry.previous, hash: entry.hash, superseded_by: *superseded_by, record: &entry.json }
}
