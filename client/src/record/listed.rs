//! Decisions in short, and what changed from one decision about a project to the next.

use plumbline_shared::{day::Day, ids::SessionId, json::Json, words::Verdict};

use super::{DayName, Deed, Status};
use crate::take::{Take, taken};

taken! {
    /// A decision in short.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Listed {
        /// Its number in the log.
        pub(crate) number: u64,
        /// When the session was closed that decided: RFC 3339, UTC.
        pub(crate) decided_on: String,
        /// That session.
        pub(crate) session_id: SessionId,
        /// Its title.
        pub(crate) session: String,
        /// The project's name.
        pub(crate) project: String,
        /// What the organisation calls it by.
        pub(crate) reference: String,
        /// What was decided; none: an earlier decision was taken back.
        pub(crate) verdict: Option<Verdict>,
        /// Where it stands now.
        pub(crate) status: Status,
        /// The decision that has taken its place.
        pub(crate) superseded_by: Option<u64>,
        /// Who has told those whom it concerns.
        pub(crate) told: Option<Told>,
        /// What of it is done.
        pub(crate) done: AllDone,
        /// The day of its next review, where another one was agreed on since.
        pub(crate) next_review: Option<Day>,
        /// The pile that it came from, by its name.
        pub(crate) from: String,
        /// The pile that it stands on, by its name.
        pub(crate) to: String,
        /// The days that it names.
        pub(crate) days: Days,
        /// The one who answers for it.
        pub(crate) owner: String,
        /// Whether it goes against the room's private verdict.
        pub(crate) against: bool,
        /// The fields that its verdict needs and does not have.
        pub(crate) missing: Vec<String>,
    }

    /// Who has told those whom a decision concerns, and when.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Told {
        /// Who.
        pub(crate) by: String,
        /// On which day.
        pub(crate) on: Day,
    }
}

/// What of a decision is done, and on which day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AllDone(pub(crate) Vec<(Deed, Day)>);

impl AllDone {
    /// On which day something was done.
    pub(crate) fn of(&self, deed: Deed) -> Option<Day> {
        self.0.iter().find(|(other, _)| *other == deed).map(|(_, day)| *day)
    }
}

impl Take for AllDone {
    fn take(json: &Json) -> Option<Self> {
        let done = |deed: &Deed| Some((*deed, Day::take(json.get(deed.as_str()).get("on"))?));
        Some(Self(Deed::ALL.iter().filter_map(done).collect()))
    }
}

/// The days that a decision names, in the order in which they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) Vec<(DayName, Day)>);

impl Days {
    /// A day that it names.
    pub(crate) fn of(&self, name: DayName) -> Option<Day> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, day)| *day)
    }
}

impl Take for Days {
    fn take(json: &Json) -> Option<Self> {
        let named = |name: &DayName| Some((*name, Day::take(json.get(name.as_str()))?));
        Some(Self(DayName::ALL.iter().filter_map(named).collect()))
    }
}

/// What one decision about a project says otherwise than the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The verdict was another, or none.
    Verdict(Option<Verdict>, Option<Verdict>),
    /// Somebody else answers for it; empty: nobody.
    Owner(String, String),
    /// It stands on another pile.
    Pile(String, String),
    /// A day was moved, named or left out.
    Day(DayName, Option<Day>, Option<Day>),
}

impl Listed {
    /// Whether it holds.
    pub(crate) fn holds(&self) -> bool {
        self.verdict.is_some() && self.status.holds()
    }

    /// The first day by which something is to be done about it, if it holds: what is done is not due any more.
    pub(crate) fn due(&self) -> Option<(DayName, Day)> {
        let is_done = |name: DayName| match name.deed() {
            Some(Deed::Review) => self.next_review.is_none() && self.done.of(Deed::Review).is_some(),
            Some(deed) => self.done.of(deed).is_some(),
            None => false,
        };
        let left = self.days.0.iter().filter(|(name, _)| name.is_due() && !is_done(*name));
        left.min_by_key(|(_, day)| *day).copied().filter(|_| self.holds())
    }

