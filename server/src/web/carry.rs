//! Calls that change something are carried to their end, even if the caller goes away meanwhile.
//!
//! A handler that is dropped between two appends leaves the one without the other: a session that is in no list, a
//! code that is new in the log and old in memory. So it runs in a task of its own.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::problem::AppError;

/// The middleware, by `axum::middleware::from_fn`.
pub async fn to_the_end(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let call = tokio::spawn(next.run(request).in_current_span());
    call.await.unwrap_or_else(|error| AppError::fault(error).into_response())
}
