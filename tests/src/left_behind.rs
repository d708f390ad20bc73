//! What a session leaves behind: the decision log, and the files that are taken along.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Reader, Xlsx};
use serde_json::{Value, json};

use crate::{
    api::Created,
    server::{KEY, Server},
};

/// The log has a record of each project, and none lacks anything.
///
/// Gives how many there are of each verdict, and what goes against the room.
///
/// # Panics
/// When something is missing.
pub async fn log_is_complete(server: &Server, projects: usize) -> (BTreeMap<String, usize>, Vec<Value>) {
    let api = server.api();
    let verified = api.get("/api/decisions/verify", KEY).await.expect(200).json();
    assert_eq!((&verified["entries"], &verified["first_fault"]), (&json!(projects), &Value::Null));
    let mut all: Vec<Value> = Vec::new();
    let mut path = "/api/decisions?limit=25".to_owned();
    loop {
        let page = api.get(&path, KEY).await.expect(200).json();
        all.extend(page["items"].as_array().expect("a page has items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => path = format!("/api/decisions?limit=25&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(all.len(), projects);
    let mut names: Vec<&str> = all.iter().filter_map(|line| line["project"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), projects, "one record for each project");
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    let mut against = Vec::new();
    for line in &all {
        let shown = api.get(&format!("/api/decisions/{}", line["number"]), KEY).await.expect(200).json();
        let record = &shown["record"];
        let verdict = record["verdict"].as_str().unwrap_or_default();
        *verdicts.entry(verdict.to_owned()).or_default() += 1;
        let wanted: &[&str] = match verdict {
            "move" => &[],
            "wait" => &["trigger", "expires"],
            "stop" => &["kind", "ends", "first_step", "first_step_due", "frees"],
            "open" => &["decided_by", "decide_by"],
            other => panic!("{other} is no verdict: {record}"),
        };
        for field in wanted {
            assert!(
                record["fields"][field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {record}"
            );
        }
        assert!(record["owner"].as_str().is_some_and(|owner| !owner.is_empty()), "an owner: {record}");
        assert_eq!(record["missing"], Value::Array(Vec::new()), "{record}");
        assert!(record["evidence"].as_array().is_some_and(|asked| !asked.is_empty()), "in counts: {record}");
        if !record["against"].is_null() {
            against.push(record["against"].clone());
        }
    }
    (verdicts, against)
}

/// Every file of the session has every project in it, and `reason` where it is said in words.
///
/// # Panics
/// When one has not, or cannot be read.
pub async fn exports_hold(server: &Server, session: &Created, count: usize, reason: &str) {
    let file = async |ending: &str| {
        let path = format!("/api/sessions/{}/export/decisions.{ending}", session.id);
        server.api().get(&path, &session.facilitator_token).await.expect(200).body
    };
    let json: Value = serde_json::from_slice(&file("json").await).expect("JSON");
    let projects = json["projects"].as_array().expect("projects are a list");
    assert_eq!(projects.len(), count);
    let names: Vec<&str> = projects.iter().filter_map(|project| project["name"].as_str()).collect();
    let markdown = String::from_utf8(file("md").await.to_vec()).expect("text");
    for name in &names {
        // What Markdown would take for a sign of its own is escaped; the first word is not.
        let word = name.split([' ', '-', '(']).next().unwrap_or(name);
        assert!(markdown.contains(word), "{name}");
    }
    assert!(markdown.contains(reason));
    let csv = file("csv").await;
    let csv = csv.strip_prefix(b"\xEF\xBB\xBF").expect("it says that it is UTF-8").to_vec();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
    assert_eq!(rows.expect("every row is one").len(), count);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file("xlsx").await.to_vec())).expect("a workbook");
    for sheet in ["Projects", "Decisions"] {
        let rows = book.worksheet_range(sheet).expect("the sheet is there").height();
        assert_eq!(rows, count + 1, "{sheet}");
    }
}
