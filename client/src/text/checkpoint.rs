//! The words of a checkpoint.

use plumbline_shared::checkpoint::Again;

/// Opening one, what it found, what it comes to.
pub(crate) struct Checkpoint {
    pub(crate) title: &'static str,
    pub(crate) open: &'static str,
    pub(crate) open_says: &'static str,
    pub(crate) open_no_key: &'static str,
    pub(crate) title_of: fn(&str) -> String,
    pub(crate) looks_back: fn(&str, &str) -> String,
    pub(crate) import_first: &'static str,
    pub(crate) likenesses: fn(usize) -> String,
    pub(crate) likenesses_says: &'static str,
    pub(crate) alike: fn(u32) -> String,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) back: &'static str,
    pub(crate) yes_for: fn(&str, &str) -> String,
    pub(crate) no_for: fn(&str, &str) -> String,
    pub(crate) said_one: fn(&str) -> String,
    pub(crate) said_two: fn(&str) -> String,
    pub(crate) confirmed: fn(usize) -> String,
    /// On a card that the new portfolio does not have.
    pub(crate) gone: &'static str,
    pub(crate) gone_says: &'static str,
    /// Above the requests that wait.
    pub(crate) requests: &'static str,
    /// On the wall.
    pub(crate) since: fn(&str) -> String,
    pub(crate) report: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) of: fn(&str, &str) -> String,
    pub(crate) known: fn(u32, u32) -> String,
    /// Above the strategy's share, then and now, of projects, cost and people.
    pub(crate) share: &'static str,
    pub(crate) projects: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) people: &'static str,
    pub(crate) then: &'static str,
    pub(crate) now: &'static str,
    /// Above the other groups of figures.
    pub(crate) stops: &'static str,
    pub(crate) moves: &'static str,
    pub(crate) confidence: &'static str,
    pub(crate) decisions: &'static str,
    pub(crate) decided_before: fn(&str, &str) -> String,
    pub(crate) holds: &'static str,
    pub(crate) becomes_stop: &'static str,
    /// What became of the earlier decision here.
    pub(crate) stands: fn(Again) -> &'static str,
}
