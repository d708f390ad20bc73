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
use uuid::Uuid;

use crate::{
    import::{self, Column, ColumnMap, Existing, ImportedPillar, Match, Note, Portfolio, Skipped},
    live::SessionHandle,
    session::{
        Imported,
        entry::{Body, PillarRow, Row},
    },
    web::{
        app::App,
        body,
        body::Json,
        problem::AppError,
        target::{Path, Query},
    },
};

#[derive(Deserialize)]
pub(super) struct Mapping {
    /// `name:Project,cost:Whole Life Cost (£m)`.
    map: Option<String>,
}

/// What an import came to.
#[derive(Serialize)]
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

/// `POST /api/sessions/{id}/portfolio`.
pub(super) async fn import(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Query(Mapping { map }): Query<Mapping>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<Report>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    let bytes = bytes.map_err(body::unreadable)?;
    let map = map.map(|map| ColumnMap::parse(&map)).transpose().map_err(unreadable)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    // A workbook of five megabytes takes a while to read.
    let read = tokio::task::spawn_blocking(move || import::read(&bytes, kind.as_deref(), map.as_ref()));
    let portfolio = read.await.map_err(AppError::fault)?.map_err(unreadable)?;
    propose(&app.session(id)?, by, portfolio).await.map(Json)
}

/// Puts a portfolio on the board.
pub(super) async fn propose(
    handle: &SessionHandle,
    by: ParticipantId,
    mut portfolio: Portfolio,
) -> Result<Report, AppError> {
    let existing: Vec<Existing> = handle
        .ask(|session| {
            let projects = session.board().projects.into_iter();
            projects
                .map(|(id, project)| Existing { id: id.0, name: project.name, reference: project.reference })
                .collect()
        })
        .await?;
    let matches = import::reconcile(&existing, &portfolio);
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
    let body = Body::Imported { by, rows, currency: portfolio.currency.clone() };
    let imported = handle.propose(body).await??.imported.unwrap_or_default();
    for index in &imported.no_room {
        portfolio.skipped.push(Skipped {
            row: numbers.get(*index).copied().unwrap_or_default(),
            reason: "The board is full. Take something off it and import again.".to_owned(),
        });
    }
    portfolio.skipped.sort_by_key(|skipped| skipped.row);
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

#[derive(Serialize)]
pub(super) struct PillarsReport {
    imported: usize,
    added: usize,
    updated: usize,
    skipped: Vec<Skipped>,
}

/// `POST /api/sessions/{id}/pillars`.
pub(super) async fn import_pillars(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<PillarsReport>, AppError> {
    let by = app.facilitator(&headers, id).await?;
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
