//! Ballots: the questions, and what is promised about the answers.

/// Ballots: the questions, and what is promised about the answers.
pub(crate) struct Ballot {
    pub(crate) waits_title: &'static str,
}
