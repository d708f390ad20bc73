//! Names of things: UUIDs (version 7, so that they sort by age) that cannot be mistaken for each other.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(
    /// One workshop.
    SessionId
);
id!(
    /// One person in one session.
    ParticipantId
);
id!(
    /// One project on a board.
    ProjectId
);
id!(
    /// One pillar of a board.
    PillarId
);
id!(
    /// One step of an agenda.
    StepId
);
id!(
    /// One note on a board.
    NoteId
);
id!(
    /// One typed message, unique in its session: by it a message can be repeated safely.
    MessageId
);

/// Whether `key` is an id as the board writes it: a hyphenated lower-case UUID. One spelling only, so that two
/// spellings of one id can never be two keys.
#[must_use]
pub fn is_canonical(key: &str) -> bool {
    key.len() == 36
        && key.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_a_key() {
        assert!(is_canonical("0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"));
        assert!(!is_canonical("0192F0C4-7B1E-7CC3-98C4-DC0C0C07398F"));
        assert!(!is_canonical("0192f0c47b1e7cc398c4dc0c0c07398f"));
        assert!(!is_canonical(""));
    }
}
