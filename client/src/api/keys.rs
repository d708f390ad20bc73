//! API keys of the workspace.

use plumbline_shared::{day::Day, json::Json};
use uuid::Uuid;

use super::{Body, Problem, answered, ask};
use crate::take::taken;

taken! {
    /// An API key, without the key.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct ApiKey {
        /// Its id.
        pub(crate) id: Uuid,
        /// What it is for.
        pub(crate) name: String,
        /// What it opens.
        pub(crate) scopes: Vec<String>,
        /// When it was made, in milliseconds since 1970.
        pub(crate) made_at: u64,
        /// The last day on which it is good.
        pub(crate) expires: Day,
        /// The last day on which it was used.
        pub(crate) used: Option<Day>,
    }

    /// All keys: there are a hundred at most.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct ApiKeys {
        /// The newest first.
        pub(crate) items: Vec<ApiKey>,
    }

    /// A key that was just made.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct KeyMade {
        /// Its id.
        pub(crate) id: Uuid,
        /// The key: it is told this once.
        pub(crate) key: String,
        /// What it is for.
        pub(crate) name: String,
    }
}

/// The keys that there are.
pub(crate) async fn api_keys(key: &str) -> Result<ApiKeys, Problem> {
    answered(ask("GET", "/api/keys?limit=100", Some(key), Body::None).await?).await
}

/// Makes a key that opens `scopes` until the end of the day `expires`, by the clock of Greenwich.
pub(crate) async fn make_api_key(
    key: &str,
    name: &str,
    scopes: &[&str],
    expires: Day,
) -> Result<KeyMade, Problem> {
    let scopes = scopes.iter().map(|scope| Json::from(*scope)).collect();
    let expires = expires.to_string();
    let body =
        vec![("name", name.into()), ("scopes", Json::List(scopes)), ("expires", expires.as_str().into())];
    answered(ask("POST", "/api/keys", Some(key), Body::Json(Json::object(body))).await?).await
}

/// Revokes a key.
pub(crate) async fn revoke_api_key(key: &str, id: Uuid) -> Result<(), Problem> {
    ask("DELETE", &format!("/api/keys/{id}"), Some(key), Body::None).await.map(drop)
}
