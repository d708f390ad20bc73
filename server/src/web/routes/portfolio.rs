//! Portfolios and pillars.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, header},
};
use plumbline_shared::{
    ids::{ParticipantId, PillarId, ProjectId, SessionId},
    words::Origin,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    import::{
        self, Column, ColumnMap, Existing, Field, Format, ImportError, ImportedPillar, ImportedProject,
        Match, Note, Portfolio, Skipped,
    },
    live::SessionHandle,
    session::{
        Fate, Imported,
        entry::{Body, File, PillarRow, Row},
    },
    web::{
        app::App,
        body,
        body::Json,
        openapi::{TooFast, schemas},
        problem::AppError,
        target::{Path, Query},
    },
};

/// How a portfolio is read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// Which column is what, by header, letter or `Column C`: `name:Project,cost:Whole Life Cost (£m)`. `field:column` reads
    /// one into name, summary, sponsor, owner, origin, cost, people or reference, `field:` leaves a field empty, `more:column`
    /// keeps a column as it is, `ignore:column` leaves it out. What is not named is guessed.
    map: Option<String>,
    /// Only to say what would happen: `1`.
    preview: Option<String>,
}

/// What an import came to.
#[derive(Serialize, ToSchema)]
#[schema(as = PortfolioReport)]
pub(super) struct Report {
    /// How many rows became projects, or brought one up to date.
    imported: usize,
    /// How many of them are new.
    added: usize,
    /// How many were there already.
    updated: usize,
    skipped: Vec<Skipped>,
    columns: Vec<Column>,
    currency: Option<String>,
    notes: Vec<Note>,
}

/// What an import would do: what the report says afterwards, and what a person needs to say which column is which.
#[derive(Serialize, ToSchema)]
#[schema(as = PortfolioPreview)]
pub(super) struct Preview {
    columns: Vec<Heading>,
    /// The first rows as they were read.
    rows: Vec<ImportedProject>,
    /// The names of projects that would be new.
    new: Vec<String>,
    /// The projects that would change, and in what.
    changed: Vec<Changed>,
    /// How many are on the board as the file has them.
    unchanged: usize,
    skipped: Vec<Skipped>,
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    currency: Option<String>,
    notes: Vec<Note>,
    /// What has to be said before anything can be imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PortfolioHeading)]
struct Heading {
    heading: String,
    /// The field that it is read into, `ignore` if it is left out, nothing if it is kept as it is.
    field: Option<&'static str>,
    filled: u32,
    samples: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PortfolioChanged)]
struct Changed {
    name: String,
    fields: Vec<&'static str>,
}

/// What comes back: what was done, or what would be.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum ImportAnswer {
    Report(Report),
    Preview(Preview),
}

/// How many rows a preview shows.
const PREVIEW_ROWS: usize = 10;

impl From<Column> for Heading {
    fn from(column: Column) -> Self {
        Self {
            heading: column.header,
            field: if column.ignored { Some("ignore") } else { column.field.map(Field::as_str) },
            filled: column.filled,
            samples: column.samples,
        }
    }
}

