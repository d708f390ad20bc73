//! Sessions that are only shown, and one that goes on from another.

use plumbline_shared::{ids::SessionId, json::Json};

use super::{Body, MadeSession, Problem, answered, ask, given};
use crate::take::taken;

taken! {
    /// A demonstration that has begun.
    #[derive(Clone, Debug)]
    pub(crate) struct Begun {
        /// Its session.
        pub(crate) id: SessionId,
        /// What admits to the console.
        pub(crate) facilitator_token: String,
        /// What admits to the wall.
        pub(crate) observer_token: String,
        /// The link of whoever taps along.
        pub(crate) participant_url: String,
    }
}

/// Begins a demonstration with the sample.
pub(crate) async fn demonstrate(key: &str) -> Result<Begun, Problem> {
    answered(ask("POST", "/api/demonstrations", Some(key), Body::None).await?).await
}

/// Begins one with the portfolio and the agenda of a session.
pub(crate) async fn rehearse(session: SessionId, token: &str) -> Result<Begun, Problem> {
    let path = format!("/api/sessions/{session}/rehearse");
    answered(ask("POST", &path, Some(token), Body::None).await?).await
}

/// Makes the session that goes on from an earlier one, with this template.
pub(crate) async fn go_on(
    key: &str,
    from: SessionId,
    template: &str,
    title: &str,
    name: &str,
) -> Result<MadeSession, Problem> {
    let body = Json::sparse(vec![
        ("title", title.into()),
        ("name", given(name)),
        ("template", template.into()),
        ("from", from.0.into()),
    ]);
    answered(ask("POST", "/api/sessions", Some(key), Body::Json(body)).await?).await
}
