//! Sessions that are only shown: simulated people take part, and after a while nothing is left of them.

use std::time::Duration;

use axum::{
    extract::State,
    http::HeaderMap,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    board::Board,
    ids::{ParticipantId, PillarId, ProjectId, SessionId},
    words::Role,
};
use serde::Serialize;
use uuid::Uuid;

use super::sessions::{Brings, Created, Founding, found};
use crate::{
    agenda::{self, Template},
    clock::now,
    session::entry::{Body, Joined, PillarRow, Row},
    simulate,
    tokens::{Token, TokenKind},
    web::{app::App, body::Json, problem::AppError, target::Path},
};

/// How many simulated people take part.
const PEOPLE: usize = 11;
/// How long one of them thinks over an answer, on average: a session of 63 projects takes about six minutes.
const PACE: Duration = Duration::from_millis(900);
/// How long their facilitator leaves what is to be seen.
const DWELL: Duration = Duration::from_secs(7);
/// How long a demonstration is kept: long enough to look at its files.
const KEPT: Duration = Duration::from_secs(3 * 60 * 60);
/// How often those are looked for that have been kept long enough.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// A demonstration: what a session is founded with, and the link of somebody who has joined it, to tap along.
#[derive(Serialize)]
pub(super) struct Demonstration {
    #[serde(flatten)]
    session: Created,
    participant_url: String,
}

/// `POST /api/demonstrations`: the sample, through all steps.
pub(super) async fn watch(State(app): State<App>, headers: HeaderMap) -> Result<Response, AppError> {
    app.workspace_only(&headers)?;
    let steps = agenda::find("align").map(Template::rows).unwrap_or_default();
    begin(&app, &headers, "Demonstration: a water company".to_owned(), steps, Brings::Sample).await
}

/// `POST /api/sessions/{id}/rehearse`: the portfolio, the pillars and the agenda of a session that is being prepared, with
/// simulated people.
pub(super) async fn rehearse(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    app.facilitator(&headers, id).await?;
    let board = app.session(id)?.ask(crate::session::Session::board).await?;
    if board.projects.is_empty() || board.pillars.is_empty() {
        return Err(AppError::unprocessable(
            "There is nothing to rehearse with yet: import the portfolio and add the pillars first.",
        ));
    }
    let own = Template::of_agenda(&board.session.title, &board.agenda).rows();
    let asks = board.agenda.iter().any(|step| step.question.is_some());
    let steps = if asks { own } else { agenda::find("align").map(Template::rows).unwrap_or_default() };
    let title: String = format!("Rehearsal: {}", board.session.title).chars().take(300).collect();
    let brings = Brings::Copy(pillars(&board), projects(&board), board.session.currency.clone());
    begin(&app, &headers, title, steps, brings).await
}

async fn begin(
    app: &App,
    headers: &HeaderMap,
    title: String,
    steps: Vec<crate::session::entry::StepRow>,
    brings: Brings,
) -> Result<Response, AppError> {
    let own = *app
        .own
        .get()
        .ok_or_else(|| AppError::unavailable("The server is only just starting. Try again."))?;
    let Ok(permit) = app.demonstrations.clone().try_acquire_owned() else {
        return Err(AppError::new(
            StatusCode::CONFLICT,
            "too_many",
            "Three sessions are being shown already. Wait until one of them has ended, a few minutes.",
        ));
    };
    let base = app.base(headers);
    let founding = Founding { title, name: "Facilitator".to_owned(), steps, demonstration: true, brings };
    let session = found(app, &base, founding).await?;
    let token = Token::fresh(TokenKind::Participant);
    let joined = Joined {
        participant: ParticipantId(Uuid::now_v7()),
        name: "You".to_owned(),
        function: String::new(),
        role: Role::Participant,
        token: token.hash().0,
        by: None,
    };
    app.session(session.id)?.propose(Body::Joined(joined)).await??;
    let options = simulate::Options {
        url: format!("http://{}", reached(own)),
        code: session.code.clone(),
        people: PEOPLE,
        seed: now(),
        pace: PACE,
        facilitator: Some(session.facilitator_token.clone()),
        dwell: DWELL,
    };
    tokio::spawn(async move {
        if let Err(error) = simulate::run(options).await {
            // Somebody has closed or erased it meanwhile, or the server stops.
            tracing::info!(%error, "a demonstration has ended early");
        }
        drop(permit);
    });
    let participant_url = format!("{base}/s/{}#t={}", session.id, token.reveal());
    Ok((StatusCode::CREATED, Json(Demonstration { session, participant_url })).into_response())
}

/// Erases demonstrations that have been kept long enough, for as long as the server runs.
pub async fn sweep(app: App) {
    let mut every = tokio::time::interval(SWEEP);
    loop {
        every.tick().await;
        let old = now().saturating_sub(u64::try_from(KEPT.as_millis()).unwrap_or(u64::MAX));
        let mut after = None;
        loop {
            let records = app.workspace.list(after, 256);
            let Some(last) = records.last() else { break };
            after = Some(last.session);
            for record in records.iter().filter(|record| record.demonstration && record.founded_at < old) {
                if let Err(error) = super::sessions::erase_for_good(&app, record.session).await {
                    tracing::warn!(%error, "a demonstration is not erased yet");
                }
            }
        }
    }
}

/// The address at which the server is reached from its own machine.
fn reached(own: std::net::SocketAddr) -> std::net::SocketAddr {
    let mut reached = own;
    if own.ip().is_unspecified() {
        reached.set_ip(if own.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    reached
}

fn pillars(board: &Board) -> Vec<PillarRow> {
    let row = |pillar: &plumbline_shared::board::Pillar| PillarRow {
        id: PillarId(Uuid::now_v7()),
        name: pillar.name.clone(),
        intent: pillar.intent.clone(),
        goals: pillar.goals.clone(),
        measure: pillar.measure.clone(),
        rules_out: pillar.rules_out.clone(),
        owner: pillar.owner.clone(),
        colour: pillar.colour.clone(),
    };
    board.pillars.iter().map(row).collect()
}

fn projects(board: &Board) -> Vec<Row> {
    // Whole numbers within the schema's bounds, far below 2^63.
    let whole = |figure: Option<f64>| figure.map(|figure| figure as i64);
    let row = |project: &plumbline_shared::board::Project| Row {
        id: ProjectId(Uuid::now_v7()),
        name: project.name.clone(),
        summary: project.summary.clone(),
        sponsor: project.sponsor.clone(),
        owner: project.owner.clone(),
        origin: project.origin.map(|origin| origin.as_str().to_owned()).unwrap_or_default(),
        cost: whole(project.cost),
        people: whole(project.people),
        reference: project.reference.clone(),
        more: project.more.clone(),
    };
    board.projects.values().map(row).collect()
}
