//! `plumbline log` and `plumbline check`, as a person runs them.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{path::Path, process::Command};

use plumbline::{
    log::{
        decisions::DecisionLog,
        record::{Closed, Deed, Says},
    },
    store::{Position, SqliteStore},
};
use plumbline_shared::{
    board::{Board, Decision, Project},
    ids::{ProjectId, SessionId},
    words::Verdict,
};
use serde_json::Value;
use uuid::Uuid;

/// A data directory whose log has three decisions, and that the second has ended, and somebody was told.
async fn log_in(directory: &Path) {
    let mut board = Board::default();
    board.session.title = "Spring review".to_owned();
    for at in 1..=3 {
        let project = ProjectId(Uuid::from_u128(at));
        board.projects.insert(project, Project { name: format!("Project {at}"), ..Project::default() });
        let verdict = Some(if at == 2 { Verdict::Stop } else { Verdict::Move });
        board.decisions.insert(project, Decision { verdict, owner: "Ana".to_owned(), ..Decision::default() });
    }
    let closed = Closed {
        session: SessionId(Uuid::from_u128(9)),
        at: Position { at: 1_795_802_400_000, n: 0 },
        board,
        imports: Vec::new(),
        attendance: Vec::new(),
    };
    let store = SqliteStore::open(directory).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed).await.unwrap();
    let told = Says::Told { told_by: "Ben".to_owned(), told_on: "2026-12-01".to_owned() };
    log.change(&store, 2, "", told, 1_795_802_400_000).await.unwrap();
    let ended = Says::Done {
        what: Deed::Ends,
        done_by: "Cyd".to_owned(),
        done_on: "2026-12-02".to_owned(),
        note: "The last invoice is paid.".to_owned(),
        next_review: None,
    };
    log.change(&store, 2, "", ended, 1_795_802_400_000).await.unwrap();
}

/// With what it ended, and what it said.
fn ended(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    let output = command.args(arguments).arg("--data").arg(data).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Whether it succeeded, and what it said.
fn plumbline(data: &Path, arguments: &[&str]) -> (bool, String) {
    let (code, said) = ended(data, arguments);
    (code == Some(0), said)
}

fn json(data: &Path, arguments: &[&str]) -> Value {
    let mut with = arguments.to_vec();
    with.push("--json");
    let (_, said) = plumbline(data, &with);
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{arguments:?}: {said}"))
}

#[tokio::test]
async fn the_log_is_read_exported_and_taken_in_again() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (data, files) = (here.path(), there.path());
    log_in(data).await;
    let (good, list) = plumbline(data, &["log", "list"]);
    assert!(good && list.lines().count() == 3 && list.contains("(told on 2026-12-01)"), "{list}");
    assert!(list.contains("(ended on 2026-12-02, by Cyd)"), "{list}");
    assert_eq!(json(data, &["log", "list"])[1]["told"]["by"], "Ben");
    let (good, one) = plumbline(data, &["log", "show", "2"]);
    assert!(good && one.contains("Told: by Ben on 2026-12-01") && one.contains("entry 4"), "{one}");
    assert!(
        one.contains("Done: ended on 2026-12-02, by Cyd") && one.contains("The last invoice is paid."),
        "{one}"
    );
    assert_eq!(json(data, &["log", "show", "2"])["changes"][0]["number"], 4);
    assert!(!plumbline(data, &["log", "show", "4"]).0, "a change is no decision");
    let head = json(data, &["log", "verify"])["head"].as_str().unwrap().to_owned();
    for ending in ["md", "csv", "json", "xlsx", "html", "ics", "zip"] {
        let file = files.join(format!("decisions.{ending}"));
        let told = json(data, &["log", "export", file.to_str().unwrap()]);
        assert_eq!((&told["head"], &told["entries"]), (&Value::from(head.as_str()), &Value::from(5)));
        assert!(std::fs::metadata(&file).unwrap().len() > 100, "{ending}");
    }
    let (good, page) = plumbline(data, &["log", "export", "-", "--format", "html", "--for", "everyone"]);
    assert!(good && page.contains("Project 2"), "those whom it concerns were told");
    let (good, why) = plumbline(data, &["log", "export", "decisions.exe"]);
    assert!(!good && why.contains("--format"), "{why}");

    // Whoever has the file can check it, without the data directory.
    let file = files.join("decisions.json");
    let name = file.to_str().unwrap();
    let nowhere = files.join("nowhere");
    assert!(plumbline(&nowhere, &["log", "verify", "--file", name, "--head", &head]).0);
    assert_eq!(ended(&nowhere, &["log", "verify", "--file", name, "--head", &"ab".repeat(32)]).0, Some(3));
    let anew = files.join("anew");
    assert_eq!(json(&anew, &["log", "import", name])["imported"], 5);
    assert_eq!(json(&anew, &["log", "import", name])["imported"], 0, "what is there is not taken in twice");
    let again = files.join("again.json");
    plumbline(&anew, &["log", "export", again.to_str().unwrap()]);
    let entries = |path: &Path| -> Value {
        serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap()["entries"].take()
    };
    assert_eq!(entries(&again), entries(&file));
    let bent = std::fs::read_to_string(&file).unwrap().replacen("Project 3", "Project 4", 1);
    std::fs::write(&again, bent).unwrap();
    let (good, why) = plumbline(&files.join("other"), &["log", "import", again.to_str().unwrap()]);
    assert!(!good && why.contains("entry 3 is not what was written"), "{why}");
    assert_eq!(ended(&nowhere, &["log", "verify", "--file", again.to_str().unwrap()]).0, Some(3));
}

#[tokio::test]
async fn a_check_names_the_first_entry_that_was_changed() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    log_in(data).await;
    let (good, said) = plumbline(data, &["check"]);
    assert!(
        good && said.contains("The database is whole.") && said.contains("The log holds: 5 entries"),
        "{said}"
    );
    let path = data.join("plumbline.db");
    let mut content = std::fs::read(&path).unwrap();
    let at = content.windows(9).position(|part| part == b"Project 2").unwrap();
    content[at + 8] = b'3';
    std::fs::write(&path, content).unwrap();
    let (good, said) = plumbline(data, &["check"]);
    assert!(!good && said.contains("Entry 2 of 5 is not what was written"), "{said}");
    let checked = json(data, &["check"]);
    assert_eq!(
        (&checked["decisions"]["first_fault"]["number"], &checked["database"]),
        (&Value::from(2), &Value::Array(Vec::new()))
    );
    assert_eq!(ended(data, &["check"]).0, Some(3));
    assert_eq!(ended(data, &["log", "verify"]).0, Some(3));
    let copy = data.join("copy");
    assert_eq!(ended(data, &["backup", copy.to_str().unwrap()]).0, Some(3));
    assert!(!plumbline(&data.join("nowhere"), &["check"]).0);
}
