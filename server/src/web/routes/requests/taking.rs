//! Requests come onto a session's board as projects.
//!
//! A facilitator has no workspace key, and prepares the session all the same: both may look at what waits and take it.
//! The workspace is told first, with the project's id, and then the board: whoever repeats a call that broke off in
//! between brings the same project.

use std::collections::BTreeMap;

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::{
    board::{Board, Project},
    day::Day,
    ids::{ParticipantId, ProjectId, SessionId},
    limits,
    methods::plain,
    words::{Origin, Role},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    fates,
    shown::{Stands, Words},
};
use crate::{
    session::{
        Identity, Session,
        entry::{Body, Row},
    },
    web::{
        app::{App, Caller},
        body::Json,
        page::Paged,
        problem::AppError,
        target::Path,
    },
    workspace::intake::{Request, Says},
};

/// A request that a session can take, or has.
#[derive(Serialize, ToSchema)]
#[schema(as = OfferedRequest)]
pub(in crate::web::routes) struct Offered {
    number: u64,
    reference: String,
    #[serde(flatten)]
    words: Words,
    /// Whether it stands on this board.
    on_board: bool,
    /// Whether another session has it, and has not decided on it yet.
    elsewhere: bool,
}

/// Which requests are taken.
#[derive(Deserialize, ToSchema)]
#[schema(as = TakeRequests)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct Take {
    /// By their numbers; left out: all that wait and that no other session has.
    numbers: Option<Vec<u64>>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
#[schema(as = TookRequests)]
pub(in crate::web::routes) struct TakenIn {
    taken: Vec<Brought>,
    left: Vec<Left>,
}

/// A request that stands on the board.
#[derive(Serialize, ToSchema)]
#[schema(as = TookRequest)]
struct Brought {
    number: u64,
    project: ProjectId,
}

/// A request that was not taken.
#[derive(Serialize, ToSchema)]
#[schema(as = LeftRequest)]
struct Left {
    number: u64,
    reason: String,
}

/// Who may look at what waits and take it: the facilitator of the session, and the holder of the workspace key.
async fn who(app: &App, headers: &HeaderMap, id: SessionId) -> Result<Option<ParticipantId>, AppError> {
    match app.caller(headers, id).await? {
        Caller::Workspace => Ok(None),
        Caller::Person(Identity { participant: Some(by), role: Role::Facilitator }) => Ok(Some(by)),
        Caller::Person(_) => {
            Err(AppError::forbidden("Only a facilitator of this session can take requests. Ask yours."))
        }
    }
}

