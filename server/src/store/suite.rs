//! What every store must do: the same tests for each.
//!
//! A store takes part with `conformance!(open)`, where `open` is an async function that returns a pair: what must
//! outlive the store (a directory, a server), and the empty store.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, task::Poll};

use futures_util::future;
use uuid::Uuid;

use super::{Condition, ENTRY_BYTES, LogId, Position, READ_BYTES, Store, StoreError, Stored};

macro_rules! conformance {
    ($open:path) => {
        $crate::store::suite::conformance!($open:
            entries_come_back_in_order_at_the_positions_that_were_given,
            positions_of_a_log_only_grow,
            the_entries_of_one_call_stand_next_to_each_other,
            what_one_task_appends_stays_in_its_order,
            reading_goes_on_after_a_position,
            a_page_is_bounded_in_bytes_too,
            bytes_are_kept_as_they_are,
            an_unknown_log_is_an_empty_log,
            no_entries_make_no_log,
            logs_do_not_see_each_other,
            all_logs_are_named_in_order,
            an_entry_that_is_too_large_leaves_nothing_of_its_call,
            a_call_whose_future_is_dropped_harms_nobody,
            the_first_snapshot_trims_nothing,
            a_snapshot_trims_at_or_below_the_older_one_kept,
            two_snapshots_are_kept_and_the_newest_comes_first,
            a_snapshot_that_is_not_newer_is_not_written,
            a_snapshot_beyond_the_end_is_not_written,
            of_two_snapshots_at_once_the_newer_is_kept,
            trimming_does_not_move_the_end,
            an_erased_log_is_an_unknown_log,
            a_late_snapshot_does_not_bring_an_erased_log_back,
            erasing_leaves_the_other_logs,
            a_log_begins_anew_with_a_snapshot_and_what_came_after_it,
            what_rests_on_the_last_entry_is_appended_behind_it_alone,
            what_rests_on_an_entry_is_appended_while_the_log_holds_it,
            of_many_who_append_behind_the_same_entry_one_does,
            the_promise_is_a_sentence,
        );
    };
    ($open:path: $($name:ident,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let (_keep, store) = $open().await;
                $crate::store::suite::$name(std::sync::Arc::new(store)).await;
            }
        )*
    };
}
pub(crate) use conformance;

type Shared = Arc<dyn Store>;

fn session() -> LogId {
    LogId::session(Uuid::now_v7())
}

fn numbered(numbers: std::ops::Range<u32>) -> Vec<Vec<u8>> {
    numbers.map(|number| number.to_be_bytes().to_vec()).collect()
}

