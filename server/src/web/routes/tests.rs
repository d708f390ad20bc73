//! Every refusal is a problem document: those of the calls, and those of the library under them.
#![allow(clippy::unwrap_used)]

mod agenda;
mod decisions;
mod keys;
mod requests;
mod sponsors;

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Reach, router};
use crate::{
    live::Node,
    store::{LogId, Position, SqliteStore},
    tokens::Token,
    web::app::App,
    workspace::Workspace,
};

const KEY: &str = "the-key-of-a-workspace-in-a-test";
const NOBODYS: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f";

/// A server without a socket.
pub(in crate::web) struct Calls {
    router: Router,
    app: App,
    data: TempDir,
}

impl Calls {
    pub(in crate::web) async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let node = Node::new(Box::new(SqliteStore::open(data.path()).unwrap()));
        let key = Token::parse(KEY).unwrap();
        let (workspace, _) = Workspace::open(node.store(), Some(&key)).await.unwrap();
        let app = App::new(node, workspace, None, crate::webhooks::Options::default());
        Self { router: router(app.clone(), Reach::default()), app, data }
    }

    pub(in crate::web) fn router(&self) -> Router {
        self.router.clone()
    }

    async fn call(&self, method: Method, path: &str, token: &str, body: Option<(&str, String)>) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        request = request.extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some((kind, body)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(body)
            }
            None => Body::empty(),
        };
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }

    /// Where the last entry of a session's log stands.
    async fn last(&self, id: &str) -> Position {
        self.app.node.store().last(&LogId::session(id.parse().unwrap())).await.unwrap()
    }

    /// A new session: its id and the facilitator's token.
    async fn session(&self) -> (String, String) {
        let wish = json!({ "title": "A session" }).to_string();
        let made = self.call(Method::POST, "/api/sessions", KEY, Some(("application/json", wish))).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made = content(made).await;
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("facilitator_token"))
    }

    async fn refused(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<(&str, String)>,
        status: u16,
        code: &str,
    ) -> String {
        let answer = self.call(method.clone(), path, token, body).await;
        let told = format!("{method} {path}");
        assert_eq!(answer.status().as_u16(), status, "{told}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json", "{told}");
        assert!(status != 405 || answer.headers().contains_key(header::ALLOW), "{told}");
        let problem = content(answer).await;
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(status.into()), Some(code)));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.ends_with('.') && !detail.contains("axum"), "{told}: {detail}");
        detail.to_owned()
    }
}

async fn content(answer: Response) -> Value {
    let body = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn what_is_no_call_is_a_problem_and_not_the_page() {
    let calls = Calls::new().await;
    for path in ["/api/", "/api/nowhere", "/api/sessions/", "/api/sessions/x/y/z", "/api/openapi.js"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            calls.refused(method, path, KEY, None, 404, "no_such_route").await;
        }
    }
}

#[tokio::test]
async fn a_method_that_a_call_does_not_have_is_a_problem_that_names_those_it_has() {
    let calls = Calls::new().await;
    let of = |rest: &str| format!("/api/sessions/{NOBODYS}{rest}");
    for (method, path) in [
        (Method::DELETE, "/api/sessions".to_owned()),
        (Method::PUT, "/api/sessions".to_owned()),
        (Method::GET, "/api/join".to_owned()),
        (Method::POST, of("")),
        (Method::GET, of("/portfolio")),
        (Method::DELETE, of("/commands")),
        (Method::POST, of("/export/decisions.csv")),
        (Method::POST, of("/sync")),
        (Method::POST, "/healthz".to_owned()),
    ] {
        calls.refused(method, &path, KEY, None, 405, "no_such_method").await;
    }
    let allowed = calls.call(Method::PUT, "/api/sessions", KEY, None).await;
    assert_eq!(allowed.headers()[header::ALLOW], "POST,GET,HEAD");
}

