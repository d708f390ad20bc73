//! Running a session: commands, links, its end.

use plumbline_shared::{
    ids::{MessageId, SessionId},
    json::Json,
    messages::Command,
};
use uuid::Uuid;

use super::{Body, Problem, ask, json};

/// A link that was made, or took another's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rotated {
    /// What admits by it; none for a code, which admits to the door alone.
    pub(crate) token: Option<String>,
    /// The link.
    pub(crate) url: String,
    /// The link as a picture: SVG, where there is one.
    pub(crate) picture: Option<String>,
}

impl Rotated {
    fn of(answer: &Json) -> Self {
        let url = answer.get("url").string().or_else(|| answer.get("join_url").string());
        Self {
            token: answer.get("token").string(),
            url: url.unwrap_or_default(),
            picture: answer.get("picture").string(),
        }
    }
}

/// Gives a command over HTTP, for whoever waits for its answer.
pub(crate) async fn command(session: SessionId, token: &str, command: Command) -> Result<(), Problem> {
    let message = plumbline_sync::command_as_json(MessageId(Uuid::now_v7()), &command);
    let path = format!("/api/sessions/{session}/commands");
    ask("POST", &path, Some(token), Body::Json(Json::read(&message).unwrap_or(Json::Null))).await.map(drop)
}

/// Makes a link that carries the holder of `token` to another device.
pub(crate) async fn personal_link(session: SessionId, token: &str) -> Result<Rotated, Problem> {
    let answer = ask("POST", &format!("/api/sessions/{session}/link"), Some(token), Body::None).await?;
    Ok(Rotated::of(&json(answer).await))
}

/// Makes a link for somebody who is to come as a facilitator.
pub(crate) async fn hand_over(session: SessionId, token: &str, name: &str) -> Result<Rotated, Problem> {
    let body = Body::Json(Json::object(vec![("name", name.into()), ("role", "facilitator".into())]));
    let answer = ask("POST", &format!("/api/sessions/{session}/link"), Some(token), body).await?;
    Ok(Rotated::of(&json(answer).await))
}

/// Puts another code or link in place of one; `what` is `code`, `facilitator`, `observer` or a participant's id.
pub(crate) async fn rotate(session: SessionId, token: &str, what: &str) -> Result<Rotated, Problem> {
    let path = format!("/api/sessions/{session}/rotate");
    let body = Body::Json(Json::object(vec![("what", what.into())]));
    Ok(Rotated::of(&json(ask("POST", &path, Some(token), body).await?).await))
}

/// Erases a session for good.
pub(crate) async fn erase(session: SessionId, key: &str) -> Result<(), Problem> {
    ask("DELETE", &format!("/api/sessions/{session}"), Some(key), Body::None).await.map(drop)
}
