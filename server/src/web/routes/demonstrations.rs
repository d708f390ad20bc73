//! Sessions that are only shown: simulated people take part, and after a while nothing is left of them.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    board::Board,
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId},
    messages::{ClientMessage, Command},
    words::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sessions::{Brings, Created, Founding, found};
use crate::{
    agenda::{self, Template},
    clock::now,
    live::commanded,
    session::entry::{Body, Joined, PillarRow, Row},
    simulate,
    tokens::{Token, TokenKind},
    web::{
        app::App,
        body::{self, Json},
        problem::AppError,
        target::Path,
    },
};

/// How many simulated people take part.
const PEOPLE: usize = 11;
/// How long one of them thinks over an answer, on average: a session of 63 projects takes about six minutes.
const PACE: Duration = Duration::from_millis(900);
/// How long their facilitator leaves what is to be seen.
const DWELL: Duration = Duration::from_secs(7);
/// How many times as fast it may be wanted: for tests, and for who has seen it before.
const FASTEST: u32 = 20;
/// How long one may take, whatever whoever watches does to it: after that another one may begin.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// How long a demonstration is kept: long enough to look at its files.
const KEPT: Duration = Duration::from_secs(3 * 60 * 60);
/// How often those are looked for that have been kept long enough.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// A demonstration: what a session is founded with, and the link of somebody who has joined it, to tap along.
#[derive(Serialize, ToSchema)]
pub(super) struct Demonstration {
    #[serde(flatten)]
    session: Created,
    participant_url: String,
}

/// How it is wanted. The body may be left out.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Pace)]
struct Wish {
    /// How many times as fast as usual.
    #[schema(minimum = 1, maximum = 20)]
    pace: u32,
}

impl Default for Wish {
    fn default() -> Self {
        Self { pace: 1 }
    }
}

impl Wish {
    fn read(bytes: Result<Bytes, BytesRejection>) -> Result<Self, AppError> {
        let bytes = bytes.map_err(body::unreadable)?;
        let wish: Self = body::optional(&bytes)
            .map_err(|error| {
                AppError::unprocessable(format!(
                    "Say how fast it goes as {{\"pace\": 1}}, or send nothing: {error}."
                ))
            })?
            .unwrap_or_default();
        if !(1..=FASTEST).contains(&wish.pace) {
            let detail =
                format!("`pace` is how many times as fast it goes: a whole number from 1 to {FASTEST}.");
            return Err(AppError::unprocessable(detail));
        }
        Ok(wish)
    }
}

/// Begins a session that is only shown, with eleven simulated people.
///
/// The sample goes through all steps in about six minutes, or `pace` times as fast. Nothing of it goes to the decision log, and it
/// is erased after three hours. Three at a time. The body may be left out.
#[utoipa::path(
    post, path = "/api/demonstrations", tag = "Sessions", security(("workspace_key" = [])),
    request_body(content = Option<Wish>, example = json!({ "pace": 2 })),
    responses(
        (status = 201, description = "The session, with the link of one more person to tap along.", body = Demonstration),
        (status = 409, description = "- `too_many`: three are being shown already."),
    ),
)]
pub(super) async fn watch(
    State(app): State<App>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    app.workspace_only(&headers)?;
    let wish = Wish::read(bytes)?;
    let founding = Founding {
        title: "Demonstration: a water company".to_owned(),
        name: "Facilitator".to_owned(),
        steps: agenda::find("align").map(Template::rows).unwrap_or_default(),
        template: None,
        demonstration: true,
        brings: Brings::Sample,
    };
    let said = Command::Describe {
        purpose: Some(
            "Which of our sixty-three projects does the strategy carry, and which do we stop?".to_owned(),
        ),
        decider: Some("Maren".to_owned()),
        rule: Some("after hearing everybody".to_owned()),
    };
    begin(&app, &headers, founding, said, &wish).await
}

/// Rehearses a session with simulated people.
///
/// For a facilitator of the session: a demonstration with its portfolio, pillars and agenda. The body may be left out. While there
/// are no projects or no pillars it is refused.
#[utoipa::path(
    post, path = "/api/sessions/{id}/rehearse", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    request_body(content = Option<Wish>, example = json!({ "pace": 2 })),
    responses(
        (status = 201, description = "The rehearsal, a session of its own.", body = Demonstration),
        (status = 409, description = "- `too_many`: three are being shown already."),
    ),
)]
pub(super) async fn rehearse(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    app.facilitator(&headers, id).await?;
    let wish = Wish::read(bytes)?;
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
    let name = "Facilitator".to_owned();
    let founding = Founding { title, name, steps, template: None, demonstration: true, brings };
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    let session = &board.session;
    let said = Command::Describe {
        purpose: given(&session.purpose),
        decider: given(&session.decider),
        rule: given(&session.rule),
    };
    begin(&app, &headers, founding, said, &wish).await
}

async fn begin(
    app: &App,
    headers: &HeaderMap,
    founding: Founding,
    said: Command,
    wish: &Wish,
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
    let session = found(app, &base, founding).await?;
    let handle = app.session(session.id)?;
    let said = ClientMessage { id: MessageId(Uuid::now_v7()), command: said };
    handle.propose(commanded(session.participant_id, &said)).await??;
    let token = Token::fresh(TokenKind::Participant);
    let joined = Joined {
        participant: ParticipantId(Uuid::now_v7()),
        name: "You".to_owned(),
        function: String::new(),
        role: Role::Participant,
        token: token.hash().0,
        by: None,
    };
    handle.propose(Body::Joined(joined)).await??;
    let options = simulate::Options {
        url: format!("http://{}", reached(own)),
        code: session.code.clone(),
        people: PEOPLE,
        seed: now(),
        pace: PACE / wish.pace,
        facilitator: Some(session.facilitator_token.clone()),
        dwell: DWELL / wish.pace,
    };
    tokio::spawn(async move {
        match tokio::time::timeout(LONGEST, simulate::run(options)).await {
            Ok(Ok(_)) => {}
            // Somebody has closed or erased it meanwhile, or the server stops.
            Ok(Err(error)) => tracing::info!(%error, "a demonstration has ended early"),
            Err(_) => tracing::info!("a demonstration has taken too long"),
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
