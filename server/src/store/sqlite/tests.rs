//! What is SQLite's alone: files, clocks, other processes, and disks that fail.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};

use futures_util::future;
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::task;
use uuid::Uuid;

use super::SqliteStore;
use crate::store::{
    LogId, OpenError, Position, Store, StoreError,
    suite::{conformance, read_all, waits},
};

async fn open() -> (TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    (directory, store)
}

conformance!(open);

fn session() -> LogId {
    LogId::session(Uuid::now_v7())
}

fn at(stamp: u64, n: u64) -> Position {
    Position { at: stamp, n }
}

/// A store whose clock shows what is in the cell, and the number of times that it was looked at: once per commit.
fn open_with_clock(directory: &Path, shown: &Arc<AtomicU64>) -> (SqliteStore, Arc<AtomicU64>) {
    let looks = Arc::new(AtomicU64::new(0));
    let (shown, counted) = (Arc::clone(shown), Arc::clone(&looks));
    let clock = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        shown.load(Ordering::Relaxed)
    };
    (SqliteStore::open_with_clock(directory, Box::new(clock)).unwrap(), looks)
}

/// Keeps the writer from working until the returned sender is dropped.
async fn stop_writer(store: &SqliteStore) -> mpsc::Sender<()> {
    let (go_on, stopped) = mpsc::channel();
    let stopped = Mutex::new(stopped);
    store
        .writer()
        .unwrap()
        .disturb_and_leave(move |_| {
            let _ = stopped.lock().unwrap().recv();
        })
        .await;
    go_on
}

#[tokio::test]
async fn what_was_appended_is_there_after_opening_again() {
    let (directory, store) = open().await;
    let log = session();
    store.append(&log, vec![b"one".to_vec(), b"two".to_vec()]).await.unwrap();
    let end = store.last(&log).await.unwrap();
    store.snapshot(&log, end, b"state".to_vec()).await.unwrap();
    let before = read_all(&store, &log).await;
    drop(store);
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(read_all(&store, &log).await, before);
    assert_eq!(store.snapshots(&log).await.unwrap(), [(end, b"state".to_vec())]);
    assert!(store.append(&log, vec![b"three".to_vec()]).await.unwrap()[0] > end);
}

#[tokio::test]
async fn a_clock_that_is_set_back_moves_no_log_back() {
    let directory = tempfile::tempdir().unwrap();
    let (one, other) = (session(), session());
    let shown = Arc::new(AtomicU64::new(1000));
    let (store, _) = open_with_clock(directory.path(), &shown);
    assert_eq!(store.append(&one, vec![vec![1], vec![2]]).await.unwrap(), [at(1000, 0), at(1000, 1)]);
    shown.store(400, Ordering::Relaxed);
    assert_eq!(store.append(&one, vec![vec![3]]).await.unwrap(), [at(1000, 2)]);
    assert_eq!(store.append(&other, vec![vec![4]]).await.unwrap(), [at(400, 0)]);
    drop(store);
    let (store, _) = open_with_clock(directory.path(), &shown);
    assert_eq!(store.append(&one, vec![vec![5]]).await.unwrap(), [at(1000, 3)]);
    shown.store(1001, Ordering::Relaxed);
    assert_eq!(store.append(&one, vec![vec![6]]).await.unwrap(), [at(1001, 0)]);
}

