//! Who asks for new work: the form, the request, and what became of it. No account: the intake link opens the form, and a
//! link of its own each request's status.

use std::{collections::BTreeMap, time::Instant};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use plumbline_shared::{board::Board, limits, words::Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    count_waiting, one,
    shown::{AnswerPart, InsteadPart, Stands, TakenPart, Words},
    wanted::{Ask, wanted},
};
use crate::{
    log::{
        decisions::Search,
        record::{Record, Status},
    },
    tokens::{Token, TokenHash, TokenKind},
    web::{admission::ClientAddress, app::App, body::Json, credentials, openapi::TooFast, problem::AppError},
    workspace::intake::{Door, Request, Wanted, reference},
};

/// How many sessions are looked at for the current pillars.
const LOOKED_AT: usize = 8;

/// What the form offers.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestForm)]
pub(in crate::web::routes) struct Form {
    /// Whether requests are taken.
    open: bool,
    /// The pillars of the strategy as it stands.
    pillars: Vec<PillarPart>,
    /// The projects of the portfolio; none where they are not named to who asks.
    projects: Vec<InsteadPart>,
    /// Whether they are named.
    names: bool,
    /// The currency of costs; empty when not known.
    currency: String,
}

/// A pillar on the form.
#[derive(Serialize, ToSchema)]
#[schema(as = FormPillar)]
struct PillarPart {
    name: String,
    intent: String,
    measure: String,
}

/// A request that has arrived.
#[derive(Serialize, ToSchema)]
#[schema(as = ArrivedRequest)]
pub(in crate::web::routes) struct Arrived {
    number: u64,
    reference: String,
    /// The status link: private to who has asked.
    url: String,
}

/// What became of a request, for who has asked.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestStatus)]
pub(in crate::web::routes) struct Told {
    reference: String,
    state: Stands,
    #[serde(flatten)]
    words: Words,
    /// The session that has it now, or had it last.
    taken: Option<TakenTold>,
    /// What was said without a session.
    answer: Option<AnswerTold>,
    /// What was decided about it, or about the request that it is the same as.
    decided: Option<Decided>,
}

/// The session that has it.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestTakenTold)]
struct TakenTold {
    /// Its title; `null`: it was erased since.
    title: Option<String>,
    /// In milliseconds since 1970.
    at: u64,
    /// Whether it was closed without deciding.
    passed: bool,
}

/// What was said without a session.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestAnswerTold)]
struct AnswerTold {
    /// The request that it is the same as, by its reference; `null`: it was declined.
    same_as: Option<String>,
    /// Where that one stands; `null`: it is not there any more.
    same_stands: Option<Stands>,
    by: String,
    reason: String,
    /// In milliseconds since 1970.
    at: u64,
}

/// A decision as everybody may see it: no tallies, no dissent, nothing of what went against the room. A stop is told at
/// once: whoever has asked is the one to be told.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestDecided)]
struct Decided {
    verdict: Option<Verdict>,
    status: Status,
    /// RFC 3339.
    decided_on: String,
    session: String,
    owner: String,
    rationale: String,
    /// What else it says, by the names of the decision log.
    fields: BTreeMap<String, String>,
}

/// The fields of a decision that everybody may see.
const OPEN_FIELDS: [&str; 14] = [
    "alternatives",
    "assumptions",
    "outcome",
    "scope",
    "measure",
    "first_step",
    "ends",
    "frees",
    "trigger",
    "expires",
    "decided_by",
    "decide_by",
    "review",
    "effective",
];

/// Whoever comes with the intake link.
fn admitted(app: &App, headers: &HeaderMap) -> Result<Door, AppError> {
    let token = credentials::of_call(headers, None).ok().flatten().map(|token| token.hash());
    let door = app.workspace.door().filter(|door| token == Some(door.link));
    door.ok_or_else(|| {
        let detail = "This link is not valid any more: it was replaced, or a part of it is missing. Ask for the new one \
                      where you found it.";
        AppError::new(StatusCode::UNAUTHORIZED, "intake_link", detail)
    })
}

fn closed() -> AppError {
    let detail = "Requests are not taken at the moment. What you have written is kept in this browser; come back later.";
    AppError::new(StatusCode::CONFLICT, "intake_closed", detail)
}