/// Imports a portfolio: puts its projects on the board, or brings them up to date.
///
/// For a facilitator of the session. The file, up to 5 MiB, is known by its content: CSV or TSV, a workbook (XLSX), or a JSON array of
/// objects. Which column is what is guessed, or said by `map`. With `preview=1` nothing is changed, and the answer says what would
/// be. Projects are matched by reference, then by name. A file that cannot be read is refused with what is wrong in it.
#[utoipa::path(
    post, path = "/api/sessions/{id}/portfolio", tag = "Sessions",
    params(("id" = SessionId, Path, description = "The session."), Mapping),
    security(("session_token" = [])),
    request_body(description = "The portfolio.", content(
        (String = "text/csv", example = "Project,Sponsor,Cost\nCity pledge,Maren,3100001\n"),
        (schemas::Any = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<schemas::Any> = "application/json", example = json!([{ "name": "City pledge", "cost": 3_100_001 }])),
    )),
    responses(
        (status = 200, description = "What it came to, or with `preview` what it would.", body = ImportAnswer),
        (status = 409, description = "- `closed`: the session is closed.\n- `too_many`: the board is full."),
        TooFast,
    ),
)]
pub(super) async fn import(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Query(Mapping { map, preview }): Query<Mapping>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportAnswer>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    app.pace_reading(&headers, id)?;
    let bytes = bytes.map_err(body::unreadable)?;
    let map = map.map(|map| ColumnMap::parse(&map)).transpose().map_err(unreadable)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    // A workbook of five megabytes takes a while to read.
    let read = tokio::task::spawn_blocking(move || {
        let read = import::read(&bytes, kind.as_deref(), map.as_ref());
        let file = read.as_ref().ok().map(|portfolio| file(&bytes, portfolio.format));
        (read, file)
    });
    let (read, file) = read.await.map_err(AppError::fault)?;
    let is_preview = preview.is_some_and(|preview| !matches!(preview.as_str(), "" | "0" | "false"));
    match read {
        // Whoever looks first can say which column the names are in.
        Err(error @ ImportError::NoNameColumn { .. }) if is_preview => {
            Ok(Json(ImportAnswer::Preview(unnamed(error))))
        }
        Err(error) => Err(unreadable(error)),
        Ok(portfolio) if is_preview => {
            Ok(Json(ImportAnswer::Preview(look(&app.session(id)?, portfolio).await?)))
        }
        Ok(portfolio) => {
            Ok(Json(ImportAnswer::Report(propose(&app.session(id)?, by, portfolio, file).await?)))
        }
    }
}

/// The file as the record of decisions names it: by its hash, so that whoever has it can show that it is this one.
fn file(bytes: &[u8], format: Format) -> File {
    File {
        sha256: Sha256::digest(bytes).into(),
        bytes: bytes.len() as u64,
        format: format.as_str().to_owned(),
    }
}

/// Says what an import would do, and does nothing.
async fn look(handle: &SessionHandle, mut portfolio: Portfolio) -> Result<Preview, AppError> {
    let shown = portfolio.projects.iter().take(PREVIEW_ROWS).cloned().collect();
    let (rows, numbers) = rows(handle, &mut portfolio).await?;
    let (rows, fates) = handle
        .ask(move |session| {
            let fates = session.preview(&rows);
            (rows, fates)
        })
        .await?;
    let mut preview = Preview { rows: shown, ..Preview::of(portfolio) };
    let mut no_room = Vec::new();
    for (index, (row, fate)) in rows.into_iter().zip(fates).enumerate() {
        match fate {
            Fate::New => preview.new.push(row.name),
            Fate::Updates(fields) if fields.is_empty() => preview.unchanged += 1,
            Fate::Updates(fields) => preview.changed.push(Changed { name: row.name, fields }),
            Fate::NoRoom => no_room.push(index),
        }
    }
    leave_out(&mut preview.skipped, &no_room, &numbers);
    Ok(preview)
}

/// A file in which no column looks like the names.
fn unnamed(error: ImportError) -> Preview {
    let problem = Some(error.to_string());
    let ImportError::NoNameColumn { found: columns, .. } = error else {
        return Preview { problem, ..Preview::of(Portfolio::default()) };
    };
    Preview { problem, ..Preview::of(Portfolio { columns, ..Portfolio::default() }) }
}

impl Preview {
    fn of(portfolio: Portfolio) -> Self {
        Self {
            columns: portfolio.columns.into_iter().map(Heading::from).collect(),
            rows: Vec::new(),
            new: Vec::new(),
            changed: Vec::new(),
            unchanged: 0,
            skipped: portfolio.skipped,
            format: portfolio.format,
            sheet: portfolio.sheet,
            currency: portfolio.currency,
            notes: portfolio.notes,
            problem: None,
        }
    }
}

/// Puts a portfolio on the board.
pub(super) async fn propose(
    handle: &SessionHandle,
    by: ParticipantId,
    mut portfolio: Portfolio,
    file: Option<File>,
) -> Result<Report, AppError> {
    let (rows, numbers) = rows(handle, &mut portfolio).await?;
    let body = Body::Imported { by, rows, currency: portfolio.currency.clone(), file };
    let imported = handle.propose(body).await??.imported.unwrap_or_default();
    leave_out(&mut portfolio.skipped, &imported.no_room, &numbers);
    Ok(Report {
        imported: imported.added + imported.updated,
        added: imported.added,
        updated: imported.updated,
        skipped: portfolio.skipped,
        columns: portfolio.columns,
        currency: portfolio.currency,
        notes: portfolio.notes,
    })
}

