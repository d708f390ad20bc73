//! What of a decision is done: without that, a day that is over would stay due for ever.

use std::collections::BTreeMap;

use plumbline_shared::{day::Day, words::Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NotNow, Standing};

/// Something that a decision asks for, and that somebody can have done. What a wait's expiry and what is open ask for is
/// another decision, and that is no entry of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// It was looked at again.
    Review,
    /// The first step of a stop was taken.
    FirstStep,
    /// What stops has ended.
    Ends,
    /// The measure of a move was taken.
    Measure,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Review, Self::FirstStep, Self::Ends, Self::Measure];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::FirstStep => "first_step",
            Self::Ends => "ends",
            Self::Measure => "measure",
        }
    }

    /// That it is done, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Review => "review held",
            Self::FirstStep => "first step taken",
            Self::Ends => "ended",
            Self::Measure => "measure taken",
        }
    }

    /// The field of a decision that is the day for it.
    pub const fn day(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::FirstStep => "first_step_due",
            Self::Ends => "ends",
            Self::Measure => "measure_due",
        }
    }

    /// Whether a decision with this verdict asks for it.
    pub const fn is_of(self, verdict: Option<Verdict>) -> bool {
        match self {
            Self::Review => verdict.is_some(),
            Self::FirstStep | Self::Ends => matches!(verdict, Some(Verdict::Stop)),
            Self::Measure => matches!(verdict, Some(Verdict::Move)),
        }
    }

    fn of_day(field: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.day() == field)
    }
}

/// Who has done something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Done {
    /// Who.
    pub by: String,
    /// On which day.
    pub on: String,
    /// The number of the entry that says so.
    pub entry: u64,
}

/// What of a decision is done, and when it is looked at again after that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// By what it is; of each the last time that it was said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub done: BTreeMap<Deed, Done>,
    /// The day of the next review, where another one was agreed on when something was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_review: Option<String>,
}

impl Progress {
    /// Whether this may be said of a decision with that verdict.
    pub(super) fn may(
        verdict: Option<Verdict>,
        what: Deed,
        on: &str,
        next: Option<&str>,
    ) -> Result<(), NotNow> {
        if !what.is_of(verdict) {
            return Err(NotNow::NotAsked);
        }
        let later = next.is_none_or(|next| Day::parse(next) > Day::parse(on));
        if later { Ok(()) } else { Err(NotNow::ReviewBefore) }
    }

    /// Somebody has done something.
    pub(super) fn take(&mut self, what: Deed, done: Done, next: Option<&str>) {
        self.done.insert(what, done);
        // A review that was held is over; another day that was agreed on stays when something else is done.
        if what == Deed::Review || next.is_some() {
            self.next_review = next.map(str::to_owned);
        }
    }

    /// The day that a decision has for something now, where its record says `said`.
    pub fn day<'a>(&'a self, field: &str, said: &'a str) -> &'a str {
        match (field, &self.next_review) {
            ("review", Some(next)) => next,
            _ => said,
        }
    }

    /// Who has done what that day is for, if nothing is left to be done by it.
    pub fn done_for(&self, field: &str) -> Option<&Done> {
        let deed = Deed::of_day(field)?;
        if deed == Deed::Review && self.next_review.is_some() {
            return None;
        }
        self.done.get(&deed)
    }
}

impl Standing {
    /// A later decision takes the place of this one: what was done goes on being done, as far as the later one asks for the
    /// same by the same day. `before` and `now` are the days that both have.
    pub fn hand_on<'a>(
        &self,
        later: &mut Self,
        before: impl Fn(&str) -> &'a str,
        now: impl Fn(&str) -> &'a str,
    ) {
        for (deed, done) in &self.progress.done {
            let (before, now) = (before(deed.day()), now(deed.day()));
            if !now.is_empty() && before == now && self.progress.done_for(deed.day()).is_some() {
                later.progress.done.insert(*deed, done.clone());
            }
        }
    }
}
