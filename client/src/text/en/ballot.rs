//! English: ballots: the questions, and what is promised about the answers.

use crate::text::ballot::Ballot;

/// English.
pub(super) const BALLOT: Ballot = Ballot { waits_title: "The round has not been opened yet" };
