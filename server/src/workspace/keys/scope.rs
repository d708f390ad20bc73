//! What an API key may open.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of the API. Which calls it opens, `web/admission/scopes.rs` says.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, Encode, Decode,
)]
#[cbor(index_only)]
pub enum Scope {
    /// The decision log is read.
    #[serde(rename = "decisions:read")]
    #[n(0)]
    DecisionsRead,
    /// What becomes of decisions is entered.
    #[serde(rename = "decisions:write")]
    #[n(1)]
    DecisionsWrite,
    /// Sessions are listed and read, with their codes.
    #[serde(rename = "sessions:read")]
    #[n(2)]
    SessionsRead,
    /// Sessions are founded and erased. Whoever founds one is its facilitator.
    #[serde(rename = "sessions:write")]
    #[n(3)]
    SessionsWrite,
    /// Files of decisions are made.
    #[serde(rename = "exports:read")]
    #[n(4)]
    ExportsRead,
    /// Webhooks are set up and looked after.
    #[serde(rename = "webhooks")]
    #[n(5)]
    Webhooks,
    /// Requests for new work are read and answered.
    #[serde(rename = "intake")]
    #[n(6)]
    Intake,
}

impl Scope {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::DecisionsRead,
        Self::DecisionsWrite,
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::ExportsRead,
        Self::Webhooks,
        Self::Intake,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DecisionsRead => "decisions:read",
            Self::DecisionsWrite => "decisions:write",
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::ExportsRead => "exports:read",
            Self::Webhooks => "webhooks",
            Self::Intake => "intake",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_scope_has_one_word() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }
}
