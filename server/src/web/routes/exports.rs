//! What leaves the room.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{ids::SessionId, words::Role};

use crate::{
    clock,
    log::export::{Format, Record},
    session::Identity,
    web::{
        app::{App, Caller},
        problem::AppError,
        target::Path,
    },
};

/// `GET /api/sessions/{id}/export/decisions.{md,csv,json,xlsx}`.
pub(super) async fn export(
    State(app): State<App>,
    Path((id, file)): Path<(SessionId, String)>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    match app.caller(&headers, id).await? {
        Caller::Workspace | Caller::Person(Identity { role: Role::Facilitator, .. }) => {}
        Caller::Person(_) => {
            return Err(AppError::forbidden("Only a facilitator of this session can export it. Ask yours."));
        }
    }
    let format = file.strip_prefix("decisions.").and_then(Format::from_ending).ok_or_else(|| {
        let detail = "There is no such export. There are decisions.md, decisions.csv, decisions.json and decisions.xlsx.";
        AppError::not_found("no_such_export", detail)
    })?;
    let board = app.session(id)?.ask(crate::session::Session::board).await?;
    let now = clock::now();
    // A workbook of a thousand projects takes a while to write.
    let rendering = tokio::task::spawn_blocking(move || format.render(&Record::of(&board, now)));
    let content = rendering.await.map_err(AppError::fault)?;
    let name = format!("attachment; filename=\"decisions.{}\"", format.ending());
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(AppError::fault)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((fields, content).into_response())
}
