//! Why something cannot be done, with a sentence for the person.

use plumbline_shared::policy;

/// Why an intent is not taken. Nothing has changed then, on the board and in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The rules say no: the same that the server asks.
    #[error("{0}")]
    Rules(policy::Denied),
    /// The board has not arrived yet.
    #[error("The board is still loading. Wait a moment and try again.")]
    NotLoaded,
    /// The server has said no for good.
    #[error("This page is not let in any more, so nothing that is done here would be kept.")]
    NotLetIn,
    /// The outbox holds as much as it may.
    #[error(
        "Too many of your changes are not saved yet. Wait until the connection is back, then go on; nothing is lost."
    )]
    OutboxFull,
    /// More than the server takes in one frame.
    #[error("That is too much at once. Do it in smaller parts.")]
    TooMuchAtOnce,
    /// There is nothing of one's own to take back, or to do again.
    #[error("There is nothing of yours left to take back or to do again.")]
    NothingToUndo,
    /// What was taken back in a text, or done again, is not told by the text: it cannot be carried over to another
    /// document.
    #[error("What you took back there, or did again, could not be kept. Look at the text once more.")]
    NotRepeated,
}

impl Denied {
    /// A short name that does not change, for counts and for translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rules(denied) => denied.code(),
            Self::NotLoaded => "not_loaded",
            Self::NotLetIn => "not_let_in",
            Self::OutboxFull => "outbox_full",
            Self::TooMuchAtOnce => "too_much_at_once",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NotRepeated => "not_repeated",
        }
    }

    /// What to tell the person, in English. A page with another language goes by [`Denied::code`].
    #[must_use]
    pub fn sentence(self) -> String {
        self.to_string()
    }
}

impl From<policy::Denied> for Denied {
    fn from(denied: policy::Denied) -> Self {
        Self::Rules(denied)
    }
}
