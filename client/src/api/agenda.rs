//! Templates, and bringing an agenda to a session.

use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    json::Json,
};

use super::{Body, Problem, answered, ask, json};
use crate::{agenda::template::Template, take::taken, text::text};

taken! {
    /// A sponsor of the portfolio.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SponsorRow {
        /// As the portfolio writes it.
        pub(crate) sponsor: String,
        /// How many projects are theirs.
        pub(crate) projects: usize,
        /// Who that is in the room.
        pub(crate) participants: Vec<ParticipantId>,
    }

    struct SponsorPage {
        items: Vec<SponsorRow>,
    }
}

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

/// Who the sponsors of a session's portfolio are in the room.
pub(crate) async fn sponsors(session: SessionId, token: &str) -> Result<Vec<SponsorRow>, Problem> {
    let path = format!("/api/sessions/{session}/sponsors");
    let page: SponsorPage = answered(ask("GET", &path, Some(token), Body::None).await?).await?;
    Ok(page.items)
}