/// The rows of an import, matched with what is on the board, and where each stands in the file.
async fn rows(handle: &SessionHandle, portfolio: &mut Portfolio) -> Result<(Vec<Row>, Vec<u32>), AppError> {
    let existing: Vec<Existing> = handle
        .ask(|session| {
            let projects = session.board().projects.into_iter();
            projects
                .map(|(id, project)| Existing { id: id.0, name: project.name, reference: project.reference })
                .collect()
        })
        .await?;
    let matches = import::reconcile(&existing, portfolio);
    let numbers: Vec<u32> = portfolio.projects.iter().map(|project| project.row).collect();
    let rows = std::mem::take(&mut portfolio.projects)
        .into_iter()
        .zip(matches)
        .map(|(project, found)| Row {
            id: ProjectId(match found {
                Match::Update(id) => id,
                Match::New => Uuid::now_v7(),
            }),
            name: project.name,
            summary: project.summary,
            sponsor: project.sponsor,
            owner: project.owner,
            origin: project.origin.map(Origin::as_str).unwrap_or_default().to_owned(),
            cost: project.cost,
            people: project.people,
            reference: project.reference,
            more: project.more,
        })
        .collect();
    Ok((rows, numbers))
}

/// Adds the rows for which the board has no room to those that are skipped.
fn leave_out(skipped: &mut Vec<Skipped>, no_room: &[usize], numbers: &[u32]) {
    skipped.extend(no_room.iter().map(|index| Skipped {
        row: numbers.get(*index).copied().unwrap_or_default(),
        reason: "The board is full. Take something off it and import again.".to_owned(),
    }));
    skipped.sort_by_key(|skipped| skipped.row);
}

#[derive(Serialize, ToSchema)]
pub(super) struct PillarsReport {
    imported: usize,
    added: usize,
    updated: usize,
    skipped: Vec<Skipped>,
}

/// Imports the pillars of the strategy.
///
/// For a facilitator of the session. Names or objects; those with a name that stands on the board are brought up to date. 24 at most.
#[utoipa::path(
    post, path = "/api/sessions/{id}/pillars", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    request_body(content = import::GivenPillars, example = json!(["Safe water", { "name": "Net zero", "intent": "Halve it.", "goals": ["Electrify"] }])),
    responses(
        (status = 200, description = "What it came to.", body = PillarsReport),
        (status = 409, description = "- `closed`: the session is closed.\n- `too_many`: the board is full."),
        TooFast,
    ),
)]
pub(super) async fn import_pillars(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<PillarsReport>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    app.pace(&headers, id)?;
    let pillars = import::read_pillars(&bytes.map_err(body::unreadable)?).map_err(unreadable)?;
    let imported = propose_pillars(&app.session(id)?, by, pillars).await?;
    let skipped = imported.no_room.iter().map(|index| Skipped {
        row: u32::try_from(index + 1).unwrap_or(u32::MAX),
        reason: "The board takes 24 pillars at most. Take one off it and import again.".to_owned(),
    });
    Ok(Json(PillarsReport {
        imported: imported.added + imported.updated,
        added: imported.added,
        updated: imported.updated,
        skipped: skipped.collect(),
    }))
}

/// Puts pillars on the board.
pub(super) async fn propose_pillars(
    handle: &SessionHandle,
    by: ParticipantId,
    pillars: Vec<ImportedPillar>,
) -> Result<Imported, AppError> {
    let rows = pillars
        .into_iter()
        .map(|pillar| PillarRow {
            id: PillarId(Uuid::now_v7()),
            name: pillar.name,
            intent: pillar.intent,
            goals: pillar.goals,
            measure: pillar.measure,
            rules_out: pillar.rules_out,
            owner: pillar.owner,
            colour: pillar.colour,
        })
        .collect();
    Ok(handle.propose(Body::PillarsImported { by, rows }).await??.imported.unwrap_or_default())
}

fn unreadable(error: impl std::fmt::Display) -> AppError {
    AppError::unprocessable(error.to_string())
}