/// Lists the requests that a session can take, or has.
///
/// Those that wait, those on this board, and those that another session has and has not decided. All are on one page.
#[utoipa::path(
    get, path = "/api/sessions/{id}/requests", tag = "Requests",
    params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = []), ("workspace_key" = [])),
    responses(
        (status = 200, description = "The requests.", body = Paged<Offered>),
        (status = 409, description = "- `conflict`: the session is closed, or only shown."),
    ),
)]
pub(in crate::web::routes) async fn offered(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Json<Paged<Offered>>, AppError> {
    who(&app, &headers, id).await?;
    let board = ready(&app, id).await?;
    let requests = app.workspace.requests(None);
    let fates = fates(&app, &requests).await?;
    let items = requests.iter().zip(fates).filter_map(|(request, fate)| {
        let on_board = place(request, id).is_some_and(|project| board.projects.contains_key(&project));
        let offer = on_board || may_come(fate.stands);
        offer.then(|| Offered {
            number: request.number,
            reference: request.reference(),
            words: request.into(),
            on_board,
            elsewhere: fate.stands == Stands::Taken && !on_board,
        })
    });
    Ok(Json(Paged { items: items.collect(), next: None }))
}

/// The project that a request is, or was to be, on this session's board.
fn place(request: &Request, session: SessionId) -> Option<ProjectId> {
    request.taken.iter().find(|taken| taken.session == session).map(|taken| taken.project)
}

/// Whether it may come onto a board: nothing is decided about it. Another session may have it and never come to it, so
/// that is no reason against it.
fn may_come(stands: Stands) -> bool {
    matches!(stands, Stands::Waiting | Stands::Taken)
}

/// The board of a session that can take requests.
async fn ready(app: &App, id: SessionId) -> Result<Board, AppError> {
    let board = app.session(id)?.ask(Session::board).await?;
    if board.session.demonstration {
        return Err(AppError::conflict(
            "A session that is only shown takes no requests: nothing of it is decided.",
        ));
    }
    if board.session.closed {
        return Err(AppError::conflict("This session is closed. Take the request into one that is not."));
    }
    Ok(board)
}

/// Takes requests onto a session's board, as projects.
#[utoipa::path(
    post, path = "/api/sessions/{id}/requests", tag = "Requests",
    params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = []), ("workspace_key" = [])),
    request_body(content = Take, example = json!({ "numbers": [12] })),
    responses(
        (status = 200, description = "What was taken, and what was left and why.", body = TakenIn),
        (status = 409, description = "- `conflict`: the session is closed, or only shown.\n- `closed`: it was closed in this moment."),
    ),
)]
pub(in crate::web::routes) async fn take(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(wish): Json<Take>,
) -> Result<Json<TakenIn>, AppError> {
    let by = who(&app, &headers, id).await?;
    let board = ready(&app, id).await?;
    let facilitator = board.roster.iter().find(|(_, person)| person.role == Role::Facilitator);
    let by = by.or(facilitator.map(|(id, _)| *id)).ok_or_else(|| AppError::fault("nobody facilitates"))?;
    let all = app.workspace.requests(None);
    let stands: BTreeMap<u64, Stands> = all
        .iter()
        .map(|request| request.number)
        .zip(fates(&app, &all).await?.into_iter().map(|it| it.stands))
        .collect();
    let numbers = wish.numbers.unwrap_or_else(|| {
        let waiting = stands.iter().filter(|(_, stands)| **stands == Stands::Waiting);
        waiting.map(|(number, _)| *number).take(limits::REQUESTS_TAKEN).collect()
    });
    if numbers.len() > limits::REQUESTS_TAKEN {
        let detail =
            format!("That is more than the {} requests that are taken at once.", limits::REQUESTS_TAKEN);
        return Err(AppError::unprocessable(detail));
    }
    let mut room = limits::PROJECTS.saturating_sub(board.projects.len());
    let (mut taken, mut left, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let request = all.iter().find(|request| request.number == number);
        let fate = match (request, stands.get(&number)) {
            (Some(request), Some(stands)) => fit(request, *stands, id, &board, room),
            _ => Err("There is no such request any more.".to_owned()),
        };
        match (request, fate) {
            (_, Err(reason)) => left.push(Left { number, reason }),
            (None, Ok(_)) => {}
            (Some(request), Ok(Fit { project, is_new })) => {
                if place(request, id) != Some(project) {
                    let says = Says::Taken { session: id, project };
                    app.workspace.say(app.node.store(), number, says).await?;
                }
                if is_new {
                    room -= 1;
                    rows.push(row(request, project, &board.session.currency));
                }
                taken.push(Brought { number, project });
            }
        }
    }
    if !rows.is_empty() {
        let currency = all
            .iter()
            .filter(|request| {
                board.session.currency.is_empty() && taken.iter().any(|it| it.number == request.number)
            })
            .find(|request| request.wanted.cost.is_some() && !request.wanted.currency.is_empty())
            .map(|request| request.wanted.currency.clone());
        app.session(id)?.propose(Body::Imported { by, rows, currency, file: None }).await??;
    }
    Ok(Json(TakenIn { taken, left }))
}

/// How a request comes onto a board.
#[derive(Debug, PartialEq, Eq)]
struct Fit {
    project: ProjectId,
    /// Whether it is to be made; otherwise it stands there.
    is_new: bool,
}