#[tokio::test]
async fn head_is_answered_as_get_is_and_without_content() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    for (path, token, status) in [
        (format!("/api/sessions/{id}"), token.as_str(), 200),
        ("/api/sessions".to_owned(), KEY, 200),
        (format!("/api/sessions/{id}"), "", 401),
        ("/api/sessions/not-an-id".to_owned(), KEY, 404),
        ("/api/join".to_owned(), "", 405),
        ("/api/nowhere".to_owned(), "", 404),
        ("/healthz".to_owned(), "", 200),
    ] {
        let answer = calls.call(Method::HEAD, &path, token, None).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert!(axum::body::to_bytes(answer.into_body(), 10).await.unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_that_of_no_session() {
    let calls = Calls::new().await;
    for (method, rest) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::POST, "/portfolio"),
        (Method::POST, "/pillars"),
        (Method::GET, "/agenda"),
        (Method::POST, "/agenda"),
        (Method::GET, "/requests"),
        (Method::POST, "/requests"),
        (Method::POST, "/commands"),
        (Method::POST, "/link"),
        (Method::POST, "/rotate"),
        (Method::GET, "/share"),
        (Method::GET, "/join.svg"),
        (Method::GET, "/export/decisions.csv"),
    ] {
        for id in ["not-an-id", "%C3%A4", "%FF", "0192f0c4"] {
            let path = format!("/api/sessions/{id}{rest}");
            let body = Some(("application/json", "{}".to_owned()));
            calls.refused(method.clone(), &path, KEY, body, 404, "no_such_session").await;
        }
        let path = format!("/api/sessions/{NOBODYS}{rest}");
        let body = Some(("application/json", "{}".to_owned()));
        let answer = calls.call(method, &path, KEY, body).await;
        assert!(answer.status().is_client_error(), "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn a_sockets_address_called_without_an_upgrade_says_what_it_is() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    for id in [id.as_str(), NOBODYS, "not-an-id"] {
        let path = format!("/api/sessions/{id}/sync");
        let answer = calls.call(Method::GET, &path, &token, None).await;
        assert_eq!(answer.headers()[header::UPGRADE], "websocket");
        calls.refused(Method::GET, &path, &token, None, 426, "no_upgrade").await;
    }
}

#[tokio::test]
async fn fields_that_a_call_does_not_have_are_refused_by_name() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    for (path, body) in [
        ("/api/sessions".to_owned(), json!({ "title": "A session", "templte": "ninety" })),
        ("/api/join".to_owned(), json!({ "code": "ZZZZ-ZZZZ", "name": "Ana", "templte": "Finance" })),
        (format!("/api/sessions/{id}/link"), json!({ "name": "Ana", "role": "scribe", "templte": 1 })),
        (format!("/api/sessions/{id}/rotate"), json!({ "what": "code", "templte": 1 })),
    ] {
        let token = if path.contains(&id) { token.as_str() } else { KEY };
        let body = Some(("application/json", body.to_string()));
        let detail = calls.refused(Method::POST, &path, token, body, 422, "unprocessable").await;
        assert!(detail.contains("`templte`"), "{detail}");
    }
}

