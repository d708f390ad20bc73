//! Getting entries into the log, for as long as it takes.

use std::time::{Duration, Instant};

use super::{Node, trouble::Trouble};
use crate::store::{Condition, LogId, Position, Store, StoreError, Stored};

/// The first wait after a failed append.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Entries read at a time.
const PAGE: usize = 4_096;

/// A page with so many bytes may have ended because of them.
const FULL: usize = crate::store::READ_BYTES / 2;

/// What became of a round.
pub(super) enum Saved {
    /// Its entries stand here, and nobody else's came in between.
    At(Vec<Position>),
    /// What stands in the log from where we were, ours among it.
    Read(Vec<Stored>),
    /// The log does not hold what we know: nobody may go on from it.
    Torn,
}

/// Appends, and proposes the same entries again until the store has taken them: an append whose answer got lost may
/// have landed, and the fold counts it once. Meanwhile nothing is acknowledged, and what comes up waits.
///
/// `after` is where we stand. In a log to which others append as well, what they have appended comes with ours.
pub(super) async fn append(
    node: &Node,
    log: &LogId,
    entries: Vec<Vec<u8>>,
    after: Position,
    trouble: &Trouble,
) -> Result<Saved, StoreError> {
    let (store, begun) = (node.store(), Instant::now());
    let mut waits = Waits { node, log, trouble, next: FIRST_WAIT };
    let saved = if store.shared().is_none() {
        let mut is_in_doubt = false;
        let positions = loop {
            match store.append(log, entries.clone()).await {
                Ok(positions) => break positions,
                Err(error) => {
                    is_in_doubt |= error.may_have_landed();
                    waits.pass(error).await?;
                }
            }
        };
        match positions.last() {
            // If an earlier attempt has landed, that is the one that counts, at its own position.
            Some(&last) if is_in_doubt => Saved::Read(waits.read(after, last).await?),
            _ => Saved::At(positions),
        }
    } else {
        let last = loop {
            match store.append_if(log, Condition::Holds(after), entries.clone()).await {
                Ok(Some(positions)) => break positions.last().copied().unwrap_or(after),
                Ok(None) => return Ok(Saved::Torn),
                Err(error) => waits.pass(error).await?,
            }
        };
        let read = waits.read(after, last).await?;
        // Without ours the store has gone back between the two.
        match read.iter().any(|stored| stored.position == last) {
            true => Saved::Read(read),
            false => Saved::Torn,
        }
    };
    node.metrics().saved(begun.elapsed());
    trouble.over();
    Ok(saved)
}

/// What stands in the log after a position that we have come to, as far as another one or to its end. None if the log
/// does not hold that position any more.
pub(super) async fn read_on(
    store: &dyn Store,
    log: &LogId,
    from: Position,
    to: Option<Position>,
) -> Result<Option<Vec<Stored>>, StoreError> {
    let mut found: Vec<Stored> = Vec::new();
    loop {
        let after = found.last().map_or(from, |last| last.position);
        if to.is_some_and(|to| after >= to) {
            break;
        }
        let page = store.read(log, after, PAGE).await?;
        let bytes: usize = page.iter().map(|stored| stored.bytes.len()).sum();
        let is_end = page.is_empty() || (to.is_none() && page.len() < PAGE && bytes < FULL);
        found.extend(page);
        if is_end {
            break;
        }
    }
    if to.is_some() {
        // Whoever asks for it has appended it behind where we were, in one step, and sees whether it is there.
        return Ok(Some(found));
    }
    // After the reading: a store that went back before it does not hold where we were, and one that goes back later is
    // found out by the next.
    let holds = store.append_if(log, Condition::Holds(from), Vec::new()).await?;
    Ok(holds.map(|_| found))
}

/// What is waited after failures, longer each time.
struct Waits<'a> {
    node: &'a Node,
    log: &'a LogId,
    trouble: &'a Trouble,
    next: Duration,
}

impl Waits<'_> {
    /// What stands between two positions, the second one included.
    async fn read(&mut self, after: Position, last: Position) -> Result<Vec<Stored>, StoreError> {
        loop {
            match read_on(self.node.store(), self.log, after, Some(last)).await {
                Ok(read) => return Ok(read.unwrap_or_default()),
                Err(error) => self.pass(error).await?,
            }
        }
    }

    /// Waits after an error that passes; tells of it.
    async fn pass(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.node.metrics().not_saved();
        if !error.passes() {
            return Err(error);
        }
        self.trouble.met(&error);
        tracing::error!(log = %self.log, %error, "cannot save, trying again");
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(LONGEST_WAIT);
        Ok(())
    }
}
