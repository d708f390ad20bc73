//! Wrong codes: guessing is slow, and a room full of people who type the right one is not.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use plumbline_shared::limits::WRONG_CODES_PER_MINUTE;

use super::{
    address::network,
    rate::{Bucket, Rate},
};
use crate::{store::Shared, web::problem::AppError};

const FROM_ONE_ADDRESS: Rate = Rate::per_minute(WRONG_CODES_PER_MINUTE, WRONG_CODES_PER_MINUTE);

/// Wrong codes from everywhere, a minute. Somebody with very many addresses guesses one of a hundred open sessions,
/// among 2^40 codes, once in 17 years.
const WRONG_CODES_OVERALL_PER_MINUTE: u32 = 1200;

/// For how long wrong codes count that were tried on several nodes.
const COUNTED: Duration = Duration::from_secs(60);

const OVERALL: Rate = Rate::per_minute(WRONG_CODES_OVERALL_PER_MINUTE, WRONG_CODES_OVERALL_PER_MINUTE);

/// How many addresses are remembered before those that have served their minute are looked for. More than the
/// overall rate lets in within a minute, so that there are always some.
const SWEEP_AT: usize = 4 * WRONG_CODES_OVERALL_PER_MINUTE as usize;

/// Counts the wrong codes, or the wrong keys, per address and overall. Right ones do not count: a room is one address.
#[derive(Debug, Default)]
pub struct WrongCodes {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    overall: Bucket,
    addresses: HashMap<IpAddr, Bucket>,
}

impl WrongCodes {
    /// Looks a code up, if this address may try one; counts it if `look` finds nothing. `look` is not to wait for
    /// anything: guesses that are on their way at the same time are not counted yet.
    ///
    /// # Errors
    /// 429 if it may not, for this address or for all: then nothing was looked up. 404 if the code is wrong.
    pub fn attempt<T>(
        &self,
        from: IpAddr,
        now: Instant,
        look: impl FnOnce() -> Option<T>,
    ) -> Result<T, AppError> {
        self.admits(from, now)?;
        look().ok_or_else(|| {
            tracing::info!("a code was tried that no session has");
            self.count(from, now);
            AppError::wrong_code()
        })
    }

    /// The same where several nodes share a store: what was tried on the others counts as well.
    ///
    /// # Errors
    /// As [`WrongCodes::attempt`].
    pub async fn attempt_with_others<T>(
        &self,
        shared: Option<&dyn Shared>,
        from: IpAddr,
        now: Instant,
        look: impl FnOnce() -> Option<T>,
    ) -> Result<T, AppError> {
        let Some(shared) = shared else { return self.attempt(from, now, look) };
        let own = format!("wrong:{}", network(from));
        let count = |what: String, add| async move {
            // While the store is away, this node counts for itself.
            shared.count(&what, add, COUNTED).await.unwrap_or(0)
        };
        let tried = count(own.clone(), 0).await >= u64::from(WRONG_CODES_PER_MINUTE)
            || count("wrong".to_owned(), 0).await >= u64::from(WRONG_CODES_OVERALL_PER_MINUTE);
        if tried {
            return Err(AppError::too_many_wrong_codes(COUNTED));
        }
        let found = self.attempt(from, now, look);
        if found.as_ref().is_err_and(|error| error.status() == StatusCode::NOT_FOUND) {
            // The last that is looked up, of one address or of all: said once.
            if count(own, 1).await == u64::from(WRONG_CODES_PER_MINUTE) {
                say_that_it_waits(from);
            }
            if count("wrong".to_owned(), 1).await == u64::from(WRONG_CODES_OVERALL_PER_MINUTE) {
                say_that_all_wait();
            }
        }
        found
    }

    /// Whether this address may try a code. Takes nothing.
    ///
    /// # Errors
    /// 429 if not.
    pub fn admits(&self, from: IpAddr, now: Instant) -> Result<(), AppError> {
        self.wait(from, now).map_or(Ok(()), |wait| Err(AppError::too_many_wrong_codes(wait)))
    }

    /// Whether this address may try a key. Takes nothing.
    ///
    /// # Errors
    /// 429 if not, for a right one too: else guessing would go on unseen.
    pub fn admits_key(&self, from: IpAddr, now: Instant) -> Result<(), AppError> {
        self.wait(from, now).map_or(Ok(()), |wait| Err(AppError::too_many_wrong_keys(wait)))
    }

