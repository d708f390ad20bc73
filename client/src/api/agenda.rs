//! Templates, and bringing an agenda to a session.

use plumbline_shared::{ids::SessionId, json::Json};

use super::{Body, Problem, ask, json};
use crate::{agenda::template::Template, text::text};

/// The templates that this server has, the one that is offered first before the others.
pub(crate) async fn templates() -> Result<Vec<Template>, Problem> {
    let answer = json(ask("GET", "/api/templates", None, Body::None).await?).await;
    let read: Option<Vec<Template>> = answer.get("items").list().iter().map(Template::read).collect();
    read.ok_or_else(|| Problem::local(text().errors.strange_answer))
}

/// Puts a template's steps in place of those that the session has.
pub(crate) async fn bring_agenda(session: SessionId, token: &str, template: &Json) -> Result<(), Problem> {
    let path = format!("/api/sessions/{session}/agenda");
    ask("POST", &path, Some(token), Body::Json(template.clone())).await.map(drop)
}