/// Reads to the end, as everybody has to: until an answer is empty.
pub(crate) async fn read_all(store: &dyn Store, log: &LogId) -> Vec<Stored> {
    let mut all: Vec<Stored> = Vec::new();
    loop {
        let after = all.last().map_or(Position::ZERO, |entry| entry.position);
        let page = store.read(log, after, 100).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn positions(entries: &[Stored]) -> Vec<Position> {
    entries.iter().map(|entry| entry.position).collect()
}

/// Sets a call on its way; whether it waits there now.
pub(crate) async fn waits(call: &mut (impl Future + Unpin)) -> bool {
    future::poll_fn(|context| Poll::Ready(Pin::new(&mut *call).poll(context).is_pending())).await
}

pub(crate) async fn entries_come_back_in_order_at_the_positions_that_were_given(store: Shared) {
    let log = session();
    let mut given = store.append(&log, numbered(0..3)).await.unwrap();
    given.extend(store.append(&log, numbered(3..5)).await.unwrap());
    let read = read_all(&*store, &log).await;
    assert_eq!(positions(&read), given);
    assert_eq!(read.into_iter().map(|entry| entry.bytes).collect::<Vec<_>>(), numbered(0..5));
    assert_eq!(store.last(&log).await.unwrap(), given[4]);
}

pub(crate) async fn positions_of_a_log_only_grow(store: Shared) {
    let log = session();
    let mut given = vec![Position::ZERO];
    for number in 0..50 {
        given.extend(store.append(&log, numbered(number..number + 2)).await.unwrap());
    }
    assert!(given.is_sorted_by(|a, b| a < b), "{given:?}");
}

pub(crate) async fn the_entries_of_one_call_stand_next_to_each_other(store: Shared) {
    let log = session();
    let calls = (0..40_u32).map(|call| {
        let (store, log) = (Arc::clone(&store), log.clone());
        async move { store.append(&log, vec![call.to_be_bytes().to_vec(); 3]).await.unwrap() }
    });
    future::join_all(calls).await;
    let read = read_all(&*store, &log).await;
    assert_eq!(read.len(), 120);
    for call in read.chunks(3) {
        assert!(call.iter().all(|entry| entry.bytes == call[0].bytes));
    }
}

pub(crate) async fn what_one_task_appends_stays_in_its_order(store: Shared) {
    let logs = [session(), session(), LogId::workspace()];
    let tasks = (0..24_usize).map(|task| {
        let (store, log) = (Arc::clone(&store), logs[task % logs.len()].clone());
        tokio::spawn(async move {
            for number in 0..20_u8 {
                store.append(&log, vec![vec![u8::try_from(task).unwrap(), number]]).await.unwrap();
            }
        })
    });
    future::join_all(tasks).await.into_iter().for_each(Result::unwrap);
    let mut seen: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for log in &logs {
        for entry in read_all(&*store, log).await {
            seen.entry(entry.bytes[0]).or_default().push(entry.bytes[1]);
        }
    }
    assert_eq!(seen.len(), 24);
    assert!(seen.values().all(|numbers| *numbers == (0..20).collect::<Vec<u8>>()), "{seen:?}");
}

pub(crate) async fn reading_goes_on_after_a_position(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..10)).await.unwrap();
    let page = store.read(&log, given[3], 4).await.unwrap();
    assert_eq!(positions(&page), given[4..8]);
    assert_eq!(store.read(&log, given[9], 4).await.unwrap(), []);
    assert_eq!(store.read(&log, Position::ZERO, 0).await.unwrap(), []);
    assert_eq!(store.read(&log, Position { at: u64::MAX, n: u64::MAX }, 4).await.unwrap(), []);
    // A position need not be one of an entry.
    let between = Position { at: given[0].at - 1, n: 7 };
    assert_eq!(positions(&store.read(&log, between, 1).await.unwrap()), given[..1]);
}

pub(crate) async fn a_page_is_bounded_in_bytes_too(store: Shared) {
    let log = session();
    let entry = vec![7; READ_BYTES / 2 - 1];
    for _ in 0..3 {
        store.append(&log, vec![entry.clone()]).await.unwrap();
    }
    store.append(&log, vec![vec![8; ENTRY_BYTES]]).await.unwrap();
    assert_eq!(store.read(&log, Position::ZERO, 100).await.unwrap().len(), 2);
    assert_eq!(read_all(&*store, &log).await.len(), 4);
}

pub(crate) async fn bytes_are_kept_as_they_are(store: Shared) {
    let log = session();
    let odd = vec![Vec::new(), vec![0], (0..=255).collect(), vec![b'\n'; 5000]];
    store.append(&log, odd.clone()).await.unwrap();
    assert_eq!(read_all(&*store, &log).await.into_iter().map(|entry| entry.bytes).collect::<Vec<_>>(), odd);
}

pub(crate) async fn an_unknown_log_is_an_empty_log(store: Shared) {
    let log = session();
    assert_eq!(store.read(&log, Position::ZERO, 10).await.unwrap(), []);
    assert_eq!(store.last(&log).await.unwrap(), Position::ZERO);
    assert_eq!(store.snapshots(&log).await.unwrap(), []);
    assert_eq!(store.logs().await.unwrap(), []);
    store.erase(&log).await.unwrap();
}

pub(crate) async fn no_entries_make_no_log(store: Shared) {
    assert_eq!(store.append(&session(), Vec::new()).await.unwrap(), []);
    assert_eq!(store.logs().await.unwrap(), []);
}

