//! What every route has at hand.

use std::{
    net::{IpAddr, SocketAddr},
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use axum::http::{HeaderMap, header};
use plumbline_shared::{
    day::Day,
    ids::{ParticipantId, SessionId},
    words::Role,
};
use tokio::sync::Semaphore;

use super::{
    admission::{self, Crowd, Paces, Penalties, WrongCodes},
    conversations::Conversations,
    credentials,
    problem::AppError,
    routes::Pasts,
};
use crate::{
    clock::{self, now},
    live::{LoadError, Node, NodeError, SessionHandle, admitted},
    session::{Fault, Identity, entry::Shown},
    tokens::TokenHash,
    webhooks,
    workspace::{Workspace, keys::ApiKey},
};

/// The server's parts, shared by all routes.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// The sessions.
    pub node: Arc<Node>,
    /// The workspace.
    pub workspace: Arc<Workspace>,
    /// The address under which people reach the server, if it was given: without a slash at its end.
    pub public_url: Option<String>,
    /// What was made of closed sessions for the pillars.
    pub pasts: Pasts,
    /// How deliveries to webhooks are made.
    pub hooks: webhooks::Options,
    /// Who has tried wrong codes.
    pub wrong_codes: WrongCodes,
    /// Who has tried wrong keys of the workspace.
    pub wrong_keys: WrongCodes,
    /// Who is held off for what they sent: by session and token.
    pub penalties: Penalties<(SessionId, [u8; 32])>,
    /// How fast who has joined calls: by session and token.
    pub paces: Paces<(SessionId, [u8; 32])>,
    /// How fast boards and files are asked for: by session and token.
    pub reads: Paces<(SessionId, [u8; 32])>,
    /// How fast people join by code, by address.
    pub joins: Paces<IpAddr>,
    /// How many sockets are open.
    pub crowd: Crowd,
    /// How fast requests for new work come, by address.
    pub requests: Paces<IpAddr>,
    /// How fast the form for them is asked for, by address.
    pub forms: Paces<IpAddr>,
    /// The sockets that are open.
    pub conversations: Conversations,
    /// Whether the server is stopping.
    pub stopping: AtomicBool,
    /// Where the server listens, once it does: simulated people come in there.
    pub own: OnceLock<SocketAddr>,
    /// How many sessions may be shown with simulated people at a time.
    pub demonstrations: Arc<Semaphore>,
}

