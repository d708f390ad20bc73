//! Asking the server over HTTP.

mod agenda;
mod bring;
mod decisions;
mod export;
mod hooks;
mod keys;
mod pillars;
mod requests;
mod run;
mod watch;

pub(crate) use agenda::{SponsorRow, bring_agenda, sponsors, templates};
pub(crate) use bring::{Imported, Preview, PreviewRow, bring_pillars, import, preview};
pub(crate) use decisions::{
    ListedPage, Overview, Verified, decision, decisions, enter_change, overview, verify,
};
pub(crate) use export::{EXPORTS, Export, Exported, export, export_agenda};
pub(crate) use hooks::{
    Attempt, Delivery, DeliveryPage, DeliveryState, EventKind, Hook, HookState, HookWish, alter_hook,
    deliveries, hooks, make_hook, remove_hook, replay, replay_failed, rotate_hook, test_hook,
};
pub(crate) use keys::{ApiKey, ApiKeys, KeyMade, api_keys, make_api_key, revoke_api_key};
pub(crate) use pillars::{
    Agreement, FlowPlace, OnPillar, OnePillar, PileSum, Sight, SightFlow, SightLine, SightSession, Weight,
    pillar, pillars,
};
pub(crate) use requests::{
    Asked, DecidedRequest, IntakeState, OfferedRequest, RequestForm, RequestPage, RequestRow, RequestStatus,
    Said, TookRequests, answer_request, erase_request, intake, offered_requests, request_form,
    request_status, requests, send_request, set_intake, take_requests,
};
pub(crate) use run::{
    Offered, Rotated, command, enter, erase, hand_over, leave, offered, personal_link, rotate,
};
pub(crate) use watch::{Begun, demonstrate, go_on, rehearse};

use js_sys::Uint8Array;
use leptos::prelude::window;
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    json::Json,
};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::{
    take::{Take, taken},
    text::text,
};

/// Why the server did not do what was asked, or that it could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The HTTP status; 0 when there was no answer.
    pub(crate) status: u16,
    /// A sentence that says what to do.
    pub(crate) says: String,
}

impl Problem {
    fn local(says: &str) -> Self {
        Self { status: 0, says: says.to_owned() }
    }

    /// Whether the key or token was not accepted.
    pub(crate) fn is_unauthorised(&self) -> bool {
        matches!(self.status, 401 | 403)
    }
}

/// What is sent.
pub(crate) enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Json),
    /// A file's bytes, and their media type.
    Bytes(Vec<u8>, &'static str),
}

/// Asks; `token` is the workspace key or a session's token. A POST carries a key of its own by which the server
/// knows a repetition.
async fn ask(method: &str, path: &str, token: Option<&str>, body: Body) -> Result<Response, Problem> {
    ask_as(method, path, token, body, Uuid::now_v7()).await
}

/// The same; a POST with `attempt` as the key by which the server knows a repetition.
async fn ask_as(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Body,
    attempt: Uuid,
) -> Result<Response, Problem> {
    let unreachable = || Problem::local(text().errors.unreachable);
    let headers = Headers::new().map_err(|_| unreachable())?;
    let set = |name: &str, value: &str| headers.set(name, value).ok();
    set("Accept", "application/json");
    if let Some(token) = token {
        set("Authorization", &format!("Bearer {token}"));
    }
    if method == "POST" {
        set("Idempotency-Key", &attempt.to_string());
    }
    let init = RequestInit::new();
    init.set_method(method);
    match body {
        Body::None => {}
        Body::Json(json) => {
            set("Content-Type", "application/json");
            init.set_body(&JsValue::from_str(&json.to_string()));
        }
        Body::Bytes(bytes, kind) => {
            set("Content-Type", kind);
            init.set_body(&Uint8Array::from(bytes.as_slice()));
        }
    }
    init.set_headers(&headers);
    if method == "DELETE" {
        // It is asked for by pages that are about to close, too.
        js_sys::Reflect::set(&init, &"keepalive".into(), &true.into()).ok();
    }
    let answer =
        JsFuture::from(window().fetch_with_str_and_init(path, &init)).await.map_err(|_| unreachable())?;
    let response: Response = answer.unchecked_into();
    if response.ok() { Ok(response) } else { Err(problem(&response).await) }
}

async fn problem(response: &Response) -> Problem {
    let status = response.status();
    // `application/problem+json`, as far as a page needs it.
    let body = body_text(response).await.unwrap_or_default();
    let document = Json::read(&body).unwrap_or(Json::Null);
    let retry_after = document
        .get("retry_after")
        .small()
        .or_else(|| response.headers().get("Retry-After").ok().flatten().and_then(|text| text.parse().ok()));
    let said = |name: &str| document.get(name).string().filter(|text| !text.is_empty());
    let code = document.get("code").text().unwrap_or_default();
    let says = match ((text().errors.by_code)(code), retry_after) {
        (_, Some(seconds)) if status == 429 => (text().errors.too_many_tries)(seconds),
        (Some(ours), _) => ours.to_owned(),
        _ => said("detail")
            .or_else(|| said("title"))
            .unwrap_or_else(|| text().errors.strange_answer.to_owned()),
    };
    Problem { status, says }
}

