//! Places in a log.

use std::{fmt, str::FromStr};

/// A place in a log: the log's own time stamp and a number within it, as a Redis stream has them. Positions of one
/// log only grow. Written `1700000000000-3`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// When the entry was appended, in Unix milliseconds by the log's clock, which never goes back.
    pub at: u64,
    /// Which of the entries with this stamp it is, from 0.
    pub n: u64,
}

impl Position {
    /// Before every entry.
    pub const ZERO: Self = Self { at: 0, n: 0 };

    /// The position of an entry that follows this one when the wall clock says `now`, in Unix milliseconds. A clock
    /// that has not moved on, or was set back, only counts.
    #[must_use]
    pub fn next(self, now: u64) -> Self {
        if now > self.at { Self { at: now, n: 0 } } else { Self { at: self.at, n: self.n + 1 } }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at, self.n)
    }
}

/// The text is not a position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a position in a log: it is two whole numbers, like 1700000000000-3")]
pub struct NotAPosition(String);

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let digits = |part: &str| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u64>().ok()).flatten()
        };
        text.split_once('-')
            .and_then(|(at, n)| Some(Self { at: digits(at)?, n: digits(n)? }))
            .ok_or_else(|| NotAPosition(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn positions_are_ordered_by_stamp_and_then_by_number() {
        let at = |text: &str| text.parse::<Position>().unwrap();
        assert!(at("9-9") < at("10-0"));
        assert!(at("10-2") < at("10-10"));
        assert!(Position::ZERO < at("0-1"));
    }

    #[test]
    fn a_position_is_read_as_it_is_written() {
        let position = Position { at: 1_700_000_000_000, n: 3 };
        assert_eq!(position.to_string(), "1700000000000-3");
        assert_eq!(position.to_string().parse(), Ok(position));
    }

    #[test]
    fn what_is_not_a_position_is_refused() {
        for text in ["", "-", "1", "1-", "-1", "1-2-3", "+1-2", "1- 2", "99999999999999999999-0"] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_only_counts() {
        let last = Position { at: 100, n: 4 };
        assert_eq!(last.next(99), Position { at: 100, n: 5 });
        assert_eq!(last.next(100), Position { at: 100, n: 5 });
        assert_eq!(last.next(101), Position { at: 101, n: 0 });
    }
}
