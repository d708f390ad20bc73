//! What a checkpoint has said of an earlier decision.

use super::Earlier;
use crate::{
    board::Decision,
    deciding::{EVERY, fields},
    words::Verdict,
};

/// What became of an earlier decision in the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// There was none, and there is none.
    Undecided,
    /// There was none, and there is one now.
    New,
    /// Nobody has said anything: it goes on as it was.
    Untouched,
    /// Somebody has said that it still holds.
    Holds,
    /// It says something else now: a further decision, which takes its place.
    Changed,
    /// It was taken back.
    TakenBack,
}

/// The field in which a decision says that the one before it still holds.
pub const HOLDS: &str = "holds";

/// What has become of the decision in `earlier`, as `now` has it. A decision is changed if its verdict is, its owner, its
/// reason, where it stands with its owner, or a field for which its verdict has a place.
#[must_use]
pub fn again(earlier: Option<&Earlier>, now: Option<&Decision>) -> Again {
    let none = Decision::default();
    let now = now.unwrap_or(&none);
    let before =
        earlier.filter(|earlier| earlier.number > 0).and_then(|earlier| Some((earlier, earlier.verdict?)));
    match (before, now.verdict) {
        (None, None) => Again::Undecided,
        (None, Some(_)) => Again::New,
        (Some(_), None) => Again::TakenBack,
        (Some((earlier, before)), Some(verdict)) => {
            if before != verdict || !says_the_same(earlier, now, verdict) {
                Again::Changed
            } else if now.more.get(HOLDS).is_some_and(|holds| !holds.is_empty()) {
                Again::Holds
            } else {
                Again::Untouched
            }
        }
    }
}

fn says_the_same(earlier: &Earlier, now: &Decision, verdict: Verdict) -> bool {
    let said = |field: &str| now.more.get(field).map_or("", |text| text.trim());
    let further = fields(verdict).iter().chain(EVERY).chain(&["status"]).filter(|field| **field != "owner");
    earlier.owner.trim() == now.owner.trim()
        && earlier.rationale.trim() == now.rationale.trim()
        && further.copied().all(|field| earlier.field(field).trim() == said(field))
}