/// Shows what the form for requests offers.
///
/// Pillars and projects are those of the session that was closed last.
#[utoipa::path(
    get, path = "/api/intake/form", tag = "Requests", security(("intake_link" = [])),
    responses(
        (status = 200, description = "The form; with `open: false` nothing is taken at the moment.", body = Form),
        (status = 401, description = "- `intake_link`: the link was replaced, or a part of it is missing."),
        TooFast,
    ),
)]
pub(in crate::web::routes) async fn form(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
) -> Result<Json<Form>, AppError> {
    let door = admitted(&app, &headers)?;
    app.forms.take(from.network(), Instant::now())?;
    if !door.open {
        let (pillars, projects) = (Vec::new(), Vec::new());
        let currency = String::new();
        return Ok(Json(Form { open: false, pillars, projects, names: door.names, currency }));
    }
    let board = current(&app).await?;
    let pillar = |pillar: &plumbline_shared::board::Pillar| PillarPart {
        name: pillar.name.clone(),
        intent: pillar.intent.clone(),
        measure: pillar.measure.clone(),
    };
    Ok(Json(Form {
        open: true,
        pillars: board.pillars.iter().map(pillar).collect(),
        projects: if door.names { board.running } else { Vec::new() },
        names: door.names,
        currency: board.currency,
    }))
}

/// What the form shows of the last session.
#[derive(Default)]
struct Current {
    pillars: Vec<plumbline_shared::board::Pillar>,
    running: Vec<InsteadPart>,
    currency: String,
}

/// The strategy as it stands: that of the session that was closed last. What is being prepared is nobody's business yet;
/// only where no session was closed, it is the newest one that has pillars.
async fn current(app: &App) -> Result<Current, AppError> {
    let log = app.node.decisions();
    let closed = log.closed_sessions(app.node.store()).await?;
    let newest = app.workspace.list(None, usize::MAX).into_iter();
    let newest = newest.filter(|record| !record.demonstration).map(|record| record.session);
    let there = closed.into_iter().filter(|session| app.workspace.get(*session).is_some());
    for session in there.chain(newest).take(LOOKED_AT) {
        let board: Board = app.session(session)?.ask(crate::session::Session::board).await?;
        if board.pillars.is_empty() {
            continue;
        }
        // A stop that was told has stopped. One that was not is still running for everybody who asks.
        let stops = Search { session: Some(session), verdict: Some(Verdict::Stop), ..Search::default() };
        let stops = log.list(app.node.store(), &stops, None, limits::PROJECTS).await?;
        let told =
            |id| stops.iter().any(|it| it.project_id == id && it.holds() && it.standing.told.is_some());
        let mut running: Vec<InsteadPart> = board
            .projects
            .iter()
            .filter(|(id, _)| !told(**id))
            .map(|(_, it)| InsteadPart { name: it.name.clone(), reference: it.reference.clone() })
            .collect();
        running.sort_by_key(|it| it.name.to_lowercase());
        return Ok(Current { pillars: board.pillars, running, currency: board.session.currency });
    }
    Ok(Current::default())
}

/// Asks for new work.
///
/// Sent again with the same `token` it is the same request, whenever that is. Thirty at once are taken from one address, then two a
/// minute.
#[utoipa::path(
    post, path = "/api/intake/requests", tag = "Requests", security(("intake_link" = [])),
    request_body(content = Ask, example = json!({
        "name": "Signal renewal, line 4", "pillar": "Reliability", "measure": "signal failures a month", "target": "from 31 to 10",
        "instead": { "name": "Brand museum" }, "owner": "Ana Lima", "cost": 1200000, "people": 6, "asked_by": "Ben Okafor",
    })),
    responses(
        (status = 200, description = "It had arrived before.", body = Arrived),
        (status = 201, description = "It has arrived.", body = Arrived),
        (status = 401, description = "- `intake_link`: the link was replaced, or a part of it is missing."),
        (status = 409, description = "- `already_sent`: with this `token`, something else has arrived.\n- `intake_closed`: requests are not taken at the moment.\n- `intake_full`: too many wait."),
        TooFast,
    ),
)]
pub(in crate::web::routes) async fn ask(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    Json(ask): Json<Ask>,
) -> Result<(StatusCode, Json<Arrived>), AppError> {
    let door = admitted(&app, &headers)?;
    let token = token(ask.token.as_deref())?;
    let wanted = wanted(ask)?;
    let hash = token.hash();
    let arrived = |request: &Request| Arrived {
        number: request.number,
        reference: request.reference(),
        url: format!("{}/request/status#t={}", app.base(&headers), token.reveal()),
    };
    if let Some(there) = app.workspace.request_of(&hash) {
        same(&there, &wanted)?;
        return Ok((StatusCode::OK, Json(arrived(&there))));
    }
    if !door.open {
        return Err(closed());
    }
    app.requests.take(from.network(), Instant::now())?;
    if app.workspace.requests(None).len() >= limits::REQUESTS
        || count_waiting(&app).await? >= limits::REQUESTS_WAITING
    {
        let detail = "More requests wait than anybody can look at. What you have written is kept in this browser; send it \
                      when those before it have been looked at.";
        return Err(AppError::new(StatusCode::CONFLICT, "intake_full", detail));
    }
    let request = app.workspace.ask(app.node.store(), hash, wanted.clone()).await?;
    // Two of them may have come in the same moment.
    same(&request, &wanted)?;
    Ok((StatusCode::CREATED, Json(arrived(&request))))
}

