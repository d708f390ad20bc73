//! The words of the workspace's record: the ways between its pages, the decision log, a decision.
//!
//! They stand apart from [`super::Text`], so that whoever only joins a session does not load them.

use plumbline_shared::words::Verdict;

use super::{en, text};
use crate::record::{DayName, Due, Status};

/// The record.
pub(crate) struct Record {
    /// What the ways between the pages are called.
    pub(crate) workspace: &'static str,
    /// To who has no key.
    pub(crate) needs_key: &'static str,
    /// What the page of requests is called among the ways.
    pub(crate) requests: &'static str,
    pub(crate) log: Log,
    pub(crate) chain: Chain,
}

/// The decision log.
pub(crate) struct Log {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty: &'static str,
    /// How many decisions there are, and how many of them hold.
    pub(crate) counted: fn(usize, usize) -> String,
    /// What is due, above all else.
    pub(crate) due_title: &'static str,
    pub(crate) nothing_due: &'static str,
    pub(crate) over: fn(usize) -> String,
    pub(crate) soon: fn(usize) -> String,
    pub(crate) untold: fn(usize) -> String,
    pub(crate) all_due: &'static str,
    pub(crate) all: &'static str,
    pub(crate) found_title: &'static str,
    /// Said once what was looked for is there: how many are shown, and whether there are more.
    pub(crate) found: fn(usize, bool) -> String,
    pub(crate) nothing_title: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) more: &'static str,
    pub(crate) take_along: &'static str,
    pub(crate) take_along_says: &'static str,
    pub(crate) seek: &'static str,
    pub(crate) search: &'static str,
    /// Of the button that unfolds the choices: how many are made.
    pub(crate) filters: fn(usize) -> String,
    pub(crate) any: &'static str,
    pub(crate) by_verdict: &'static str,
    pub(crate) by_status: &'static str,
    pub(crate) by_due: &'static str,
    pub(crate) by_owner: &'static str,
    pub(crate) by_pillar: &'static str,
    pub(crate) by_session: &'static str,
    pub(crate) only_what_holds: &'static str,
    pub(crate) only_untold: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) verdict: fn(Option<Verdict>) -> &'static str,
    pub(crate) status: fn(Status) -> &'static str,
    pub(crate) superseded_by: fn(u64) -> String,
    /// A day of a decision, such as *Review*.
    pub(crate) day: fn(DayName) -> &'static str,
    /// How far a day is from today, in days; less than none: it is over.
    pub(crate) in_days: fn(i32) -> String,
    /// By when something has to be due.
    pub(crate) due: fn(Due) -> String,
    pub(crate) decided: fn(&str) -> String,
    pub(crate) no_owner: &'static str,
    pub(crate) not_told: &'static str,
    pub(crate) against: &'static str,
    pub(crate) lacks: fn(usize) -> String,
}

/// Whether the log is what was written.
pub(crate) struct Chain {
    pub(crate) title: &'static str,
    pub(crate) coming: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) whole: fn(usize) -> String,
    pub(crate) head: &'static str,
    pub(crate) note_it: &'static str,
    /// In the place of [`Self::whole`]: the number of the first that is not, and how many there are.
    pub(crate) fault: fn(u64, usize) -> String,
    pub(crate) tampered: fn(u64) -> String,
    pub(crate) tampered_how: fn(&str) -> String,
    /// What to do.
    pub(crate) tampered_says: fn(u64) -> String,
    pub(crate) noted: &'static str,
    pub(crate) look: &'static str,
    pub(crate) malformed: &'static str,
    pub(crate) there: &'static str,
    pub(crate) missing: &'static str,
}

/// By the tags of their languages.
static RECORDS: &[(&str, &Record)] = &[("en", &en::record::RECORD)];

/// The texts of the record in the language of [`text`].
pub(crate) fn record() -> &'static Record {
    let own = RECORDS.iter().find(|(tag, _)| *tag == text().tag);
    own.map_or(&en::record::RECORD, |(_, record)| record)
}
