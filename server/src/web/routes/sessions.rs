//! Sessions: founded, listed, shown, erased.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    board::Board,
    ids::{ParticipantId, SessionId, StepId},
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    checkpoint::{self, LookBack},
    onward, portfolio, requests,
};
use crate::{
    agenda,
    codes::JoinCode,
    import,
    session::entry::{Body, Founded, PillarRow, Row, StepRow},
    tokens::{Token, TokenKind},
    web::{
        app::App,
        body::Json,
        openapi::TooFast,
        page::{Page, PageAsked, Paged},
        problem::AppError,
        target::Path,
    },
    workspace::{Record, WorkspaceError},
};

/// What founds a session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSession)]
pub(super) struct Create {
    title: String,
    /// The facilitator's name; may be corrected later.
    name: Option<String>,
    /// A template of the agenda, by its id; without one, a single open board step.
    template: Option<String>,
    /// Whether to begin with the built-in sample: 63 projects, six pillars.
    #[serde(default)]
    sample: bool,
    /// An earlier session that this one goes on from: with its pillars, what was not stopped, and what was found out. With
    /// the template `checkpoint`, one that is closed, to look at what it decided.
    from: Option<SessionId>,
}

/// A session as it was founded: the only time that its tokens are told.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionCreated)]
pub(super) struct Created {
    pub(super) id: SessionId,
    pub(super) code: String,
    pub(super) participant_id: ParticipantId,
    pub(super) facilitator_token: String,
    observer_token: String,
    facilitator_url: String,
    join_url: String,
    wall_url: String,
}

/// A session in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionListed)]
pub(super) struct Listed {
    id: SessionId,
    title: String,
    code: String,
    /// When it was founded, in milliseconds since 1970.
    founded_at: u64,
    /// Whether it is only shown, and erased after a while.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demonstration: bool,
    /// The template that it was founded with, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    /// The earlier session of which this is a checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<SessionId>,
    /// Whether it was closed, and the decision log has what it decided.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
}

/// A session with its board.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct Shown {
    id: SessionId,
    title: String,
    /// The code, for everybody in the session: the wall shows it, since it invites.
    code: String,
    founded_at: u64,
    /// The position of the last entry of its log that the board shows.
    position: String,
    board: Board,
}

/// Founds a session.
///
/// Its code and links are told this once. Without a template it has a single open board step; with `sample` it begins with 63 projects
/// and six pillars, with `from` with what goes on from an earlier session (not both).
#[utoipa::path(
    post, path = "/api/sessions", tag = "Sessions", security(("workspace_key" = [])),
    request_body(content = Create, example = json!({ "title": "Portfolio, spring", "name": "Maren", "template": "align" })),
    responses(
        (status = 201, description = "The session.", body = Created),
        (status = 404, description = "- `no_such_session`: there is none that `from` names."),
    ),
)]
pub(super) async fn create(
    State(app): State<App>,
    headers: HeaderMap,
    Json(wish): Json<Create>,
) -> Result<Response, AppError> {
    app.workspace_only(&headers)?;
    let title = wish.title.trim();
    if title.is_empty() || title.chars().count() > limits::TITLE || title.chars().any(char::is_control) {
        return Err(AppError::unprocessable("Give the session a title of 1 to 300 characters, on one line."));
    }
    let name = wish.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or("Facilitator");
    if name.chars().count() > limits::NAME || name.chars().any(char::is_control) {
        return Err(AppError::unprocessable("Give a name of 1 to 80 characters."));
    }
    let template = wish.template.as_deref().map(|id| {
        let unknown = || AppError::unprocessable(super::agenda::unknown(id));
        agenda::find(id).ok_or_else(unknown)
    });
    let steps = template.transpose()?.map(agenda::Template::rows).unwrap_or_default();
    let mut earlier = None;
    let brings = match wish.from {
        Some(_) if wish.sample => {
            return Err(AppError::unprocessable(
                "A session begins with the sample, or goes on from another: not both.",
            ));
        }
        Some(from) if wish.template.as_deref() == Some(checkpoint::TEMPLATE) => {
            Brings::Checkpoint(Box::new(checkpoint::look_back(&app, from).await?))
        }
        Some(from) => {
            let board = Box::new(app.session(from)?.ask(crate::session::Session::board).await?);
            earlier = Some((from, board.clone()));
            Brings::Onward(board)
        }
        None if wish.sample => Brings::Sample,
        None => Brings::Nothing,
    };
    let founding = Founding {
        title: title.to_owned(),
        name: name.to_owned(),
        steps,
        template: wish.template,
        demonstration: false,
        brings,
    };
    let created = found(&app, &app.base(&headers), founding).await?;
    if let Some((from, board)) = earlier {
        requests::onward(&app, from, &board, created.id).await?;
    }
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

/// How a session begins.
pub(super) struct Founding {
    pub(super) title: String,
    /// The facilitator's name.
    pub(super) name: String,
    pub(super) steps: Vec<StepRow>,
    /// The template that the steps are from, by its id.
    pub(super) template: Option<String>,
    /// Whether it is only shown.
    pub(super) demonstration: bool,
    pub(super) brings: Brings,
}

/// What stands on a board from the beginning.
pub(super) enum Brings {
    /// Nothing.
    Nothing,
    /// The built-in sample.
    Sample,
    /// What stands on another one.
    Copy(Vec<PillarRow>, Vec<Row>, String),
    /// What goes on from an earlier session.
    Onward(Box<Board>),
    /// What an earlier session decided, to be looked at again.
    Checkpoint(Box<LookBack>),
}

/// Founds a session.
pub(super) async fn found(app: &App, base: &str, founding: Founding) -> Result<Created, AppError> {
    let Founding { title, name, steps, template, demonstration, brings } = founding;
    let session = SessionId(Uuid::now_v7());
    let (facilitator_token, observer_token) =
        (Token::fresh(TokenKind::Facilitator), Token::fresh(TokenKind::Observer));
    let facilitator = ParticipantId(Uuid::now_v7());
    let founded = Founded {
        session,
        title: title.clone(),
        rules: app.node.rules().await?,
        facilitator,
        name,
        facilitator_token: facilitator_token.hash().0,
        observer_token: observer_token.hash().0,
        step: StepId(Uuid::now_v7()),
        step_title: "Sort together".to_owned(),
        steps,
        demonstration,
    };
    app.node.found(founded).await?;
    let checks = match &brings {
        Brings::Checkpoint(back) => Some(back.earlier.session),
        _ => None,
    };
    let store = app.node.store();
    let record = app.workspace.enter(store, session, &title, demonstration, template, checks).await?;
    let handle = app.session(session)?;
    match brings {
        Brings::Nothing => {}
        Brings::Sample => {
            let (projects, pillars) = import::sample();
            portfolio::propose_pillars(&handle, facilitator, pillars).await?;
            portfolio::propose(&handle, facilitator, projects, None).await?;
        }
        Brings::Copy(pillars, projects, currency) => {
            handle.propose(Body::PillarsImported { by: facilitator, rows: pillars }).await??;
            let currency = Some(currency).filter(|currency| !currency.is_empty());
            handle
                .propose(Body::Imported { by: facilitator, rows: projects, currency, file: None })
                .await??;
        }
        Brings::Onward(earlier) => onward::go_on(&handle, facilitator, &earlier).await?,
        Brings::Checkpoint(back) => checkpoint::open(&handle, facilitator, *back).await?,
    }
    Ok(Created {
        id: session,
        code: spaced(&record.code),
        participant_id: facilitator,
        facilitator_url: format!("{base}/s/{session}#t={}", facilitator_token.reveal()),
        join_url: format!("{base}/join/{}", record.code),
        wall_url: format!("{base}/wall/{session}#t={}", observer_token.reveal()),
        facilitator_token: facilitator_token.reveal().to_owned(),
        observer_token: observer_token.reveal().to_owned(),
    })
}

/// Lists the sessions, the newest first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "Sessions", params(PageAsked), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of sessions.", body = Paged<Listed>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
) -> Result<Json<Paged<Listed>>, AppError> {
    app.workspace_only(&headers)?;
    let records = app.workspace.list(page.after()?, page.limit() + 1);
    let closed = app.node.decisions().closed_sessions(app.node.store()).await?;
    let listed = |record: Record| Listed { closed: closed.contains(&record.session), ..Listed::from(record) };
    Ok(Json(page.of(records.into_iter().map(listed), |listed| listed.id)))
}

