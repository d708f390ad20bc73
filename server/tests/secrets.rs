//! Tokens never reach a log, however much is logged.
#![allow(clippy::unwrap_used)]

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use plumbline::{
    server::{Options, Server},
    tokens::Token,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{client_async, tungstenite::client::IntoClientRequest};
use tracing_subscriber::fmt::MakeWriter;

const KEY: &str = "a-workspace-key-of-the-tests-0123456789abcdef";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn call(address: &str, path: &str, head: &str, body: &Value) -> String {
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_never_reach_a_log_at_any_level() {
    let lines = Lines::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(lines.clone())
        .init();
    let folder = tempfile::tempdir().unwrap();
    let options = Options { key: Some(Token::parse(KEY).unwrap()), ..Options::default() };
    let server = Server::open(folder.path(), options).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.run(listener, std::future::pending()));

    let bearer = |token: &str| format!("authorization: Bearer {token}\r\n");
    let made = body(&call(&address, "/api/sessions", &bearer(KEY), &json!({"title": "Secret title"})).await);
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let (id, code) = (text(&made, "id"), text(&made, "code"));
    let facilitator = text(&made, "facilitator_token");
    let mut secrets = vec![KEY.to_owned(), facilitator.clone(), text(&made, "observer_token"), code.clone()];
    let joined = body(&call(&address, "/api/join", "", &json!({"code": code, "name": "Ana-Lucia"})).await);
    secrets.push(text(&joined, "token"));
    let path = |call: &str| format!("/api/sessions/{id}/{call}");
    let link = body(&call(&address, &path("link"), &bearer(&secrets[4]), &json!({})).await);
    secrets.push(text(&link, "url").split_once("#t=").unwrap().1.to_owned());
    let turned =
        body(&call(&address, &path("rotate"), &bearer(&facilitator), &json!({"what": "observer"})).await);
    secrets.push(text(&turned, "token"));
    // By the query, by the subprotocol, and with one that is not valid.
    for (n, token) in secrets.clone().into_iter().enumerate() {
        let query = if n % 2 == 0 { format!("?token={token}") } else { String::new() };
        let mut request = format!("ws://{address}{}{query}", path("sync")).into_client_request().unwrap();
        if n % 2 == 1 {
            let offered = format!("plumbline.1, token.{token}").parse().unwrap();
            request.headers_mut().insert("sec-websocket-protocol", offered);
        }
        let stream = TcpStream::connect(&address).await.unwrap();
        drop(client_async(request, stream).await);
    }
    // A token where none belongs, and a body that cannot be read.
    call(&address, &format!("/api/sessions/{}", secrets[1]), "", &json!({"token": secrets[4]})).await;
    call(&address, "/api/join", &bearer(&secrets[4]), &json!({"cod": secrets[4], "name": 1})).await;
    secrets.push("Ana-Lucia".to_owned());
    secrets.push("Secret title".to_owned());

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/api/sessions/{id}/link"), "something is logged: {log}");
    for secret in &secrets {
        let told = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(told, None, "{secret}");
    }
}
