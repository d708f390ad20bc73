//! The log against a real store: appended once, superseded and never edited, and found out when it is bent.
#![allow(clippy::unwrap_used)]

use plumbline_shared::{board::Decision, day::Day, words::Verdict};
use sha2::Digest;

use super::*;
use crate::{
    log::record::{
        CHANGE_SCHEMA_1, Deed, Status,
        tests::{EVENING, closed, id},
    },
    store::{RedisStore, SqliteStore, redis::server::Server},
};

async fn numbers(log: &DecisionLog, store: &dyn Store) -> Vec<(u64, Option<u64>, Option<u64>)> {
    let all = log.all(store).await.unwrap().decided();
    all.iter()
        .map(|decided| (decided.record.number, decided.record.supersedes, decided.standing.superseded_by))
        .collect()
}

#[tokio::test]
async fn a_close_is_carried_out_once_however_often_it_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    assert_eq!(log.log(&store, &closed(EVENING)).await.unwrap(), 2);
    assert_eq!(log.log(&store, &closed(EVENING)).await.unwrap(), 0);
    // Whoever comes after a restart knows it from the store.
    let again = DecisionLog::default();
    assert_eq!(again.log(&store, &closed(EVENING)).await.unwrap(), 0);
    assert_eq!(numbers(&again, &store).await, [(1, None, None), (2, None, None)]);
    // Another session's numbers go on.
    let other = Closed { session: id(0x5F), ..closed(EVENING) };
    assert_eq!(again.log(&store, &other).await.unwrap(), 2);
    assert_eq!(numbers(&again, &store).await.last(), Some(&(4, None, None)));
    let verified = verify(&store, None).await.unwrap();
    assert_eq!((verified.entries, verified.holds()), (4, true));
}

/// Each of them has the next of the others' entries in between, and they look in every order.
#[tokio::test]
async fn what_the_store_has_lost_is_appended_again_by_all_who_know_of_it() {
    for order in [[0, 1, 2], [2, 1, 0]] {
        let server = Server::start().await;
        let other = Server::start().await;
        let node = async || (DecisionLog::default(), RedisStore::open(&server.url()).await.unwrap());
        let close = async |(log, store): &(DecisionLog, RedisStore), of: u128| {
            let closed = Closed { session: id(of), ..closed(EVENING) };
            // Of some no answer comes, and they are asked for again, as whoever closes a session does.
            while let Err(error) = log.log(store, &closed).await {
                assert!(matches!(&error, LogError::Store(error) if error.may_have_landed()), "{error}");
            }
        };
        let mut nodes = Vec::new();
        close(&node().await, 0x50).await;
        // What a replica had when it was cut off. The first of the nodes goes on waiting for it for a while.
        other.tell(&["REPLICAOF", "127.0.0.1", &server.port.to_string()]).await;
        other.follows(&server).await;
        nodes.push(node().await);
        other.tell(&["REPLICAOF", "NO", "ONE"]).await;
        nodes.push(node().await);
        nodes.push(node().await);
        for of in 1..=6 {
            close(&nodes[of as usize % 3], 0x50 + of).await;
        }
        let before = nodes[1].0.all(&nodes[1].1).await.unwrap().entries;
        server.tell(&["REPLICAOF", "127.0.0.1", &other.port.to_string()]).await;
        server.follows(&other).await;
        server.tell(&["REPLICAOF", "NO", "ONE"]).await;

        for patience in 0..8 {
            for n in order {
                let (log, store) = &nodes[n];
                let looking = log.catch_up(store);
                let _ =
                    tokio::time::timeout(std::time::Duration::from_micros(100 << patience), looking).await;
            }
        }
        for _ in 0..7 {
            for n in order {
                nodes[n].0.catch_up(&nodes[n].1).await.unwrap();
            }
        }
        let verified = verify(&nodes[0].1, None).await.unwrap();
        assert_eq!((verified.entries, verified.holds()), (14, true), "{order:?}");
        for (log, store) in &nodes {
            assert_eq!(log.all(store).await.unwrap().entries.len(), before.len(), "{order:?}");
        }
    }
}

