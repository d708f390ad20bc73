//! Why something was not done: a short name for programs, and a sentence for people.

use std::borrow::Cow;

use plumbline_shared::policy::Denied;

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// A short name that does not change.
    pub code: &'static str,
    /// What to do, in a sentence.
    pub sentence: Cow<'static, str>,
}

impl Refusal {
    /// A reason.
    #[must_use]
    pub fn new(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::new(denied.code(), denied.sentence())
    }
}
