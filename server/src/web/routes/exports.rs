//! What leaves the room.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{ids::SessionId, words::Role};
use serde::Deserialize;
use utoipa::{
    IntoParams, IntoResponses, PartialSchema, ToSchema,
    openapi::{ContentBuilder, ObjectBuilder, RefOr, ResponseBuilder, Schema, schema::Type},
};

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
        openapi::TooFast,
        problem::AppError,
        target::{Path, Query},
    },
};

/// Whom a page is for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Whom {
    /// For whom the page (`html`) is: `office`, the chief operating officer's, or `everyone`, without tallies, dissent, and
    /// stops of which their teams have not been told.
    #[serde(rename = "for")]
    #[param(pattern = "^(office|everyone)$")]
    whom: Option<String>,
}

/// The name of a file of decisions, in the description of the API.
pub(super) struct FileName;

impl PartialSchema for FileName {
    fn schema() -> RefOr<Schema> {
        let names = Format::ALL.map(|format| format!("decisions.{}", format.ending()));
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for FileName {}

/// A file of decisions as it is answered, in the description of the API.
pub(super) struct File;

impl IntoResponses for File {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let mut found = ResponseBuilder::new().description("The file.");
        for format in Format::ALL {
            let kind = format.content_type().split(';').next().unwrap_or_default();
            let schema = match format {
                Format::Json => Some(Schema::Object(ObjectBuilder::new().schema_type(Type::Object).build())),
                _ if kind.starts_with("text/") => {
                    Some(Schema::Object(ObjectBuilder::new().schema_type(Type::String).build()))
                }
                _ => None,
            };
            found = found.content(kind, ContentBuilder::new().schema(schema).build());
        }
        let names = ResponseBuilder::new()
            .description("- `no_such_export`: the answer names the files that there are.");
        BTreeMap::from([("200".to_owned(), found.build().into()), ("404".to_owned(), names.build().into())])
    }
}

impl Whom {
    pub(super) fn reader(&self) -> Result<Reader, AppError> {
        let Some(word) = &self.whom else { return Ok(Reader::default()) };
        Reader::parse(word).ok_or_else(|| {
            AppError::malformed("`for` is `office`, the chief operating officer's page, or `everyone`.")
        })
    }
}

/// Gives the decisions of one session as a file.
///
/// For a facilitator of the session. The format is that of the name's ending: Markdown, CSV, JSON, XLSX, a page (HTML), calendar
/// dates (iCalendar), or one Markdown file for each decision with an index (ZIP).
#[utoipa::path(
    get, path = "/api/sessions/{id}/export/{file}", tag = "Sessions",
    params(
        ("id" = SessionId, Path, description = "The session."),
        ("file" = inline(FileName), Path, description = "The file's name."),
        Whom,
    ),
    security(("workspace_key" = []), ("session_token" = [])),
    responses(File, TooFast),
)]
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
    app.pace_reading(&headers, id)?;
    let reader = whom.reader()?;
    let format = Format::from_file(&name).ok_or_else(no_such)?;
    let now = clock::now();
    let at = Position { at: now, n: 0 };
    let closed = app.session(id)?.ask(move |session| Closed::of(session, at)).await?;
    let (mut logged, head, entries) = app.node.decisions().of_session(app.node.store(), id).await?;
    logged.extend(app.node.decisions().gone_on(app.node.store(), &closed).await?);
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
