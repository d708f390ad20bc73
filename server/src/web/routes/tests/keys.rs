//! API keys: what each opens, and what no key opens.

use axum::http::Method;
use plumbline_shared::day::Day;

use super::*;
use crate::{
    clock,
    web::{
        admission::{KEY_ITSELF, SCOPES},
        openapi,
    },
    workspace::keys::Scope,
};

impl Calls {
    async fn key(&self, scopes: &[Scope]) -> String {
        let today = Day::of(clock::now());
        let made = self
            .app
            .workspace
            .make_api_key(self.app.node.store(), "A test".to_owned(), scopes.to_vec(), today)
            .await
            .unwrap();
        made.unwrap().1.reveal().to_owned()
    }

    async fn make(&self, body: Value) -> (StatusCode, Value) {
        let body = Some(("application/json", body.to_string()));
        let answer = self.call(Method::POST, "/api/keys", KEY, body).await;
        (answer.status(), content(answer).await)
    }
}

/// What opens a call: schemes by name, with their scopes.
type Opened = Vec<(String, Value)>;

/// All calls by method and path, with what the description says opens each.
fn secured() -> Vec<(Method, String, Opened)> {
    let document = openapi::json();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            let schemes = call["security"].as_array().cloned().unwrap_or_default();
            let named = schemes.iter().flat_map(|scheme| scheme.as_object().unwrap().clone()).collect();
            calls.push((method.to_uppercase().parse().unwrap(), path.clone(), named));
        }
    }
    calls
}

#[tokio::test]
async fn each_key_opens_the_calls_of_its_scopes_and_no_others() {
    let calls = Calls::new().await;
    let (id, _) = calls.session().await;
    let mut keys = Vec::new();
    for scope in Scope::ALL {
        keys.push((scope, calls.key(&[scope]).await));
    }
    let mut opened = std::collections::BTreeSet::new();
    for (method, path, schemes) in secured() {
        if schemes.is_empty() || path.ends_with("/sync") {
            continue;
        }
        let wanted = schemes.iter().find(|(name, _)| name == "api_key").map(|(_, scopes)| scopes[0].clone());
        // What is erased is another one's: this session is called about again and again.
        let session = if method == Method::DELETE { NOBODYS } else { id.as_str() };
        let place = path.replace("{id}", session).replace("{number}", "1").replace("{file}", "decisions.csv");
        for (scope, key) in &keys {
            let told = format!("{method} {path} with {}", scope.as_str());
            let body = (method == Method::POST).then(|| ("application/json", "{}".to_owned()));
            let answer = calls.call(method.clone(), &place, key, body).await;
            let status = answer.status().as_u16();
            if wanted == Some(json!(scope.as_str())) {
                assert!(![401, 403, 405, 429].contains(&status), "{told}: {status}");
                opened.insert(*scope);
            } else {
                assert_eq!(status, 403, "{told}");
                let code = content(answer).await["code"].clone();
                assert_eq!(code, if wanted.is_some() { "missing_scope" } else { "no_api_key" }, "{told}");
            }
        }
    }
    assert!(opened.len() >= 5, "{opened:?}");
}

#[test]
fn every_call_of_the_workspace_has_a_scope_or_needs_the_key_itself() {
    let document = openapi::json();
    let described =
        |method: &Method, path: &str| document["paths"][path].get(method.as_str().to_lowercase()).is_some();
    for (method, path, schemes) in secured() {
        let has = |wanted: &str| schemes.iter().any(|(name, _)| name == wanted);
        let by_scope = SCOPES.iter().filter(|(known, at, _)| *known == method && *at == path).count();
        let by_itself = KEY_ITSELF.iter().filter(|(known, at)| *known == method && *at == path).count();
        assert_eq!(
            by_scope + by_itself,
            usize::from(has("workspace_key")),
            "say once in `admission/scopes.rs` what opens {method} {path}, if the workspace key does"
        );
        assert_eq!(has("api_key"), by_scope == 1, "{method} {path}");
    }
    for (method, path) in SCOPES.iter().map(|(method, path, _)| (method, path)) {
        assert!(described(method, path), "there is no call {method} {path}");
    }
    for (method, path) in KEY_ITSELF {
        assert!(described(method, path), "there is no call {method} {path}");
    }
}

