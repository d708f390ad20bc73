//! Who the sponsors of the portfolio are in the room.

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::ids::{ParticipantId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    session::{Session, SponsorHere},
    web::{app::App, body::Json, page::Paged, problem::AppError, target::Path},
};

/// One of them.
#[derive(Serialize, ToSchema)]
#[schema(as = SponsorHere)]
pub(super) struct Row {
    sponsor: String,
    projects: usize,
    participants: Vec<ParticipantId>,
    said: bool,
}

/// Says who the sponsors of the portfolio are in the room.
///
/// For a facilitator of the session: who sits out on what, unless they choose not to. All are on one page.
#[utoipa::path(
    get, path = "/api/sessions/{id}/sponsors", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    responses((status = 200, description = "The sponsors.", body = Paged<Row>)),
)]
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
