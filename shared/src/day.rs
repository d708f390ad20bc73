//! Calendar days, as decisions name them, and how far apart they are.

use std::fmt;

use crate::schema::is_day;

/// A day of the calendar: days since 1 January 1970. Ordered as the calendar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day that stands as `2026-11-20`; none for anything else, the empty text included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !is_day(text) {
            return None;
        }
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i32>().ok();
        let (year, month, date) = (part(0..4)?, part(5..7)?, part(8..10)?);
        // Counted in years that begin with March, so that a leap day is the last of its year.
        let years = if month < 3 { year - 1 } else { year };
        let months = (month + 9) % 12;
        Some(Self(
            years * 365 + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + date - EPOCH,
        ))
    }

    /// The day, by the clock of Greenwich, of so many milliseconds since 1970.
    #[must_use]
    pub fn of(milliseconds: u64) -> Self {
        Self(i32::try_from(milliseconds / 86_400_000).unwrap_or(i32::MAX))
    }

    /// So many days later; earlier, if it is less than nothing.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

/// 1 January 1970 in days from 1 March of the year 0, counted from 1.
const EPOCH: i32 = 719_469;

/// As the board writes it: `2026-11-20`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The civil-from-days algorithm of Howard Hinnant (2013), for days from the year 0 on.
        let day = self.0.saturating_add(EPOCH - 1).max(0);
        let (era, of_era) = (day / 146_097, day % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months = (5 * of_year + 2) / 153;
        let date = of_year - (153 * months + 2) / 5 + 1;
        let month = if months < 10 { months + 3 } else { months - 9 };
        let year = year_of_era + era * 400 + i32::from(month < 3);
        write!(f, "{year:04}-{month:02}-{date:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_and_written_as_the_calendar_has_them() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2026-11-27", 20_784),
            ("2100-03-01", 47_541),
        ] {
            assert_eq!(Day::parse(text), Some(Day(number)), "{text}");
            assert_eq!(Day(number).to_string(), text);
        }
        for day in (-700_000..700_000).step_by(997).map(Day) {
            assert_eq!(Day::parse(&day.to_string()), Some(day));
        }
        assert_eq!(
            Day::parse("2026-01-30").map(|day| day.plus(30).to_string()),
            Some("2026-03-01".to_owned())
        );
        assert_eq!(Day::of(1_795_800_000_000).to_string(), "2026-11-27");
        for none in ["", "2026-02-29", "2026-2-9", "tomorrow"] {
            assert_eq!(Day::parse(none), None);
        }
    }
}
