//! Intake over HTTP: what the holder of the workspace key sees and does. Who asks is in `asking`, what a session takes
//! onto its board in `taking`.

pub(super) mod asking;
mod shown;
pub(super) mod taking;
mod wanted;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use plumbline_shared::limits;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) use taking::onward;

use crate::{
    tokens::{Salt, Token, TokenKind},
    web::{
        app::App,
        body::Json,
        credentials,
        page::{Page, PageAsked, Paged},
        problem::AppError,
        target::{Path, Query},
    },
    workspace::intake::{Door, Request, Says},
};
use shown::{Fate, Shown, Stands, fates};

/// How requests come in.
#[derive(Serialize, ToSchema)]
#[schema(as = IntakeState)]
pub(super) struct Intake {
    /// Whether requests are taken.
    open: bool,
    /// Whether the form names the projects of the portfolio.
    names: bool,
    /// Whether there is a link at all.
    made: bool,
    /// The link; `null` where there is none, where it was made under another workspace key (then it still works, and
    /// cannot be shown again), and to an API key.
    url: Option<String>,
    /// The link as a QR code, SVG; `null` where there is none to show.
    picture: Option<String>,
    /// How many requests wait.
    waiting: usize,
}

/// What is changed about it; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetIntake {
    /// Whether requests are taken.
    open: Option<bool>,
    /// Whether the form names the projects of the portfolio.
    names: Option<bool>,
    /// Whether to make a new link: the old one is dead at once.
    #[serde(default)]
    renew: bool,
}

/// What is said of a request without a session.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRequestAnswer)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnswer {
    /// What.
    answer: AnswerKind,
    /// Who says so: seen by who has asked.
    #[serde(default)]
    by: String,
    /// Why: seen by who has asked.
    #[serde(default)]
    reason: String,
    /// The number of the request that it is the same as.
    of: Option<u64>,
}

/// The sorts of it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[schema(as = RequestAnswerKind)]
#[serde(rename_all = "snake_case")]
enum AnswerKind {
    /// It is not done.
    Declined,
    /// It is the same as another one.
    Duplicate,
    /// It waits again.
    Waiting,
}

/// Which requests are listed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<Stands>,
    /// For the page; see [`Page`].
    #[serde(rename = "cursor")]
    #[param(ignore)]
    _cursor: Option<String>,
    /// For the page; see [`Page`].
    #[serde(rename = "limit")]
    #[param(ignore)]
    _limit: Option<String>,
}

/// Says how requests for new work come in.
#[utoipa::path(
    get, path = "/api/intake", tag = "Requests", security(("workspace_key" = [])),
    responses((status = 200, description = "The way in.", body = Intake)),
)]
pub(super) async fn door(State(app): State<App>, headers: HeaderMap) -> Result<Json<Intake>, AppError> {
    app.workspace_only(&headers)?;
    told(&app, &headers).await
}

/// Changes how requests for new work come in.
///
/// The first call makes the link. With `renew` the old one is dead at once. The link is derived from the workspace key, so it
/// takes the workspace key itself.
#[utoipa::path(
    post, path = "/api/intake", tag = "Requests", security(("workspace_key" = [])),
    request_body(content = SetIntake, example = json!({ "open": true })),
    responses((status = 200, description = "The way in, as it is now.", body = Intake)),
)]
pub(super) async fn set_door(
    State(app): State<App>,
    headers: HeaderMap,
    Json(wish): Json<SetIntake>,
) -> Result<Json<Intake>, AppError> {
    let key = key(&app, &headers)?.ok_or_else(AppError::not_admitted)?;
    let now = app.workspace.door();
    let mut door = match now.clone() {
        Some(door) if !wish.renew => door,
        other => {
            let salt = Salt::fresh();
            let link = Token::derived(TokenKind::Intake, &key, &salt).hash();
            let (open, names) = other.map_or((true, true), |door| (door.open, door.names));
            Door { salt, link, open, names }
        }
    };
    door.open = wish.open.unwrap_or(door.open);
    door.names = wish.names.unwrap_or(door.names);
    if now.as_ref() != Some(&door) {
        app.workspace.set_door(app.node.store(), door).await?;
    }
    told(&app, &headers).await
}

/// The workspace key, if that is what the call comes with.
fn key(app: &App, headers: &HeaderMap) -> Result<Option<Token>, AppError> {
    let token = credentials::of_call(headers, None)?;
    Ok(token.filter(|token| app.workspace.admits(&token.hash())))
}

async fn told(app: &App, headers: &HeaderMap) -> Result<Json<Intake>, AppError> {
    let waiting = count_waiting(app).await?;
    let Some(door) = app.workspace.door() else {
        return Ok(Json(Intake { open: false, names: true, made: false, url: None, picture: None, waiting }));
    };
    let derived = key(app, headers)?.map(|key| Token::derived(TokenKind::Intake, &key, &door.salt));
    let url = derived
        .filter(|token| token.hash() == door.link)
        .map(|token| format!("{}/request#t={}", app.base(headers), token.reveal()));
    let picture = url.as_deref().map(super::links::picture).transpose()?;
    Ok(Json(Intake { open: door.open, names: door.names, made: true, url, picture, waiting }))
}

/// How many requests wait.
pub(super) async fn count_waiting(app: &App) -> Result<usize, AppError> {
    let requests = app.workspace.requests(None);
    let fates = fates(app, &requests).await?;
    Ok(fates.iter().filter(|fate| fate.stands == Stands::Waiting).count())
}

