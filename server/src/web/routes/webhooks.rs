//! Who outside is told what happens here.

mod answers;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::limits;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};
use uuid::Uuid;

use crate::{
    clock,
    web::{
        app::App,
        body::{self, Json},
        openapi::schemas,
        page::{Page, PageAsked, Paged},
        problem::AppError,
        target::{Path, Query},
    },
    webhooks::{Change, Content, Kind, OutboxError, SCHEMAS, Wanted, reach},
};
use answers::{Delivery, Stage, Webhook, WithSecret};

/// For how many hours deliveries are signed by both secrets where nothing else is said.
const BOTH: u64 = 24;
/// And at most: a week.
const LONGEST_BOTH: u64 = 7 * 24;
const HOUR: u64 = 60 * 60 * 1_000;

/// A webhook to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhook)]
pub(super) struct New {
    /// Where deliveries go: `https://…`.
    url: String,
    /// What people call it.
    #[serde(default)]
    name: String,
    /// What it is told of; everything, if it is left out.
    events: Option<Vec<Kind>>,
    /// How much it is told.
    #[serde(default)]
    content: Content,
}

/// What is to be otherwise; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlteredWebhook)]
pub(super) struct Altered {
    /// Where deliveries go.
    url: Option<String>,
    /// What people call it.
    name: Option<String>,
    /// What it is told of.
    events: Option<Vec<Kind>>,
    /// How much it is told.
    content: Option<Content>,
    /// Whether anything is delivered to it. What happens while it is off is told when it is on again.
    on: Option<bool>,
}

/// A new secret. The body may be left out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Rotation {
    /// For how many hours deliveries are signed by the old one, too; 24 if it is not said.
    #[schema(minimum = 0, maximum = 168)]
    both_for_hours: Option<u64>,
}

/// What is to be delivered again. The body may be left out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ReplayAsked)]
pub(super) struct Again {
    /// What was put on its way from then on: RFC 3339.
    #[schema(format = DateTime)]
    since: Option<String>,
}

/// How much is delivered again.
#[derive(Serialize, ToSchema)]
pub(super) struct Replayed {
    /// So many deliveries.
    replayed: usize,
}

/// What may stand behind the question mark of the list of deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// For the page; see [`crate::web::page::Page`].
    #[serde(rename = "cursor")]
    #[param(ignore)]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    #[param(ignore)]
    _limit: Option<String>,
    /// Only those that stand so.
    #[param(inline)]
    state: Option<Stage>,
}

/// The name of a schema's file.
pub(super) struct SchemaFile;

impl PartialSchema for SchemaFile {
    fn schema() -> RefOr<Schema> {
        let names = SCHEMAS.map(|(name, _)| name);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for SchemaFile {}

/// Lists the webhooks, the oldest first.
#[utoipa::path(
    get, path = "/api/webhooks", tag = "Webhooks", params(PageAsked), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of webhooks.", body = Paged<Webhook>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
) -> Result<Json<Paged<Webhook>>, AppError> {
    app.workspace_only(&headers)?;
    let after = page.after::<Uuid>()?;
    let all = app.node.webhooks().endpoints().into_iter();
    let rest = all.filter(|shown| after.is_none_or(|after| shown.endpoint.id > after)).map(Webhook::of);
    Ok(Json(page.of(rest, |webhook| webhook.id)))
}

/// Makes a webhook. Its secret is told this once.
#[utoipa::path(
    post, path = "/api/webhooks", tag = "Webhooks", security(("workspace_key" = [])),
    request_body(content = New, example = json!({ "url": "https://example.org/plumbline", "name": "Chat", "events": ["decision.due"] })),
    responses(
        (status = 201, description = "The webhook, with its secret.", body = WithSecret),
        (status = 409, description = "- `too_many_webhooks`: remove one that is not used any more."),
        (status = 422, description = "- `unfit_address`: nothing can be delivered there; the answer says why."),
    ),
)]
pub(super) async fn make(
    State(app): State<App>,
    headers: HeaderMap,
    Json(new): Json<New>,
) -> Result<(StatusCode, Json<WithSecret>), AppError> {
    app.workspace_only(&headers)?;
    let wanted = Wanted {
        url: fit(&app, &new.url).await?,
        name: name(&new.name)?,
        kinds: kinds(new.events.unwrap_or_else(|| Kind::ASKED.to_vec()))?,
        content: new.content,
    };
    let (store, today) = (app.node.store(), app.hooks.today());
    let entries = app.node.decisions().end(store).await?;
    let shown = app.node.webhooks().make(store, wanted, entries, today).await?;
    Ok((StatusCode::CREATED, Json(WithSecret::of(shown))))
}