    /// What it says otherwise than the decision `before` it. Of one that takes back only that.
    pub(crate) fn differs(&self, before: &Self) -> Vec<Difference> {
        let mut all = Vec::new();
        if self.verdict != before.verdict {
            all.push(Difference::Verdict(before.verdict, self.verdict));
        }
        if self.verdict.is_none() {
            return all;
        }
        if self.owner != before.owner {
            all.push(Difference::Owner(before.owner.clone(), self.owner.clone()));
        }
        if self.to != before.to {
            all.push(Difference::Pile(before.to.clone(), self.to.clone()));
        }
        let day = |name: DayName| (name, before.days.of(name), self.days.of(name));
        let days = DayName::ALL.into_iter().map(day).filter(|(_, was, is)| was != is);
        all.extend(days.map(|(name, was, is)| Difference::Day(name, was, is)));
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn listed(verdict: &str, owner: &str, days: &str) -> Listed {
        let json = format!(
            r#"{{"number":3,"decided_on":"2026-11-20T10:00:00Z","session_id":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f",
                "session":"Autumn","project":"Tram","reference":"","verdict":{verdict},"status":"proposed",
                "superseded_by":null,"told":null,"from":"","to":"Net zero","days":{days},"owner":"{owner}",
                "against":false,"missing":[]}}"#
        );
        Listed::take(&Json::read(&json).unwrap()).unwrap()
    }

    #[test]
    fn what_changed_from_one_decision_to_the_next_is_named() {
        let day = |text| Day::parse(text).unwrap();
        let wait = listed(r#""wait""#, "Anna", r#"{"expires":"2027-01-31","review":"2026-12-20"}"#);
        let stop = listed(r#""stop""#, "Ben", r#"{"ends":"2027-03-31","review":"2026-12-20"}"#);
        assert_eq!(
            stop.differs(&wait),
            [
                Difference::Verdict(Some(Verdict::Wait), Some(Verdict::Stop)),
                Difference::Owner("Anna".to_owned(), "Ben".to_owned()),
                Difference::Day(DayName::Ends, None, Some(day("2027-03-31"))),
                Difference::Day(DayName::Expires, Some(day("2027-01-31")), None),
            ]
        );
        assert_eq!(wait.differs(&wait), []);
    }

    #[test]
    fn what_is_due_is_the_first_day_on_which_something_is_left_to_be_done() {
        let day = |text| Day::parse(text).unwrap();
        let days = r#"{"review":"2027-03-01","ends":"2026-12-31","effective":"2026-11-20"}"#;
        let mut stop = listed(r#""stop""#, "Ben", days);
        assert_eq!(stop.due(), Some((DayName::Ends, day("2026-12-31"))));
        stop.done.0.push((Deed::Ends, day("2026-12-30")));
        assert_eq!(stop.due(), Some((DayName::Review, day("2027-03-01"))));
        stop.done.0.push((Deed::Review, day("2027-02-28")));
        assert_eq!(stop.due(), None, "on the day that is left it only begins");
        stop.next_review = Some(day("2027-03-01"));
        assert_eq!(stop.due(), Some((DayName::Review, day("2027-03-01"))), "it is due again");
        assert_eq!(Listed { status: Status::Reversed, ..stop }.due(), None);
        let json = Json::read(r#"{"measure":{"by":"Ana","on":"2027-01-02","entry":4}}"#).unwrap();
        assert_eq!(AllDone::take(&json).unwrap().of(Deed::Measure), Some(day("2027-01-02")));
    }

    #[test]
    fn of_a_decision_that_was_taken_back_only_that_is_told() {
        let stop = listed(r#""stop""#, "Ben", r#"{"ends":"2027-03-31"}"#);
        let back = Listed { status: Status::Reversed, ..listed("null", "", "{}") };
        assert_eq!(back.differs(&stop), [Difference::Verdict(Some(Verdict::Stop), None)]);
        assert!(stop.holds() && !back.holds());
    }
}
