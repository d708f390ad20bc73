//! What stands in a request's address, and refusals in our own form where it cannot be read.

use axum::{
    extract::{FromRequestParts, rejection::PathRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{body::reason, problem::AppError};

/// The parts of a path, as [`axum::extract::Path`] reads them.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(read)) => Ok(Self(read)),
            // What is no id names nothing that there is.
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(AppError::no_such_session()),
            Err(rejection) => Err(AppError::fault(rejection)),
        }
    }
}

/// What follows the question mark, as [`axum::extract::Query`] reads it.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(read)) => Ok(Self(read)),
            // The deserializer's words name the option, and nothing of ours.
            Err(rejection) => Err(AppError::malformed(format!(
                "The part of the address behind the question mark is not what this call takes: {}.",
                reason(&rejection)
            ))),
        }
    }
}