/// Shows a webhook.
#[utoipa::path(
    get, path = "/api/webhooks/{id}", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    responses((status = 200, description = "The webhook.", body = Webhook), (status = 404, description = "- `no_such_webhook`: there is none with this id.")),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Webhook>, AppError> {
    app.workspace_only(&headers)?;
    let shown = app.node.webhooks().endpoint(read(&id)?).ok_or(OutboxError::Unknown)?;
    Ok(Json(Webhook::of(shown)))
}

/// Makes a webhook otherwise, or turns it on or off.
///
/// What happens while it is off is told when it is on again.
#[utoipa::path(
    patch, path = "/api/webhooks/{id}", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    request_body(content = Altered, example = json!({ "on": true })),
    responses(
        (status = 200, description = "The webhook.", body = Webhook),
        (status = 404, description = "- `no_such_webhook`: there is none with this id."),
        (status = 422, description = "- `unfit_address`: nothing can be delivered there; the answer says why."),
    ),
)]
pub(super) async fn alter(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(new): Json<Altered>,
) -> Result<Json<Webhook>, AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let url = match &new.url {
        Some(url) => Some(fit(&app, url).await?),
        None => None,
    };
    let change = Change {
        url,
        name: new.name.as_deref().map(name).transpose()?,
        kinds: new.events.map(kinds).transpose()?,
        content: new.content,
        is_on: new.on,
    };
    let shown = app.node.webhooks().alter(app.node.store(), id, change).await?;
    Ok(Json(Webhook::of(shown)))
}

/// Removes a webhook, with its secret, its address and its deliveries.
#[utoipa::path(
    delete, path = "/api/webhooks/{id}", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    responses((status = 204, description = "It is gone."), (status = 404, description = "- `no_such_webhook`: there is none with this id.")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    app.node.webhooks().remove(app.node.store(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook another secret, which is told this once.
///
/// For a while deliveries are signed by both, so that none is refused before the receiver has the new one.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/rotate", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    request_body(content = Option<Rotation>, example = json!({ "both_for_hours": 24 })),
    responses((status = 200, description = "The webhook, with its new secret.", body = WithSecret), (status = 404, description = "- `no_such_webhook`: there is none with this id.")),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<WithSecret>, AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let hours = optional::<Rotation>(bytes)?.both_for_hours.unwrap_or(BOTH);
    if hours > LONGEST_BOTH {
        let detail = format!(
            "`both_for_hours` is for how many hours the old secret signs, too: a whole number from 0 to {LONGEST_BOTH}."
        );
        return Err(AppError::unprocessable(detail));
    }
    let until = clock::now() + hours * HOUR;
    let shown = app.node.webhooks().rotate(app.node.store(), id, until).await?;
    Ok(Json(WithSecret::of(shown)))
}

/// Sends a test: an event that tells of nothing.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/test", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    responses(
        (status = 202, description = "The delivery, which is on its way.", body = Delivery),
        (status = 404, description = "- `no_such_webhook`: there is none with this id."),
        (status = 409, description = "- `webhook_off`: turn it on first."),
    ),
)]
pub(super) async fn test(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Delivery>), AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let made = app.node.webhooks().test(app.node.store(), id, clock::now()).await?;
    Ok((StatusCode::ACCEPTED, Json(Delivery::of(made))))
}

/// Lists the deliveries of a webhook with their attempts, the newest first.
#[utoipa::path(
    get, path = "/api/webhooks/{id}/deliveries", tag = "Webhooks",
    params(("id" = Uuid, Path, description = "The webhook."), PageAsked, Asked), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of deliveries.", body = Paged<Delivery>), (status = 404, description = "- `no_such_webhook`: there is none with this id.")),
)]
pub(super) async fn deliveries(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Json<Paged<Delivery>>, AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let webhooks = app.node.webhooks();
    webhooks.endpoint(id).ok_or(OutboxError::Unknown)?;
    let before = page.after::<u64>()?;
    let is_asked = |delivery: &crate::webhooks::Delivery| {
        asked.state.is_none_or(|state| state == Stage::of(delivery.stage))
    };
    let all = webhooks.deliveries(id, before, is_asked, page.limit() + 1);
    Ok(Json(page.of(all.into_iter().map(Delivery::of), |delivery| delivery.id)))
}

