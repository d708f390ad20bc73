//! Who forges is held off: longer each time.
//!
//! Unmodified clients ignore why they were closed and come back at once, dozens of times in seconds; a refused
//! upgrade is what they understand.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::web::problem::AppError;

/// How long the first offence is held against somebody. It doubles with each one.
const FIRST: Duration = Duration::from_secs(5);

/// The longest that somebody is held off.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// How long after the last offence the next one is the first again.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);

/// The longest that somebody is held off for being slow, fast or large, or for a fault of ours.
const LONGEST_MINDED: Duration = Duration::from_secs(60);

/// How long after such a close the next one is the first again, on top of the time held off.
const CALM_AFTER: Duration = Duration::from_secs(60);

/// How many offenders are remembered at most; the one whose offence is oldest is forgotten for the next.
const OFFENDERS: usize = 10_000;

/// Who is held off, and for how long. `K` names one participant of one session.
#[derive(Debug)]
pub struct Penalties<K> {
    offenders: Mutex<HashMap<K, Offender>>,
}

#[derive(Clone, Copy, Debug)]
struct Offender {
    since: Instant,
    wait: Duration,
}

impl<K> Default for Penalties<K> {
    fn default() -> Self {
        Self { offenders: Mutex::default() }
    }
}

impl<K: Eq + Hash + Clone> Penalties<K> {
    /// Minds that a connection was closed for what an honest client does, too: once. Whoever is back and is closed for it again
    /// and again is held off, for longer each time.
    pub fn mind(&self, who: K, now: Instant) -> Duration {
        let known = self.lock().get(&who).copied();
        match known {
            Some(before) if now.duration_since(before.since) < CALM_AFTER + before.wait => {
                let wait = (before.wait * 2).clamp(FIRST, LONGEST_MINDED);
                self.note(who, Offender { since: now, wait });
                wait
            }
            _ => {
                self.note(who, Offender { since: now, wait: Duration::ZERO });
                Duration::ZERO
            }
        }
    }

    /// Holds somebody off whose connection was closed for forging. Returns for how long.
    pub fn punish(&self, who: K, now: Instant) -> Duration {
        let before = self.lock().get(&who).copied();
        let before = before.filter(|offender| now.duration_since(offender.since) < FORGOTTEN_AFTER);
        let wait = before.map_or(FIRST, |offender| (offender.wait * 2).clamp(FIRST, LONGEST));
        self.note(who, Offender { since: now, wait });
        wait
    }

    fn note(&self, who: K, offender: Offender) {
        let mut offenders = self.lock();
        if offenders.len() >= OFFENDERS && !offenders.contains_key(&who) {
            let oldest =
                offenders.iter().min_by_key(|(_, offender)| offender.since).map(|(who, _)| who.clone());
            oldest.and_then(|oldest| offenders.remove(&oldest));
        }
        offenders.insert(who, offender);
    }

    /// Whether somebody may connect.
    ///
    /// # Errors
    /// 403 with the time that is left. Asking does not make it longer.
    pub fn admits(&self, who: &K, now: Instant) -> Result<(), AppError> {
        let offenders = self.lock();
        let left = offenders
            .get(who)
            .and_then(|offender| (offender.since + offender.wait).checked_duration_since(now));
        match left.filter(|left| !left.is_zero()) {
            Some(left) => Err(AppError::held_off(left)),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Offender>> {
        self.offenders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn the_first_refusal_lasts_five_seconds() {
        let (penalties, now) = (Penalties::default(), Instant::now());
        assert!(penalties.admits(&"one", now).is_ok());
        assert_eq!(penalties.punish("one", now), Duration::from_secs(5));
        let refused = penalties.admits(&"one", now + Duration::from_secs(4)).unwrap_err();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert!(penalties.admits(&"one", now + Duration::from_secs(5)).is_ok());
        assert!(penalties.admits(&"other", now).is_ok());
    }

    #[test]
    fn each_refusal_lasts_twice_as_long_up_to_five_minutes_and_is_forgotten() {
        let penalties = Penalties::default();
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..9 {
            let wait = penalties.punish("one", now);
            waits.push(wait.as_secs());
            now += wait;
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(penalties.punish("one", now + FORGOTTEN_AFTER), FIRST);
    }

    #[test]
    fn who_is_closed_once_comes_back_at_once_and_who_is_closed_again_and_again_waits_longer_each_time() {
        let penalties = Penalties::default();
        let mut now = Instant::now();
        assert_eq!(penalties.mind("one", now), Duration::ZERO);
        assert!(penalties.admits(&"one", now).is_ok(), "an honest client is back at once");
        let mut waits = Vec::new();
        for _ in 0..6 {
            now += Duration::from_millis(100);
            waits.push(penalties.mind("one", now).as_secs());
            assert!(penalties.admits(&"one", now).is_err());
            now += Duration::from_secs(*waits.last().unwrap());
            assert!(penalties.admits(&"one", now).is_ok());
        }
        assert_eq!(waits, [5, 10, 20, 40, 60, 60]);
        assert_eq!(
            penalties.mind("one", now + CALM_AFTER + LONGEST_MINDED),
            Duration::ZERO,
            "all was well meanwhile"
        );
    }

    #[test]
    fn a_bounded_number_is_remembered() {
        let (penalties, start) = (Penalties::default(), Instant::now());
        for n in 0..=OFFENDERS {
            penalties.punish(n, start + Duration::from_nanos(n as u64));
        }
        assert_eq!(penalties.lock().len(), OFFENDERS);
        assert!(penalties.admits(&0, start).is_ok(), "the oldest is forgotten");
        assert!(penalties.admits(&OFFENDERS, start).is_err());
    }
}