#[tokio::test]
async fn appends_that_wait_are_committed_together() {
    let directory = tempfile::tempdir().unwrap();
    let (store, commits) = open_with_clock(directory.path(), &Arc::new(AtomicU64::new(1000)));
    let logs: Vec<_> = (0..10).map(|_| session()).collect();
    let go_on = stop_writer(&store).await;
    let appends = (0..100).map(|call| store.append(&logs[call % 10], vec![b"entry".to_vec()]));
    // All of them are on their way before the writer goes on: without the limit on what a task may do in one go,
    // which holds the last ones back.
    let mut appends = Box::pin(task::unconstrained(future::join_all(appends)));
    assert!(waits(&mut appends).await);
    drop(go_on);
    assert!(appends.await.iter().all(Result::is_ok));
    assert_eq!(commits.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_directory_is_used_by_one_process_at_a_time() {
    let (directory, store) = open().await;
    let refused = SqliteStore::open(directory.path()).err().unwrap();
    assert!(
        matches!(refused, OpenError::InUse { process: Some(id), .. } if id == std::process::id()),
        "{refused}"
    );
    assert!(refused.to_string().contains("--data"), "{refused}");
    drop(store);
    SqliteStore::open(directory.path()).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("not/yet/there");
    let store = SqliteStore::open(&path).unwrap();
    store.append(&session(), vec![vec![1]]).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for file in fs::read_dir(&path).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = SqliteStore::open(&file.join("data")).err().unwrap();
    assert!(matches!(refused, OpenError::Directory { .. }), "{refused}");
    assert!(refused.to_string().contains("file/data"), "{refused}");
}

#[test]
fn data_of_a_newer_version_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(directory.path()).unwrap());
    let path = directory.path().join("plumbline.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let refused = SqliteStore::open(directory.path()).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 99, known: 1, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Plumbline"), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn somebody_elses_database_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plumbline.db");
    for content in ["a table", "an application", "no database"] {
        let _ = fs::remove_file(&path);
        match content {
            "a table" => Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap(),
            "an application" => {
                Connection::open(&path).unwrap().pragma_update(None, "application_id", 7).unwrap()
            }
            _ => fs::write(&path, "dear diary, ".repeat(1000)).unwrap(),
        }
        let before = fs::read(&path).unwrap();
        let refused = SqliteStore::open(directory.path()).err().unwrap();
        assert!(matches!(refused, OpenError::Foreign { .. }), "{content}: {refused}");
        assert_eq!(fs::read(&path).unwrap(), before, "{content}");
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_saving_goes_on_once_there_is_room() {
    let (_directory, store) = open().await;
    let log = session();
    store.append(&log, vec![b"before".to_vec()]).await.unwrap();
    let limit = |pages: u32| {
        move |connection: &Connection| {
            connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        }
    };
    store.writer().unwrap().disturb(limit(1)).await;
    let large = || vec![b"small".to_vec(), vec![7; 100_000]];
    let refused = store.append(&log, large()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
    assert!(refused.passes());
    assert!(matches!(store.append(&session(), vec![vec![1]]).await, Err(StoreError::Full { .. })));
    assert_eq!(read_all(&store, &log).await.len(), 1, "a call that failed leaves nothing");
    assert_eq!(store.logs().await.unwrap(), std::slice::from_ref(&log));
    store.writer().unwrap().disturb(limit(1_000_000)).await;
    store.append(&log, large()).await.unwrap();
    assert_eq!(read_all(&store, &log).await.len(), 3);
}

#[tokio::test]
async fn an_append_that_cannot_be_saved_does_not_take_its_neighbours_with_it() {
    let (_directory, store) = open().await;
    let logs = [session(), session(), session()];
    for log in &logs {
        store.append(log, vec![b"before".to_vec()]).await.unwrap();
    }
    store
        .writer()
        .unwrap()
        .disturb(|connection| {
            connection.query_row("PRAGMA max_page_count = 12", [], |_| Ok(())).unwrap();
        })
        .await;
    let go_on = stop_writer(&store).await;
    let (one, two, three) = (
        store.append(&logs[0], vec![b"one".to_vec()]),
        store.append(&logs[1], vec![vec![7; 1_000_000]]),
        store.append(&logs[2], vec![b"three".to_vec()]),
    );
    let mut all = Box::pin(future::join3(one, two, three));
    assert!(waits(&mut all).await);
    drop(go_on);
    let (one, two, three) = all.await;
    assert!(one.is_ok() && three.is_ok(), "{one:?} {three:?}");
    assert!(matches!(two, Err(StoreError::Full { .. })), "{two:?}");
    assert_eq!(read_all(&store, &logs[0]).await.len(), 2);
    assert_eq!(read_all(&store, &logs[1]).await.len(), 1);
    assert_eq!(store.last(&logs[1]).await.unwrap(), read_all(&store, &logs[1]).await[0].position);
}

#[tokio::test]
async fn a_disk_that_becomes_read_only_is_told_and_saving_goes_on_afterwards() {
    let (_directory, store) = open().await;
    let log = session();
    store
        .writer()
        .unwrap()
        .disturb(|connection| connection.pragma_update(None, "query_only", true).unwrap())
        .await;
    let refused = store.append(&log, vec![vec![1]]).await.unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly { .. }), "{refused}");
    store
        .writer()
        .unwrap()
        .disturb(|connection| connection.pragma_update(None, "query_only", false).unwrap())
        .await;
    store.append(&log, vec![vec![1]]).await.unwrap();
    assert_eq!(read_all(&store, &log).await.len(), 1);
}

#[tokio::test]
async fn another_program_that_keeps_the_database_locked_is_told_of() {
    let (directory, store) = open().await;
    let log = session();
    store.append(&log, vec![vec![1]]).await.unwrap();
    store
        .writer()
        .unwrap()
        .disturb(|connection| connection.busy_timeout(std::time::Duration::ZERO).unwrap())
        .await;
    let other = Connection::open(directory.path().join("plumbline.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.append(&log, vec![vec![2]]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Busy { .. }), "{refused}");
    other.execute_batch("ROLLBACK").unwrap();
    store.append(&log, vec![vec![2]]).await.unwrap();
    assert_eq!(read_all(&store, &log).await.len(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_acknowledged_that_would_go_to_a_file_that_was_removed() {
    let (directory, store) = open().await;
    let log = session();
    store.append(&log, vec![vec![1]]).await.unwrap();
    let (path, aside) = (directory.path().join("plumbline.db"), directory.path().join("aside"));
    fs::rename(&path, &aside).unwrap();
    assert!(matches!(store.append(&log, vec![vec![2]]).await, Err(StoreError::Gone { .. })));
    fs::write(&path, "").unwrap();
    assert!(matches!(store.append(&log, vec![vec![2]]).await, Err(StoreError::Gone { .. })));
    fs::rename(&aside, &path).unwrap();
    store.append(&log, vec![vec![2]]).await.unwrap();
    assert_eq!(read_all(&store, &log).await.len(), 2);
}

#[tokio::test]
async fn damaged_data_is_told_as_such() {
    let (directory, store) = open().await;
    let log = session();
    for number in 0..200_u8 {
        store.append(&log, vec![vec![number; 500]]).await.unwrap();
    }
    drop(store);
    let path = directory.path().join("plumbline.db");
    let mut bytes = fs::read(&path).unwrap();
    // All but the first two pages: the header, the schema, and the names of the logs.
    bytes[4 * 4096..].fill(0x5A);
    fs::write(&path, bytes).unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let refused = store.read(&log, Position::ZERO, 1000).await.unwrap_err();
    assert!(matches!(refused, StoreError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("plumbline check"), "{refused}");
    assert!(!refused.passes());
}

/// How often the bytes occur in the files of a directory.
fn occurrences(directory: &Path, bytes: &[u8]) -> usize {
    let files = fs::read_dir(directory).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    files.map(|content| content.windows(bytes.len()).filter(|window| *window == bytes).count()).sum()
}

/// Many logs of small and large entries, appended to in turns and trimmed now and then, so that pages are split,
/// merged and given back.
async fn busy_store(store: &SqliteStore) -> Vec<(LogId, Vec<u8>)> {
    let logs: Vec<_> =
        (0..8).map(|number| (session(), format!("word-{number:04}-secret").into_bytes())).collect();
    for round in 0..60_usize {
        for (number, (log, word)) in logs.iter().enumerate() {
            let entries = (0..6).map(|n| word.repeat(1 + (round * 7 + number * 3 + n) % 40)).collect();
            let given = store.append(log, entries).await.unwrap();
            if (round + number) % 9 == 0 {
                store.snapshot(log, given[2], word.repeat(3000)).await.unwrap();
            }
        }
    }
    logs
}

#[tokio::test]
async fn what_was_erased_is_nowhere_in_the_files() {
    let (directory, store) = open().await;
    let logs = busy_store(&store).await;
    for (log, word) in logs.iter().step_by(2) {
        assert!(occurrences(directory.path(), word) > 0);
        store.erase(log).await.unwrap();
        assert_eq!(occurrences(directory.path(), word), 0);
        // Nor a part of it, in the rest of a page.
        assert_eq!(occurrences(directory.path(), &word[..word.len() - 7]), 0);
    }
    for (log, word) in logs.iter().skip(1).step_by(2) {
        assert!(read_all(&store, log).await.len() > 6);
        assert!(occurrences(directory.path(), word) > 0);
    }
}

#[tokio::test]
async fn what_a_log_had_before_it_began_anew_is_nowhere_in_the_files() {
    let (directory, store) = open().await;
    let logs = busy_store(&store).await;
    for (log, word) in &logs {
        let last = store.last(log).await.unwrap();
        assert!(store.begin_anew(log, last, b"nothing of it".to_vec()).await.unwrap());
        assert_eq!(occurrences(directory.path(), &word[..word.len() - 7]), 0);
    }
    assert!(occurrences(directory.path(), b"nothing of it") >= logs.len());
}

#[tokio::test]
async fn an_erasure_that_a_reader_held_up_is_finished_by_the_next_one() {
    let (directory, store) = open().await;
    let logs = busy_store(&store).await;
    let (log, word) = &logs[0];
    store
        .writer()
        .unwrap()
        .disturb(|connection| connection.busy_timeout(std::time::Duration::ZERO).unwrap())
        .await;
    // Another process in the middle of reading: a backup.
    let reader = Connection::open(directory.path().join("plumbline.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM logs;").unwrap();
    assert!(matches!(store.erase(log).await, Err(StoreError::Busy { .. })));
    assert_eq!(read_all(&store, log).await, []);
    reader.execute_batch("COMMIT").unwrap();
    store.erase(log).await.unwrap();
    assert_eq!(occurrences(directory.path(), word), 0);
}

#[tokio::test]
async fn an_erasure_that_a_crash_held_up_is_finished_at_the_next_start() {
    let (directory, store) = open().await;
    let logs = busy_store(&store).await;
    let (log, word) = &logs[0];
    store
        .writer()
        .unwrap()
        .disturb(|connection| connection.busy_timeout(std::time::Duration::ZERO).unwrap())
        .await;
    let reader = Connection::open(directory.path().join("plumbline.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM logs;").unwrap();
    assert!(store.erase(log).await.is_err());
    // The files as a crash would leave them now.
    let left = tempfile::tempdir().unwrap();
    for file in ["plumbline.db", "plumbline.db-wal"] {
        fs::copy(directory.path().join(file), left.path().join(file)).unwrap();
    }
    assert!(occurrences(left.path(), word) > 0);
    let _store = SqliteStore::open(left.path()).unwrap();
    assert_eq!(occurrences(left.path(), word), 0);
}

#[tokio::test]
async fn what_is_opened_to_be_read_is_read_while_a_server_writes_and_never_written() {
    let directory = tempfile::tempdir().unwrap();
    let none = SqliteStore::open_to_read(directory.path()).map(|_| ()).unwrap_err();
    assert!(none.to_string().contains("there is no database in it"), "{none}");
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = LogId::workspace();
    store.append(&log, vec![b"one".to_vec()]).await.unwrap();
    let reader = SqliteStore::open_to_read(directory.path()).unwrap();
    assert_eq!(reader.read(&log, Position::ZERO, 9).await.unwrap().len(), 1);
    store.append(&log, vec![b"two".to_vec()]).await.unwrap();
    assert_eq!(reader.read(&log, Position::ZERO, 9).await.unwrap().len(), 2);
    let refused = reader.append(&log, vec![b"three".to_vec()]).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly { .. })));
    drop(store);
    // And after it.
    let reader = SqliteStore::open_to_read(directory.path()).unwrap();
    assert_eq!(reader.read(&log, Position::ZERO, 9).await.unwrap().len(), 2);
    let foreign = tempfile::tempdir().unwrap();
    std::fs::write(foreign.path().join("plumbline.db"), "something else ".repeat(100)).unwrap();
    assert!(matches!(SqliteStore::open_to_read(foreign.path()), Err(OpenError::Foreign { .. })));
}
