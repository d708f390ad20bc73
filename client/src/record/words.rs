//! The words of the decision log that the board does not have.

use plumbline_shared::{day::Day, json::Json};

use crate::take::Take;

/// Where a decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Its owner has not said yes.
    Proposed,
    /// Its owner has.
    Accepted,
    /// Nothing is decided yet, but who decides.
    Open,
    /// What stops is on its way out.
    WindingDown,
    /// Another decision has taken its place.
    Superseded,
    /// It was taken back.
    Reversed,
}

impl Status {
    pub(crate) const ALL: [Self; 6] =
        [Self::Proposed, Self::Accepted, Self::Open, Self::WindingDown, Self::Superseded, Self::Reversed];

    /// The word, as the server has it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Open => "open",
            Self::WindingDown => "winding_down",
            Self::Superseded => "superseded",
            Self::Reversed => "reversed",
        }
    }

    /// The status of that word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a decision with this status holds.
    pub(crate) const fn holds(self) -> bool {
        !matches!(self, Self::Superseded | Self::Reversed)
    }
}

impl Take for Status {
    fn take(json: &Json) -> Option<Self> {
        Self::parse(json.text()?)
    }
}

/// A day that a decision names, by the name of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayName {
    Review,
    Ends,
    Expires,
    DecideBy,
    FirstStepDue,
    MeasureDue,
    Effective,
}

impl DayName {
    pub(crate) const ALL: [Self; 7] = [
        Self::Review,
        Self::Ends,
        Self::Expires,
        Self::DecideBy,
        Self::FirstStepDue,
        Self::MeasureDue,
        Self::Effective,
    ];

    /// The field.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Ends => "ends",
            Self::Expires => "expires",
            Self::DecideBy => "decide_by",
            Self::FirstStepDue => "first_step_due",
            Self::MeasureDue => "measure_due",
            Self::Effective => "effective",
        }
    }

    /// Whether something is to be done by that day: on the others it only begins.
    const fn is_due(self) -> bool {
        !matches!(self, Self::Effective)
    }
}

/// The first of the days by which something is to be done.
pub(crate) fn due(days: &[(DayName, Day)]) -> Option<(DayName, Day)> {
    days.iter().filter(|(name, _)| name.is_due()).min_by_key(|(_, day)| *day).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_status_is_found_by_its_word() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("done"), None);
        assert!(Status::WindingDown.holds() && !Status::Superseded.holds() && !Status::Reversed.holds());
    }

    #[test]
    fn what_is_due_is_the_first_day_on_which_something_is_to_be_done() {
        let day = |text| Day::parse(text).unwrap();
        let days = [
            (DayName::Review, day("2027-03-01")),
            (DayName::Ends, day("2026-12-31")),
            (DayName::Effective, day("2026-11-20")),
        ];
        assert_eq!(due(&days), Some((DayName::Ends, day("2026-12-31"))));
        assert_eq!(due(&days[2..]), None, "it only begins then");
    }
}
