//! Answers that several calls have.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response, ResponseBuilder},
};

use crate::{session::Refusal, web::problem::AppError};

/// 429 for who calls too fast.
pub(in crate::web) struct TooFast;

impl IntoResponses for TooFast {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let told = "- `too_fast`: wait as long as `Retry-After` says.";
        BTreeMap::from([("429".to_owned(), ResponseBuilder::new().description(told).build().into())])
    }
}

/// Everything that a session may refuse a command for, by the status that it is answered with.
pub(in crate::web) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut by_status: BTreeMap<StatusCode, Vec<&'static str>> = BTreeMap::new();
        for code in Refusal::codes() {
            by_status.entry(AppError::from(Refusal::new(code, "")).status()).or_default().push(code);
        }
        let response = |(status, codes): (StatusCode, Vec<&str>)| {
            let lines: Vec<String> = codes.iter().map(|code| format!("- `{code}`")).collect();
            let told = format!("{}\n\nThe answer says why.", lines.join("\n"));
            (status.as_u16().to_string(), ResponseBuilder::new().description(told).build().into())
        };
        by_status.into_iter().map(response).collect()
    }
}