#[tokio::test]
async fn an_append_of_which_the_answer_got_lost_is_found_and_not_repeated() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    // The process is told to stop while it waits: the store may have done it, or not.
    let lost = closed(EVENING);
    {
        let appending = log.log(&store, &lost);
        tokio::pin!(appending);
        while store.last(&LogId::decisions()).await.unwrap() == Position::ZERO {
            let waits = crate::store::suite::waits(&mut appending).await;
            if !waits {
                break;
            }
        }
    }
    assert_eq!(log.log(&store, &closed(EVENING)).await.unwrap(), 0);
    assert_eq!(numbers(&log, &store).await.len(), 2);
}

#[tokio::test]
async fn a_later_close_adds_what_changed_and_edits_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed(EVENING)).await.unwrap();
    let before = log.all(&store).await.unwrap().entries;
    // Closed again, and nothing has changed.
    assert_eq!(log.log(&store, &closed(EVENING + 1)).await.unwrap(), 0);
    // One has another owner, one is not decided any more, one is new.
    let mut later = closed(EVENING + 2);
    later.board.decisions.get_mut(&id(0x10)).unwrap().owner = "Ben".to_owned();
    later.board.decisions.get_mut(&id(0x11)).unwrap().verdict = None;
    later.board.decisions.insert(id(0x12), Decision { verdict: Some(Verdict::Stop), ..Decision::default() });
    assert_eq!(log.log(&store, &later).await.unwrap(), 3);
    assert_eq!(
        numbers(&log, &store).await,
        [(1, None, Some(3)), (2, None, Some(5)), (3, Some(1), None), (4, None, None), (5, Some(2), None)]
    );
    let after = log.all(&store).await.unwrap().decided();
    assert_eq!(after[0].hash, Some(before[0].hash), "what was written stays as it was");
    let stands = |number: usize| after[number - 1].standing.status;
    assert_eq!((stands(1), stands(2), stands(3)), (Status::Superseded, Status::Reversed, Status::Accepted));
    let taken_back = &after[4].record;
    assert_eq!((taken_back.verdict, taken_back.status), (None, Status::Reversed));
    assert_eq!(taken_back.decided_on, "2026-11-27T18:00:00.002Z");
    assert_eq!(taken_back.close.n, 3);
    // Closed once more: what was taken back is not taken back again.
    later.at.at += 1;
    assert_eq!(log.log(&store, &later).await.unwrap(), 0);
    let found = log.get(&store, 2).await.unwrap().unwrap();
    let decided = found.decided;
    assert_eq!(
        (decided.record.project.name.as_str(), decided.standing.superseded_by),
        ("City pledge", Some(5))
    );
    assert_eq!(found.history.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 5]);
    assert!(log.get(&store, 6).await.unwrap().is_none() && log.get(&store, 0).await.unwrap().is_none());
    assert!(verify(&store, None).await.unwrap().holds());
}

#[tokio::test]
async fn the_list_is_in_short_and_the_newest_comes_first() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    for session in 0..3 {
        log.log(&store, &Closed { session: id(0x60 + session), ..closed(EVENING) }).await.unwrap();
    }
    let listed = log.list(&store, &Search::default(), None, 4).await.unwrap();
    assert_eq!(listed.iter().map(|line| line.number).collect::<Vec<_>>(), [6, 5, 4, 3]);
    assert_eq!(
        (listed[0].project.as_str(), listed[0].against, listed[0].missing.as_slice()),
        ("City pledge", true, ["owner".to_owned()].as_slice())
    );
    let rest = log.list(&store, &Search::default(), Some(3), 4).await.unwrap();
    assert_eq!(rest.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 1]);
    assert!(log.list(&store, &Search::default(), Some(1), 4).await.unwrap().is_empty());
}

fn status(status: Status, superseded_by: Option<u64>) -> Says {
    Says::Status { status, reason: "As agreed.".to_owned(), superseded_by }
}

