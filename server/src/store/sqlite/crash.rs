//! `kill -9`: what was acknowledged is there afterwards, whole and in its place.
//!
//! The test starts this test binary again as a child that appends and tells what was acknowledged, kills it after a
//! number of acknowledgements that differs from round to round, and looks.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use futures_util::future;
use uuid::Uuid;

use super::SqliteStore;
use crate::store::{LogId, Position, Store, suite::read_all};

const ROUNDS: u32 = 20;
const LOGS: u128 = 5;
const TASKS_PER_LOG: u32 = 3;
/// Names the directory to the child; the child is skipped without it.
const DIRECTORY: &str = "PLUMBLINE_CRASH_TEST_DIRECTORY";

fn log(number: u128) -> LogId {
    LogId::session(Uuid::from_u128(number))
}

/// Says what an entry is, and fills some pages.
fn content(log: u128, task: u32, call: u32, n: usize) -> Vec<u8> {
    let mark = format!("{log}:{task}:{call}:{n};");
    mark.repeat(1 + (call as usize * 31 + n) % 90).into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other half of `what_was_acknowledged_survives_being_killed`"]
async fn child() {
    let Ok(directory) = std::env::var(DIRECTORY) else { return };
    let store = SqliteStore::open(Path::new(&directory)).unwrap();
    let run = Uuid::now_v7().as_u128();
    // Lines are written whole, so that one that is cut off was not acknowledged.
    let tell = |line: String| std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    let tasks = (0..LOGS).flat_map(|number| (0..TASKS_PER_LOG).map(move |task| (number, task)));
    let work = tasks.map(|(number, task)| {
        let (store, tell) = (&store, &tell);
        async move {
            for call in 0.. {
                let entries =
                    (0..1 + call as usize % 3).map(|n| content(run + number, task, call, n)).collect();
                for (n, at) in store.append(&log(number), entries).await.unwrap().into_iter().enumerate() {
                    tell(format!("\nacked {number} {at} {} {task} {call} {n}\n", run + number));
                    if call % 40 == 39
                        && n == 0
                        && store.snapshot(&log(number), at, at.to_string().into()).await.unwrap()
                    {
                        tell(format!("\nsnapshot {number} {at}\n"));
                    }
                }
            }
        }
    });
    future::join_all(work).await;
}

#[derive(Default)]
struct Told {
    entries: BTreeMap<Position, Vec<u8>>,
    snapshot: Position,
}

/// Notes what a line of the child says; whether it was an acknowledgement.
fn note(told: &mut BTreeMap<u128, Told>, line: &str) -> bool {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        ["acked", number, at, run, task, call, n] => {
            let content = content(
                run.parse().unwrap(),
                task.parse().unwrap(),
                call.parse().unwrap(),
                n.parse().unwrap(),
            );
            told.entry(number.parse().unwrap()).or_default().entries.insert(at.parse().unwrap(), content);
            true
        }
        ["snapshot", number, at] => {
            let told = told.entry(number.parse().unwrap()).or_default();
            told.snapshot = told.snapshot.max(at.parse().unwrap());
            true
        }
        _ => false,
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_being_killed() {
    let directory = tempfile::tempdir().unwrap();
    let mut told = BTreeMap::new();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::sqlite::crash::child", "--ignored", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Between opening and a few hundred acknowledgements; a different one each time it is run.
        let mut random = [0; 2];
        getrandom::fill(&mut random).unwrap();
        let until = u32::from(u16::from_ne_bytes(random)) % (50 * (round + 1));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        while seen < until {
            let line = lines.next().expect("the child goes on until it is killed").unwrap();
            seen += u32::from(note(&mut told, &line));
        }
        child.kill().unwrap();
        // What it had said before it died counts too.
        let rest: Vec<_> = lines.map_while(Result::ok).collect();
        acknowledged +=
            seen + u32::try_from(rest.iter().filter(|line| note(&mut told, line)).count()).unwrap();
        child.wait().unwrap();
        check(directory.path(), &told, round).await;
    }
    assert!(acknowledged > ROUNDS, "the child hardly did anything");
}

async fn check(directory: &Path, told: &BTreeMap<u128, Told>, round: u32) {
    let store = SqliteStore::open(directory).unwrap();
    for (number, told) in told {
        let snapshots = store.snapshots(&log(*number)).await.unwrap();
        let newest = snapshots.first().map_or(Position::ZERO, |(at, _)| *at);
        assert!(newest >= told.snapshot, "round {round}: the snapshot at {} is lost", told.snapshot);
        assert!(snapshots.iter().all(|(at, bytes)| at.to_string().as_bytes() == bytes));
        let trimmed = if snapshots.len() == 2 { snapshots[1].0 } else { Position::ZERO };
        let there: BTreeMap<_, _> = read_all(&store, &log(*number))
            .await
            .into_iter()
            .map(|entry| (entry.position, entry.bytes))
            .collect();
        for (at, content) in told.entries.range(trimmed..).filter(|(at, _)| **at > trimmed) {
            assert_eq!(there.get(at), Some(content), "round {round}: log {number} has lost {at}");
        }
    }
}
