//! `Idempotency-Key`: a `POST` that is repeated happens once (the IETF draft of that name).
//!
//! The answer to a call that succeeded is kept for a while, and given again to whoever repeats the same call under
//! the same key. A call under a key is carried to its end even if the caller goes away meanwhile: that is when calls
//! are repeated. What was refused is not kept: it changed nothing, and may succeed the next time.
//!
//! The cache is in memory, and where several nodes share a store, in that as well (`others.rs`). It is for the repetitions of
//! a moment; what must not happen twice across a restart has names of its own in the log.

mod answers;
mod others;
mod sealed;
#[cfg(test)]
mod tests;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::{
    body::unreadable,
    credentials::{COOKIE_PREFIX, cookies},
    problem::AppError,
};
use answers::{ANSWER_BYTES, Answer, Making, Name, Verdict};
use others::{Claim, Claimed};
use sealed::{Opener, Sealed};

pub use answers::Answers;

/// The header that names a call.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that an answer was given before: `true`.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The shortest key, in characters. Join calls come without a token, so that a key must be one that nobody else uses.
const SHORTEST_KEY: usize = 16;

/// The longest key, in characters.
const LONGEST_KEY: usize = 255;

/// How long a repetition waits for the first call.
const PATIENCE: Duration = Duration::from_secs(10);

/// The middleware, by `axum::middleware::from_fn_with_state`. A body is read as far as the `DefaultBodyLimit` of the
/// route allows, which is therefore to be set further outside.
pub async fn once(State(answers): State<Arc<Answers>>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    call_once(answers, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn call_once(answers: Arc<Answers>, request: Request, next: Next) -> Result<Response, AppError> {
    let (parts, body) = request.into_parts();
    let (name, opener) = name(&parts)?;
    let body =
        Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await.map_err(unreadable)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    // With what only the call brings: else what was sent could be guessed from what is kept, and the guess be confirmed.
    let content = hash([&opener.0, kind, &body]);
    // A command has an id of its own, by which every node knows it: the log of its session has it.
    let is_known_by_itself = parts.uri.path().ends_with("/commands");
    let until = tokio::time::Instant::now() + PATIENCE;
    let making = loop {
        match answers.judge(name, content, Instant::now())? {
            Verdict::Make(making) => break making,
            Verdict::Repeat(sealed) => return repeat(opener, &sealed),
            Verdict::Wait(mut finished) => {
                // Nothing is ever sent: it ends by the channel's being closed.
                if tokio::time::timeout_at(until, finished.changed()).await.is_err() {
                    return Err(still_being_made());
                }
            }
        }
    };
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: this future is dropped when the caller goes away.
    let call = tokio::spawn(
        async move {
            let claim = match answers.node.clone().filter(|_| !is_known_by_itself) {
                Some(node) => match Claim::of(node, name, content, until).await? {
                    Claimed::Ours(claim) => Some(claim),
                    // Kept where it was made, and no longer than there.
                    Claimed::Made(sealed) => return repeat(opener, &sealed),
                },
                None => None,
            };
            Ok(make(making, claim, opener, request, next).await)
        }
        .in_current_span(),
    );
    call.await.map_err(AppError::fault)?
}

/// Gives an answer again.
fn repeat(opener: Opener, sealed: &Sealed) -> Result<Response, AppError> {
    let answer = opener.open(sealed).ok_or_else(|| AppError::fault("a kept answer does not open"))?;
    let mut response = answer.into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// 409: not yet.
fn still_being_made() -> AppError {
    let detail = "The first call under this Idempotency-Key is still being made. Repeat it in a moment.";
    AppError::new(StatusCode::CONFLICT, "still_being_made", detail).retry_after(Duration::from_secs(1))
}

async fn make(
    making: Making,
    claim: Option<Claim>,
    opener: Opener,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let is_small = response.body().size_hint().upper().is_some_and(|size| size <= ANSWER_BYTES as u64);
    if !response.status().is_success() || !is_small {
        return response;
    }
    let (parts, body) = response.into_parts();
    match axum::body::to_bytes(body, ANSWER_BYTES).await {
        Ok(body) => {
            let answer = Answer { status: parts.status, headers: parts.headers, body };
            let sealed = opener.seal(&answer);
            // Before anybody is answered: whoever repeats it may come to another node.
            if let Some(claim) = claim {
                claim.settle(&sealed).await;
            }
            making.finish(sealed, Instant::now());
            answer.into_response()
        }
        Err(error) => AppError::fault(error).into_response(),
    }
}

/// What a call is known by, and what opens its answer: neither tells the other.
fn name(parts: &Parts) -> Result<(Name, Opener), AppError> {
    let wrong = || {
        AppError::malformed(format!(
            "An Idempotency-Key has {SHORTEST_KEY} to {LONGEST_KEY} letters, digits and signs, without spaces, that nobody \
             else uses; a UUID is one."
        ))
    };
    let mut keys = parts.headers.get_all(KEY).iter();
    let (key, second) = (keys.next().ok_or_else(wrong)?, keys.next());
    let is_one =
        (SHORTEST_KEY..=LONGEST_KEY).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic);
    if second.is_some() || !is_one {
        return Err(wrong());
    }
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let caller = caller(&parts.headers);
    let of = |what: &str| hash([what.as_bytes(), caller.as_slice(), path.as_bytes(), key.as_bytes()]);
    Ok((of("the name of a call"), Opener(of("what opens its answer"))))
}

/// What tells one caller from another: the token, wherever it is. Without one, the key alone.
fn caller(headers: &HeaderMap) -> Vec<u8> {
    match headers.get(header::AUTHORIZATION) {
        Some(token) => token.as_bytes().to_vec(),
        None => {
            let ours = cookies(headers).filter(|(name, _)| name.starts_with(COOKIE_PREFIX));
            ours.flat_map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes(), b";"])
                .flatten()
                .copied()
                .collect()
        }
    }
}

/// The hash of several parts, which cannot run into each other.
fn hash<const N: usize>(parts: [&[u8]; N]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