#[tokio::test]
async fn a_key_is_told_once_and_listed_without_itself() {
    let calls = Calls::new().await;
    let (status, made) = calls.make(json!({ "name": " Reporting ", "scopes": ["decisions:read"] })).await;
    assert_eq!(status, StatusCode::CREATED);
    let key = made["key"].as_str().unwrap();
    let today = Day::of(clock::now());
    assert_eq!(
        (made["name"].as_str(), made["expires"].as_str()),
        (Some("Reporting"), Some(&*today.plus(90).to_string()))
    );
    let list = async || content(calls.call(Method::GET, "/api/keys", KEY, None).await).await;
    let listed = list().await;
    assert!(!listed.to_string().contains(&key[3..]), "{listed}");
    assert_eq!((&listed["items"][0]["used"], &listed["items"][0]["expired"]), (&Value::Null, &json!(false)));
    assert_eq!(calls.call(Method::GET, "/api/decisions", key, None).await.status(), StatusCode::OK);
    assert_eq!(list().await["items"][0]["used"], today.to_string());
    // Revoked, it opens nothing, at once.
    let path = format!("/api/keys/{}", made["id"].as_str().unwrap());
    assert_eq!(calls.call(Method::DELETE, &path, KEY, None).await.status(), StatusCode::NO_CONTENT);
    calls.refused(Method::GET, "/api/decisions", key, None, 401, "not_admitted").await;
    calls.refused(Method::DELETE, &path, KEY, None, 404, "no_such_key").await;
    calls.refused(Method::DELETE, "/api/keys/none", KEY, None, 404, "no_such_key").await;
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused_with_what_to_do() {
    let calls = Calls::new().await;
    let today = Day::of(clock::now());
    for (wish, told) in [
        (json!({ "name": "", "scopes": ["intake"] }), "`name`"),
        (json!({ "name": "x".repeat(81), "scopes": ["intake"] }), "80 characters"),
        (json!({ "name": "A", "scopes": [] }), "at least one"),
        (json!({ "name": "A", "scopes": ["everything"] }), "decisions:read"),
        (json!({ "name": "A", "scopes": ["intake"], "expires": today.plus(-1).to_string() }), "`expires`"),
        (json!({ "name": "A", "scopes": ["intake"], "expires": today.plus(366).to_string() }), "`expires`"),
        (json!({ "name": "A", "scopes": ["intake"], "expires": "soon" }), "`expires`"),
        (json!({ "name": "A", "scopes": ["intake"], "until": "soon" }), "`until`"),
    ] {
        let (status, problem) = calls.make(wish.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wish}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
    }
}

#[tokio::test]
async fn an_expired_key_says_so_and_a_hundred_keys_are_enough() {
    let calls = Calls::new().await;
    let yesterday = Day::of(clock::now()).plus(-1);
    let (store, scopes) = (calls.app.node.store(), vec![Scope::DecisionsRead]);
    let made =
        calls.app.workspace.make_api_key(store, "Old".to_owned(), scopes.clone(), yesterday).await.unwrap();
    let key = made.unwrap().1;
    let detail = calls.refused(Method::GET, "/api/decisions", key.reveal(), None, 401, "expired_key").await;
    assert!(detail.contains(&yesterday.to_string()), "{detail}");
    for n in 1..100 {
        let name = format!("Key {n}");
        assert!(
            calls.app.workspace.make_api_key(store, name, scopes.clone(), yesterday).await.unwrap().is_some()
        );
    }
    let (status, problem) = calls.make(json!({ "name": "One more", "scopes": ["intake"] })).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("too_many")));
}

#[tokio::test]
async fn wrong_keys_are_slowed_down_and_tokens_of_sessions_are_not() {
    let calls = Calls::new().await;
    let (id, facilitator) = calls.session().await;
    let wrong = |n: usize| format!("a-key-that-somebody-has-guessed-{n:04}");
    for n in 0..10 {
        calls.refused(Method::GET, "/api/sessions", &wrong(n), None, 401, "not_admitted").await;
    }
    calls.refused(Method::GET, "/api/sessions", &wrong(10), None, 429, "too_many_wrong_keys").await;
    calls.refused(Method::GET, "/api/sessions", KEY, None, 429, "too_many_wrong_keys").await;
    let path = format!("/api/sessions/{id}");
    assert_eq!(calls.call(Method::GET, &path, &facilitator, None).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_answer_is_given_again_to_nobody_whose_token_is_dead() {
    let calls = Calls::new().await;
    let key = calls.key(&[Scope::SessionsWrite]).await;
    let again = async || {
        let request = Request::post("/api/sessions")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))))
            .header("idempotency-key", "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "title": "A session" }).to_string()));
        calls.router().oneshot(request.unwrap()).await.unwrap()
    };
    assert_eq!(again().await.status(), StatusCode::CREATED);
    let repeated = again().await;
    assert_eq!(
        (repeated.status(), repeated.headers().contains_key("idempotency-replayed")),
        (StatusCode::CREATED, true)
    );
    let id = calls.app.workspace.api_keys()[0].id;
    calls.app.workspace.revoke_api_key(calls.app.node.store(), id).await.unwrap();
    assert_eq!(again().await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_key_that_the_server_was_given_is_changed_where_it_was_given() {
    let calls = Calls::new().await;
    calls.refused(Method::POST, "/api/keys/workspace/rotate", KEY, None, 409, "key_is_given").await;

    let data = tempfile::tempdir().unwrap();
    let node = Node::new(Box::new(SqliteStore::open(data.path()).unwrap()));
    let (workspace, made) = Workspace::open(node.store(), None).await.unwrap();
    let app = App::new(node, workspace, None, crate::webhooks::Options::default());
    let own = Calls { router: router(app.clone(), Reach::default()), app, data };
    let old = made.unwrap().reveal().to_owned();
    let rotated = content(own.call(Method::POST, "/api/keys/workspace/rotate", &old, None).await).await;
    let new = rotated["key"].as_str().unwrap();
    own.refused(Method::GET, "/api/sessions", &old, None, 401, "not_admitted").await;
    assert_eq!(own.call(Method::GET, "/api/sessions", new, None).await.status(), StatusCode::OK);
}