pub(crate) async fn logs_do_not_see_each_other(store: Shared) {
    let (one, other) = (session(), session());
    store.append(&one, numbered(0..3)).await.unwrap();
    let given = store.append(&other, numbered(3..4)).await.unwrap();
    store.snapshot(&other, given[0], b"state".to_vec()).await.unwrap();
    assert_eq!(read_all(&*store, &one).await.len(), 3);
    assert_eq!(read_all(&*store, &other).await.len(), 1);
    assert_eq!(store.snapshots(&one).await.unwrap(), []);
}

pub(crate) async fn all_logs_are_named_in_order(store: Shared) {
    let mut logs = vec![LogId::workspace(), session(), session(), session()];
    for log in &logs {
        store.append(log, numbered(0..1)).await.unwrap();
    }
    logs.sort();
    assert_eq!(store.logs().await.unwrap(), logs);
}

pub(crate) async fn an_entry_that_is_too_large_leaves_nothing_of_its_call(store: Shared) {
    let log = session();
    let call = vec![vec![1], vec![0; ENTRY_BYTES + 1]];
    let refused = store.append(&log, call).await;
    assert_eq!(refused, Err(StoreError::TooLarge { size: ENTRY_BYTES + 1, limit: ENTRY_BYTES }));
    assert_eq!(read_all(&*store, &log).await, []);
}

pub(crate) async fn a_call_whose_future_is_dropped_harms_nobody(store: Shared) {
    let log = session();
    for _ in 0..20 {
        let mut call = Box::pin(store.append(&log, numbered(0..2)));
        waits(&mut call).await;
    }
    store.append(&log, numbered(9..10)).await.unwrap();
    let read = read_all(&*store, &log).await;
    assert_eq!(read.last().unwrap().bytes, numbered(9..10)[0]);
    assert_eq!(read.len() % 2, 1, "a call is there wholly or not at all");
}

pub(crate) async fn the_first_snapshot_trims_nothing(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..5)).await.unwrap();
    assert!(store.snapshot(&log, given[4], b"five".to_vec()).await.unwrap());
    assert_eq!(read_all(&*store, &log).await.len(), 5);
}

pub(crate) async fn a_snapshot_trims_at_or_below_the_older_one_kept(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..9)).await.unwrap();
    store.snapshot(&log, given[2], b"three".to_vec()).await.unwrap();
    store.snapshot(&log, given[5], b"six".to_vec()).await.unwrap();
    assert_eq!(positions(&read_all(&*store, &log).await), given[3..]);
    store.snapshot(&log, given[6], b"seven".to_vec()).await.unwrap();
    assert_eq!(positions(&read_all(&*store, &log).await), given[6..]);
}

pub(crate) async fn two_snapshots_are_kept_and_the_newest_comes_first(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..3)).await.unwrap();
    for (at, state) in given.iter().zip([b"1", b"2", b"3"]) {
        assert!(store.snapshot(&log, *at, state.to_vec()).await.unwrap());
    }
    let kept = vec![(given[2], b"3".to_vec()), (given[1], b"2".to_vec())];
    assert_eq!(store.snapshots(&log).await.unwrap(), kept);
    assert_eq!(store.snapshot_at(&log).await.unwrap(), given[2]);
    assert_eq!(store.snapshot_at(&session()).await.unwrap(), Position::ZERO);
}

pub(crate) async fn a_snapshot_that_is_not_newer_is_not_written(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..3)).await.unwrap();
    assert!(store.snapshot(&log, given[1], b"two".to_vec()).await.unwrap());
    assert!(!store.snapshot(&log, given[1], b"two again".to_vec()).await.unwrap());
    assert!(!store.snapshot(&log, given[0], b"one".to_vec()).await.unwrap());
    assert_eq!(store.snapshots(&log).await.unwrap(), [(given[1], b"two".to_vec())]);
    assert_eq!(read_all(&*store, &log).await.len(), 3);
}

pub(crate) async fn a_snapshot_beyond_the_end_is_not_written(store: Shared) {
    let log = session();
    let end = store.append(&log, numbered(0..1)).await.unwrap()[0];
    assert!(!store.snapshot(&log, end.next(end.at), b"late".to_vec()).await.unwrap());
    assert_eq!(store.snapshots(&log).await.unwrap(), []);
}

