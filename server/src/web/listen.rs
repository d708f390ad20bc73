//! Taking connections: how many, and how long each may take to say what it wants.
//!
//! axum's own `serve` sets no limit to either.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::{StreamExt, stream};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    time::timeout_at,
};
use tokio_io_timeout::TimeoutStream;

/// How long a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For the head of a request, the first one and each further one: a connection on which nothing is asked is closed
    /// after that.
    pub head: Duration,
    /// While it takes nothing of what is sent to it. Longer than a silent WebSocket is borne with.
    pub taken: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), taken: Duration::from_secs(60) }
    }
}

/// How long the body of a request may take from its head on: a file of 5 MiB over a poor line takes less.
pub const BODY_WITHIN: Duration = Duration::from_secs(120);

/// The most bytes of a request's head.
pub const HEAD_BYTES: usize = 32 * 1024;

/// The most connections at a time, WebSockets included. Whoever comes then waits in the system's queue.
pub const CONNECTIONS: u32 = 24_000;

/// How long to wait after the system could give no connection, for want of descriptors, before asking again.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until `stop`; then takes nobody any more and waits for what is being answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    times: Times,
    stop: impl Future<Output = ()> + Send,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(times.head).max_buf_size(HEAD_BYTES);
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let (end, ending) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (stream, peer, place) = tokio::select! {
            biased;
            () = &mut stop => break,
            (accepted, place) = accepted => match accepted {
                Ok((stream, peer)) => (stream, peer, place),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
        };
        tracing::trace!(free = places.available_permits(), "took a connection");
        // A frame goes when it is written: else the system keeps a small one back until the one before it is acknowledged,
        // which other systems put off for 40 ms. One that cannot be told so is only slower.
        let _ = stream.set_nodelay(true);
        let (http, router, mut ending) = (http.clone(), router.clone(), ending.clone());
        tokio::spawn(async move {
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(times.taken));
            let router = TowerToHyperService::new(router);
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                router.call(request)
            });
            let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service).with_upgrades();
            let mut connection = pin!(connection);
            // A peer that breaks off is no concern of ours.
            tokio::select! {
                _ = connection.as_mut() => {}
                _ = ending.changed() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            drop(place);
        });
    }
    drop((listener, end));
    // All places are free once all connections have ended.
    let _ = places.acquire_many(CONNECTIONS).await;
}

/// A body did not come in time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body did not come in time")]
pub struct TooSlow;

/// A layer (`axum::middleware::from_fn_with_state(BODY_WITHIN, in_time)`): the body of a call comes in time, or ends in
/// [`TooSlow`]. What the call does with it is not hurried: it is to be carried to its end.
pub async fn in_time(State(within): State<Duration>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let until = tokio::time::Instant::now() + within;
    let request = request.map(|body| {
        Body::from_stream(stream::unfold(Some(body.into_data_stream()), move |rest| async move {
            let mut rest = rest?;
            match timeout_at(until, rest.next()).await {
                Ok(piece) => piece.map(|piece| (piece, Some(rest))),
                Err(_) => Some((Err(axum::Error::new(TooSlow)), None)),
            }
        }))
    });
    next.run(request).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{
        body::Bytes,
        extract::rejection::BytesRejection,
        middleware::from_fn_with_state,
        routing::{get, post},
    };
    use std::net::SocketAddr;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        sync::oneshot,
        task::JoinHandle,
    };

    use super::*;
    use crate::web::body::unreadable;

    /// Short, so that nobody waits for them.
    const SHORT: Duration = Duration::from_millis(300);
    /// More than the system keeps between two ends of a connection.
    const MUCH: usize = 64 * 1024 * 1024;

    /// A server, and the end of it.
    async fn server(times: Times) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let length = |body: Result<Bytes, BytesRejection>| async {
            body.map(|body| body.len().to_string()).map_err(unreadable)
        };
        let router = Router::new()
            .route("/", post(length).get(|| async { "here" }))
            .route("/much", get(|| async { vec![0_u8; MUCH] }))
            .layer(from_fn_with_state(SHORT, in_time));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(serve(listener, router, times, async move {
            let _ = stopped.await;
        }));
        (address, stop, serving)
    }

    fn short() -> Times {
        Times { head: SHORT, taken: SHORT }
    }

    async fn says(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// What comes until the connection ends.
    async fn rest(mut stream: TcpStream) -> String {
        let mut text = Vec::new();
        // A connection that is reset has said what it had to say.
        let _ = stream.read_to_end(&mut text).await;
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn whoever_does_not_say_what_they_want_is_shown_the_door() {
        let (address, _stop, _serving) = server(short()).await;
        let silent = says(address, "").await;
        let slow = says(address, "GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ").await;
        let kept = says(address, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
        let said = rest(kept).await;
        assert!(said.starts_with("HTTP/1.1 200 ") && said.ends_with("here"), "{said}");
        for stream in [silent, slow] {
            let said = rest(stream).await;
            assert!(!said.contains("HTTP/1.1 200 "), "{said}");
        }
    }

    #[tokio::test]
    async fn a_body_that_comes_drop_by_drop_is_not_waited_for_and_one_that_is_whole_is_taken() {
        let (address, _stop, _serving) = server(Times::default()).await;
        let head = "POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 9\r\n\r\n";
        let drops = rest(says(address, &format!("{head}drop")).await).await;
        assert!(drops.starts_with("HTTP/1.1 408 ") && drops.contains("too_slow"), "{drops}");
        let whole = rest(says(address, &format!("{head}nine char")).await).await;
        assert!(whole.starts_with("HTTP/1.1 200 ") && whole.ends_with('9'), "{whole}");
    }

    #[tokio::test]
    async fn who_takes_nothing_of_an_answer_is_not_waited_for() {
        let (address, stop, serving) = server(short()).await;
        let mut takes = says(address, "GET /much HTTP/1.1\r\nHost: here\r\n\r\n").await;
        takes.readable().await.unwrap();
        // What is being answered is waited for at a stop, and this one would never end.
        drop(stop);
        serving.await.unwrap();
        let mut got = Vec::new();
        let _ = takes.read_to_end(&mut got).await;
        assert!(got.len() < MUCH, "it was cut off");
    }

    #[tokio::test]
    async fn a_head_that_is_too_long_is_refused_and_nobody_is_taken_after_the_end() {
        let (address, stop, serving) = server(Times::default()).await;
        let mut long = TcpStream::connect(address).await.unwrap();
        let head = format!("GET / HTTP/1.1\r\nHost: here\r\nX-Long: {}", "x".repeat(2 * HEAD_BYTES));
        let _ = long.write_all(head.as_bytes()).await;
        let said = rest(long).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431 "), "{said}");
        drop(stop);
        serving.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nobody is taken any more");
    }
}
