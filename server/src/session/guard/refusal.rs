//! Why an update is refused.

use std::fmt;

use super::lib0::Malformed;
use super::{Change, MAX_NEW_CLIENTS, Path};

/// Why nothing of an update is accepted. `R` is the judge's reason.
///
/// [`code`](Refusal::code) is stable, for metrics; the sentence is for people. Only `Denied` and the two
/// sizes happen to an unmodified client in ordinary use; everything else is a fault in the client or a
/// forgery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal<R> {
    /// The bytes are not an update.
    Malformed(Malformed),
    /// The whole update is larger than [`Limits::frame`](super::Limits::frame).
    FrameTooLarge {
        /// Bytes that came.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// What is new in it is larger than [`Limits::content`](super::Limits::content).
    TooMuchNew {
        /// Bytes allowed.
        limit: usize,
    },
    /// New blocks come from more than [`MAX_NEW_CLIENTS`] client ids.
    TooManyClients,
    /// The author has used up [`MAX_CLIENTS_PER_AUTHOR`](super::MAX_CLIENTS_PER_AUTHOR) client ids.
    TooManyReloads,
    /// New blocks under a client id that belongs to somebody else, or to the server.
    NotYours,
    /// Blocks that refer to each other, or to what comes after them.
    Circular,
    /// Origins that stand in different places, or that a write of a key cannot have.
    Torn,
    /// It would cost yrs more than [`MAX_STEPS`](super::MAX_STEPS), or make a text longer than
    /// [`MAX_TEXT_BLOCKS`](super::MAX_TEXT_BLOCKS).
    Tangled,
    /// Content in a place that does not take it: a text in a map, a value in a text, an element without a
    /// key.
    Misplaced,
    /// A map or text written over something that stands there, or a value over a map or text.
    Occupied(Path),
    /// Maps in maps beyond [`MAX_PATH_DEPTH`](super::MAX_PATH_DEPTH).
    TooDeep,
    /// The judge said no.
    Denied {
        /// What the update would have changed.
        path: Path,
        /// Why not.
        reason: R,
    },
}

impl<R> Refusal<R> {
    pub(super) fn denied(change: &Change<'_>, reason: R) -> Self {
        Refusal::Denied { path: change.path(), reason }
    }

    /// A short name that stays the same across releases.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed(_) => "malformed",
            Refusal::FrameTooLarge { .. } => "frame_too_large",
            Refusal::TooMuchNew { .. } => "too_much_new",
            Refusal::TooManyClients => "too_many_clients",
            Refusal::TooManyReloads => "too_many_reloads",
            Refusal::NotYours => "not_yours",
            Refusal::Circular => "circular",
            Refusal::Torn => "torn",
            Refusal::Tangled => "tangled",
            Refusal::Misplaced => "misplaced",
            Refusal::Occupied(_) => "occupied",
            Refusal::TooDeep => "too_deep",
            Refusal::Denied { .. } => "denied",
        }
    }
}

impl<R> From<Malformed> for Refusal<R> {
    fn from(malformed: Malformed) -> Self {
        Refusal::Malformed(malformed)
    }
}

impl<R: fmt::Display> fmt::Display for Refusal<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Malformed(why) => write!(f, "This change could not be read: {why}. Reload the page."),
            Refusal::FrameTooLarge { size, limit } => {
                write!(
                    f,
                    "This change is {size} bytes; at most {limit} are taken at once. Reload the page and change less at a time."
                )
            }
            Refusal::TooMuchNew { limit } => {
                write!(
                    f,
                    "This change is too large: at most {limit} bytes are taken at once. Change less at a time."
                )
            }
            Refusal::TooManyClients => write!(
                f,
                "This change was put together from more than {MAX_NEW_CLIENTS} devices or pages. Reload the page."
            ),
            Refusal::TooManyReloads => {
                write!(f, "This participant has opened the board too many times. Join again to go on.")
            }
            Refusal::NotYours => {
                write!(f, "This change was made under somebody else's name. Reload the page.")
            }
            Refusal::Circular | Refusal::Torn | Refusal::Misplaced => {
                write!(f, "This change does not fit the board. Reload the page.")
            }
            Refusal::Tangled => {
                write!(
                    f,
                    "This text was changed in too many places at once. Reload the page and change less at a time."
                )
            }
            Refusal::Occupied(path) => {
                write!(f, "Something else stands at {path} already. Reload the page and make it anew.")
            }
            Refusal::TooDeep => write!(f, "This change nests things deeper than a board does."),
            // The judge's reason is a sentence of its own.
            Refusal::Denied { reason, .. } => reason.fmt(f),
        }
    }
}

impl<R: fmt::Display + fmt::Debug> std::error::Error for Refusal<R> {}
