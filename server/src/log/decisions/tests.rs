//! The log against a real store: appended once, superseded and never edited, and found out when it is bent.
#![allow(clippy::unwrap_used)]

use plumbline_shared::{board::Decision, words::Verdict};

use super::*;
use crate::{
    log::record::{
        Status,
        tests::{EVENING, closed, id},
    },
    store::SqliteStore,
};

async fn numbers(log: &DecisionLog, store: &dyn Store) -> Vec<(u64, Option<u64>, Option<u64>)> {
    let all = log.all(store).await.unwrap();
    all.iter().map(|(entry, by)| (entry.record.number, entry.record.supersedes, *by)).collect()
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
    let before = log.all(&store).await.unwrap();
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
    let after = log.all(&store).await.unwrap();
    assert_eq!(after[0].0.hash, before[0].0.hash, "what was written stays as it was");
    let taken_back = &after[4].0.record;
    assert_eq!((taken_back.verdict, taken_back.status), (None, Status::Reversed));
    assert_eq!(taken_back.decided_on, "2026-11-27T18:00:00.002Z");
    assert_eq!(taken_back.close.n, 3);
    // Closed once more: what was taken back is not taken back again.
    later.at.at += 1;
    assert_eq!(log.log(&store, &later).await.unwrap(), 0);
    let (entry, by) = log.get(&store, 2).await.unwrap().unwrap();
    assert_eq!((entry.record.project.name.as_str(), by), ("City pledge", Some(5)));
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
    let listed = log.list(&store, None, 4).await.unwrap();
    assert_eq!(listed.iter().map(|line| line.number).collect::<Vec<_>>(), [6, 5, 4, 3]);
    assert_eq!(
        (listed[0].project.as_str(), listed[0].against, listed[0].missing.as_slice()),
        ("City pledge", true, ["owner".to_owned()].as_slice())
    );
    let rest = log.list(&store, Some(3), 4).await.unwrap();
    assert_eq!(rest.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 1]);
    assert!(log.list(&store, Some(1), 4).await.unwrap().is_empty());
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
        assert_eq!(after.list(&store, None, 9).await.unwrap().len(), 3);
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