    fn wait(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let counts = self.lock();
        let own = counts.addresses.get(&network(from)).and_then(|bucket| bucket.wait(FROM_ONE_ADDRESS, now));
        own.max(counts.overall.wait(OVERALL, now))
    }

    /// Counts a wrong code.
    pub fn count(&self, from: IpAddr, now: Instant) {
        let mut counts = self.lock();
        // Both were admitted; what came in between is over the limit already.
        if counts.overall.take(OVERALL, now).is_err() {
            say_that_all_wait();
        }
        if counts.addresses.len() >= SWEEP_AT {
            counts.addresses.retain(|_, bucket| !bucket.is_empty(now));
        }
        let own = counts.addresses.entry(network(from)).or_default();
        let _: Result<(), Duration> = own.take(FROM_ONE_ADDRESS, now);
        // Said once each time that it comes so far, and the only time that the log has an address.
        if own.wait(FROM_ONE_ADDRESS, now).is_some() {
            say_that_it_waits(from);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn say_that_it_waits(from: IpAddr) {
    let from = network(from);
    tracing::warn!(%from, "so many wrong codes or keys were tried from one address that it has to wait");
}

fn say_that_all_wait() {
    tracing::warn!("wrong codes or keys come from very many addresses; somebody is guessing");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;

    use super::*;

    fn guess(codes: &WrongCodes, from: &str, now: Instant) -> StatusCode {
        codes.attempt(from.parse().unwrap(), now, || None::<()>).unwrap_err().status()
    }

    #[test]
    fn ten_wrong_codes_a_minute_are_looked_up_and_no_more() {
        let (codes, now) = (WrongCodes::default(), Instant::now());
        for _ in 0..10 {
            assert_eq!(guess(&codes, "192.0.2.1", now), StatusCode::NOT_FOUND);
        }
        assert_eq!(guess(&codes, "192.0.2.1", now), StatusCode::TOO_MANY_REQUESTS);
        let refused = codes.attempt("192.0.2.1".parse().unwrap(), now, || Some("right"));
        assert_eq!(
            refused.unwrap_err().status(),
            StatusCode::TOO_MANY_REQUESTS,
            "else guessing goes on unseen"
        );
        assert_eq!(guess(&codes, "192.0.2.2", now), StatusCode::NOT_FOUND);
        assert_eq!(guess(&codes, "192.0.2.1", now + Duration::from_secs(6)), StatusCode::NOT_FOUND);
    }

    #[test]
    fn right_codes_do_not_count() {
        let (codes, now) = (WrongCodes::default(), Instant::now());
        for _ in 0..500 {
            assert_eq!(codes.attempt("192.0.2.1".parse().unwrap(), now, || Some(7)).unwrap(), 7);
        }
        assert_eq!(guess(&codes, "192.0.2.1", now), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_network_of_the_newer_kind_is_one_address() {
        let (codes, now) = (WrongCodes::default(), Instant::now());
        for host in 0..10 {
            assert_eq!(guess(&codes, &format!("2001:db8:1:2::{host}"), now), StatusCode::NOT_FOUND);
        }
        assert_eq!(guess(&codes, "2001:db8:1:2:ffff::1", now), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(guess(&codes, "2001:db8:1:3::1", now), StatusCode::NOT_FOUND);
    }

    #[test]
    fn guessing_from_everywhere_is_limited_and_remembers_a_bounded_number() {
        let (codes, start) = (WrongCodes::default(), Instant::now());
        let mut looked_up = 0;
        for second in 0..600_u32 {
            let now = start + Duration::from_secs(second.into());
            for n in 0..200 {
                let from = IpAddr::V4(Ipv4Addr::from_bits(second * 200 + n));
                let looked =
                    codes.attempt(from, now, || None::<()>).unwrap_err().status() == StatusCode::NOT_FOUND;
                looked_up += u32::from(looked);
            }
            assert!(codes.lock().addresses.len() <= SWEEP_AT);
        }
        assert_eq!(looked_up, WRONG_CODES_OVERALL_PER_MINUTE + 599 * WRONG_CODES_OVERALL_PER_MINUTE / 60);
    }
}
