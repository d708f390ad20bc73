//! Why something was not done: a short name for programs, and a sentence for people.

use std::borrow::Cow;

use plumbline_shared::policy::{Denied, TooLong};

use super::guard::Path;

/// The names of reasons that commands are refused for, beside those of the policy.
const OF_COMMANDS: [&str; 32] = [
    "stale",
    "bad_timer",
    "no_such_step",
    "no_such_person",
    "last_facilitator",
    "bad_name",
    "unknown_message",
    "bad_reason",
    "same_person",
    "same_project",
    "no_such_project",
    "session_full",
    "already_joined",
    "too_large",
    "not_ready",
    "no_ballot",
    "not_sealed",
    "not_revealed",
    "nothing_to_ask",
    "no_such_item",
    "sits_out",
    "over_budget",
    "over_cap",
    "no_such_pillar",
    "bad_answer",
    "has_device",
    "no_agenda",
    "agenda_in_use",
    "older_session",
    "bad_dissent",
    "bad_line",
    "closed",
];

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// A short name that does not change.
    pub code: &'static str,
    /// What to do, in a sentence.
    pub sentence: Cow<'static, str>,
    /// What of the board it is about, as `root/key/field`, where the rules said no to a path.
    pub path: Option<String>,
}

impl Refusal {
    /// A reason.
    #[must_use]
    pub fn new(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { code, sentence: sentence.into(), path: None }
    }

    /// The same, about a path of the board.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        Self { path: Some(path.to_string()), ..self }
    }

    /// Whether it can overtake an honest change that is on its way.
    #[must_use]
    pub fn can_overtake(&self) -> bool {
        Denied::ALL.iter().any(|denied| denied.code() == self.code && denied.can_overtake())
    }

    /// The codes of all reasons for which a command may be refused.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        Denied::ALL.iter().map(|denied| denied.code()).chain(OF_COMMANDS)
    }

    /// A reason that was given before, as the state remembers it.
    #[must_use]
    pub fn recalled(code: &str, sentence: &str) -> Self {
        let code = Self::codes().find(|known| *known == code).unwrap_or("refused");
        Self::new(code, sentence.to_owned())
    }
}

impl From<TooLong> for Refusal {
    fn from(too_long: TooLong) -> Self {
        match too_long {
            TooLong::Name => Self::new("bad_name", "Give a name of 1 to 80 characters."),
            TooLong::Reason => Self::new("bad_reason", "The reason is too long: 500 characters at most."),
            TooLong::Answer => Self::new(
                "bad_answer",
                "The answer is too long: 500 characters at most, and 200 for where a claim can be checked.",
            ),
            TooLong::Dissent => Self::new(
                "bad_dissent",
                "This is too long: 1,000 characters at most. Say the one thing that matters.",
            ),
            TooLong::Line => Self::new("bad_line", "This line is too long: 1,000 characters at most."),
        }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::new(denied.code(), denied.sentence())
    }
}
