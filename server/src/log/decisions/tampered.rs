//! Any byte of any entry, changed in the database's file, is found, and the first entry that was changed is named.
#![allow(clippy::unwrap_used)]

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    path::Path,
};

use super::*;
use crate::{
    log::record::{
        Status,
        tests::{EVENING, closed, id},
    },
    store::SqliteStore,
};

/// A log of so many sessions of two decisions each, and a change of every fourth; closed, so that all of it is in the file.
async fn log_of(directory: &Path, sessions: u128) -> Vec<Vec<u8>> {
    let store = SqliteStore::open(directory).unwrap();
    let log = DecisionLog::default();
    for session in 0..sessions {
        let mut of = Closed { session: id(0x100 + session), ..closed(EVENING) };
        // As short as a record is, so that every byte of it can be tried.
        of.board.results.clear();
        of.board.session.purpose = format!("Session {session}");
        log.log(&store, &of).await.unwrap();
        if session % 2 == 0 {
            let (last, _) = log.read().end();
            let says = Says::Status { status: Status::Accepted, reason: String::new(), superseded_by: None };
            log.change(&store, last, "Ana", says, EVENING).await.unwrap();
        }
    }
    log.all(&store).await.unwrap().entries.iter().map(Entry::to_bytes).collect()
}

/// Where each byte of an entry stands in the file. SQLite cuts long rows into pages: what does not fit on the first stands
/// on further ones, each of which begins with the number of the next.
fn places(file: &[u8], page: usize, entry: &[u8]) -> Vec<u64> {
    // The hash at its beginning is nowhere else at the beginning of an entry.
    let start =
        file.windows(65).positions(|part| part == &entry[..65]).next().expect("the entry is in the file");
    let mut places = Vec::with_capacity(entry.len());
    let mut at = start;
    loop {
        let rest = &entry[places.len()..];
        let end = (at / page + 1) * page;
        let here = rest.iter().zip(&file[at..end]).take_while(|(a, b)| a == b).count();
        places.extend((at..at + here).map(|place| place as u64));
        if places.len() == entry.len() {
            return places;
        }
        // No byte of the JSON is zero, and the first one of a page's number is: on the row's own page it stands behind
        // what fits there, on further ones at their beginning.
        let number = if at == start { at + here } else { at - 4 };
        let next = u32::from_be_bytes(file[number..number + 4].try_into().unwrap());
        assert_ne!(next, 0, "the entry goes on");
        at = (next as usize - 1) * page + 4;
    }
}

/// All places at which something is, of an iterator's.
trait Positions: Iterator + Sized {
    fn positions(self, is: impl Fn(Self::Item) -> bool) -> impl Iterator<Item = usize> {
        self.enumerate().filter_map(move |(at, item)| is(item).then_some(at))
    }
}
impl<I: Iterator> Positions for I {}

/// What a check of the file says: the number of the first entry that is not what was written.
async fn first_fault(directory: &Path) -> Option<u64> {
    let store = SqliteStore::open_to_read(directory).unwrap();
    verify(&store, None).await.unwrap().first_fault.map(|fault| fault.number)
}

async fn bend_each(directory: &Path, entries: &[Vec<u8>], step: usize) -> usize {
    let path = directory.join("plumbline.db");
    let content = std::fs::read(&path).unwrap();
    let page = usize::from(u16::from_be_bytes([content[16], content[17]]));
    assert!(page >= 512, "{page}");
    assert_eq!(first_fault(directory).await, None);
    let file: File = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let mut bent = 0;
    for (number, entry) in (1..).zip(entries) {
        let places = places(&content, page, entry);
        for (at, place) in places.iter().enumerate().skip(number % step).step_by(step) {
            let right = entry[at];
            file.write_all_at(&[right ^ (1 << (at % 8))], *place).unwrap();
            assert_eq!(first_fault(directory).await, Some(number as u64), "byte {at} of entry {number}");
            file.write_all_at(&[right], *place).unwrap();
            bent += 1;
        }
    }
    assert_eq!(first_fault(directory).await, None, "and as it was it holds");
    bent
}

#[tokio::test]
async fn every_byte_of_a_small_log_in_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let entries = log_of(directory.path(), 1).await;
    assert_eq!(entries.len(), 3, "two decisions and a change");
    let bytes: usize = entries.iter().map(Vec::len).sum();
    assert_eq!(bend_each(directory.path(), &entries, 1).await, bytes);
}

#[tokio::test]
async fn bytes_here_and_there_of_a_larger_log_in_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let entries = log_of(directory.path(), 60).await;
    assert_eq!(entries.len(), 150);
    assert!(bend_each(directory.path(), &entries, 211).await > 500);
}
