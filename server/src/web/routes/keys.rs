//! API keys over HTTP, and the workspace key's own rotation. All of it with the workspace key itself.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use plumbline_shared::{day::Day, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    clock,
    web::{
        app::App,
        body::Json,
        page::{Page, PageAsked, Paged},
        problem::AppError,
        target::Path,
    },
    workspace::keys::{ApiKey, KEYS, MOST_DAYS, Scope, USUAL_DAYS},
};

/// A key that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// What it opens; at least one.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// The last day on which it is good, by the clock of Greenwich: `2026-11-20`, at most 365 days ahead. In 90 days, where
    /// it is not said.
    #[schema(format = Date)]
    expires: Option<String>,
}

/// An API key, without the key.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyListed {
    /// Its id.
    id: Uuid,
    /// What it is for.
    name: String,
    /// What it opens.
    scopes: Vec<Scope>,
    /// When it was made, in milliseconds since 1970.
    made_at: u64,
    /// The last day on which it is good.
    #[schema(format = Date)]
    expires: String,
    /// Whether that day is over.
    expired: bool,
    /// The last day on which it was used; none yet.
    #[schema(required = true, format = Date)]
    used: Option<String>,
}

/// An API key as it was made: the only time that it is told.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyMade {
    /// The key.
    #[schema(pattern = "^pk_[A-Za-z0-9_-]{43}$")]
    key: String,
    /// What is known of it.
    #[serde(flatten)]
    known: KeyListed,
}

/// A new workspace key: the only time that it is told.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceKey {
    /// The key.
    #[schema(pattern = "^pw_[A-Za-z0-9_-]{43}$")]
    key: String,
    /// The link that opens the workspace with it.
    url: String,
}

impl KeyListed {
    fn of(key: ApiKey, today: Day) -> Self {
        Self {
            expired: !key.is_good(today),
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            made_at: key.made_at,
            expires: Day(key.expires).to_string(),
            used: key.used.map(|day| Day(day).to_string()),
        }
    }
}

fn today() -> Day {
    Day::of(clock::now())
}

/// Makes an API key.
///
/// The key is told this once; the server keeps its hash alone. It opens the calls of its scopes until its last day is over, or
/// until it is revoked.
#[utoipa::path(
    post, path = "/api/keys", tag = "Keys", security(("workspace_key" = [])),
    request_body(content = NewKey, example = json!({ "name": "Reporting", "scopes": ["decisions:read", "exports:read"] })),
    responses(
        (status = 201, description = "The key.", body = KeyMade),
        (status = 409, description = "- `too_many`: there are 100 keys; revoke one that nobody needs."),
    ),
)]
pub(super) async fn make(
    State(app): State<App>,
    headers: HeaderMap,
    Json(wish): Json<NewKey>,
) -> Result<(StatusCode, Json<KeyMade>), AppError> {
    app.key_itself(&headers)?;
    let name = wish.name.trim();
    if name.is_empty() || name.chars().count() > limits::NAME || name.chars().any(char::is_control) {
        return Err(AppError::unprocessable(
            "Say in `name` what the key is for, in 1 to 80 characters on one line.",
        ));
    }
    let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| wish.scopes.contains(scope)).collect();
    if scopes.is_empty() {
        return Err(AppError::unprocessable("Say in `scopes` what the key opens: at least one."));
    }
    let today = today();
    let expires = match &wish.expires {
        None => today.plus(USUAL_DAYS),
        Some(day) => {
            Day::parse(day).filter(|day| (today..=today.plus(MOST_DAYS)).contains(day)).ok_or_else(|| {
                AppError::unprocessable(format!(
                    "`expires` is the last day on which the key is good: from {today} to {}.",
                    today.plus(MOST_DAYS)
                ))
            })?
        }
    };
    let made = app.workspace.make_api_key(app.node.store(), name.to_owned(), scopes, expires).await?;
    let Some((key, token)) = made else {
        let detail = format!("There are {KEYS} keys already. Revoke one that nobody needs.");
        return Err(AppError::new(StatusCode::CONFLICT, "too_many", detail));
    };
    let known = KeyListed::of(key, today);
    Ok((StatusCode::CREATED, Json(KeyMade { key: token.reveal().to_owned(), known })))
}

/// Lists the API keys, the newest first.
///
/// Those that have expired too, until they are revoked. None of the keys themselves: the server does not have them.
#[utoipa::path(
    get, path = "/api/keys", tag = "Keys", params(PageAsked), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of keys.", body = Paged<KeyListed>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
) -> Result<Json<Paged<KeyListed>>, AppError> {
    app.key_itself(&headers)?;
    let (today, after) = (today(), page.after::<Uuid>()?);
    let keys = app.workspace.api_keys().into_iter().filter(|key| after.is_none_or(|after| key.id < after));
    Ok(Json(page.of(keys.map(|key| KeyListed::of(key, today)), |key| key.id)))
}

/// Revokes an API key: it opens nothing any more, at once.
#[utoipa::path(
    delete, path = "/api/keys/{id}", tag = "Keys", security(("workspace_key" = [])),
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses(
        (status = 204, description = "It is dead."),
        (status = 404, description = "- `no_such_key`: there is none, or it was revoked before."),
    ),
)]
pub(super) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, AppError> {
    app.key_itself(&headers)?;
    let id = id.parse::<Uuid>().ok();
    let revoked = match id {
        Some(id) => app.workspace.revoke_api_key(app.node.store(), id).await?,
        None => false,
    };
    if revoked {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = "There is no such API key, or it was revoked before. List them to see which there are.";
    Err(AppError::not_found("no_such_key", detail))
}

/// Replaces the workspace key; the old one is dead at once.
///
/// API keys stay. Where the key is given to the server at its start, it is changed there.
#[utoipa::path(
    post, path = "/api/keys/workspace/rotate", tag = "Keys", security(("workspace_key" = [])),
    responses(
        (status = 200, description = "The new key, told this once.", body = WorkspaceKey),
        (status = 409, description = "- `key_is_given`: the server was started with this key."),
    ),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<WorkspaceKey>, AppError> {
    app.key_itself(&headers)?;
    if app.workspace.is_key_given() {
        let detail = "The server was started with this key, and would take it again at its next start. Change \
                      PLUMBLINE_WORKSPACE_KEY there, and start it anew.";
        return Err(AppError::new(StatusCode::CONFLICT, "key_is_given", detail));
    }
    let key = app.workspace.make_key(app.node.store()).await?;
    let url = format!("{}/#key={}", app.base(&headers), key.reveal());
    Ok(Json(WorkspaceKey { key: key.reveal().to_owned(), url }))
}