/// How many sessions are shown with simulated people at a time.
pub const DEMONSTRATIONS: usize = 3;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Whoever holds the workspace key.
    Workspace,
    /// Somebody in the session.
    Person(Identity),
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        node: Arc<Node>,
        workspace: Workspace,
        public_url: Option<String>,
        hooks: webhooks::Options,
    ) -> Self {
        let workspace = Arc::new(workspace);
        node.belongs_to(Arc::clone(&workspace));
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
        Self(Arc::new(Parts {
            node,
            workspace,
            public_url,
            pasts: Pasts::default(),
            hooks,
            wrong_codes: WrongCodes::default(),
            wrong_keys: WrongCodes::default(),
            penalties: Penalties::default(),
            paces: Paces::default(),
            reads: Paces::of(admission::READS),
            joins: Paces::of(admission::JOINS),
            crowd: Crowd::default(),
            requests: Paces::of(admission::REQUESTS),
            forms: Paces::default(),
            conversations: Conversations::default(),
            stopping: AtomicBool::new(false),
            own: OnceLock::new(),
            demonstrations: Arc::new(Semaphore::new(DEMONSTRATIONS)),
        }))
    }

    /// Whether the server is stopping.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// The holder of the workspace key, or of an API key that opens this call: one that does not has been turned away
    /// before (`admission/scopes.rs`).
    pub(super) fn workspace_only(&self, headers: &HeaderMap) -> Result<(), AppError> {
        let token = credentials::of_call(headers, None)?.ok_or_else(AppError::not_admitted)?;
        if self.opens_workspace(&token.hash()) { Ok(()) } else { Err(AppError::not_admitted()) }
    }

    /// The holder of the workspace key itself.
    pub(super) fn key_itself(&self, headers: &HeaderMap) -> Result<(), AppError> {
        let token = credentials::of_call(headers, None)?.ok_or_else(AppError::not_admitted)?;
        if self.workspace.admits(&token.hash()) { Ok(()) } else { Err(AppError::not_admitted()) }
    }

    /// Whether a token is the workspace key, or a good API key.
    pub(super) fn opens_workspace(&self, token: &TokenHash) -> bool {
        let is_good = |key: ApiKey| key.is_good(Day::of(clock::now()));
        self.workspace.admits(token) || self.workspace.api_key(token).is_some_and(is_good)
    }

    /// Who calls about a session.
    pub(super) async fn caller(&self, headers: &HeaderMap, session: SessionId) -> Result<Caller, AppError> {
        let token = credentials::of_call(headers, Some(session))?.ok_or_else(AppError::not_admitted)?.hash();
        if self.opens_workspace(&token) {
            self.session(session)?;
            return Ok(Caller::Workspace);
        }
        // A session that is not there and one that the token does not open look alike.
        let handle = self.session(session).map_err(|_| AppError::not_admitted())?;
        let found = handle.ask(move |session| admitted(session, &token.0, now())).await?;
        found.map(Caller::Person).map_err(AppError::from)
    }

    /// The hash of the token by which somebody calls about a session.
    pub(super) fn shown(&self, headers: &HeaderMap, session: SessionId) -> Result<Shown, AppError> {
        let token = credentials::of_call(headers, Some(session))?.ok_or_else(AppError::not_admitted)?;
        Ok(Shown(token.hash().0))
    }

    /// Somebody who has joined and calls about a session. What they may, the session says.
    pub(super) async fn person(
        &self,
        headers: &HeaderMap,
        session: SessionId,
    ) -> Result<ParticipantId, AppError> {
        match self.caller(headers, session).await? {
            Caller::Person(Identity { participant: Some(by), .. }) => Ok(by),
            _ => Err(AppError::forbidden("You are here to look on. Join with the code to take part.")),
        }
    }

    /// The facilitator who calls about a session.
    pub(super) async fn facilitator(
        &self,
        headers: &HeaderMap,
        session: SessionId,
    ) -> Result<ParticipantId, AppError> {
        match self.caller(headers, session).await? {
            Caller::Person(Identity { participant: Some(by), role: Role::Facilitator }) => Ok(by),
            _ => Err(AppError::forbidden("Only a facilitator of this session can do this. Ask yours.")),
        }
    }

    /// Counts a call that makes an entry of the session's log, by a caller who has been admitted.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub(super) fn pace(&self, headers: &HeaderMap, session: SessionId) -> Result<(), AppError> {
        let token = credentials::of_call(headers, Some(session))?.ok_or_else(AppError::not_admitted)?.hash();
        self.paces.take((session, token.0), Instant::now())
    }

    /// Counts a call that has something large made, by a caller who has been admitted.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub(super) fn pace_reading(&self, headers: &HeaderMap, session: SessionId) -> Result<(), AppError> {
        let token = credentials::of_call(headers, Some(session))?.ok_or_else(AppError::not_admitted)?.hash();
        self.reads.take((session, token.0), Instant::now())
    }

    /// A session that is in the record.
    pub(super) fn session(&self, id: SessionId) -> Result<SessionHandle, AppError> {
        self.workspace.get(id).ok_or_else(AppError::no_such_session)?;
        Ok(self.node.session(id))
    }

    /// The address under which whoever calls reaches the server.
    pub(super) fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        // What is no host does not get into a link: a browser would go wherever it leads.
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
        format!("http://{}", host.unwrap_or("localhost"))
    }

    /// Whether cookies are to be sent over TLS alone.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Whether a text is a host name or an address, with a port or without: letters, digits, dots, hyphens, and for the newer
/// addresses colons in brackets.
fn is_host(text: &str) -> bool {
    let authority = text.parse::<axum::http::uri::Authority>();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']'));
    plain && text.len() <= 255 && authority.is_ok_and(|authority| !authority.host().is_empty())
}

/// Of several servers another may be newer: a page that comes back finds it.
const NEWER_RELEASE: &str = "This session was begun by a newer release of Plumbline, and this server has not been upgraded yet. Try again in a moment.";

impl From<NodeError> for AppError {
    fn from(error: NodeError) -> Self {
        match error {
            NodeError::Busy => Self::unavailable(error.to_string()),
            NodeError::Load(LoadError::Unknown) => Self::no_such_session(),
            NodeError::Load(LoadError::Store(error)) => error.into(),
            NodeError::Load(LoadError::Fault { fault: Fault::Rules(_), .. }) => {
                Self::unavailable(NEWER_RELEASE).caused_by(error)
            }
            NodeError::Load(error) => Self::fault(error),
        }
    }
}

/// What a session refuses over HTTP.
impl From<crate::session::Refusal> for AppError {
    fn from(refusal: crate::session::Refusal) -> Self {
        use axum::http::StatusCode;
        let status = match refusal.code {
            "facilitator_only" | "decider_only" | "observer_looks_on" => StatusCode::FORBIDDEN,
            "bad_name" | "bad_function" | "bad_timer" | "bad_reason" | "same_person" | "same_project"
            | "unknown_message" => StatusCode::UNPROCESSABLE_ENTITY,
            "no_such_person" | "no_such_project" | "no_such_place" | "no_such_step" => StatusCode::NOT_FOUND,
            "not_admitted" | "renewed" | "used" | "merged" | "left" | "removed" | "expired" => {
                StatusCode::UNAUTHORIZED
            }
            "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "not_saved" => StatusCode::SERVICE_UNAVAILABLE,
            "fault" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, refusal.code, refusal.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn what_is_no_host_gets_into_no_link() {
        for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", "plumbline.example.org", "a_b.example:1"] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            "evil.example/path",
            "user@evil.example",
            "a b",
            "x#t=",
            "a?b",
            "<i>",
            &"x".repeat(300),
            ":80",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }
}
