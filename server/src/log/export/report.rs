//! What all files are made of: the decisions with where they stand, and the head of the log's chain.

use jiff::Timestamp;
use plumbline_shared::day::Day;

use super::record::{Record, moment};
use crate::log::{
    chain::{Entry, Hash},
    decisions::{Book, Decided},
    record::{Closed, records},
};

/// A session, or the whole log, as it is told to those who were not there. The renderers spell it out and decide nothing.
#[derive(Debug, Clone)]
pub struct Report {
    /// What it is about.
    pub about: Subject,
    /// When it was made.
    pub exported_at: Timestamp,
    /// The day of that, by the clock of Greenwich.
    pub today: Day,
    /// The hash of the log's last entry; zeros for a log without any.
    pub head: Hash,
    /// How many entries the log has.
    pub entries: u64,
    /// The decisions that it is about, by number.
    pub decided: Vec<Decided>,
}

/// What a report is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// One session, with its whole portfolio.
    Session(Box<Record>),
    /// The workspace's decision log.
    Log(Vec<Entry>),
}

impl Report {
    /// The whole log. `now` is in milliseconds since 1970, UTC.
    pub fn of_log(book: Book, now: u64) -> Self {
        Self {
            exported_at: moment(now),
            today: Day::of(now),
            head: book.head(),
            entries: book.entries.len() as u64,
            decided: book.decided(),
            about: Subject::Log(book.entries),
        }
    }

    /// A session as it is now. `logged` are its decisions in the log; what the board says otherwise by now is not decided
    /// before the next close, and has no number. `log` is the log's head, and how many entries it has.
    pub fn of_session(closed: &Closed, logged: Vec<Decided>, log: (Hash, u64), now: u64) -> Self {
        let mut decided: Vec<Decided> = records(closed)
            .into_iter()
            .map(|record| {
                let same = logged.iter().find(|logged| {
                    // What a checkpoint left as it was stands in the log from an earlier session.
                    let earlier = logged.record.session.id != closed.session;
                    logged.record.project.id == record.project.id
                        && (earlier || logged.record.says_the_same(&record))
                });
                same.cloned().unwrap_or_else(|| Decided::not_yet(record))
            })
            .collect();
        let mut record = Record::of(&closed.board, now);
        for row in &mut record.rows {
            row.decided =
                decided.iter().find(|decided| decided.record.project.id.to_string() == row.id).cloned();
        }
        record.log = log;
        decided.sort_by_key(|decided| decided.record.number);
        Self {
            about: Subject::Session(Box::new(record)),
            exported_at: moment(now),
            today: Day::of(now),
            head: log.0,
            entries: log.1,
            decided,
        }
    }

    /// What it is called.
    pub fn title(&self) -> String {
        match &self.about {
            Subject::Session(record) if record.title.trim().is_empty() => "Decisions of a session".to_owned(),
            Subject::Session(record) => format!("Decisions of {}", record.title),
            Subject::Log(_) => "Decision log".to_owned(),
        }
    }

    /// The decisions that hold.
    pub fn standing(&self) -> impl Iterator<Item = &Decided> + Clone {
        self.decided.iter().filter(|decided| decided.holds())
    }
}
