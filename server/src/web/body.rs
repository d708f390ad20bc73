//! Bodies in JSON, and refusals in our own form for those that are not.

use std::{fmt, marker::PhantomData};

use axum::{
    extract::{
        FromRequest, Request, rejection::BytesRejection, rejection::FailedToBufferBody,
        rejection::JsonRejection,
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{listen::TooSlow, problem::AppError};

/// The largest body of a call, in bytes, where nothing else is said: to be set with axum's `DefaultBodyLimit`.
pub const BODY_BYTES: usize = 64 * 1024;

/// A body in JSON: taken from a request, or given as an answer.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(Object(body))) => Ok(Self(body)),
            Err(rejection) => Err(refusal(rejection)),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// What stands between braces: serde would take the fields of a structure without their names, too, as a list.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Braces<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Braces<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }
        deserializer.deserialize_map(Braces(PhantomData)).map(Self)
    }
}

/// A body that may be left out: none where there is nothing, or `null`.
///
/// # Errors
/// If it is something else than what is wanted.
pub(super) fn optional<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<Option<T>> {
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_slice::<Option<Object<T>>>(bytes).map(|found| found.map(|Object(body)| body))
}

fn refusal(rejection: JsonRejection) -> AppError {
    match rejection {
        // The deserializer's words name the field and the place, and nothing of ours.
        JsonRejection::JsonDataError(error) => {
            AppError::unprocessable(format!("The JSON is not what this call takes: {}.", reason(&error)))
        }
        JsonRejection::JsonSyntaxError(error) => {
            AppError::malformed(format!("The body is not JSON: {}.", reason(&error)))
        }
        JsonRejection::MissingJsonContentType(_) => {
            AppError::unsupported("This call takes JSON: send it with Content-Type: application/json.")
        }
        JsonRejection::BytesRejection(rejection) => unreadable(rejection),
        other => AppError::malformed(other.body_text()),
    }
}

/// The innermost reason: the outer ones only say which library refused.
pub(super) fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The refusal for a body that could not be read: too large, or cut off.
pub fn unreadable(rejection: BytesRejection) -> AppError {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            let detail = "That is more than can be sent here at once. Leave out what is not needed, or send it in smaller parts.";
            AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
        }
        other if is_too_slow(&other) => {
            let detail = "This took too long to arrive. Try again on a better connection.";
            AppError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail)
        }
        _ => AppError::malformed("The body broke off. Send it again."),
    }
}

fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<TooSlow>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, body::Body, extract::DefaultBodyLimit, routing::post};
    use tower::ServiceExt;

    use super::*;

    #[derive(Deserialize, Serialize)]
    struct Pillar {
        name: String,
    }

    async fn answer(content_type: &str, body: impl Into<Body>) -> (StatusCode, String) {
        let router = Router::new()
            .route("/", post(|Json(pillar): Json<Pillar>| async { Json(pillar) }))
            .layer(DefaultBodyLimit::max(100));
        let request = Request::post("/").header("content-type", content_type).body(body.into()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn json_comes_in_and_goes_out() {
        assert_eq!(
            answer("application/json", r#"{"name":"Grow"}"#).await,
            (StatusCode::OK, r#"{"name":"Grow"}"#.to_owned())
        );
    }

    #[tokio::test]
    async fn what_is_not_taken_is_refused_with_the_reason() {
        for (content_type, body, status, told) in [
            ("application/json", r#"{"nme":"Grow"}"#, 422, "missing field `name`"),
            ("application/json", r#"["Grow"]"#, 422, "invalid type: sequence, expected an object"),
            ("application/json", "null", 422, "expected an object"),
            ("application/json", r#"{"name":"#, 400, "EOF while parsing"),
            ("text/plain", r#"{"name":"Grow"}"#, 415, "application/json"),
            ("application/json", &format!(r#"{{"name":"{}"}}"#, "x".repeat(100)), 413, "smaller parts"),
        ] {
            let (found, text) = answer(content_type, body.to_owned()).await;
            assert_eq!(found.as_u16(), status, "{text}");
            assert!(text.contains(told) && text.contains("\"code\""), "{text}");
        }
    }

    #[test]
    fn a_body_that_may_be_left_out_is_none_an_object_or_refused() {
        for nothing in ["", " ", "null"] {
            assert!(optional::<Pillar>(nothing.as_bytes()).unwrap().is_none());
        }
        assert_eq!(optional::<Pillar>(br#"{"name":"Grow"}"#).unwrap().unwrap().name, "Grow");
        assert!(optional::<Pillar>(br#"["Grow"]"#).is_err());
    }
}