#[tokio::test]
async fn what_happens_to_a_decision_is_a_further_entry_and_edits_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed(EVENING)).await.unwrap();
    let before = log.all(&store).await.unwrap().entries;
    let told = Says::Told { told_by: "Ben".to_owned(), told_on: "2026-12-01".to_owned() };
    let change = log.change(&store, 2, "Ana", told, EVENING + 5_000).await.unwrap();
    assert_eq!((change.number, change.decision, change.changed_on.as_str()), (3, 2, "2026-11-27T18:00:05Z"));
    let accepted = log.change(&store, 2, "Ana", status(Status::Accepted, None), EVENING).await.unwrap();
    assert_eq!(accepted.number, 4);
    // Another process reads the same out of the store.
    for log in [&log, &DecisionLog::default()] {
        let found = log.get(&store, 2).await.unwrap().unwrap().decided;
        assert_eq!((found.record.status, found.standing.status), (Status::Proposed, Status::Accepted));
        assert_eq!(found.standing.told.unwrap().on, "2026-12-01");
        assert_eq!(found.changes.len(), 2);
        let listed = log.list(&store, &Search::default(), None, 9).await.unwrap();
        assert_eq!(
            listed.iter().map(|line| line.number).collect::<Vec<_>>(),
            [2, 1],
            "changes are no decisions"
        );
        assert_eq!(listed[0].standing.status, Status::Accepted);
        assert!(log.get(&store, 3).await.unwrap().is_none());
    }
    let after = log.all(&store).await.unwrap();
    assert_eq!(after.entries.len(), 4);
    assert!(after.entries.iter().zip(&before).all(|(after, before)| after.hash == before.hash));
    // The next decision's number goes on after the changes, and what is closed again as it was is not decided anew.
    assert_eq!(log.log(&store, &closed(EVENING + 1)).await.unwrap(), 0);
    log.log(&store, &Closed { session: id(0x60), ..closed(EVENING) }).await.unwrap();
    assert_eq!(numbers(&log, &store).await.last().unwrap().0, 6);
    assert!(verify(&store, None).await.unwrap().holds());
}

#[tokio::test]
async fn a_change_that_may_not_be_leaves_no_entry() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed(EVENING)).await.unwrap();
    for (number, says, why) in [
        (1, status(Status::Accepted, None), NotNow::Already),
        (1, status(Status::WindingDown, None), NotNow::NoStop),
        (1, status(Status::Superseded, None), NotNow::NoSuccessor),
        (1, status(Status::Superseded, Some(1)), NotNow::NoSuccessor),
        (1, status(Status::Superseded, Some(9)), NotNow::NoSuccessor),
        (2, status(Status::Superseded, Some(1)), NotNow::NoSuccessor),
    ] {
        let refused = log.change(&store, number, "", says, EVENING).await;
        assert!(matches!(refused, Err(ChangeError::NotNow(not)) if not == why), "{number} {why:?}");
    }
    let unknown = log.change(&store, 3, "", status(Status::Accepted, None), EVENING).await;
    assert!(matches!(unknown, Err(ChangeError::Unknown)));
    assert_eq!(log.all(&store).await.unwrap().entries.len(), 2);
    log.change(&store, 1, "", status(Status::Superseded, Some(2)), EVENING).await.unwrap();
    let over = log.change(&store, 1, "", status(Status::Reversed, None), EVENING).await;
    assert!(matches!(over, Err(ChangeError::NotNow(NotNow::Over))));
    assert_eq!(log.get(&store, 1).await.unwrap().unwrap().decided.standing.superseded_by, Some(2));
}

