//! Who the sponsors of the portfolio are in the room.

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::ids::{ParticipantId, SessionId};
use serde::Serialize;

use crate::{
    session::{Session, SponsorHere},
    web::{app::App, body::Json, page::Paged, problem::AppError, target::Path},
};

/// One of them.
#[derive(Serialize)]
pub(super) struct Row {
    sponsor: String,
    projects: usize,
    participants: Vec<ParticipantId>,
    said: bool,
}

/// `GET /api/sessions/{id}/sponsors`: who sits out on what, unless they choose not to.
pub(super) async fn here(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Json<Paged<Row>>, AppError> {
    app.facilitator(&headers, id).await?;
    let here = app.session(id)?.ask(Session::sponsors_here).await?;
    let row = |SponsorHere { sponsor, projects, people, said }| Row {
        sponsor,
        projects,
        participants: people,
        said,
    };
    Ok(Json(Paged { items: here.into_iter().map(row).collect(), next: None }))
}
