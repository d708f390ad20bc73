//! Where a decision stands now: what its record says, and what further entries have said since.

use plumbline_shared::{ids::SessionId, words::Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Change, Done, Progress, Record, Says, Status};

/// Where a decision stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Standing {
    /// Its status now.
    pub status: Status,
    /// The number of the decision that has taken its place.
    pub superseded_by: Option<u64>,
    /// Who has told those whom it concerns, and when; the last time that was said.
    pub told: Option<Told>,
    /// The last checkpoint that has confirmed it, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
    /// What of it is done.
    #[serde(flatten)]
    pub progress: Progress,
}

/// The checkpoint that has confirmed a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Confirmed {
    /// Its session.
    pub session: SessionId,
    /// When that was closed: RFC 3339, UTC.
    pub on: String,
}

/// Who has told those whom a decision concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Told {
    /// Who.
    pub by: String,
    /// On which day.
    pub on: String,
}

/// Why a change is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It does not hold any more.
    #[error("This decision does not hold any more. Change the one that has taken its place.")]
    Over,
    /// It is so already.
    #[error("This decision has this status already.")]
    Already,
    /// Nothing was decided that anybody could accept.
    #[error(
        "Nothing is decided here yet but who decides. Decide it in a session; that takes this one's place."
    )]
    Undecided,
    /// Only what stops winds down.
    #[error("Only a stop winds down. Say `accepted` for what moves or waits.")]
    NoStop,
    /// A decision does not go back to where it began.
    #[error(
        "A decision becomes accepted, winding_down, superseded or reversed. Its first status is that of its record."
    )]
    Backwards,
    /// Which decision takes its place?
    #[error(
        "Name the decision that takes this one's place: `superseded_by` is the number of a later one that holds."
    )]
    NoSuccessor,
    /// Only what is superseded names another one.
    #[error("Only what is superseded names a decision that takes its place. Leave `superseded_by` out.")]
    Successor,
    /// Its verdict asks for nothing of the kind.
    #[error(
        "This decision does not ask for that. A review is held of every decision, a first step taken and an end reached of \
         a stop, a measure taken of a move. A wait that is over and what is open are settled by another decision."
    )]
    NotAsked,
    /// The next review would come before what was done.
    #[error("`next_review` comes after `done_on`. Name a later day, or leave it out.")]
    ReviewBefore,
}

impl Standing {
    /// As its record says.
    pub fn of(record: &Record) -> Self {
        Self {
            status: record.status,
            superseded_by: None,
            told: None,
            confirmed: None,
            progress: Progress::default(),
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.status.holds()
    }

    /// Whether a decision with this verdict that stands here may be changed so. That a successor is a decision that
    /// holds is for who knows the others.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, verdict: Option<Verdict>, says: &Says) -> Result<(), NotNow> {
        if !self.holds() {
            return Err(NotNow::Over);
        }
        let (status, superseded_by) = match says {
            Says::Status { status, superseded_by, .. } => (status, superseded_by),
            Says::Done { what, done_on, next_review, .. } => {
                return Progress::may(verdict, *what, done_on, next_review.as_deref());
            }
            Says::Told { .. } | Says::Confirmed { .. } => return Ok(()),
        };
        if *status == self.status {
            return Err(NotNow::Already);
        }
        if superseded_by.is_some() != (*status == Status::Superseded) {
            return Err(if superseded_by.is_some() { NotNow::Successor } else { NotNow::NoSuccessor });
        }
        match status {
            Status::Proposed | Status::Open => Err(NotNow::Backwards),
            Status::Accepted if self.status == Status::WindingDown => Err(NotNow::Backwards),
            Status::Accepted if verdict == Some(Verdict::Open) => Err(NotNow::Undecided),
            Status::WindingDown if verdict != Some(Verdict::Stop) => Err(NotNow::NoStop),
            Status::Accepted | Status::WindingDown | Status::Superseded | Status::Reversed => Ok(()),
        }
    }

    /// Takes in a further entry about it.
    pub fn take(&mut self, change: &Change) {
        match &change.says {
            Says::Status { status, superseded_by, .. } => {
                self.status = *status;
                self.superseded_by = superseded_by.or(self.superseded_by);
            }
            Says::Told { told_by, told_on } => {
                self.told = Some(Told { by: told_by.clone(), on: told_on.clone() });
            }
            Says::Done { what, done_by, done_on, next_review, .. } => {
                let done = Done { by: done_by.clone(), on: done_on.clone(), entry: change.number };
                self.progress.take(*what, done, next_review.as_deref());
            }
            Says::Confirmed { session, .. } => {
                self.confirmed = Some(Confirmed { session: *session, on: change.changed_on.clone() });
            }
        }
    }

