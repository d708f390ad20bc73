//! The running decision log: what closes of sessions bring is appended, once; all else reads.
//!
//! It stands in a log of its own ([`LogId::decisions`]) and not in the workspace's: that one begins anew when a session
//! is erased, and this one never does. What is kept in memory is an index; the records are read from the store.

mod append;
mod book;
mod index;
mod outcome;
mod overview;
mod search;
#[cfg(test)]
mod tampered;
#[cfg(test)]
mod tests;
mod verify;

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher},
    ops::RangeInclusive,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use plumbline_shared::{
    checkpoint::{Again, again},
    day::Day,
    ids::{ProjectId, SessionId},
};
use tokio::sync::{Mutex, Notify};

pub use book::{Book, Decided};
pub use index::{Before, DAYS, DUE, DueDay, Listed};
pub use outcome::Sought;
pub use overview::{Overview, SessionName, Verdicts};
pub use search::{Due, NoDue, Search};
pub use verify::{Chain, Fault, Verified, verify};

use super::{
    chain::{self, Content, Entry, Hash},
    record::{CHANGE_VERSION, Change, Close, Closed, NotNow, Record, Says, Status, records},
};
use crate::store::{LogId, Position, Store, StoreError};
use append::Pen;
use index::Index;

/// Entries read at a time.
const PAGE: usize = 512;

/// How often an entry is sealed anew because others were first.
const TRIES: usize = 64;

fn others_first() -> StoreError {
    StoreError::Unreachable { place: "the store".to_owned(), what: "others are always first".to_owned() }
}

/// What is told of an entry that was touched.
const BROKEN: &str = "an entry of the decision log is not what was written: run `plumbline log verify`";

/// The decision log, as far as this process has read it.
#[derive(Default)]
pub struct DecisionLog {
    index: RwLock<Index>,
    /// Held by whoever reads on or appends.
    pen: Mutex<Pen>,
    /// Told when entries have come to it.
    grown: Notify,
}

/// Why the decision log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry is not what was written.
    #[error("entry {number} of the decision log is damaged: {fault}")]
    Broken {
        /// Which.
        number: u64,
        /// How.
        fault: chain::Broken,
    },
}

/// A decision that was looked up.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its entry.
    pub entry: Entry,
    /// What the log says of it.
    pub decided: Decided,
    /// All decisions about the same project in short, this one included, the oldest first.
    pub history: Vec<Listed>,
}

