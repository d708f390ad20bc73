//! The fold of what the log says of API keys.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::day::Day;
use uuid::Uuid;

use super::Scope;
use crate::{session::codec, tokens::TokenHash};

/// An API key, as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ApiKey {
    /// Its id.
    #[cbor(n(0), with = "codec::id")]
    pub id: Uuid,
    /// What it is for, in its maker's words.
    #[n(1)]
    pub name: String,
    /// The hash of the key: the key itself is nowhere.
    #[n(2)]
    pub hash: TokenHash,
    /// What it opens.
    #[n(3)]
    pub scopes: Vec<Scope>,
    /// When it was made, in milliseconds since 1970.
    #[n(4)]
    pub made_at: u64,
    /// The last day on which it is good, in days since 1970.
    #[n(5)]
    pub expires: i32,
    /// The last day on which it was used, in days since 1970.
    #[n(6)]
    pub used: Option<i32>,
}

impl ApiKey {
    /// Whether it is good on that day.
    #[must_use]
    pub fn is_good(&self, today: Day) -> bool {
        today.0 <= self.expires
    }

    /// Whether it opens what a scope opens.
    #[must_use]
    pub fn opens(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum KeySays {
    /// It opens nothing any more.
    #[n(0)]
    Revoked,
    /// It was used.
    #[n(1)]
    Used {
        /// On which day, in days since 1970.
        #[n(0)]
        day: i32,
    },
}

/// All keys that were not taken back.
#[derive(Debug, Default, PartialEq)]
pub(in crate::workspace) struct Keys(BTreeMap<Uuid, ApiKey>);

impl Keys {
    pub(in crate::workspace) fn of(keys: Vec<ApiKey>) -> Self {
        Self(keys.into_iter().map(|key| (key.id, key)).collect())
    }

    pub(in crate::workspace) fn make(&mut self, key: &ApiKey, at: u64) {
        self.0.insert(key.id, ApiKey { made_at: at, ..key.clone() });
    }

    pub(in crate::workspace) fn say(&mut self, id: Uuid, says: KeySays) {
        match says {
            KeySays::Revoked => {
                self.0.remove(&id);
            }
            KeySays::Used { day } => {
                if let Some(key) = self.0.get_mut(&id) {
                    key.used = key.used.max(Some(day));
                }
            }
        }
    }

    pub(in crate::workspace) fn len(&self) -> usize {
        self.0.len()
    }

    pub(in crate::workspace) fn get(&self, id: Uuid) -> Option<&ApiKey> {
        self.0.get(&id)
    }

    pub(in crate::workspace) fn by_hash(&self, hash: &TokenHash) -> Option<&ApiKey> {
        // There are few, and `TokenHash` compares in constant time.
        self.0.values().find(|key| key.hash == *hash)
    }

    /// The newest first: ids are UUIDs of version 7.
    pub(in crate::workspace) fn list(&self) -> impl Iterator<Item = &ApiKey> {
        self.0.values().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_good_through_its_last_day_and_until_it_is_taken_back() {
        let (id, hash) = (Uuid::from_u128(1), TokenHash([1; 32]));
        let key = ApiKey {
            id,
            name: "Reporting".to_owned(),
            hash,
            scopes: vec![Scope::DecisionsRead],
            made_at: 0,
            expires: 20,
            used: None,
        };
        let mut keys = Keys::default();
        keys.make(&key, 5);
        let found = keys.by_hash(&hash).cloned().unwrap_or_else(|| panic!("it was just made"));
        assert!(found.is_good(Day(20)) && !found.is_good(Day(21)));
        assert!(found.opens(Scope::DecisionsRead) && !found.opens(Scope::DecisionsWrite));
        assert_eq!(found.made_at, 5);
        keys.say(id, KeySays::Used { day: 9 });
        keys.say(id, KeySays::Used { day: 7 });
        assert_eq!(
            keys.get(id).and_then(|key| key.used),
            Some(9),
            "the last day, in whatever order it is told"
        );
        keys.say(id, KeySays::Revoked);
        assert_eq!((keys.by_hash(&hash), keys.len()), (None, 0));
        keys.say(id, KeySays::Used { day: 10 });
        assert_eq!(keys.len(), 0);
    }
}