#[tokio::test]
async fn decisions_are_found_by_words_and_by_what_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed(EVENING)).await.unwrap();
    let mut other = Closed { session: id(0x60), ..closed(EVENING) };
    other.board.projects.get_mut(&id(0x10)).unwrap().name = "مشروع المياه".to_owned();
    other.board.session.title = "Herbst-Überprüfung".to_owned();
    log.log(&store, &other).await.unwrap();
    log.change(&store, 2, "", status(Status::Reversed, None), EVENING).await.unwrap();
    let found = async |search: Search| -> Vec<u64> {
        let listed = log.list(&store, &search, None, 9).await.unwrap();
        listed.iter().map(|line| line.number).collect()
    };
    let any = Search::default;
    let words = |words: &str| Search { words: words.to_owned(), ..any() };
    assert_eq!(found(any()).await, [4, 3, 2, 1]);
    assert_eq!(found(words("PLEDGE r-city")).await, [4, 2]);
    assert_eq!(found(words("überprüfung المياه")).await, [3]);
    assert_eq!(found(words("worth doing nowhere")).await, [] as [u64; 0]);
    assert_eq!(found(Search { holds: true, ..words("pledge") }).await, [4]);
    assert_eq!(found(Search { verdict: Some(Verdict::Move), ..any() }).await, [3, 1]);
    assert_eq!(found(Search { status: Some(Status::Reversed), ..any() }).await, [2]);
    assert_eq!(found(Search { pillar: "net ZERO".to_owned(), ..any() }).await, [3, 1]);
    assert_eq!(found(Search { owner: "Anna Okafor".to_owned(), ..any() }).await, [3, 1]);
    assert_eq!(found(Search { session: Some(id(0x60)), ..any() }).await, [4, 3]);
    let due = |day: &str| Search { due: plumbline_shared::day::Day::parse(day), ..any() };
    assert_eq!(found(due("2027-01-31")).await, [4], "what was taken back is not due");
    assert_eq!(found(due("2027-01-30")).await, [] as [u64; 0]);
}

fn done(what: Deed, on: &str, next: Option<&str>) -> Says {
    Says::Done {
        what,
        done_by: "Ben".to_owned(),
        done_on: on.to_owned(),
        note: String::new(),
        next_review: next.map(str::to_owned),
    }
}

/// A session that stops something that has a first step, an end and a review.
fn stopping(session: u128, at: u64, more: &[(&str, &str)]) -> Closed {
    let mut closed = Closed { session: id(session), ..closed(at) };
    let decision = closed.board.decisions.get_mut(&id(0x11)).unwrap();
    decision.verdict = Some(Verdict::Stop);
    let fields = [("first_step_due", "2026-12-10"), ("ends", "2027-03-31"), ("review", "2027-01-15")];
    for (field, text) in fields.iter().chain(more) {
        decision.more.insert((*field).to_owned(), (*text).to_owned());
    }
    closed
}

#[tokio::test]
async fn what_is_done_is_not_due_and_a_review_is_due_again_on_its_next_day() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &stopping(0x5f, EVENING, &[])).await.unwrap();
    let day = |text: &str| Day::parse(text).unwrap();
    let due = || log.listed(2).unwrap().due().map(|day| day.to_string());
    let days = || -> Vec<(u8, String)> {
        log.days_due(2..=2, None, day("2028-01-01"))
            .iter()
            .map(|due| (due.what, due.day.to_string()))
            .collect()
    };
    let named = |list: &[(u8, &str)]| -> Vec<(u8, String)> {
        list.iter().map(|(what, day)| (*what, (*day).to_owned())).collect()
    };
    let enter = async |says: Says| log.change(&store, 2, "Ana", says, EVENING).await.unwrap();
    assert_eq!(days(), named(&[(0, "2027-01-15"), (1, "2027-03-31"), (4, "2026-12-10")]));
    enter(done(Deed::FirstStep, "2026-12-09", None)).await;
    assert_eq!(due().as_deref(), Some("2027-01-15"));
    enter(done(Deed::Review, "2027-01-14", Some("2027-02-14"))).await;
    assert_eq!(due().as_deref(), Some("2027-02-14"), "it is due again");
    enter(done(Deed::Ends, "2027-02-01", None)).await;
    assert_eq!(days(), named(&[(0, "2027-02-14")]), "another review stays when it has ended");
    let over = log.overview(&store, day("2027-03-01")).await.unwrap();
    enter(done(Deed::Review, "2027-03-01", None)).await;
    assert_eq!((due(), days()), (None, Vec::new()));
    let after = log.overview(&store, day("2027-03-01")).await.unwrap();
    assert_eq!((over.over, after.over), (1, 0));
    let by = Search { due: Some(day("2030-01-01")), ..Search::default() };
    assert!(!log.list(&store, &by, None, 9).await.unwrap().iter().any(|line| line.number == 2));
    assert!(!log.due(&store, &by, None, 9).await.unwrap().iter().any(|(_, line)| line.number == 2));
    // Another process, and whoever reads the whole log, comes to the same.
    let again = DecisionLog::default();
    let found = again.get(&store, 2).await.unwrap().unwrap().decided;
    let whole = log.all(&store).await.unwrap().decided();
    assert_eq!(found.standing, whole[1].standing);
    assert_eq!(found.done("ends").unwrap().on, "2027-02-01");
    assert_eq!(
        (found.done("review").unwrap().on.as_str(), found.standing.progress.next_review.is_none()),
        ("2027-03-01", true)
    );
    assert!(verify(&store, None).await.unwrap().holds());
}