/// Delivers once more, under the same name.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/deliveries/{number}/replay", tag = "Webhooks",
    params(
        ("id" = Uuid, Path, description = "The webhook."),
        ("number" = u64, Path, description = "The delivery.", minimum = 1, maximum = 9007199254740991_i64),
    ),
    security(("workspace_key" = [])),
    responses(
        (status = 202, description = "The delivery, which is on its way again.", body = Delivery),
        (status = 404, description = "- `no_such_webhook`: there is none with this id.\n- `no_such_delivery`: it has none with this number, or does not keep it any more."),
        (status = 409, description = "- `webhook_off`: turn it on first."),
    ),
)]
pub(super) async fn replay(
    State(app): State<App>,
    Path((id, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Delivery>), AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let number = number.parse().map_err(|_| OutboxError::NoDelivery)?;
    let delivery = app.node.webhooks().replay(app.node.store(), id, number).await?;
    Ok((StatusCode::ACCEPTED, Json(Delivery::of(delivery))))
}

/// Delivers everything once more that was given up.
#[utoipa::path(
    post, path = "/api/webhooks/{id}/replay", tag = "Webhooks", params(("id" = Uuid, Path, description = "The webhook.")), security(("workspace_key" = [])),
    request_body(content = Option<Again>, example = json!({ "since": "2026-11-20T09:00:00Z" })),
    responses(
        (status = 202, description = "How much that is.", body = Replayed),
        (status = 404, description = "- `no_such_webhook`: there is none with this id."),
        (status = 409, description = "- `webhook_off`: turn it on first."),
    ),
)]
pub(super) async fn replay_failed(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Replayed>), AppError> {
    app.workspace_only(&headers)?;
    let id = read(&id)?;
    let since = match optional::<Again>(bytes)?.since {
        None => 0,
        Some(text) => {
            let moment: jiff::Timestamp = text.parse().map_err(|_| {
                AppError::unprocessable("`since` is a moment in RFC 3339, for instance 2026-11-20T09:00:00Z.")
            })?;
            u64::try_from(moment.as_millisecond()).unwrap_or(0)
        }
    };
    let replayed = app.node.webhooks().replay_failed(app.node.store(), id, since).await?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { replayed })))
}

/// Gives the JSON Schema of an event's body.
///
/// Open to everybody: there is nothing of anybody's in it.
#[utoipa::path(
    get, path = "/api/webhooks/schema/{file}", tag = "Webhooks",
    params(("file" = inline(SchemaFile), Path, description = "The name of the file.")),
    responses(
        (status = 200, description = "The schema.", content_type = "application/schema+json", body = schemas::Any),
        (status = 404, description = "- `no_such_schema`: there is none of this name."),
    ),
)]
pub(super) async fn schema(Path(file): Path<String>) -> Result<Response, AppError> {
    let Some((_, schema)) = SCHEMAS.iter().find(|(name, _)| *name == file) else {
        let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
        let detail = format!("There is no such schema. There are {}.", names.join(", "));
        return Err(AppError::not_found("no_such_schema", detail));
    };
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], *schema).into_response())
}

fn read(id: &str) -> Result<Uuid, AppError> {
    Uuid::try_parse(id).map_err(|_| OutboxError::Unknown.into())
}

fn name(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > limits::LINE {
        let detail = format!("`name` takes {} characters at most.", limits::LINE);
        return Err(AppError::unprocessable(detail));
    }
    Ok(text.to_owned())
}

fn kinds(mut kinds: Vec<Kind>) -> Result<Vec<Kind>, AppError> {
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() || kinds.contains(&Kind::Test) {
        let names = Kind::ASKED.map(Kind::as_str).join(", ");
        return Err(AppError::unprocessable(format!("`events` names one or more of {names}.")));
    }
    Ok(kinds)
}

/// An address that deliveries may go to now.
async fn fit(app: &App, url: &str) -> Result<String, AppError> {
    match reach(&app.hooks.allowed, url).await {
        Ok(url) => Ok(url.into()),
        Err(why) => Err(AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "unfit_address", why)),
    }
}

/// A body that may be left out.
fn optional<T: Default + DeserializeOwned>(bytes: Result<Bytes, BytesRejection>) -> Result<T, AppError> {
    let bytes = bytes.map_err(body::unreadable)?;
    body::optional(&bytes)
        .map(Option::unwrap_or_default)
        .map_err(|error| AppError::unprocessable(format!("The JSON is not what this call takes: {error}.")))
}

impl From<OutboxError> for AppError {
    fn from(error: OutboxError) -> Self {
        let detail = error.to_string();
        match error {
            OutboxError::Store(error) => error.into(),
            OutboxError::Entry(error) => Self::fault(error),
            OutboxError::Unknown => Self::not_found("no_such_webhook", detail),
            OutboxError::NoDelivery => Self::not_found("no_such_delivery", detail),
            OutboxError::Many => Self::new(StatusCode::CONFLICT, "too_many_webhooks", detail),
            OutboxError::IsOff => Self::new(StatusCode::CONFLICT, "webhook_off", detail),
        }
    }
}
