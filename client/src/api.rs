//! Asking the server over HTTP.

use js_sys::Uint8Array;
use leptos::prelude::window;
use plumbline_shared::ids::{ParticipantId, SessionId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::text::text;

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

/// `application/problem+json`, as far as a page needs it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct ProblemDocument {
    code: String,
    title: String,
    detail: String,
    retry_after: Option<u32>,
}

/// What is sent.
pub(crate) enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(String),
    /// A file's bytes, and their media type.
    Bytes(Vec<u8>, &'static str),
}

impl Body {
    /// `value` as JSON.
    pub(crate) fn json<T: Serialize>(value: &T) -> Self {
        Self::Json(serde_json::to_string(value).unwrap_or_default())
    }
}

/// Asks; `token` is the workspace key or a session's token. A POST carries a key of its own by which the server
/// knows a repetition.
async fn ask(method: &str, path: &str, token: Option<&str>, body: Body) -> Result<Response, Problem> {
    let unreachable = || Problem::local(text().errors.unreachable);
    let headers = Headers::new().map_err(|_| unreachable())?;
    let set = |name: &str, value: &str| headers.set(name, value).ok();
    set("Accept", "application/json");
    if let Some(token) = token {
        set("Authorization", &format!("Bearer {token}"));
    }
    if method == "POST" {
        set("Idempotency-Key", &Uuid::now_v7().to_string());
    }
    let init = RequestInit::new();
    init.set_method(method);
    match body {
        Body::None => {}
        Body::Json(json) => {
            set("Content-Type", "application/json");
            init.set_body(&JsValue::from_str(&json));
        }
        Body::Bytes(bytes, kind) => {
            set("Content-Type", kind);
            init.set_body(&Uint8Array::from(bytes.as_slice()));
        }
    }
    init.set_headers(&headers);
    let answer =
        JsFuture::from(window().fetch_with_str_and_init(path, &init)).await.map_err(|_| unreachable())?;
    let response: Response = answer.unchecked_into();
    if response.ok() { Ok(response) } else { Err(problem(&response).await) }
}

async fn problem(response: &Response) -> Problem {
    let status = response.status();
    let document: ProblemDocument =
        serde_json::from_str(&body_text(response).await.unwrap_or_default()).unwrap_or_default();
    let retry_after = document
        .retry_after
        .or_else(|| response.headers().get("Retry-After").ok().flatten().and_then(|text| text.parse().ok()));
    let says = match ((text().errors.by_code)(&document.code), retry_after) {
        (_, Some(seconds)) if status == 429 => (text().errors.too_many_tries)(seconds),
        (Some(ours), _) => ours.to_owned(),
        _ if !document.detail.is_empty() => document.detail,
        _ if !document.title.is_empty() => document.title,
        _ => text().errors.strange_answer.to_owned(),
    };
    Problem { status, says }
}

async fn body_text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

async fn answered<T: DeserializeOwned>(response: Response) -> Result<T, Problem> {
    body_text(&response)
        .await
        .and_then(|body| serde_json::from_str(&body).ok())
        .ok_or_else(|| Problem::local(text().errors.strange_answer))
}

/// One session in the workspace's list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct SessionRow {
    /// The session.
    pub(crate) id: SessionId,
    /// Its title.
    pub(crate) title: String,
    /// Its join code.
    pub(crate) code: String,
    /// When it was made, in milliseconds since 1970.
    pub(crate) founded_at: u64,
}

/// One page of a list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SessionPage {
    /// The rows of this page.
    pub(crate) items: Vec<SessionRow>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<String>,
}

/// What a new session is made of.
#[derive(Serialize)]
pub(crate) struct NewSession<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// The facilitator's name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) name: &'a str,
    /// Whether it starts with the built-in sample.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) sample: bool,
}

/// A session that was just made.
#[derive(Clone, Debug, Deserialize)]
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

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Imported {
    /// Rows that are on the board now.
    pub(crate) imported: usize,
    /// Rows that were left out.
    pub(crate) skipped: Vec<SkippedRow>,
}

/// A row that was left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SkippedRow {
    /// Its number in the file.
    pub(crate) row: u64,
    /// Why.
    pub(crate) reason: String,
}

/// Somebody who has just joined.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Joined {
    /// The session.
    pub(crate) session_id: SessionId,
    /// The participant.
    pub(crate) participant_id: ParticipantId,
    /// What admits them.
    pub(crate) token: String,
}

/// How others come in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Invitation {
    /// The link.
    pub(crate) join_url: String,
    /// The code.
    pub(crate) code: String,
    /// Whether other devices can reach the server by that link.
    pub(crate) reachable: bool,
    /// What to do where they cannot.
    #[serde(default)]
    pub(crate) hint: Option<String>,
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
    answered(ask("POST", "/api/sessions", Some(key), Body::json(new)).await?).await
}

/// Brings a portfolio to a session.
pub(crate) async fn import(session: SessionId, token: &str, body: Body) -> Result<Imported, Problem> {
    answered(ask("POST", &format!("/api/sessions/{session}/portfolio"), Some(token), body).await?).await
}

/// Brings pillars to a session, by their names.
pub(crate) async fn bring_pillars(session: SessionId, token: &str, names: &[String]) -> Result<(), Problem> {
    #[derive(Serialize)]
    struct Row<'a> {
        name: &'a str,
    }
    let rows: Vec<Row<'_>> = names.iter().map(|name| Row { name }).collect();
    ask("POST", &format!("/api/sessions/{session}/pillars"), Some(token), Body::json(&rows)).await.map(drop)
}

/// Joins with a code.
pub(crate) async fn join(code: &str, name: &str, function: &str) -> Result<Joined, Problem> {
    #[derive(Serialize)]
    struct Asked<'a> {
        code: &'a str,
        name: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        function: &'a str,
    }
    let body = Body::json(&Asked { code, name, function });
    answered(ask("POST", "/api/join", None, body).await?).await
}

/// How others come into a session.
pub(crate) async fn invitation(session: SessionId, token: &str) -> Result<Invitation, Problem> {
    answered(ask("GET", &format!("/api/sessions/{session}/share"), Some(token), Body::None).await?).await
}

/// The join link as a picture: SVG.
pub(crate) async fn join_picture(session: SessionId, token: &str) -> Result<String, Problem> {
    let response = ask("GET", &format!("/api/sessions/{session}/join.svg"), Some(token), Body::None).await?;
    body_text(&response).await.ok_or_else(|| Problem::local(text().errors.strange_answer))
}