#[tokio::test]
async fn the_picture_of_a_test_is_another_one_and_names_nothing_but_an_id() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    let picture = async |query: &str| {
        let path = format!("/api/sessions/{id}/join.svg{query}");
        let answer = calls.call(Method::GET, &path, &token, None).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/svg+xml");
        axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap()
    };
    let plain = picture("").await;
    let test = picture(&format!("?test={NOBODYS}")).await;
    assert_ne!(plain, test);
    assert_eq!(test, picture(&format!("?test={NOBODYS}")).await);
    for query in ["?test=anything-else", "?tset=1"] {
        let path = format!("/api/sessions/{id}/join.svg{query}");
        calls.refused(Method::GET, &path, &token, None, 400, "malformed").await;
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_understood_is_a_problem() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    let import = async |query: &str, status: u16, code: &str| {
        let path = format!("/api/sessions/{id}/portfolio?{query}");
        let csv = Some(("text/csv", "Project,Cost\nAlpha,1\n".to_owned()));
        calls.refused(Method::POST, &path, &token, csv, status, code).await
    };
    assert!(import("map=name:Project&map=cost:Cost", 400, "malformed").await.contains("`map`"));
    assert!(import("mapping=name:Project", 400, "malformed").await.contains("`mapping`"));
    assert!(import("map=nome:Project", 422, "unprocessable").await.contains("“nome”"));
    assert!(import("map=name", 422, "unprocessable").await.contains("name:Project"));
    assert!(import("map=name:Projekt", 422, "unprocessable").await.contains("“Projekt”"));
    for query in ["limit=many", "limit=-1", "limit=0", "cursor=%FF", "cursor=zzz", "limit=1&limit=2"] {
        calls.refused(Method::GET, &format!("/api/sessions?{query}"), KEY, None, 400, "malformed").await;
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_the_call_takes_is_a_problem() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    let large = json!({ "title": "x".repeat(70_000) }).to_string();
    for (body, status, code) in [
        (None, 415, "unsupported"),
        (Some(("text/plain", "{}".to_owned())), 415, "unsupported"),
        (Some(("application/json", "{".to_owned())), 400, "malformed"),
        (Some(("application/json", "[]".to_owned())), 422, "unprocessable"),
        (Some(("application/json", large)), 413, "too_large"),
    ] {
        calls.refused(Method::POST, "/api/sessions", KEY, body, status, code).await;
    }
    let of = |rest: &str| format!("/api/sessions/{id}/{rest}");
    let csv = |text: String| Some(("text/csv", text));
    calls.refused(Method::POST, &of("portfolio"), &token, None, 422, "unprocessable").await;
    let huge = csv("x".repeat(6 * 1024 * 1024));
    calls.refused(Method::POST, &of("portfolio"), &token, huge, 413, "too_large").await;
    calls.refused(Method::POST, &of("pillars"), &token, csv("A,B".to_owned()), 422, "unprocessable").await;
    let command = Some(("application/json", json!({ "id": NOBODYS, "type": "dance" }).to_string()));
    calls.refused(Method::POST, &of("commands"), &token, command, 422, "unprocessable").await;
    calls.refused(Method::GET, &of("export/decisions.exe"), &token, None, 404, "no_such_export").await;
}

#[tokio::test]
async fn a_text_that_is_too_long_does_not_come_into_the_log() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    let share = calls.call(Method::GET, &format!("/api/sessions/{id}/share"), &token, None).await;
    let code = content(share).await["code"].clone();
    let (before, long) = (calls.last(&id).await, "x".repeat(50_000));
    let commands = format!("/api/sessions/{id}/commands");
    for (path, body, refusal) in [
        (
            &commands,
            json!({ "id": NOBODYS, "type": "flag", "project": NOBODYS, "reason": long }),
            "bad_reason",
        ),
        (
            &commands,
            json!({ "id": NOBODYS, "type": "rename", "participant": NOBODYS, "name": long }),
            "bad_name",
        ),
        (&commands, json!({ "id": NOBODYS, "type": "person", "name": long }), "bad_name"),
        (&format!("/api/sessions/{id}/link"), json!({ "role": "scribe", "name": long }), "bad_name"),
        (&"/api/join".to_owned(), json!({ "code": code, "name": long }), "bad_name"),
        (&"/api/join".to_owned(), json!({ "code": code, "name": "Ana", "function": long }), "bad_function"),
    ] {
        let body = Some(("application/json", body.to_string()));
        calls.refused(Method::POST, path, &token, body, 422, refusal).await;
        assert_eq!(calls.last(&id).await, before, "{path} {refusal}");
    }
}

#[tokio::test]
async fn commands_and_links_have_a_pace() {
    let calls = Calls::new().await;
    for call in ["commands", "link"] {
        let (id, token) = calls.session().await;
        let path = format!("/api/sessions/{id}/{call}");
        let command =
            json!({ "id": NOBODYS, "type": "flag", "project": NOBODYS, "reason": null }).to_string();
        let body = if call == "link" { "{}".to_owned() } else { command };
        let mut calls_made = 0;
        let refused = loop {
            let answer =
                calls.call(Method::POST, &path, &token, Some(("application/json", body.clone()))).await;
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                break answer;
            }
            calls_made += 1;
            assert!(calls_made < 2_000, "{call}");
        };
        assert!(calls_made >= plumbline_shared::limits::CALL_BURST, "{call}: {calls_made}");
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(content(refused).await["code"], "too_fast");
    }
}

#[tokio::test]
async fn a_body_that_says_nothing_asks_for_ones_own_link() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    for body in ["", " ", "{}", " { } ", "{\n}", "null"] {
        let path = format!("/api/sessions/{id}/link");
        let answer =
            calls.call(Method::POST, &path, &token, Some(("application/json", body.to_owned()))).await;
        assert_eq!(answer.status(), StatusCode::OK, "{body:?}");
    }
}

#[tokio::test]
async fn while_an_erasure_is_owed_an_unknown_session_is_unknown_all_the_same() {
    let calls = Calls::new().await;
    let (id, _) = calls.session().await;
    // Another process in the middle of reading: a backup.
    let reader = rusqlite::Connection::open(calls.data.path().join("plumbline.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM logs;").unwrap();
    assert!(calls.app.workspace.strike(calls.app.node.store(), id.parse().unwrap()).await.is_err());
    let of = |id: &str| format!("/api/sessions/{id}");
    calls.refused(Method::DELETE, &of(NOBODYS), KEY, None, 404, "no_such_session").await;
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(calls.call(Method::DELETE, &of(&id), KEY, None).await.status(), StatusCode::NO_CONTENT);
    calls.refused(Method::DELETE, &of(&id), KEY, None, 404, "no_such_session").await;
}