/// Lists the requests, the newest first.
#[utoipa::path(
    get, path = "/api/requests", tag = "Requests", params(PageAsked, Which), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of requests.", body = Paged<Shown>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
    Query(which): Query<Which>,
) -> Result<Json<Paged<Shown>>, AppError> {
    app.workspace_only(&headers)?;
    let requests = app.workspace.requests(page.after()?);
    let fates = fates(&app, &requests).await?;
    let all = requests.into_iter().zip(fates);
    let chosen = all.filter(|(_, fate)| which.state.is_none_or(|state| fate.stands == state));
    Ok(Json(page.of(chosen.map(|(request, fate)| Shown::of(&request, fate)), |shown| shown.number)))
}

/// Shows a request and what has become of it.
#[utoipa::path(
    get, path = "/api/requests/{number}", tag = "Requests",
    params(("number" = u64, Path, description = "The number of the request, from 1.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    responses(
        (status = 200, description = "The request.", body = Shown),
        (status = 404, description = "- `no_such_request`: there is none with this number, or it was erased."),
    ),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Shown>, AppError> {
    app.workspace_only(&headers)?;
    shown(&app, &find(&app, &number)?).await
}

/// Answers a request without a session.
///
/// It is declined, or the same as another one; `waiting` takes that back. Whoever has asked sees who says so and why.
#[utoipa::path(
    post, path = "/api/requests/{number}/answer", tag = "Requests",
    params(("number" = u64, Path, description = "The number of the request, from 1.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    request_body(content = NewAnswer, example = json!({ "answer": "declined", "by": "Ana", "reason": "The pipes come first." })),
    responses(
        (status = 200, description = "The request, as it stands now.", body = Shown),
        (status = 404, description = "- `no_such_request`: there is none with this number, or it was erased."),
        (status = 409, description = "- `conflict`: a session has decided on it."),
    ),
)]
pub(super) async fn answer(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewAnswer>,
) -> Result<Json<Shown>, AppError> {
    app.workspace_only(&headers)?;
    let request = find(&app, &number)?;
    let fate = one(&app, &request).await?;
    if fate.stands == Stands::Decided {
        return Err(AppError::conflict(
            "A session has decided on this request. Change that decision in the decision log.",
        ));
    }
    let says = says(&app, &request, new)?;
    app.workspace.say(app.node.store(), request.number, says).await?;
    shown(&app, &find(&app, &number)?).await
}

fn says(app: &App, request: &Request, new: NewAnswer) -> Result<Says, AppError> {
    let by = wanted::line("Who says so", &new.by, limits::NAME)?;
    let reason = wanted::text("The reason", &new.reason, limits::REQUEST_TEXT)?;
    if matches!(new.answer, AnswerKind::Waiting) {
        return Ok(Says::Waits);
    }
    if by.is_empty() {
        return Err(AppError::unprocessable(
            "Say who you are (`by`): whoever has asked sees who has answered.",
        ));
    }
    match (new.answer, new.of) {
        (AnswerKind::Duplicate, Some(of)) => {
            let root = root(app, of).ok_or_else(|| no_such(of))?;
            if root == request.number {
                return Err(AppError::unprocessable(
                    "A request is no duplicate of itself, or of one that is a duplicate of it.",
                ));
            }
            Ok(Says::Duplicate { of: root, by, reason })
        }
        (AnswerKind::Duplicate, None) => {
            Err(AppError::unprocessable("Say in `of` which request it is the same as, by its number."))
        }
        (_, Some(_)) => Err(AppError::unprocessable("Only a duplicate names another request in `of`.")),
        (_, None) if reason.is_empty() => {
            Err(AppError::unprocessable("Say why it is declined: whoever has asked sees the reason."))
        }
        (_, None) => Ok(Says::Declined { by, reason }),
    }
}

/// The request that one is in the end the same as.
fn root(app: &App, mut number: u64) -> Option<u64> {
    // Each is a duplicate of a root when that is entered; a root that became a duplicate since is followed.
    for _ in 0..limits::REQUESTS {
        let request = app.workspace.request(number)?;
        match request.answer.and_then(|answer| answer.duplicate_of) {
            Some(of) => number = of,
            None => return Some(number),
        }
    }
    None
}

/// Erases a request for good.
///
/// Its status link is dead. What came onto a board or into the decision log stays there.
#[utoipa::path(
    delete, path = "/api/requests/{number}", tag = "Requests",
    params(("number" = u64, Path, description = "The number of the request, from 1.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    responses((status = 204, description = "It is gone."), (status = 404, description = "- `no_such_request`: there is none with this number, or it was erased."),),
)]
pub(super) async fn erase(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, AppError> {
    app.workspace_only(&headers)?;
    let number: u64 = number.parse().map_err(|_| no_such(&number))?;
    if app.workspace.request(number).is_none() && !app.workspace.owes_request(number).await {
        return Err(no_such(number));
    }
    app.workspace.erase_request(app.node.store(), number).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn find(app: &App, number: &str) -> Result<Request, AppError> {
    let found = number.parse().ok().and_then(|number| app.workspace.request(number));
    found.ok_or_else(|| no_such(number))
}

fn no_such(number: impl std::fmt::Display) -> AppError {
    let detail = format!("There is no request {number}. List them to see which there are.");
    AppError::not_found("no_such_request", detail)
}

async fn one(app: &App, request: &Request) -> Result<Fate, AppError> {
    let fates = fates(app, std::slice::from_ref(request)).await?;
    fates.into_iter().next().ok_or_else(|| AppError::fault("a request without what became of it"))
}

async fn shown(app: &App, request: &Request) -> Result<Json<Shown>, AppError> {
    Ok(Json(Shown::of(request, one(app, request).await?)))
}