/// Shows a session with its board.
///
/// For everybody in the session. Private answers are no part of it, whoever asks.
#[utoipa::path(
    get, path = "/api/sessions/{id}", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    security(("workspace_key" = []), ("session_token" = [])),
    responses((status = 200, description = "The session.", body = Shown), TooFast),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    app.caller(&headers, id).await?;
    app.pace_reading(&headers, id)?;
    let record = app.workspace.get(id).ok_or_else(AppError::no_such_session)?;
    let (board, position) =
        app.session(id)?.ask(|session| (session.board(), session.shown().to_string())).await?;
    let shown = Shown {
        id,
        title: record.title,
        code: spaced(&record.code),
        founded_at: record.founded_at,
        position,
        board,
    };
    Ok(Json(shown).into_response())
}

/// Erases a session for good, its title and codes too.
///
/// What it has decided stays in the decision log. An erasure that failed is asked for again.
#[utoipa::path(
    delete, path = "/api/sessions/{id}", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")), security(("workspace_key" = [])),
    responses((status = 204, description = "Nothing of it is left.")),
)]
pub(super) async fn erase(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<StatusCode, AppError> {
    app.workspace_only(&headers)?;
    if app.workspace.get(id).is_none() && !app.workspace.owes(id).await {
        return Err(AppError::no_such_session());
    }
    erase_for_good(&app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases a session: nothing of it is left in the store.
pub(super) async fn erase_for_good(app: &App, id: SessionId) -> Result<(), AppError> {
    // Erased before it is struck, so that an erasure that failed can be asked for again; and once more after it,
    // for whoever came back in between.
    app.node.erase(id).await?;
    app.workspace.strike(app.node.store(), id).await?;
    app.node.erase(id).await?;
    Ok(())
}

/// A code in two groups, for people.
pub(super) fn spaced(code: &str) -> String {
    JoinCode::parse(code).map_or_else(|_| code.to_owned(), |code| code.spaced())
}

impl From<Record> for Listed {
    fn from(record: Record) -> Self {
        Self {
            id: record.session,
            title: record.title,
            code: spaced(&record.code),
            founded_at: record.founded_at,
            demonstration: record.demonstration,
            template: record.template,
            checks: record.checks.map(|checked| checked.0),
            closed: false,
        }
    }
}

impl From<WorkspaceError> for AppError {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Store(error) => error.into(),
            WorkspaceError::Entry(error) => Self::fault(error),
        }
    }
}
