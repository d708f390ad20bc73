//! When what was not taken is tried again.

use std::time::Duration;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long each attempt waits after the one before, as the Standard Webhooks specification proposes it: at once, then
/// over a little more than three days.
pub const DELAYS: [Duration; 10] = [
    seconds(0),
    seconds(5),
    seconds(5 * MINUTE),
    seconds(30 * MINUTE),
    seconds(2 * HOUR),
    seconds(5 * HOUR),
    seconds(10 * HOUR),
    seconds(14 * HOUR),
    seconds(20 * HOUR),
    seconds(24 * HOUR),
];

/// The longest wait that an endpoint's `Retry-After` is heard for.
const LONGEST_WISH: Duration = seconds(DAY);

/// For how long an endpoint may take nothing before it is turned off.
const PATIENCE: Duration = seconds(5 * DAY);

/// The part of a delay by which it may be longer, so that what failed together does not come back together: a fifth.
const JITTER: u32 = 5;

/// The schedule, and how many times as fast as it stands it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    pace: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::paced(1)
    }
}

impl Schedule {
    /// So many times as fast as it stands: for tests, which have no days to wait.
    pub fn paced(pace: u32) -> Self {
        Self { pace: pace.max(1) }
    }

    /// How long after a failure the next attempt comes, when so many have failed; none when it was the last. `wish` is the
    /// endpoint's own `Retry-After`, `chance` any number, by which the wait is a little longer.
    pub fn after(self, failed: u32, wish: Option<Duration>, chance: u32) -> Option<Duration> {
        let delay = *DELAYS.get(usize::try_from(failed).ok()?)? / self.pace;
        // In parts of a thousand of the longest that may be added.
        let delay = delay + delay / JITTER * (chance % 1_001) / 1_000;
        Some(delay.max(wish.unwrap_or_default().min(LONGEST_WISH)))
    }

    /// For how long an endpoint may take nothing before it is turned off.
    pub fn patience(self) -> Duration {
        PATIENCE / self.pace
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn attempts_spread_over_three_days_and_end() {
        let schedule = Schedule::default();
        let whole: Duration = (1..10).map(|failed| schedule.after(failed, None, 0).unwrap()).sum();
        assert_eq!(whole, seconds(75 * HOUR + 35 * MINUTE + 5));
        assert_eq!(schedule.after(10, None, 0), None);
        assert_eq!(schedule.after(u32::MAX, Some(seconds(1)), 0), None);
    }

    #[test]
    fn a_wait_is_longer_by_a_fifth_at_most() {
        let schedule = Schedule::default();
        for chance in [0, 1, 500, 1_000, 1_001, u32::MAX] {
            let wait = schedule.after(2, None, chance).unwrap();
            assert!((300_000..=360_000).contains(&wait.as_millis()), "{wait:?}");
        }
        assert_eq!(schedule.after(2, None, 1_000), Some(seconds(360)));
    }

    #[test]
    fn an_endpoint_may_ask_for_more_time_and_not_for_less_or_for_ever() {
        let schedule = Schedule::default();
        assert_eq!(schedule.after(1, Some(seconds(90)), 0), Some(seconds(90)));
        assert_eq!(schedule.after(2, Some(seconds(90)), 0), Some(seconds(300)));
        assert_eq!(schedule.after(1, Some(Duration::MAX), 0), Some(seconds(DAY)));
        assert_eq!(Schedule::paced(100).after(2, None, 0), Some(seconds(3)));
    }
}
