//! How often something may happen: a leaky bucket (the generic cell rate algorithm) of one number.
//!
//! It is its own, and not a library's, because a wrong code must be counted after it was judged, and a caller who
//! has used up the tries must be refused before: one has to be able to look without taking.

use std::time::{Duration, Instant};

use plumbline_shared::limits::{UPDATE_BURST, UPDATES_PER_SECOND};

/// The updates of one connection.
pub const UPDATES: Rate = Rate::per_second(UPDATES_PER_SECOND, UPDATE_BURST);

/// So many in so long, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The time after which one more is allowed.
    each: Duration,
    /// The time that the burst is worth.
    burst: Duration,
}

impl Rate {
    /// `count` a second, and `burst` at once. Both at least 1.
    pub const fn per_second(count: u32, burst: u32) -> Self {
        Self::new(Duration::from_secs(1), count, burst)
    }

    /// `count` a minute, and `burst` at once. Both at least 1.
    pub const fn per_minute(count: u32, burst: u32) -> Self {
        Self::new(Duration::from_secs(60), count, burst)
    }

    const fn new(period: Duration, count: u32, burst: u32) -> Self {
        assert!(count > 0 && burst > 0, "a rate allows something");
        let each = period.checked_div(count).expect("count is not zero");
        Self { each, burst: each.saturating_mul(burst) }
    }
}

/// How much of a rate one caller has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When all of it has leaked out again; `None` if nothing was ever taken.
    empty_at: Option<Instant>,
}

impl Bucket {
    /// How long until one more is allowed; `None` if it is now. Takes nothing.
    pub fn wait(&self, rate: Rate, now: Instant) -> Option<Duration> {
        let level = self.level(now) + rate.each;
        level.checked_sub(rate.burst).filter(|wait| !wait.is_zero())
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until one more is allowed; nothing was taken then.
    pub fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        match self.wait(rate, now) {
            Some(wait) => Err(wait),
            None => {
                self.empty_at = Some(now + self.level(now) + rate.each);
                Ok(())
            }
        }
    }

    /// Takes so many at once that were used already, however many are allowed: the next one waits the longer.
    pub fn charge(&mut self, count: u64, rate: Rate, now: Instant) {
        let nanoseconds = u64::try_from(rate.each.as_nanos()).unwrap_or(u64::MAX);
        self.empty_at = Some(now + self.level(now) + Duration::from_nanos(nanoseconds.saturating_mul(count)));
    }

    /// Whether it is as good as new, and need not be kept.
    pub fn is_empty(&self, now: Instant) -> bool {
        self.level(now).is_zero()
    }

    fn level(&self, now: Instant) -> Duration {
        self.empty_at.map_or(Duration::ZERO, |empty_at| empty_at.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_through_and_then_one_at_a_time() {
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        let rate = Rate::per_second(10, 3);
        assert_eq!([(); 3].map(|()| bucket.take(rate, now)), [Ok(()); 3]);
        assert_eq!(bucket.take(rate, now), Err(Duration::from_millis(100)));
        assert_eq!(bucket.take(rate, now + Duration::from_millis(60)), Err(Duration::from_millis(40)));
        assert_eq!(bucket.take(rate, now + Duration::from_millis(100)), Ok(()));
        assert_eq!(bucket.take(rate, now + Duration::from_millis(100)), Err(Duration::from_millis(100)));
        assert!(!bucket.is_empty(now + Duration::from_millis(399)));
        assert!(bucket.is_empty(now + Duration::from_millis(400)));
    }

    #[test]
    fn what_was_used_already_is_waited_for_afterwards() {
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        let rate = Rate::per_second(1_000_000, 8_000_000);
        bucket.charge(4_000_000, rate, now);
        assert_eq!(bucket.wait(rate, now), None, "the largest change there is, and nobody waits");
        bucket.charge(7_000_000, rate, now);
        assert_eq!(bucket.wait(rate, now), Some(Duration::from_micros(3_000_001)));
        assert_eq!(bucket.wait(rate, now + Duration::from_secs(4)), None);
    }

    #[test]
    fn looking_takes_nothing() {
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        let rate = Rate::per_minute(1, 1);
        assert_eq!([(); 5].map(|()| bucket.wait(rate, now)), [None; 5]);
        assert_eq!(bucket.take(rate, now), Ok(()));
        assert_eq!(bucket.wait(rate, now), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_connection_may_send_240_updates_at_once_and_60_a_second() {
        let (mut bucket, start) = (Bucket::default(), Instant::now());
        let sent = (0..1000).filter(|_| bucket.take(UPDATES, start).is_ok()).count();
        assert_eq!(sent, 240);
        let during_ten_seconds = (1..=10_000)
            .filter(|ms| bucket.take(UPDATES, start + Duration::from_millis(*ms)).is_ok())
            .count();
        assert_eq!(during_ten_seconds, 600);
    }
}
