//! API keys: what integrations come with instead of the workspace key. Each opens what its scopes say, until a day.

mod scope;
mod state;

use plumbline_shared::day::Day;
use uuid::Uuid;

pub use scope::Scope;
pub(super) use state::Keys;
pub use state::{ApiKey, KeySays};

use super::{Workspace, WorkspaceError, entry::Body};
use crate::{
    store::Store,
    tokens::{Token, TokenHash, TokenKind},
};

/// How many keys a workspace has at most, those that have expired included.
pub const KEYS: usize = 100;

/// How many days a key is good for where nothing is said.
pub const USUAL_DAYS: i32 = 90;

/// How many days a key is good for at most.
pub const MOST_DAYS: i32 = 365;

impl Workspace {
    /// Makes a key that is good until the end of the day `expires`, by the clock of Greenwich. None where there are
    /// [`KEYS`] already.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn make_api_key(
        &self,
        store: &dyn Store,
        name: String,
        scopes: Vec<Scope>,
        expires: Day,
    ) -> Result<Option<(ApiKey, Token)>, WorkspaceError> {
        if self.read().keys().len() >= KEYS {
            return Ok(None);
        }
        let (id, token) = (Uuid::now_v7(), Token::fresh(TokenKind::Api));
        let key = ApiKey { id, name, hash: token.hash(), scopes, made_at: 0, expires: expires.0, used: None };
        self.append(store, Body::KeyMade { key: Box::new(key) }).await?;
        Ok(self.read().keys().get(id).cloned().map(|key| (key, token)))
    }

    /// Takes a key back: it opens nothing any more. Whether there was one.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn revoke_api_key(&self, store: &dyn Store, id: Uuid) -> Result<bool, WorkspaceError> {
        if self.read().keys().get(id).is_none() {
            return Ok(false);
        }
        self.append(store, Body::KeySaid { id, says: KeySays::Revoked }).await?;
        Ok(true)
    }

    /// All keys, the newest first.
    #[must_use]
    pub fn api_keys(&self) -> Vec<ApiKey> {
        self.read().keys().list().cloned().collect()
    }

    /// The key with this hash, good or not.
    #[must_use]
    pub fn api_key(&self, hash: &TokenHash) -> Option<ApiKey> {
        self.read().keys().by_hash(hash).cloned()
    }

    /// Notes that a key was used on that day: once a day.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn note_use(&self, store: &dyn Store, key: &ApiKey, today: Day) -> Result<(), WorkspaceError> {
        if key.used.is_none_or(|day| day < today.0) {
            self.append(store, Body::KeySaid { id: key.id, says: KeySays::Used { day: today.0 } }).await?;
        }
        Ok(())
    }
}