/// The token of the status link.
fn token(given: Option<&str>) -> Result<Token, AppError> {
    let Some(text) = given else { return Ok(Token::fresh(TokenKind::Request)) };
    let token = Token::parse(text).ok().filter(|token| token.kind() == Some(TokenKind::Request));
    token.filter(|token| token.reveal().len() == 46).ok_or_else(|| {
        AppError::unprocessable(
            "`token` is `pq_` and 43 letters, digits, hyphens and underscores, drawn at random.",
        )
    })
}

fn same(there: &Request, wanted: &Wanted) -> Result<(), AppError> {
    if there.wanted == *wanted {
        return Ok(());
    }
    let detail = format!(
        "This request has arrived before, as {}, with what stood in the form then. Look at it by its link; for what is \
         different now send a new one.",
        there.reference()
    );
    Err(AppError::new(StatusCode::CONFLICT, "already_sent", detail))
}

/// Shows what has become of a request, to whoever has asked.
///
/// Of a decision what everybody may see; a stop at once, since they are the ones to be told.
#[utoipa::path(
    get, path = "/api/intake/status", tag = "Requests", security(("status_link" = [])),
    responses(
        (status = 200, description = "What has become of it.", body = Told),
        (status = 401, description = "- `status_link`: it was erased, or a part of the link is missing."),
    ),
)]
pub(in crate::web::routes) async fn status(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<Told>, AppError> {
    let token = credentials::of_call(&headers, None).ok().flatten().map(|token| token.hash());
    let request = token.and_then(|token: TokenHash| app.workspace.request_of(&token)).ok_or_else(|| {
        let detail = "There is no request with this link: it was erased, or a part of the link is missing. Copy the whole \
                      link, or ask again.";
        AppError::new(StatusCode::UNAUTHORIZED, "status_link", detail)
    })?;
    let fate = one(&app, &request).await?;
    let mut decision = fate.decision.map(|listed| listed.number);
    let mut answer = None;
    if let Some(said) = request.answer.clone().filter(|_| decision.is_none()) {
        let AnswerPart { duplicate_of, by, reason, at } = said.into();
        let mut same_stands = None;
        if let Some(other) =
            duplicate_of.and_then(|of| super::root(&app, of)).and_then(|of| app.workspace.request(of))
        {
            let fate = one(&app, &other).await?;
            decision = fate.decision.map(|listed| listed.number);
            same_stands = Some(fate.stands);
        }
        answer = Some(AnswerTold { same_as: duplicate_of.map(reference), same_stands, by, reason, at });
    }
    let decided = match decision {
        Some(number) => app.node.decisions().get(app.node.store(), number).await?,
        None => None,
    };
    let taken = fate.taken.into_iter().last();
    let taken = taken.map(|TakenPart { title, at, passed, .. }| TakenTold { title, at, passed });
    Ok(Json(Told {
        reference: request.reference(),
        state: fate.stands,
        words: (&request).into(),
        taken,
        answer,
        decided: decided.map(|found| Decided::of(&found.decided.record, found.decided.standing.status)),
    }))
}

impl Decided {
    fn of(record: &Record, status: Status) -> Self {
        let told = |name: &&str| {
            let is_open = record.verdict == Some(Verdict::Open);
            !record.field(name).trim().is_empty() && (is_open || **name != *"decided_by")
        };
        Self {
            verdict: record.verdict,
            status,
            decided_on: record.decided_on.clone(),
            session: record.session.title.clone(),
            owner: record.owner.clone(),
            rationale: record.rationale.clone(),
            fields: OPEN_FIELDS
                .iter()
                .filter(|name| told(name))
                .map(|name| ((*name).to_owned(), record.field(name).to_owned()))
                .collect(),
        }
    }
}
