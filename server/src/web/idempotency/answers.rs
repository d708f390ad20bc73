//! The answers that are kept, and the calls that are on their way.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use tokio::sync::watch;

use super::sealed::Sealed;
use crate::{live::Node, web::problem::AppError};

/// How long an answer is kept.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// How many answers are kept; the oldest goes first.
pub(super) const ANSWERS: usize = 4096;

/// The bytes of all bodies that are kept.
pub(super) const ANSWERS_BYTES: usize = 16 * 1024 * 1024;

/// How many calls under a key may be on their way at the same time.
const CALLS: usize = 1024;

/// The largest body that is kept, in bytes. A call with a larger answer is made anew when it is repeated.
pub(super) const ANSWER_BYTES: usize = 256 * 1024;

/// The answers that are kept, sealed: they hold tokens.
#[derive(Default)]
pub struct Answers {
    kept: Mutex<Kept>,
    /// Whose store other nodes may share. None: these answers are nobody else's.
    pub(super) node: Option<Arc<Node>>,
}

#[derive(Default)]
pub(super) struct Kept {
    pub(super) calls: HashMap<Name, Call>,
    /// The names of the finished ones, the oldest first.
    finished: VecDeque<Name>,
    pub(super) bytes: usize,
    pub(super) on_their_way: usize,
}

/// Who calls what under which key, hashed.
pub(super) type Name = [u8; 32];

/// What is sent, hashed.
pub(super) type Content = [u8; 32];

pub(super) struct Call {
    content: Content,
    state: CallState,
}

pub(super) enum CallState {
    /// The channel closes when it is finished, or was given up.
    OnItsWay(watch::Receiver<()>),
    Finished {
        answer: Sealed,
        at: Instant,
    },
}

#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What to do with a call.
pub(super) enum Verdict {
    Make(Making),
    Wait(watch::Receiver<()>),
    Repeat(Sealed),
}

/// A call that is being made. Dropping it without an answer forgets it, so that it can be made anew.
pub(super) struct Making {
    answers: Arc<Answers>,
    name: Name,
    // Dropped last, when the call is finished or forgotten: who waits looks again.
    _finished: watch::Sender<()>,
}

impl Answers {
    /// Those of a node, and of all that share its store.
    #[must_use]
    pub fn of(node: Arc<Node>) -> Self {
        Self { kept: Mutex::default(), node: Some(node) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn judge(
        self: &Arc<Self>,
        name: Name,
        content: Content,
        now: Instant,
    ) -> Result<Verdict, AppError> {
        let mut kept = self.lock();
        kept.forget_before(now);
        if let Some(call) = kept.calls.get(&name) {
            if call.content != content {
                return Err(another_content());
            }
            return Ok(match &call.state {
                CallState::OnItsWay(finished) => Verdict::Wait(finished.clone()),
                CallState::Finished { answer, .. } => Verdict::Repeat(answer.clone()),
            });
        }
        if kept.on_their_way >= CALLS {
            return Err(AppError::unavailable(
                "Too much is being asked of the server at once. Try again in a moment.",
            ));
        }
        let (sender, finished) = watch::channel(());
        kept.calls.insert(name, Call { content, state: CallState::OnItsWay(finished) });
        kept.on_their_way += 1;
        Ok(Verdict::Make(Making { answers: Arc::clone(self), name, _finished: sender }))
    }
}

/// 422: the key names another call.
pub(super) fn another_content() -> AppError {
    let detail =
        "This Idempotency-Key was used for a call with another content. Use a new key for a new call.";
    AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "key_used_for_another_call", detail)
}

impl Kept {
    fn forget_before(&mut self, now: Instant) {
        while let Some(oldest) = self.finished.front() {
            let is_old = self.calls.get(oldest).is_none_or(|call| match &call.state {
                CallState::Finished { at, .. } => now.duration_since(*at) >= KEPT_FOR,
                CallState::OnItsWay(_) => false,
            });
            if !is_old {
                return;
            }
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let call = self.finished.pop_front().and_then(|name| self.calls.remove(&name));
        if let Some(Call { state: CallState::Finished { answer, .. }, .. }) = call {
            self.bytes -= answer.len();
        }
    }

    fn keep(&mut self, name: Name, answer: Sealed, at: Instant) {
        while self.finished.len() >= ANSWERS || self.bytes + answer.len() > ANSWERS_BYTES {
            self.forget_oldest();
        }
        if let Some(call) = self.calls.get_mut(&name) {
            self.bytes += answer.len();
            call.state = CallState::Finished { answer, at };
            self.finished.push_back(name);
        }
    }
}

impl Making {
    pub(super) fn finish(self, answer: Sealed, now: Instant) {
        self.answers.lock().keep(self.name, answer, now);
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        let mut kept = self.answers.lock();
        kept.on_their_way -= 1;
        if matches!(kept.calls.get(&self.name), Some(Call { state: CallState::OnItsWay(_), .. })) {
            kept.calls.remove(&self.name);
        }
    }
}

impl Answer {
    pub(super) fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        *response.headers_mut() = self.headers;
        response
    }
}
