//! The files of the log, and what the files of a session say of ballots, parsed back.
#![allow(clippy::unwrap_used)]

use data_encoding::HEXLOWER;
use pulldown_cmark::{Event, Options, Parser};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    log::{
        chain::{self, Content, Hash},
        decisions::Book,
        record::{
            Change, Says, records,
            tests::{EVENING, board, closed},
        },
    },
    store::Position,
};

/// Three decisions, the last of which takes the place of the second; and that those whom it concerns were told.
pub(super) fn book() -> Book {
    let mut all = records(&closed(EVENING));
    let mut last = all[1].clone();
    last.supersedes = Some(2);
    last.owner = "=HYPERLINK(\"http://x\")".to_owned();
    last.rationale = "# Not a heading\n| nor | a table |".to_owned();
    all.push(last);
    let mut contents: Vec<Content> = (1..)
        .zip(all)
        .map(|(number, mut record)| {
            record.number = number;
            record.into()
        })
        .collect();
    contents.push(Content::Change(Change {
        schema: 1,
        number: 4,
        decision: 3,
        changed_on: "2026-12-02T08:00:00Z".to_owned(),
        by: "=Ana".to_owned(),
        says: Says::Told { told_by: "Ben".to_owned(), told_on: "2026-12-01".to_owned() },
    }));
    sealed(contents)
}

/// A log of these.
pub(super) fn sealed(contents: Vec<Content>) -> Book {
    let mut previous = Hash::default();
    let sealed = contents.into_iter().map(|content| {
        let (bytes, hash) = chain::seal(previous, &content);
        previous = hash;
        chain::read(&bytes).unwrap()
    });
    Book { entries: sealed.collect() }
}

/// The log as a file.
pub(super) fn file(format: Format, book: Book) -> Vec<u8> {
    format.render(&Report::of_log(book, EVENING), Reader::Office)
}

/// The session as a file.
fn of_session(format: Format) -> Vec<u8> {
    let report = Report::of_session(&closed(EVENING), Vec::new(), (Hash::default(), 0), EVENING);
    format.render(&report, Reader::Office)
}

fn text(markdown: &[u8]) -> String {
    let markdown = std::str::from_utf8(markdown).unwrap();
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push('\n'),
            _ => {}
        }
    }
    text
}

#[test]
fn the_log_as_json_can_be_checked_by_whoever_has_it() {
    #[derive(serde::Deserialize)]
    struct File<'f> {
        head: String,
        #[serde(borrow)]
        entries: Vec<Line<'f>>,
    }
    #[derive(serde::Deserialize)]
    struct Line<'f> {
        previous: String,
        hash: String,
        superseded_by: Option<u64>,
        #[serde(borrow)]
        record: Option<&'f RawValue>,
        #[serde(borrow)]
        change: Option<&'f RawValue>,
    }
    let bytes = file(Format::Json, book());
    let file: File<'_> = serde_json::from_slice(&bytes).unwrap();
    let mut previous = "0".repeat(64);
    for line in &file.entries {
        assert_eq!(line.previous, previous);
        // As docs/PROTOCOL.md says it.
        let mut digest = Sha256::new();
        digest.update([if line.record.is_some() { 1 } else { 2 }]);
        digest.update(HEXLOWER.decode(line.previous.as_bytes()).unwrap());
        digest.update(line.record.or(line.change).unwrap().get());
        previous = HEXLOWER.encode(&digest.finalize());
        assert_eq!(line.hash, previous);
    }
    assert_eq!(file.head, previous);
    let by: Vec<Option<u64>> = file.entries.iter().map(|line| line.superseded_by).collect();
    assert_eq!(by, [None, Some(3), None, None]);
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(whole["format"], "plumbline.log");
    assert_eq!(whole["entries"][0]["record"]["owner"], "Anna Okafor");
}

#[test]
fn the_log_as_csv_has_a_row_for_each_entry_and_no_formula() {
    let bytes = file(Format::Csv, book());
    let mut reader = csv_reader(&bytes);
    let headings = reader.headers().unwrap().clone();
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, heading: &str| {
        let at = headings.iter().position(|name| name == heading).unwrap_or_else(|| panic!("{heading}"));
        rows[row].get(at).unwrap().to_owned()
    };
    assert_eq!(rows.len(), 3);
    assert_eq!((cell(0, "Number").as_str(), cell(0, "Verdict").as_str()), ("1", "move"));
    assert_eq!((cell(1, "Superseded by").as_str(), cell(2, "Takes the place of").as_str()), ("3", "2"));
    assert_eq!(cell(2, "Owner"), "'=HYPERLINK(\"http://x\")");
    assert_eq!((cell(1, "Expires").as_str(), cell(1, "Missing").as_str()), ("2027-01-31", "owner"));
    assert_eq!((cell(1, "The room said").as_str(), cell(1, "Came from").as_str()), ("stop", "Off strategy"));
    assert!(cell(1, "Sorted alone").contains("6 off strategy, 4 on Net zero"));
    assert_eq!(cell(1, "Sorted alone").lines().count(), 2);
    assert_eq!(cell(0, "Cost"), "1200000");
    assert_eq!(cell(1, "Said unsigned"), "We promised it.");
    assert_eq!(cell(2, "Hash"), book().entries[2].hash.to_string());
    assert_eq!(cell(0, "Head of the log"), book().head().to_string());
    assert_eq!((cell(2, "Told by").as_str(), cell(2, "Told on").as_str()), ("Ben", "2026-12-01"));
    assert!(cell(1, "Changes since").is_empty() && cell(2, "Changes since").contains("says =Ana"));
    assert!(
        cell(0, "How it came about")
            .contains("3 rows from a file (csv, 4096 bytes) on 2026-11-27, SHA-256 abab")
    );
}

