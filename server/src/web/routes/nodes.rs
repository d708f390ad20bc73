//! What calls need where several nodes share the store.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::web::app::App;

/// How long a call waits for what other nodes have appended, before it is answered from what is known.
const PATIENCE: Duration = Duration::from_secs(2);

/// Takes in what other nodes have said of the workspace, before a call of the API is answered: who has just been given a
/// key, a code or a session by one node may call another.
pub(super) async fn up_to_date(State(app): State<App>, request: Request, next: Next) -> Response {
    let store = app.node.store();
    if store.shared().is_some() && request.uri().path().starts_with("/api/") {
        match tokio::time::timeout(PATIENCE, app.workspace.catch_up(store)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "a call is answered from what is known: the store cannot be read")
            }
            Err(_) => tracing::warn!("a call is answered from what is known: the store does not answer"),
        }
    }
    if store.shared().is_some() && request.uri().path().starts_with("/api/webhooks") {
        match tokio::time::timeout(PATIENCE, app.node.webhooks().open(store)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "a call is answered from what is known: the webhooks cannot be read")
            }
            Err(_) => {
                tracing::warn!("a call is answered from what is known: the webhooks are not read in time")
            }
        }
    }
    next.run(request).await
}