pub(crate) async fn of_two_snapshots_at_once_the_newer_is_kept(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..40)).await.unwrap();
    let calls = given.iter().map(|at| store.snapshot(&log, *at, at.to_string().into_bytes()));
    future::join_all(calls).await.into_iter().for_each(|done| assert!(done.is_ok()));
    let kept = store.snapshots(&log).await.unwrap();
    assert_eq!(kept[0].0, given[39]);
    assert!(kept.iter().all(|(at, bytes)| at.to_string().into_bytes() == *bytes));
    // From the older snapshot on, nothing is missing.
    let older = kept.last().unwrap().0;
    let tail: Vec<_> = given.iter().copied().filter(|at| *at > older).collect();
    assert!(positions(&read_all(&*store, &log).await).ends_with(&tail));
}

pub(crate) async fn trimming_does_not_move_the_end(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..4)).await.unwrap();
    store.snapshot(&log, given[2], b"three".to_vec()).await.unwrap();
    store.snapshot(&log, given[3], b"four".to_vec()).await.unwrap();
    assert_eq!(store.last(&log).await.unwrap(), given[3]);
    assert!(store.append(&log, numbered(4..5)).await.unwrap()[0] > given[3]);
}

pub(crate) async fn an_erased_log_is_an_unknown_log(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..4)).await.unwrap();
    store.snapshot(&log, given[3], b"four".to_vec()).await.unwrap();
    store.erase(&log).await.unwrap();
    an_unknown_log_is_an_empty_log(Arc::clone(&store)).await;
    assert_eq!(read_all(&*store, &log).await, []);
    assert_eq!(store.snapshots(&log).await.unwrap(), []);
    // Its name can be used again.
    store.append(&log, numbered(0..1)).await.unwrap();
    assert_eq!(read_all(&*store, &log).await.len(), 1);
}

pub(crate) async fn a_late_snapshot_does_not_bring_an_erased_log_back(store: Shared) {
    let log = session();
    let given = store.append(&log, numbered(0..4)).await.unwrap();
    store.erase(&log).await.unwrap();
    assert!(!store.snapshot(&log, given[3], b"four".to_vec()).await.unwrap());
    assert_eq!(store.snapshots(&log).await.unwrap(), []);
    assert_eq!(store.logs().await.unwrap(), []);
}

pub(crate) async fn erasing_leaves_the_other_logs(store: Shared) {
    let (gone, stays) = (session(), session());
    for number in 0..30 {
        store.append(&gone, numbered(number..number + 1)).await.unwrap();
        store.append(&stays, numbered(number..number + 1)).await.unwrap();
    }
    let before = read_all(&*store, &stays).await;
    store.erase(&gone).await.unwrap();
    assert_eq!(read_all(&*store, &stays).await, before);
    assert_eq!(store.logs().await.unwrap(), [stays]);
}

pub(crate) async fn a_log_begins_anew_with_a_snapshot_and_what_came_after_it(store: Shared) {
    let (log, other) = (session(), session());
    let given = store.append(&log, numbered(0..6)).await.unwrap();
    store.append(&other, numbered(0..2)).await.unwrap();
    store.snapshot(&log, given[1], b"two".to_vec()).await.unwrap();
    store.snapshot(&log, given[5], b"six".to_vec()).await.unwrap();
    assert!(store.begin_anew(&log, given[3], b"four".to_vec()).await.unwrap());
    assert_eq!(positions(&read_all(&*store, &log).await), given[4..]);
    assert_eq!(store.snapshots(&log).await.unwrap(), [(given[3], b"four".to_vec())]);
    assert!(store.append(&log, numbered(6..7)).await.unwrap()[0] > given[5]);
    let last = store.last(&log).await.unwrap();
    assert!(!store.begin_anew(&log, last.next(last.at), b"beyond".to_vec()).await.unwrap());
    // With nothing left but the snapshot, the end stays where it was.
    assert!(store.begin_anew(&log, last, b"all".to_vec()).await.unwrap());
    assert_eq!(store.last(&log).await.unwrap(), last);
    assert!(!store.begin_anew(&session(), Position::ZERO, Vec::new()).await.unwrap());
    assert_eq!(read_all(&*store, &other).await.len(), 2);
    assert_eq!(store.logs().await.unwrap().len(), 2);
}

