//! What leaves the room.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{ids::SessionId, words::Role};
use serde::Deserialize;

use crate::{
    clock,
    log::{
        export::{Format, Reader, Report},
        record::Closed,
    },
    session::Identity,
    store::Position,
    web::{
        app::{App, Caller},
        problem::AppError,
        target::{Path, Query},
    },
};

/// Whom a page is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whom {
    /// `office` or `everyone`.
    #[serde(rename = "for")]
    whom: Option<String>,
}

impl Whom {
    pub(super) fn reader(&self) -> Result<Reader, AppError> {
        let Some(word) = &self.whom else { return Ok(Reader::default()) };
        Reader::parse(word).ok_or_else(|| {
            AppError::malformed("`for` is `office`, the chief operating officer's page, or `everyone`.")
        })
    }
}

/// `GET /api/sessions/{id}/export/decisions.{md,csv,json,xlsx,html,ics,zip}`.
pub(super) async fn export(
    State(app): State<App>,
    Path((id, name)): Path<(SessionId, String)>,
    Query(whom): Query<Whom>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    match app.caller(&headers, id).await? {
        Caller::Workspace | Caller::Person(Identity { role: Role::Facilitator, .. }) => {}
        Caller::Person(_) => {
            return Err(AppError::forbidden("Only a facilitator of this session can export it. Ask yours."));
        }
    }
    let reader = whom.reader()?;
    let format = Format::from_file(&name).ok_or_else(no_such)?;
    let now = clock::now();
    let at = Position { at: now, n: 0 };
    let closed = app.session(id)?.ask(move |session| Closed::of(session, at)).await?;
    let (logged, head, entries) = app.node.decisions().of_session(app.node.store(), id).await?;
    // A workbook of a thousand projects takes a while to write.
    let rendering = tokio::task::spawn_blocking(move || {
        format.render(&Report::of_session(&closed, logged, (head, entries), now), reader)
    });
    file(format, rendering.await.map_err(AppError::fault)?)
}

pub(super) fn no_such() -> AppError {
    let names: Vec<String> =
        Format::ALL.into_iter().map(|format| format!("decisions.{}", format.ending())).collect();
    let detail = format!("There is no such export. There are {}.", names.join(", "));
    AppError::not_found("no_such_export", detail)
}

/// The file as it is answered.
pub(super) fn file(format: Format, content: Vec<u8>) -> Result<Response, AppError> {
    let name = format!("attachment; filename=\"decisions.{}\"", format.ending());
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(AppError::fault)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((fields, content).into_response())
}
