//! The files of the log, and what the files of a session say of ballots, parsed back.
#![allow(clippy::unwrap_used)]

use data_encoding::HEXLOWER;
use pulldown_cmark::{Event, Options, Parser};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    log::{
        chain::{self, Hash},
        record::{
            records,
            tests::{EVENING, board, closed},
        },
    },
    store::Position,
};

/// Three entries, the last of which takes the place of the second.
fn entries() -> Vec<(Entry, Option<u64>)> {
    let mut all = records(&closed(EVENING));
    let mut last = all[1].clone();
    last.supersedes = Some(2);
    last.owner = "=HYPERLINK(\"http://x\")".to_owned();
    last.rationale = "# Not a heading\n| nor | a table |".to_owned();
    all.push(last);
    let mut previous = Hash::default();
    let sealed = (1..).zip(all).map(|(number, mut record)| {
        record.number = number;
        let (bytes, hash) = chain::seal(previous, &record);
        previous = hash;
        (chain::read(&bytes).unwrap(), (number == 2).then_some(3))
    });
    sealed.collect()
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
        record: &'f RawValue,
    }
    let bytes = Format::Json.render_log(&entries(), EVENING).unwrap();
    let file: File<'_> = serde_json::from_slice(&bytes).unwrap();
    let mut previous = "0".repeat(64);
    for line in &file.entries {
        assert_eq!(line.previous, previous);
        // As docs/PROTOCOL.md says it.
        let mut digest = Sha256::new();
        digest.update([1]);
        digest.update(HEXLOWER.decode(line.previous.as_bytes()).unwrap());
        digest.update(line.record.get());
        previous = HEXLOWER.encode(&digest.finalize());
        assert_eq!(line.hash, previous);
    }
    assert_eq!(file.head, previous);
    let by: Vec<Option<u64>> = file.entries.iter().map(|line| line.superseded_by).collect();
    assert_eq!(by, [None, Some(3), None]);
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(whole["format"], "plumbline.log");
    assert_eq!(whole["entries"][0]["record"]["owner"], "Anna Okafor");
}

#[test]
fn the_log_as_csv_has_a_row_for_each_entry_and_no_formula() {
    let bytes = Format::Csv.render_log(&entries(), EVENING).unwrap();
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
    assert_eq!(cell(2, "Hash"), entries()[2].0.hash.to_string());
}

fn csv_reader(bytes: &[u8]) -> ::csv::Reader<&[u8]> {
    ::csv::Reader::from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap())
}

#[test]
fn the_log_as_markdown_says_what_holds_and_then_everything() {
    let bytes = Format::Markdown.render_log(&entries(), EVENING).unwrap();
    let told = text(&bytes);
    assert!(told.contains("Entries: 3, of which 2 hold"), "{told}");
    assert!(told.contains(&entries()[2].0.hash.to_string()));
    assert!(told.contains("Status: superseded by 3") && told.contains("Takes the place of: 2"));
    assert!(told.contains("Against the room: the room said stop; decided by Chief executive"));
    assert!(told.contains("# Not a heading") && told.contains("| nor | a table |"));
    let markdown = String::from_utf8(bytes).unwrap();
    assert_eq!(markdown.matches("\n### ").count(), 3);
    let none = text(&Format::Markdown.render_log(&[], EVENING).unwrap());
    assert!(none.contains("Nothing has been decided yet."));
    assert!(Format::Xlsx.render_log(&entries(), EVENING).is_none());
}

#[test]
fn the_files_of_a_session_tell_counts_in_words_and_nothing_private() {
    let record = Record::of(&board(), EVENING);
    for format in Format::ALL {
        let bytes = format.render(&record);
        for private in ["SECRET-ANSWER", "SECRET-SOURCE"] {
            let found = bytes.windows(private.len()).any(|part| part == private.as_bytes());
            assert!(!found, "{format:?}: {private}");
        }
    }
    let told = text(&Format::Markdown.render(&record));
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
    let bytes = Format::Csv.render(&record);
    let mut reader = csv_reader(&bytes);
    let headings = reader.headers().unwrap().clone();
    for heading in
        ["Sorted alone", "Four questions", "Private verdict", "Dots", "Missing", "Status", "Trigger"]
    {
        assert!(headings.iter().any(|name| name == heading), "{heading}: {headings:?}");
    }
    assert_eq!(reader.records().count(), 3);
    let json: Value = serde_json::from_slice(&Format::Json.render(&record)).unwrap();
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