pub(crate) async fn what_rests_on_the_last_entry_is_appended_behind_it_alone(store: Shared) {
    let log = session();
    assert_eq!(
        store.append_if(&log, Condition::Last(Position { at: 1, n: 0 }), numbered(0..1)).await.unwrap(),
        None
    );
    assert_eq!(store.logs().await.unwrap(), []);
    let first =
        store.append_if(&log, Condition::Last(Position::ZERO), numbered(0..2)).await.unwrap().unwrap();
    assert_eq!(store.append_if(&log, Condition::Last(first[0]), numbered(7..8)).await.unwrap(), None);
    assert_eq!(store.append_if(&log, Condition::Last(first[1]), Vec::new()).await.unwrap(), Some(Vec::new()));
    let second = store.append_if(&log, Condition::Last(first[1]), numbered(2..3)).await.unwrap().unwrap();
    assert_eq!(positions(&read_all(&*store, &log).await), [first, second.clone()].concat());
    // With nothing left but the snapshot, the end stays where it was.
    assert!(store.begin_anew(&log, second[0], b"three".to_vec()).await.unwrap());
    assert!(store.append_if(&log, Condition::Last(second[0]), numbered(3..4)).await.unwrap().is_some());
}

pub(crate) async fn what_rests_on_an_entry_is_appended_while_the_log_holds_it(store: Shared) {
    let log = session();
    assert_eq!(
        store.append_if(&log, Condition::Holds(Position { at: 1, n: 0 }), numbered(0..1)).await.unwrap(),
        None
    );
    assert_eq!(store.logs().await.unwrap(), []);
    let given = store.append(&log, numbered(0..6)).await.unwrap();
    for at in [given[0], given[5]] {
        assert!(store.append_if(&log, Condition::Holds(at), numbered(6..7)).await.unwrap().is_some());
    }
    let between = Position { at: given[5].at, n: given[5].n + 1_000 };
    assert_eq!(store.append_if(&log, Condition::Holds(between), numbered(7..8)).await.unwrap(), None);
    store.snapshot(&log, given[2], b"three".to_vec()).await.unwrap();
    store.snapshot(&log, given[4], b"five".to_vec()).await.unwrap();
    assert_eq!(store.append_if(&log, Condition::Holds(given[1]), Vec::new()).await.unwrap(), None);
    for at in [given[2], given[3]] {
        assert_eq!(store.append_if(&log, Condition::Holds(at), Vec::new()).await.unwrap(), Some(Vec::new()));
    }
    store.begin_anew(&log, given[5], b"six".to_vec()).await.unwrap();
    assert_eq!(store.append_if(&log, Condition::Holds(given[4]), numbered(7..8)).await.unwrap(), None);
    assert!(store.append_if(&log, Condition::Holds(given[5]), numbered(7..8)).await.unwrap().is_some());
    store.erase(&log).await.unwrap();
    assert_eq!(store.append_if(&log, Condition::Holds(given[5]), numbered(8..9)).await.unwrap(), None);
    assert_eq!(read_all(&*store, &log).await, []);
}

pub(crate) async fn of_many_who_append_behind_the_same_entry_one_does(store: Shared) {
    let log = session();
    let first = store.append(&log, numbered(0..1)).await.unwrap()[0];
    let calls = (1..20).map(|n| store.append_if(&log, Condition::Last(first), numbered(n..n + 1)));
    let done = future::join_all(calls).await.into_iter().filter(|done| matches!(done, Ok(Some(_)))).count();
    assert_eq!((done, read_all(&*store, &log).await.len()), (1, 2));
}

pub(crate) async fn the_promise_is_a_sentence(store: Shared) {
    assert!(store.promise().sentence.split(' ').count() > 5);
}
