//! JSON: by the schemas, and back again.

use plumbline::log::{
    chain::Content,
    export::{Format, NotALog, Reader, read_log},
    record::{CHANGE_SCHEMA, CHANGE_SCHEMA_1, Record, SCHEMA},
};
use serde_json::Value;

use crate::material::{book, decided, log_file, session_file};

fn validator(schema: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn every_entry_keeps_to_its_schema_and_reads_back() {
    let file: Value = serde_json::from_slice(&log_file(Format::Json, Reader::Office)).unwrap();
    let (decisions, changes) = (validator(SCHEMA), validator(CHANGE_SCHEMA));
    let earlier_changes = validator(CHANGE_SCHEMA_1);
    let mut versions = [0; 2];
    let entries = file["entries"].as_array().unwrap();
    let book = book();
    assert_eq!(entries.len(), book.entries.len());
    assert_eq!(file["head"], book.head().to_string());
    for (line, entry) in entries.iter().zip(&book.entries) {
        let (schema, said) = match &entry.content {
            Content::Decision(record) => {
                assert_eq!(serde_json::from_value::<Record>(line["record"].clone()).unwrap(), **record);
                (&decisions, &line["record"])
            }
            Content::Change(change) => {
                versions[change.schema as usize - 1] += 1;
                (if change.schema == 1 { &earlier_changes } else { &changes }, &line["change"])
            }
        };
        let errors: Vec<String> = schema.iter_errors(said).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert_eq!(versions, [3, 5], "what an earlier release wrote stands beside what this one does");
}

#[test]
fn what_is_no_change_is_none_by_the_schema() {
    let changes = validator(CHANGE_SCHEMA);
    let done = |what: &str, on: &str, next: Value| {
        serde_json::json!({
            "schema": 2, "number": 3, "decision": 1, "changed_on": "2026-12-02T08:00:00Z", "by": "Ana",
            "says": { "done": { "what": what, "done_by": "Ben", "done_on": on, "note": "", "next_review": next } },
        })
    };
    assert!(changes.is_valid(&done("review", "2026-12-01", "2027-03-01".into())));
    assert!(changes.is_valid(&done("ends", "2026-12-01", Value::Null)));
    for wrong in [
        done("expires", "2026-12-01", Value::Null),
        done("review", "yesterday", Value::Null),
        done("review", "2026-13-01", Value::Null),
        done("review", "2026-12-01", 7.into()),
    ] {
        assert!(!changes.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn the_log_is_read_again_to_the_byte_and_nothing_else_is() {
    let file = log_file(Format::Json, Reader::Office);
    let again = read_log(&file).unwrap();
    let bytes = |book: &plumbline::log::decisions::Book| -> Vec<Vec<u8>> {
        book.entries.iter().map(plumbline::log::chain::Entry::to_bytes).collect()
    };
    assert_eq!(bytes(&again), bytes(&book()));
    assert_eq!(again.decided(), decided());
    let text = String::from_utf8(file).unwrap();
    let bent = text.replacen("\"verdict\":\"move\"", "\"verdict\":\"stop\"", 1);
    assert!(matches!(read_log(bent.as_bytes()), Err(NotALog::Broken { number: 1, .. })));
    let head = book().head().to_string();
    let other = text.replacen(&head, &"0".repeat(64), 1);
    assert_eq!(read_log(other.as_bytes()).unwrap_err(), NotALog::Head);
    let session = session_file(Format::Json, Reader::Office);
    assert!(matches!(read_log(&session), Err(NotALog::Form(_) | NotALog::Other { .. })));
    assert!(matches!(read_log(b"{}"), Err(NotALog::Form(_))));
}

#[test]
fn a_session_says_where_the_log_has_its_decisions() {
    let file: Value = serde_json::from_slice(&session_file(Format::Json, Reader::Office)).unwrap();
    assert_eq!(file["log"]["head"], book().head().to_string());
    let projects = file["projects"].as_array().unwrap();
    for decided in decided() {
        let id = decided.record.project.id.to_string();
        let project = projects.iter().find(|project| project["id"] == id.as_str()).unwrap();
        let (record, said) = (&decided.record, &project["decision"]);
        assert_eq!(project["name"], record.project.name.as_str());
        assert_eq!(project["reference"], record.project.reference.as_str());
        assert_eq!(said["rationale"].as_str().unwrap().trim(), record.rationale);
        assert_eq!(said["owner"].as_str().unwrap().trim(), record.owner);
        for (field, text) in &record.fields {
            assert_eq!(said[field].as_str().unwrap().trim(), text, "{field}");
        }
        if decided.holds() {
            assert_eq!(said["log"]["number"], record.number);
            assert_eq!(said["log"]["status"], decided.standing.status.as_str());
        }
    }
}