async fn body_text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// The JSON that was answered.
async fn json(response: Response) -> Json {
    body_text(&response).await.and_then(|body| Json::read(&body)).unwrap_or(Json::Null)
}

async fn answered<T: Take>(response: Response) -> Result<T, Problem> {
    T::take(&json(response).await).ok_or_else(|| Problem::local(text().errors.strange_answer))
}

taken! {
    /// One session in the workspace's list.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SessionRow {
        /// The session.
        pub(crate) id: SessionId,
        /// Its title.
        pub(crate) title: String,
        /// Its join code.
        pub(crate) code: String,
        /// When it was made, in milliseconds since 1970.
        pub(crate) founded_at: u64,
        /// Whether it is only shown, and erased after a while.
        pub(crate) demonstration: bool,
        /// The template that it was made with, by its id.
        pub(crate) template: Option<String>,
        /// Whether it was closed, and has decided.
        pub(crate) closed: bool,
    }
}

taken! {
    /// One page of a list.
    #[derive(Clone, Debug)]
    pub(crate) struct SessionPage {
        /// The rows of this page.
        pub(crate) items: Vec<SessionRow>,
        /// Where the next page begins, if there is one.
        pub(crate) next: Option<String>,
    }
}

/// What a new session is made of.
pub(crate) struct NewSession<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// The facilitator's name; may be empty.
    pub(crate) name: &'a str,
    /// Whether it starts with the built-in sample.
    pub(crate) sample: bool,
    /// The template of its agenda; empty: a single open board.
    pub(crate) template: &'a str,
}

taken! {
    /// A session that was just made.
    #[derive(Clone, Debug)]
    pub(crate) struct MadeSession {
        /// The session.
        pub(crate) id: SessionId,
        /// The facilitator's participant.
        pub(crate) participant_id: ParticipantId,
        /// What admits the facilitator.
        pub(crate) facilitator_token: String,
        /// What admits observers.
        pub(crate) observer_token: String,
    }
}

taken! {
    /// Somebody who has just joined.
    #[derive(Clone, Debug)]
    pub(crate) struct Joined {
        /// The session.
        pub(crate) session_id: SessionId,
        /// The participant.
        pub(crate) participant_id: ParticipantId,
        /// What admits them.
        pub(crate) token: String,
    }
}

taken! {
    /// How others come in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct Invitation {
        /// The link.
        pub(crate) join_url: String,
        /// The code.
        pub(crate) code: String,
        /// Whether other devices can reach the server by that link.
        pub(crate) reachable: bool,
        /// What to do where they cannot.
        pub(crate) hint: Option<String>,
        /// The template that the session was made with, by its id.
        pub(crate) template: Option<String>,
    }
}

/// A text, unless it is empty.
fn given(text: &str) -> Json {
    if text.is_empty() { Json::Null } else { text.into() }
}

/// The sessions of the workspace, one page of them.
pub(crate) async fn sessions(key: &str, cursor: Option<&str>) -> Result<SessionPage, Problem> {
    let path = match cursor {
        Some(cursor) => format!("/api/sessions?cursor={cursor}"),
        None => "/api/sessions".to_owned(),
    };
    answered(ask("GET", &path, Some(key), Body::None).await?).await
}

/// Makes a session.
pub(crate) async fn make_session(key: &str, new: &NewSession<'_>) -> Result<MadeSession, Problem> {
    let body = Json::sparse(vec![
        ("title", new.title.into()),
        ("name", given(new.name)),
        ("sample", new.sample.then_some(true).into()),
        ("template", given(new.template)),
    ]);
    answered(ask("POST", "/api/sessions", Some(key), Body::Json(body)).await?).await
}

/// Joins with a code.
pub(crate) async fn join(code: &str, name: &str, function: &str) -> Result<Joined, Problem> {
    let asked = vec![("code", code.into()), ("name", name.into()), ("function", given(function))];
    let body = Body::Json(Json::sparse(asked));
    answered(ask("POST", "/api/join", None, body).await?).await
}

/// How others come into a session.
pub(crate) async fn invitation(session: SessionId, token: &str) -> Result<Invitation, Problem> {
    answered(ask("GET", &format!("/api/sessions/{session}/share"), Some(token), Body::None).await?).await
}

/// The join link as a picture: SVG.
pub(crate) async fn join_picture(session: SessionId, token: &str) -> Result<String, Problem> {
    picture(&format!("/api/sessions/{session}/join.svg"), token).await
}

/// The join link of a test with a phone as a picture: SVG.
pub(crate) async fn test_picture(session: SessionId, token: &str, test: Uuid) -> Result<String, Problem> {
    picture(&format!("/api/sessions/{session}/join.svg?test={test}"), token).await
}

async fn picture(path: &str, token: &str) -> Result<String, Problem> {
    let response = ask("GET", path, Some(token), Body::None).await?;
    body_text(&response).await.ok_or_else(|| Problem::local(text().errors.strange_answer))
}