#[tokio::test]
async fn what_was_done_goes_on_being_done_where_a_later_decision_asks_for_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &stopping(0x5f, EVENING, &[])).await.unwrap();
    log.change(&store, 2, "", done(Deed::FirstStep, "2026-12-09", None), EVENING).await.unwrap();
    log.change(&store, 2, "", done(Deed::Ends, "2027-02-01", None), EVENING).await.unwrap();
    // The session is closed again: it ends later, and the first step is the same.
    log.log(&store, &stopping(0x5f, EVENING + 9, &[("ends", "2027-06-30")])).await.unwrap();
    let later = log.listed(5).unwrap();
    assert_eq!(
        (later.supersedes, later.standing.progress.done_for("first_step_due").is_some()),
        (Some(2), true)
    );
    assert_eq!(later.due_for("ends"), Day::parse("2027-06-30"), "another day is to be kept anew");
    let whole = log.all(&store).await.unwrap().decided();
    assert_eq!(whole.last().unwrap().standing, later.standing);
}

/// Two entries as the first release with changes wrote them, byte by byte.
#[tokio::test]
async fn changes_of_the_first_version_read_as_they_were_written() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    DecisionLog::default().log(&store, &closed(EVENING)).await.unwrap();
    let mut previous = verify(&store, None).await.unwrap().head;
    let schema: serde_json::Value = serde_json::from_str(CHANGE_SCHEMA_1).unwrap();
    for (number, says) in [
        (3, r#"{"told":{"told_by":"Ben","told_on":"2026-12-01"}}"#),
        (4, r#"{"status":{"status":"accepted","reason":"Yes","superseded_by":null}}"#),
        (
            5,
            r#"{"confirmed":{"session":"0192f0c4-7b1e-7cc3-98c4-dc0c0c070060","title":"Spring","close":{"position":"1795802400000-4","n":1}}}"#,
        ),
    ] {
        let json = format!(
            r#"{{"schema":1,"number":{number},"decision":2,"changed_on":"2026-12-02T08:00:00Z","by":"Ana","says":{says}}}"#
        );
        assert!(jsonschema::is_valid(&schema, &serde_json::from_str(&json).unwrap()), "{json}");
        let mut digest = sha2::Sha256::new();
        digest.update([chain::CHANGE]);
        digest.update(data_encoding::HEXLOWER.decode(previous.to_string().as_bytes()).unwrap());
        digest.update(json.as_bytes());
        let hash: Hash = data_encoding::HEXLOWER.encode(&digest.finalize()).parse().unwrap();
        let entry = chain::bytes(chain::CHANGE, previous, hash, json.as_bytes());
        store.append(&LogId::decisions(), vec![entry]).await.unwrap();
        previous = hash;
    }
    let log = DecisionLog::default();
    let found = log.get(&store, 2).await.unwrap().unwrap().decided;
    assert_eq!((found.standing.status, found.changes.len()), (Status::Accepted, 3));
    assert!(found.standing.told.is_some() && found.standing.confirmed.is_some());
    assert_eq!(found.standing.progress, Default::default());
    // It goes on with what this release writes, and all of it holds together.
    log.change(&store, 2, "", done(Deed::Review, "2026-12-03", None), EVENING).await.unwrap();
    let verified = verify(&store, None).await.unwrap();
    assert_eq!((verified.holds(), verified.entries), (true, 6));
}

/// Writes something else in the place of an entry, as somebody might who has the file.
fn bend(directory: &std::path::Path, number: i64, bend: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) {
    let file = rusqlite::Connection::open(directory.join("plumbline.db")).unwrap();
    let table: i64 =
        file.query_row("SELECT number FROM logs WHERE name = 'decisions'", [], |row| row.get(0)).unwrap();
    let (at, n, bytes): (i64, i64, Vec<u8>) = file
        .query_row(
            &format!("SELECT at, n, bytes FROM log_{table} ORDER BY at, n LIMIT 1 OFFSET ?1"),
            [number - 1],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    match bend(bytes) {
        Some(bent) => file
            .execute(
                &format!("UPDATE log_{table} SET bytes = ?1 WHERE at = ?2 AND n = ?3"),
                rusqlite::params![bent, at, n],
            )
            .unwrap(),
        None => file.execute(&format!("DELETE FROM log_{table} WHERE at = ?1 AND n = ?2"), [at, n]).unwrap(),
    };
}

#[tokio::test]
async fn whoever_changes_the_file_is_found_at_the_first_entry_that_was_touched() {
    let fault = |verified: &Verified| verified.first_fault.as_ref().map(|fault| fault.number);
    for number in 1..=4 {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        let log = DecisionLog::default();
        log.log(&store, &closed(EVENING)).await.unwrap();
        log.log(&store, &Closed { session: id(0x60), ..closed(EVENING) }).await.unwrap();
        let noted = verify(&store, None).await.unwrap().head;
        bend(directory.path(), number, |mut bytes| {
            let at = bytes.len() - 20;
            bytes[at] ^= 1;
            Some(bytes)
        });
        let verified = verify(&store, Some(noted)).await.unwrap();
        assert_eq!((fault(&verified), verified.entries), (Some(number.unsigned_abs()), 4));
        // It says so, and neither stops the list nor passes the entry off as what it was.
        let after = DecisionLog::default();
        assert_eq!(after.list(&store, &Search::default(), None, 9).await.unwrap().len(), 3);
        let number = number.unsigned_abs();
        let broken = after.get(&store, number).await;
        assert!(matches!(broken, Err(LogError::Broken { number: of, .. }) if of == number));
    }
}

#[tokio::test]
async fn an_entry_taken_out_and_a_log_that_was_rewritten_are_found_out() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    log.log(&store, &closed(EVENING)).await.unwrap();
    let noted = verify(&store, None).await.unwrap().head;
    log.log(&store, &Closed { session: id(0x60), ..closed(EVENING) }).await.unwrap();
    assert_eq!(verify(&store, Some(noted)).await.unwrap().has_hash, Some(true));
    bend(directory.path(), 2, |_| None);
    let verified = verify(&store, None).await.unwrap();
    assert_eq!(verified.first_fault.map(|fault| fault.number), Some(2));
    // All of it written anew holds together, and does not have the hash that was noted.
    let elsewhere = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(elsewhere.path()).unwrap();
    let mut lie = closed(EVENING);
    lie.board.decisions.get_mut(&id(0x10)).unwrap().owner = "Nobody".to_owned();
    DecisionLog::default().log(&store, &lie).await.unwrap();
    let verified = verify(&store, Some(noted)).await.unwrap();
    assert_eq!((verified.first_fault.is_none(), verified.holds()), (true, false));
}
