//! How many sockets are open at a time: for everybody, from one address, with one token.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use plumbline_shared::ids::SessionId;

use super::address::network;
use crate::web::problem::AppError;

/// Sockets of all sessions together.
const SOCKETS: usize = 20_000;
/// Sockets from one address, or one IPv6 network. A room is one address, and a large hall is, too.
const SOCKETS_PER_ADDRESS: usize = 4_000;
/// Sockets with one token: the tabs of one browser. The observers' link is one token for all guests.
const SOCKETS_PER_TOKEN: usize = 64;
/// Sockets with the observers' or the facilitators' link, which several people may have.
const SOCKETS_PER_SHARED_TOKEN: usize = 1_000;

/// One token of one session.
type Holder = (SessionId, [u8; 32]);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    addresses: HashMap<IpAddr, usize>,
    holders: HashMap<Holder, usize>,
}

/// The sockets that are open, counted.
#[derive(Clone, Debug, Default)]
pub struct Crowd(Arc<Mutex<Counts>>);

/// A place of one socket, given back when it is dropped.
#[derive(Debug)]
pub struct PlaceInCrowd {
    crowd: Crowd,
    address: IpAddr,
    holder: Holder,
}

impl Crowd {
    /// Takes a place. `shared`: whether several people may have this token.
    ///
    /// # Errors
    /// 429 when there are too many; nothing was taken then.
    pub fn enter(&self, from: IpAddr, holder: Holder, shared: bool) -> Result<PlaceInCrowd, AppError> {
        let address = network(from);
        let most = if shared { SOCKETS_PER_SHARED_TOKEN } else { SOCKETS_PER_TOKEN };
        let mut counts = self.lock();
        let of_address = counts.addresses.get(&address).copied().unwrap_or(0);
        let of_holder = counts.holders.get(&holder).copied().unwrap_or(0);
        if of_holder >= most {
            return Err(AppError::too_many(
                "This link is open in too many pages. Close those that you do not need.",
            ));
        }
        if of_address >= SOCKETS_PER_ADDRESS {
            return Err(AppError::too_many(
                "Too many pages are connected from this network. Close some of them.",
            ));
        }
        if counts.all >= SOCKETS {
            return Err(AppError::too_many(
                "This server is full. Close pages that nobody needs, and try again.",
            ));
        }
        counts.all += 1;
        counts.addresses.insert(address, of_address + 1);
        counts.holders.insert(holder, of_holder + 1);
        drop(counts);
        Ok(PlaceInCrowd { crowd: self.clone(), address, holder })
    }

    /// Whether this token has as many sockets as one person's may have.
    #[must_use]
    pub fn is_crowded(&self, holder: &Holder) -> bool {
        self.lock().holders.get(holder).is_some_and(|count| *count >= SOCKETS_PER_TOKEN)
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Nothing that is done under this lock panics halfway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PlaceInCrowd {
    fn drop(&mut self) {
        let mut counts = self.crowd.lock();
        counts.all -= 1;
        less(&mut counts.addresses, &self.address);
        less(&mut counts.holders, &self.holder);
    }
}

fn less<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::StatusCode;
    use uuid::Uuid;

    use super::*;

    fn holder(n: u128) -> Holder {
        (SessionId(Uuid::from_u128(n)), [7; 32])
    }

    fn address(n: u32) -> IpAddr {
        IpAddr::from(n.to_be_bytes())
    }

    #[test]
    fn one_token_has_its_number_of_sockets_and_gives_places_back() {
        let crowd = Crowd::default();
        let mut places: Vec<_> =
            (0..SOCKETS_PER_TOKEN).map(|_| crowd.enter(address(1), holder(1), false).unwrap()).collect();
        let refused = crowd.enter(address(2), holder(1), false).unwrap_err();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(crowd.enter(address(1), holder(2), false).is_ok());
        assert!(crowd.enter(address(1), holder(1), true).is_ok(), "a link that several have takes more");
        places.pop();
        assert!(crowd.enter(address(1), holder(1), false).is_ok());
    }

    #[test]
    fn one_address_and_all_together_have_theirs_and_nothing_is_left_behind() {
        let crowd = Crowd::default();
        let of = |from: u32, count: usize| -> Vec<_> {
            (0..count).map(|n| crowd.enter(address(from), holder(n as u128), false).unwrap()).collect()
        };
        let room = of(1, SOCKETS_PER_ADDRESS);
        assert!(crowd.enter(address(1), holder(9_999), false).is_err());
        let halls: Vec<_> =
            (2..).take(SOCKETS / SOCKETS_PER_ADDRESS - 1).map(|n| of(n, SOCKETS_PER_ADDRESS)).collect();
        assert!(crowd.enter(address(99), holder(9_999), false).is_err(), "the server is full");
        drop((room, halls));
        let counts = crowd.lock();
        assert!(counts.all == 0 && counts.addresses.is_empty() && counts.holders.is_empty());
    }
}