fn csv_reader(bytes: &[u8]) -> ::csv::Reader<&[u8]> {
    ::csv::Reader::from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap())
}

#[test]
fn the_log_as_markdown_says_what_holds_and_then_everything() {
    let bytes = file(Format::Markdown, book());
    let told = text(&bytes);
    assert!(told.contains("Decisions: 3, of which 2 hold"), "{told}");
    assert!(told.contains(&book().head().to_string()));
    assert!(told.contains("Status: superseded by 3") && told.contains("Takes the place of: 2"));
    assert!(told.contains("Against the room: the room said stop; decided by Chief executive"));
    assert!(told.contains("# Not a heading") && told.contains("| nor | a table |"));
    let markdown = String::from_utf8(bytes).unwrap();
    assert_eq!(markdown.matches("\n### ").count(), 3);
    let none = text(&file(Format::Markdown, Book::default()));
    assert!(none.contains("Nothing has been decided yet."));
}

#[test]
fn the_files_of_a_session_tell_counts_in_words_and_nothing_private() {
    for format in Format::ALL {
        let bytes = of_session(format);
        for private in ["SECRET-ANSWER", "SECRET-SOURCE"] {
            let found = bytes.windows(private.len()).any(|part| part == private.as_bytes());
            assert!(!found, "{format:?}: {private}");
        }
    }
    let told = text(&of_session(Format::Markdown));
    for part in [
        "Sort alone: 6 off strategy, 4 on Net zero, 1 on Safe water, 1 did not know it (11 of 11 answered, 1 sat out",
        "Verdict: stop 7, move 2, wait 2",
        "no strategic or business need found; revenue was checked and does not stand",
        "Against the room: the room said stop",
        "Said unsigned: We promised it.",
        "Ben carries it with a reservation: Not before spring",
        "What is missing",
        "an owner",
        "How far it is carried",
        "Commit: 5 from 1 person",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains("2027-03-31"), "what was written under another verdict says nothing");
    let bytes = of_session(Format::Csv);
    let mut reader = csv_reader(&bytes);
    let headings = reader.headers().unwrap().clone();
    for heading in
        ["Sorted alone", "Four questions", "Private verdict", "Dots", "Missing", "Status", "Trigger"]
    {
        assert!(headings.iter().any(|name| name == heading), "{heading}: {headings:?}");
    }
    assert_eq!(reader.records().count(), 3);
    let json: Value = serde_json::from_slice(&of_session(Format::Json)).unwrap();
    let pledge = json["projects"].as_array().unwrap().iter().find(|p| p["name"] == "City pledge").unwrap();
    assert_eq!(pledge["decision"]["against"]["room"], "stop");
    assert_eq!(pledge["decision"]["missing"], serde_json::json!(["owner"]));
    assert_eq!(pledge["evidence"][0]["counts"]["placement"]["off"], 6);
    assert_eq!(pledge["evidence"][2]["counts"], Value::Null);
    assert_eq!(json["session"]["evidence"][0]["counts"]["scale"]["counts"][5], 1);
    assert_eq!(json["session"]["sign_offs"][1]["name"], "Ben");
}

#[test]
fn before_a_reveal_no_file_of_a_session_tells_anything_of_a_round() {
    let mut sealed = board();
    for results in sealed.results.values_mut() {
        results.rounds.values_mut().for_each(|round| round.tally = None);
        results.dissent.clear();
    }
    let record = Record::of(&sealed, EVENING);
    assert!(record.asked.is_empty() && record.rows.iter().all(|row| row.evidence.is_empty()));
    let of =
        crate::log::record::Closed { board: sealed, at: Position { at: EVENING, n: 0 }, ..closed(EVENING) };
    assert!(records(&of).iter().all(|record| record.evidence.is_empty()));
}

#[test]
fn every_format_is_found_by_its_ending() {
    for format in Format::ALL {
        assert_eq!(Format::from_ending(format.ending()), Some(format));
    }
    assert_eq!(Format::from_ending("exe"), None);
}