/// Why a decision was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is none with that number.
    #[error("the decision log has no such decision")]
    Unknown,
    /// It may not be changed so.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The log cannot be used.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl DecisionLog {
    /// Appends what the close of a session has decided, unless that was done before. Returns how many records it made.
    ///
    /// All of them or none. What is as it was at an earlier close of the session makes no record; what has changed makes
    /// one that takes the earlier one's place; what is not decided any more, one that takes it back.
    ///
    /// # Errors
    /// When it cannot be saved. It may be called again, and does nothing twice; but it is to be carried to its end, since
    /// an append that nobody waits for any more may still be under way when the next one looks.
    pub async fn log(&self, store: &dyn Store, closed: &Closed) -> Result<usize, LogError> {
        let mut pen = self.pen.lock().await;
        for _ in 0..TRIES {
            self.read_on(store, &mut pen).await?;
            if self.read().is_logged(closed.session, closed.at) {
                return Ok(0);
            }
            if let Some(count) = self.log_behind(store, &mut pen, closed).await? {
                return Ok(count);
            }
        }
        Err(others_first().into())
    }

    /// Appends what a close has decided behind what is known of the log; none if another node was first.
    async fn log_behind(
        &self,
        store: &dyn Store,
        pen: &mut Pen,
        closed: &Closed,
    ) -> Result<Option<usize>, LogError> {
        let earlier = self.earlier(store, closed.session).await?;
        let (mut number, mut previous) = self.read().end();
        let mut entries = Vec::new();
        let further = if closed.board.earlier.is_empty() {
            changed(records(closed), earlier, closed).into_iter().map(Content::from).collect()
        } else {
            self.checkpoint(store, closed, earlier).await?
        };
        for mut content in further {
            number += 1;
            match &mut content {
                Content::Decision(record) => record.number = number,
                Content::Change(change) => change.number = number,
            }
            let (bytes, hash) = chain::seal(previous, &content);
            previous = hash;
            entries.push(bytes);
        }
        if entries.is_empty() {
            return Ok(Some(0));
        }
        let count = entries.len();
        Ok(self.append(store, pen, entries).await?.then_some(count))
    }

    /// What a checkpoint's close adds: its own decisions, those of before that it has changed or taken back, and that
    /// others still hold.
    async fn checkpoint(
        &self,
        store: &dyn Store,
        closed: &Closed,
        earlier: Vec<Record>,
    ) -> Result<Vec<Content>, LogError> {
        let board = &closed.board;
        let own: BTreeSet<ProjectId> = earlier.iter().map(|record| record.project.id).collect();
        let (mut now, mut holding) = (records(closed), BTreeMap::new());
        let mut confirmed = Vec::new();
        let mut taken_back = Vec::new();
        for (id, before) in board.earlier.iter().filter(|(id, _)| !own.contains(id)) {
            let Some(number) = self.read().holding(before.number) else { continue };
            holding.insert(*id, number);
            match again(Some(before), board.decisions.get(id)) {
                Again::Untouched => now.retain(|record| record.project.id != *id),
                Again::Holds => {
                    now.retain(|record| record.project.id != *id);
                    let listed = self.read().listed(number).cloned();
                    let again = listed.and_then(|listed| listed.standing.confirmed);
                    if again.is_none_or(|confirmed| confirmed.session != closed.session) {
                        confirmed.push(number);
                    }
                }
                // Taken off the board altogether is not taken back: nobody has said so.
                Again::TakenBack if board.projects.contains_key(id) => {
                    if let Some(Entry { content: Content::Decision(record), .. }) =
                        self.nth(store, number).await?
                    {
                        taken_back.push(record.taken_back_by(closed));
                    }
                }
                Again::Changed | Again::New | Again::Undecided | Again::TakenBack => {}
            }
        }
        let mut further = changed(now, earlier, closed);
        for record in further.iter_mut().filter(|record| record.supersedes.is_none()) {
            record.supersedes = holding.get(&record.project.id).copied();
        }
        further.extend(taken_back);
        for (n, record) in (1..).zip(&mut further) {
            record.close.n = n;
        }
        let first = u32::try_from(further.len()).unwrap_or(u32::MAX);
        let confirmed = (first.saturating_add(1)..).zip(confirmed).map(|(n, decision)| Change {
            schema: CHANGE_VERSION,
            number: 0,
            decision,
            changed_on: super::record::stamp(closed.at),
            by: board.session.decider.clone(),
            says: Says::Confirmed {
                session: closed.session,
                title: board.session.title.clone(),
                close: Close { position: closed.at.to_string(), n },
            },
        });
        Ok(further.into_iter().map(Content::from).chain(confirmed.map(Content::Change)).collect())
    }

    /// The decisions of before that a checkpoint has left as they are, as far as they hold.
    ///
    /// # Errors
    /// When the log cannot be read, or one of them is not what was written.
    pub async fn gone_on(&self, store: &dyn Store, closed: &Closed) -> Result<Vec<Decided>, LogError> {
        let board = &closed.board;
        let mut decided = Vec::new();
        for (id, earlier) in &board.earlier {
            let stays =
                matches!(again(Some(earlier), board.decisions.get(id)), Again::Untouched | Again::Holds);
            let Some(number) = self.read().holding(earlier.number).filter(|_| stays) else { continue };
            decided.extend(self.get(store, number).await?.map(|found| found.decided));
        }
        Ok(decided)
    }

    /// What the log knows of each of these projects, by their ids and what the organisation calls them by: the decision
    /// that holds, and in how many sessions there was one.
    ///
    /// # Errors
    /// When the log cannot be read, or a decision that holds is not what was written.
    pub async fn before(
        &self,
        store: &dyn Store,
        projects: &[(ProjectId, String)],
    ) -> Result<BTreeMap<ProjectId, (Option<Decided>, u32)>, LogError> {
        self.catch_up(store).await?;
        let known = self.read().of_projects(projects);
        let mut before = BTreeMap::new();
        for (id, Before { holds, times }) in known {
            let decided = match holds {
                Some(number) => self.get(store, number).await?.map(|found| found.decided),
                None => None,
            };
            before.insert(id, (decided, times));
        }
        Ok(before)
    }

    /// Enters that something has happened to a decision: a further entry about it, unless it may not be. `now` is in
    /// milliseconds since 1970. Carried to its end like [`DecisionLog::log`].
    ///
    /// # Errors
    /// When it cannot be saved, there is no such decision, or it may not be changed so.
    pub async fn change(
        &self,
        store: &dyn Store,
        decision: u64,
        by: &str,
        says: Says,
        now: u64,
    ) -> Result<Change, ChangeError> {
        let mut pen = self.pen.lock().await;
        for _ in 0..TRIES {
            self.read_on(store, &mut pen).await?;
            let (change, bytes) = self.sealed(decision, by, &says, now)?;
            if self.append(store, &mut pen, vec![bytes]).await? {
                return Ok(change);
            }
        }
        Err(others_first().into())
    }

    /// The entry that says so, sealed behind what is known of the log.
    fn sealed(
        &self,
        decision: u64,
        by: &str,
        says: &Says,
        now: u64,
    ) -> Result<(Change, Vec<u8>), ChangeError> {
        let index = self.read();
        let listed = index.listed(decision).ok_or(ChangeError::Unknown)?;
        listed.standing.may(listed.verdict, says)?;
        if let Says::Status { status: Status::Superseded, superseded_by, .. } = says {
            let later = superseded_by.filter(|number| *number > decision);
            let holds = later.and_then(|number| index.listed(number)).is_some_and(Listed::holds);
            if !holds {
                return Err(NotNow::NoSuccessor.into());
            }
        }
        let (last, previous) = index.end();
        let change = Change {
            schema: CHANGE_VERSION,
            number: last + 1,
            decision,
            changed_on: super::record::stamp(Position { at: now, n: 0 }),
            by: by.to_owned(),
            says: says.clone(),
        };
        let (bytes, _) = chain::seal(previous, &Content::Change(change.clone()));
        Ok((change, bytes))
    }

    /// Waits until entries have come to the log since this was last waited for, as far as this process knows. For one at
    /// a time.
    pub async fn grown(&self) {
        self.grown.notified().await;
    }

    /// The number of the last entry.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn end(&self, store: &dyn Store) -> Result<u64, LogError> {
        self.catch_up(store).await?;
        Ok(self.read().end().0)
    }

    /// The entries after the one with this number, so many at most, each in its place: nothing for one that is not what
    /// was written.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn after(
        &self,
        store: &dyn Store,
        number: u64,
        most: usize,
    ) -> Result<Vec<Option<Entry>>, LogError> {
        self.catch_up(store).await?;
        let Some(after) = self.read().before(number + 1) else { return Ok(Vec::new()) };
        let stored = store.read(&LogId::decisions(), after, most).await?;
        let following = (number + 1..).zip(stored);
        Ok(following
            .map(|(number, stored)| {
                chain::read(&stored.bytes).ok().filter(|entry| entry.content.number() == number)
            })
            .collect())
    }

    /// The days by which something is to be done about the decisions with these numbers, as far as those hold and are known
    /// here, from the day after `after` to `through`.
    pub fn days_due(&self, numbers: RangeInclusive<u64>, after: Option<Day>, through: Day) -> Vec<DueDay> {
        self.read().due_between(numbers, after, through)
    }

    /// A decision in short, as far as it is known here.
    pub fn listed(&self, number: u64) -> Option<Listed> {
        self.read().listed(number).cloned()
    }

    /// An entry by its number.
    ///
    /// # Errors
    /// When the log cannot be read, or the entry is not what was written.
    pub async fn entry(&self, store: &dyn Store, number: u64) -> Result<Option<Entry>, LogError> {
        self.catch_up(store).await?;
        self.nth(store, number).await
    }

    /// The decisions that are looked for in short, the newest first, from the one before `before`.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn list(
        &self,
        store: &dyn Store,
        search: &Search,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Listed>, LogError> {
        self.catch_up(store).await?;
        Ok(self.read().list(before, search).take(most).cloned().collect())
    }

    /// The decisions that are looked for and by which something is to be done, in short and in the order of their days,
    /// from the one after `after` on, each with its place.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn due(
        &self,
        store: &dyn Store,
        search: &Search,
        after: Option<Due>,
        most: usize,
    ) -> Result<Vec<(Due, Listed)>, LogError> {
        self.catch_up(store).await?;
        let index = self.read();
        let due = index.due(after, search).into_iter().take(most);
        Ok(due.map(|(due, listed)| (due, listed.clone())).collect())
    }

    /// What there is to look for, and how much of it there is, on that day.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn overview(&self, store: &dyn Store, today: Day) -> Result<Overview, LogError> {
        self.catch_up(store).await?;
        Ok(self.read().overview(today))
    }

    /// A decision by its number, with what has been entered about it since and, the oldest first, all decisions about the
    /// same project. None where the entry with that number is no decision.
    ///
    /// # Errors
    /// When the log cannot be read, or an entry is not what was written.
    pub async fn get(&self, store: &dyn Store, number: u64) -> Result<Option<Found>, LogError> {
        self.catch_up(store).await?;
        let Some((listed, changes, history)) = self.known(number) else {
            return match self.nth(store, number).await? {
                // A record that reads and is not in the index does not follow the entry before it.
                Some(Entry { content: Content::Decision(_), .. }) => {
                    Err(LogError::Broken { number, fault: chain::Broken::Previous })
                }
                Some(Entry { content: Content::Change(_), .. }) | None => Ok(None),
            };
        };
        let Some(entry) = self.nth(store, number).await? else { return Ok(None) };
        let Content::Decision(record) = &entry.content else { return Ok(None) };
        let mut decided = Decided {
            hash: Some(entry.hash),
            record: Record::clone(record),
            standing: listed.standing,
            changes: Vec::with_capacity(changes.len()),
        };
        for number in changes {
            if let Some(Entry { content: Content::Change(change), .. }) = self.nth(store, number).await? {
                decided.changes.push(change);
            }
        }
        Ok(Some(Found { entry, decided, history }))
    }

    /// A number that is another one when something has come to what a session has decided, as far as this process has read
    /// the log: another decision in the place of one, or a further entry about one.
    pub fn mark_of(&self, session: SessionId) -> u64 {
        let index = self.read();
        let mut mark = DefaultHasher::new();
        for number in index.standing(session) {
            let standing =
                index.listed(number).map(|listed| (listed.standing.status, listed.standing.superseded_by));
            (number, standing, index.changes(number).len()).hash(&mut mark);
        }
        mark.finish()
    }

    /// The decisions of a session that hold or held, and the head of the whole log.
    ///
    /// # Errors
    /// When the log cannot be read, or one of them is not what was written.
    pub async fn of_session(
        &self,
        store: &dyn Store,
        session: SessionId,
    ) -> Result<(Vec<Decided>, Hash, u64), LogError> {
        self.catch_up(store).await?;
        let (numbers, (entries, head)) = (self.read().standing(session), self.read().end());
        let mut decided = Vec::with_capacity(numbers.len());
        for number in numbers {
            decided.extend(self.get(store, number).await?.map(|found| found.decided));
        }
        decided.sort_by_key(|decided| decided.record.number);
        Ok((decided, head, entries))
    }

    /// The whole log.
    ///
    /// # Errors
    /// When the log cannot be read, or an entry is not what was written.
    pub async fn all(&self, store: &dyn Store) -> Result<Book, LogError> {
        let mut book = Book::default();
        let mut after = Position::ZERO;
        loop {
            let page = store.read(&LogId::decisions(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(book) };
            after = last.position;
            for stored in &page {
                let number = book.entries.len() as u64 + 1;
                let entry = chain::read(&stored.bytes).map_err(|fault| LogError::Broken { number, fault })?;
                book.entries.push(entry);
            }
        }
    }

    /// What the index knows of a decision: in short, what has changed it since, and its project's history.
    fn known(&self, number: u64) -> Option<(Listed, Vec<u64>, Vec<Listed>)> {
        let index = self.read();
        let listed = index.listed(number)?.clone();
        let history = index.history(&listed);
        let history = history.iter().filter_map(|number| index.listed(*number).cloned()).collect();
        Some((listed, index.changes(number).to_vec(), history))
    }

    async fn nth(&self, store: &dyn Store, number: u64) -> Result<Option<Entry>, LogError> {
        let after = self.read().before(number);
        let Some(after) = after else { return Ok(None) };
        let found = store.read(&LogId::decisions(), after, 1).await?;
        let Some(stored) = found.first() else { return Ok(None) };
        chain::read(&stored.bytes).map(Some).map_err(|fault| LogError::Broken { number, fault })
    }

    /// The records of a session that hold now: the last one of each project, unless it took back. One that is not what
    /// was written any more holds nothing, and keeps nobody from deciding.
    async fn earlier(&self, store: &dyn Store, session: SessionId) -> Result<Vec<Record>, LogError> {
        let numbers = self.read().standing(session);
        let mut earlier = Vec::with_capacity(numbers.len());
        for number in numbers {
            match self.nth(store, number).await {
                Ok(Some(Entry { content: Content::Decision(record), .. })) => earlier.push(*record),
                Ok(_) => {}
                Err(LogError::Broken { fault, .. }) => tracing::error!(number, %fault, "{BROKEN}"),
                Err(error) => return Err(error),
            }
        }
        Ok(earlier)
    }

    fn read(&self) -> RwLockReadGuard<'_, Index> {
        // Nothing that is done under this lock panics halfway.
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What of a close is new beside what holds already: further records, each with the number of the one whose place it
/// takes.
fn changed(now: Vec<Record>, earlier: Vec<Record>, closed: &Closed) -> Vec<Record> {
    let mut earlier: std::collections::BTreeMap<_, Record> =
        earlier.into_iter().map(|record| (record.project.id, record)).collect();
    let mut changed = Vec::new();
    for mut record in now {
        if let Some(before) = earlier.remove(&record.project.id) {
            if record.says_the_same(&before) {
                continue;
            }
            record.supersedes = Some(before.number);
        }
        changed.push(record);
    }
    changed.extend(earlier.into_values().map(|before| before.taken_back(closed)));
    for (n, record) in (1..).zip(&mut changed) {
        record.close.n = n;
    }
    changed
}