/// Whether a request can come onto a board, and as which project; otherwise why not.
fn fit(
    request: &Request,
    stands: Stands,
    session: SessionId,
    board: &Board,
    room: usize,
) -> Result<Fit, String> {
    let known = place(request, session);
    if let Some(project) = known.filter(|project| board.projects.contains_key(project)) {
        return Ok(Fit { project, is_new: false });
    }
    let refused = match stands {
        Stands::Decided => Some("A session has decided on it already."),
        Stands::Declined => Some("It was declined. Have it wait again first."),
        Stands::Duplicate => Some("It is the same as another request. Have it wait again first."),
        Stands::Taken | Stands::Waiting => None,
    };
    if let Some(reason) = refused {
        return Err(reason.to_owned());
    }
    let reference = request.reference();
    let alike = board.projects.iter().find(|(_, project)| project.reference == reference);
    if let Some((id, project)) = alike {
        return match is_called(project, &request.wanted.name) {
            true => Ok(Fit { project: *id, is_new: false }),
            false => Err(format!(
                "Another project of the board has the reference {reference}: {}. Give that one another reference first.",
                project.name
            )),
        };
    }
    if room == 0 {
        return Err(format!("The board has its {} projects.", limits::PROJECTS));
    }
    Ok(Fit { project: known.unwrap_or_else(|| ProjectId(Uuid::now_v7())), is_new: true })
}

fn is_called(project: &Project, name: &str) -> bool {
    plain(&project.name) == plain(name)
}

/// The request as the card that it becomes.
fn row(request: &Request, id: ProjectId, currency: &str) -> Row {
    let wanted = request.wanted.clone();
    // A sum in another currency than the board's is told and not added up.
    let fits = currency.is_empty() || wanted.currency.is_empty() || currency == wanted.currency;
    let other = wanted.cost.filter(|_| !fits).map(|cost| format!("{cost} {}", wanted.currency));
    let instead = wanted.instead.map(|it| match it.reference.as_str() {
        "" => it.name,
        reference => format!("{} ({reference})", it.name),
    });
    let or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
    let more = [
        ("Asked for which pillar", or(wanted.pillar, "None of them")),
        ("Which measure would move", wanted.measure),
        ("By how much", wanted.target),
        ("What stops or waits for it", instead.unwrap_or_else(|| "Nothing".to_owned())),
        ("Cost in another currency", other.unwrap_or_default()),
        ("Asked on", Day::of(request.asked_at).to_string()),
    ];
    Row {
        id,
        name: wanted.name,
        summary: wanted.purpose,
        sponsor: wanted.asked_by,
        owner: wanted.owner,
        origin: Origin::New.as_str().to_owned(),
        cost: wanted.cost.filter(|_| fits),
        people: wanted.people,
        reference: request.reference(),
        more: more
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(heading, text)| (heading.to_owned(), text))
            .collect(),
    }
}

/// A session goes on from an earlier one: the requests that stood there stand here, where the board has them still.
pub(in crate::web::routes) async fn onward(
    app: &App,
    from: SessionId,
    earlier: &Board,
    to: SessionId,
) -> Result<(), AppError> {
    let stood: Vec<(Request, ProjectId)> = app
        .workspace
        .requests(None)
        .into_iter()
        .filter_map(|request| place(&request, from).map(|project| (request, project)))
        .collect();
    if stood.is_empty() {
        return Ok(());
    }
    let board = app.session(to)?.ask(Session::board).await?;
    for (request, project) in stood {
        let Some(before) = earlier.projects.get(&project) else { continue };
        let now = board
            .projects
            .iter()
            .find(|(_, now)| now.reference == before.reference && is_called(now, &before.name));
        if let Some((project, _)) = now {
            let says = Says::Taken { session: to, project: *project };
            app.workspace.say(app.node.store(), request.number, says).await?;
        }
    }
    Ok(())
}