    /// A later record takes its place, or takes it back.
    pub fn yields(&mut self, later: &Record) {
        self.superseded_by = Some(later.number);
        self.status = if later.verdict.is_some() { Status::Superseded } else { Status::Reversed };
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Deed, *};

    fn status(status: Status) -> Says {
        let superseded_by = (status == Status::Superseded).then_some(9);
        Says::Status { status, reason: String::new(), superseded_by }
    }

    #[test]
    fn what_may_follow_upon_what() {
        use NotNow::{Already, Backwards, NoStop, Over, Undecided};
        use Status::{Accepted, Open, Proposed, Reversed, Superseded, WindingDown};
        let now = |status| Standing {
            status,
            superseded_by: None,
            told: None,
            confirmed: None,
            progress: Progress::default(),
        };
        for (stands, verdict, then, may) in [
            (Proposed, Verdict::Move, Accepted, Ok(())),
            (Proposed, Verdict::Move, Proposed, Err(Already)),
            (Accepted, Verdict::Move, Proposed, Err(Backwards)),
            (Accepted, Verdict::Wait, WindingDown, Err(NoStop)),
            (Accepted, Verdict::Stop, WindingDown, Ok(())),
            (WindingDown, Verdict::Stop, Accepted, Err(Backwards)),
            (WindingDown, Verdict::Stop, Reversed, Ok(())),
            (Open, Verdict::Open, Accepted, Err(Undecided)),
            (Open, Verdict::Open, Superseded, Ok(())),
            (Reversed, Verdict::Move, Accepted, Err(Over)),
            (Superseded, Verdict::Move, Reversed, Err(Over)),
        ] {
            assert_eq!(now(stands).may(Some(verdict), &status(then)), may, "{stands:?} {then:?}");
        }
        let bare = Says::Status { status: Superseded, reason: String::new(), superseded_by: None };
        assert_eq!(now(Accepted).may(Some(Verdict::Move), &bare), Err(NotNow::NoSuccessor));
        let named = Says::Status { status: Reversed, reason: String::new(), superseded_by: Some(9) };
        assert_eq!(now(Accepted).may(Some(Verdict::Move), &named), Err(NotNow::Successor));
        let told = Says::Told { told_by: "Ana".to_owned(), told_on: "2026-12-01".to_owned() };
        assert_eq!(now(Accepted).may(Some(Verdict::Stop), &told), Ok(()));
        assert_eq!(now(Superseded).may(Some(Verdict::Stop), &told), Err(Over));
    }
    #[test]
    fn what_is_done_is_what_its_verdict_asks_for_and_a_review_comes_after() {
        let done = |what, next: Option<&str>| Says::Done {
            what,
            done_by: "Ben".to_owned(),
            done_on: "2026-12-01".to_owned(),
            note: String::new(),
            next_review: next.map(str::to_owned),
        };
        let stands = Standing {
            status: Status::Accepted,
            superseded_by: None,
            told: None,
            confirmed: None,
            progress: Progress::default(),
        };
        for (verdict, what, may) in [
            (Verdict::Stop, Deed::Ends, Ok(())),
            (Verdict::Stop, Deed::FirstStep, Ok(())),
            (Verdict::Stop, Deed::Measure, Err(NotNow::NotAsked)),
            (Verdict::Move, Deed::Measure, Ok(())),
            (Verdict::Move, Deed::Ends, Err(NotNow::NotAsked)),
            (Verdict::Wait, Deed::Review, Ok(())),
            (Verdict::Wait, Deed::Ends, Err(NotNow::NotAsked)),
            (Verdict::Open, Deed::Review, Ok(())),
        ] {
            assert_eq!(stands.may(Some(verdict), &done(what, None)), may, "{verdict:?} {what:?}");
        }
        let next = |next| stands.may(Some(Verdict::Wait), &done(Deed::Review, Some(next)));
        assert_eq!(next("2026-12-02"), Ok(()));
        assert_eq!(next("2026-12-01"), Err(NotNow::ReviewBefore));
        let over = Standing { status: Status::Reversed, ..stands };
        assert_eq!(over.may(Some(Verdict::Stop), &done(Deed::Ends, None)), Err(NotNow::Over));
    }
}
