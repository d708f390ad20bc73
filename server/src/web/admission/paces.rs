//! How fast one caller may make entries of a log over HTTP.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use plumbline_shared::limits::{CALL_BURST, CALLS_PER_SECOND, REQUEST_BURST, REQUESTS_PER_MINUTE};

use super::rate::{Bucket, Rate};
use crate::web::problem::AppError;

/// The calls with one token.
const CALLS: Rate = Rate::per_second(CALLS_PER_SECOND, CALL_BURST);

/// Requests for new work from one address.
pub const REQUESTS: Rate = Rate::per_minute(REQUESTS_PER_MINUTE, REQUEST_BURST);

/// People who join by code from one address, who may all be in one large hall and come in one minute.
pub const JOINS: Rate = Rate::per_second(10, 2_000);

/// Boards, exports and files that are made for one token: each may cost milliseconds.
pub const READS: Rate = Rate::per_second(5, 200);

/// How many callers are remembered before those are forgotten who have rested. More than this may call at once only
/// where so many have joined.
const SWEEP_AT: usize = 4_096;

/// How much of their pace callers have used. `K` names one of them: a token of one session, an address.
#[derive(Debug)]
pub struct Paces<K> {
    rate: Rate,
    callers: Mutex<HashMap<K, Bucket>>,
}

impl<K> Default for Paces<K> {
    fn default() -> Self {
        Self::of(CALLS)
    }
}

impl<K> Paces<K> {
    /// At this rate.
    #[must_use]
    pub fn of(rate: Rate) -> Self {
        Self { rate, callers: Mutex::default() }
    }
}

impl<K: Eq + Hash> Paces<K> {
    /// Counts a call, by somebody who is known: a stranger must not make this grow.
    ///
    /// # Errors
    /// 429 with the time to wait; the call was not counted then.
    pub fn take(&self, who: K, now: Instant) -> Result<(), AppError> {
        // Nothing that is done under this lock panics halfway.
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= SWEEP_AT && !callers.contains_key(&who) {
            callers.retain(|_, bucket| !bucket.is_empty(now));
        }
        callers.entry(who).or_default().take(self.rate, now).map_err(AppError::too_fast)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn who_has_used_up_the_burst_waits_and_nobody_else_does() {
        let (paces, now) = (Paces::default(), Instant::now());
        for _ in 0..CALL_BURST {
            paces.take("one", now).unwrap();
        }
        assert_eq!(paces.take("one", now).unwrap_err().status(), StatusCode::TOO_MANY_REQUESTS);
        paces.take("other", now).unwrap();
        paces.take("one", now + Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn who_has_rested_is_forgotten() {
        let (paces, now) = (Paces::default(), Instant::now());
        for n in 0..SWEEP_AT {
            paces.take(n, now).unwrap();
        }
        paces.take(SWEEP_AT, now + Duration::from_secs(60)).unwrap();
        assert_eq!(paces.callers.lock().unwrap().len(), 1);
    }
}
