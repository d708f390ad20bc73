//! Long lists, a page at a time: `?cursor=&limit=`.

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::AppError;

/// How many items a page has where nothing else is asked.
pub const PAGE: usize = 50;

/// How many items a page has at most; whoever asks for more gets this many.
pub const LARGEST_PAGE: usize = 200;

/// What stands behind the question mark for a page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageAsked {
    /// What `next` of the page before says; none for the first.
    cursor: Option<String>,
    /// How many items at most: 50 if it is not said; more than 200 are given as 200.
    #[param(minimum = 1, maximum = 4_294_967_295_u32, default = 50)]
    limit: Option<u32>,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    cursor: Option<String>,
    limit: usize,
}

/// One page of a list, as it is answered. `next` is the cursor of the page after it, if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// What to pass as `cursor` to go on; `null` at the end.
    #[schema(required = true)]
    pub next: Option<String>,
}

impl Page {
    /// The key of the last item of the page before, if this is not the first.
    ///
    /// # Errors
    /// 400 if the cursor is not one that [`Page::of`] made from such a key.
    pub fn after<K: FromStr>(&self) -> Result<Option<K>, AppError> {
        let wrong =
            || AppError::malformed("This cursor is not one of this list. Start again without a cursor.");
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| wrong())?;
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// How many items are asked for.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The page, from the items that come after the cursor. No more of them are looked at than the page takes, and
    /// one. `key` names an item among all others; keys only have to be comparable by whoever finds the place again.
    pub fn of<T, K: Display>(&self, items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Paged<T> {
        let mut rest = items.into_iter();
        let items: Vec<T> = rest.by_ref().take(self.limit).collect();
        let is_last = rest.next().is_none();
        let next = items
            .last()
            .filter(|_| !is_last)
            .map(|item| BASE64URL_NOPAD.encode(key(item).to_string().as_bytes()));
        Paged { items, next }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let Query(asked) = Query::<PageAsked>::try_from_uri(&parts.uri).map_err(|_| {
            AppError::malformed("A list is asked for with ?cursor=&limit=, and limit is a whole number.")
        })?;
        match asked.limit.map_or(PAGE, |limit| limit as usize) {
            0 => Err(AppError::malformed("A page has at least one item: ask for a limit of 1 or more.")),
            limit => Ok(Self {
                cursor: asked.cursor.filter(|text| !text.is_empty()),
                limit: limit.min(LARGEST_PAGE),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, body::Body, http::Request, http::StatusCode, routing::get};
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::web::body::Json;

    async fn ask(query: &str) -> (StatusCode, Value) {
        let list = |page: Page| async move {
            let after = page.after::<u32>()?;
            let numbers = after.map_or(0, |last| last + 1)..500;
            Ok::<_, AppError>(Json(page.of(numbers, |number| *number)))
        };
        let request = Request::get(format!("/{query}")).body(Body::empty()).unwrap();
        let response = Router::new().route("/", get(list)).oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn pages_follow_each_other_to_the_end() {
        let (mut seen, mut query) = (Vec::new(), "?limit=120".to_owned());
        loop {
            let (status, body) = ask(&query).await;
            assert_eq!(status, StatusCode::OK);
            seen.extend(body["items"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()));
            match body["next"].as_str() {
                Some(next) => query = format!("?limit=120&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_page_has_its_usual_and_its_largest_size() {
        assert_eq!(ask("").await.1["items"].as_array().unwrap().len(), PAGE);
        assert_eq!(ask("?limit=100000&cursor=").await.1["items"].as_array().unwrap().len(), LARGEST_PAGE);
        // A page that ends with the list has nothing after it.
        let page = Page { cursor: None, limit: 3 };
        assert_eq!(page.of(0..3, |n| *n).next, None);
        assert!(page.of(0..4, |n| *n).next.is_some());
    }

    #[tokio::test]
    async fn what_cannot_be_a_page_is_refused() {
        for query in ["?limit=0", "?limit=-1", "?limit=many", "?cursor=%21", "?cursor=eHg"] {
            assert_eq!(ask(query).await.0, StatusCode::BAD_REQUEST, "{query}");
        }
    }
}
