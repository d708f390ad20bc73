//! The words of the decision log that the board does not have.

use plumbline_shared::{json::Json, words::Verdict};

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
    pub(super) const fn is_due(self) -> bool {
        !matches!(self, Self::Effective)
    }

    /// What is to be done by that day, if that can be entered: on the others something is to be decided.
    pub(crate) const fn deed(self) -> Option<Deed> {
        match self {
            Self::Review => Some(Deed::Review),
            Self::Ends => Some(Deed::Ends),
            Self::FirstStepDue => Some(Deed::FirstStep),
            Self::MeasureDue => Some(Deed::Measure),
            Self::Expires | Self::DecideBy | Self::Effective => None,
        }
    }
}

/// Something that a decision asks for, and that somebody can have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
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
    pub(crate) const ALL: [Self; 4] = [Self::FirstStep, Self::Ends, Self::Measure, Self::Review];

    /// The word, as the server has it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::FirstStep => "first_step",
            Self::Ends => "ends",
            Self::Measure => "measure",
        }
    }

    /// What that word says.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == word)
    }

    /// Whether a decision with this verdict asks for it.
    pub(crate) const fn is_of(self, verdict: Option<Verdict>) -> bool {
        match self {
            Self::Review => verdict.is_some(),
            Self::FirstStep | Self::Ends => matches!(verdict, Some(Verdict::Stop)),
            Self::Measure => matches!(verdict, Some(Verdict::Move)),
        }
    }
}

impl Take for Deed {
    fn take(json: &Json) -> Option<Self> {
        Self::parse(json.text()?)
    }
}

#[cfg(test)]
mod tests {
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
    fn what_can_be_done_is_what_the_verdict_asks_for() {
        let of = |verdict| Deed::ALL.into_iter().filter(|deed| deed.is_of(verdict)).collect::<Vec<_>>();
        assert_eq!(of(Some(Verdict::Stop)), [Deed::FirstStep, Deed::Ends, Deed::Review]);
        assert_eq!(of(Some(Verdict::Move)), [Deed::Measure, Deed::Review]);
        assert_eq!(of(Some(Verdict::Wait)), [Deed::Review]);
        assert_eq!(of(None), []);
        for deed in Deed::ALL {
            assert_eq!(Deed::parse(deed.as_str()), Some(deed));
        }
    }
}
