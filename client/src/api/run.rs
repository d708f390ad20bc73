//! Running a session: commands, links, its end.

use plumbline_shared::{
    ids::{MessageId, SessionId},
    json::Json,
    messages::Command,
};
use uuid::Uuid;

use super::{Body, Problem, ask, json};
use crate::text::text;

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

/// What a link opens that is good once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    /// Whose seat it is, by name.
    pub(crate) name: String,
    /// Who made it, where that was somebody else.
    pub(crate) made_by: Option<String>,
}

/// Asks what a link opens, without using it.
pub(crate) async fn offered(session: SessionId, link: &str) -> Result<Offered, Problem> {
    let path = format!("/api/sessions/{session}/invitation");
    let answer = json(ask("GET", &path, Some(link), Body::None).await?).await;
    Ok(Offered {
        name: answer.get("name").string().unwrap_or_default(),
        made_by: answer.get("made_by").string(),
    })
}

/// Uses a link that is good once; gives the token that nobody else has.
pub(crate) async fn enter(session: SessionId, link: &str) -> Result<String, Problem> {
    let path = format!("/api/sessions/{session}/enter");
    let answer = json(ask("POST", &path, Some(link), Body::None).await?).await;
    answer.get("token").string().ok_or_else(|| Problem::local(text().errors.strange_answer))
}

/// Leaves on this device: the token is dead from then on, and so is the cookie.
pub(crate) async fn leave(session: SessionId, token: &str) -> Result<(), Problem> {
    ask("POST", &format!("/api/sessions/{session}/leave"), Some(token), Body::None).await.map(drop)
}

/// Erases a session for good.
pub(crate) async fn erase(session: SessionId, key: &str) -> Result<(), Problem> {
    ask("DELETE", &format!("/api/sessions/{session}"), Some(key), Body::None).await.map(drop)
}
