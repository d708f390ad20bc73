//! One attempt: a name is resolved, a connection is made to what it resolved to, a body is posted, and the beginning of the
//! answer is read. Nothing is followed, and nothing waits for ever.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use hyper::{
    Request,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, HeaderMap, RETRY_AFTER, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::OnceCell,
    task::AbortHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::{Host, Url};

use super::{
    address::{Allowed, Unfit, parse},
    entry::Trouble,
};

/// How long an attempt takes at most, from the name to the answer's end.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long one of several addresses is tried before the next.
const CONNECT: Duration = Duration::from_secs(5);

/// How much of an answer is read, in bytes.
const ANSWER: usize = 4 * 1024;

/// How much of it is kept, in characters.
const KEPT: usize = 300;

/// The most that the head of an answer takes, in bytes.
const HEAD: usize = 32 * 1024;

/// Who calls.
const AGENT: &str = concat!("Plumbline/", env!("CARGO_PKG_VERSION"), " (webhooks)");

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// Its beginning, as text.
    pub(super) text: String,
}

/// Why nothing was, and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoAnswer {
    pub(super) trouble: Trouble,
    pub(super) words: String,
}

impl NoAnswer {
    fn new(trouble: Trouble, words: impl Into<String>) -> Self {
        Self { trouble, words: kept(&words.into()) }
    }
}

/// Whoever calls endpoints.
#[derive(Default)]
pub(super) struct Caller {
    allowed: Allowed,
    tls: OnceCell<TlsConnector>,
}

impl Caller {
    pub(super) fn new(allowed: Allowed) -> Self {
        Self { allowed, tls: OnceCell::new() }
    }

    /// Posts a body.
    pub(super) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let Ok(answer) = timeout(PATIENCE, self.attempt(url, headers, body)).await else {
            let words = format!("It did not answer within {} seconds.", PATIENCE.as_secs());
            return Err(NoAnswer::new(Trouble::TimedOut, words));
        };
        answer
    }

    async fn attempt(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, NoAnswer> {
        let unfit = |unfit: Unfit| NoAnswer::new(Trouble::Refused, unfit.to_string());
        let url = parse(url, &self.allowed).map_err(unfit)?;
        let addresses = resolve(&self.allowed, &url).await?;
        let stream = connect(&addresses).await?;
        if url.scheme() != "https" {
            return exchange(stream, &url, headers, body).await;
        }
        let tls = self.tls.get_or_try_init(connector).await?;
        let name = match url.host() {
            Some(Host::Ipv4(address)) => ServerName::from(std::net::IpAddr::from(address)),
            Some(Host::Ipv6(address)) => ServerName::from(std::net::IpAddr::from(address)),
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
                .map_err(|error| NoAnswer::new(Trouble::Unresolved, error.to_string()))?,
            None => return Err(unfit(Unfit::NoUrl)),
        };
        let stream = tls.connect(name, stream).await.map_err(|error| {
            let is_theirs = error.get_ref().is_some_and(|error| {
                matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)))
            });
            let trouble = if is_theirs { Trouble::Certificate } else { Trouble::Broken };
            NoAnswer::new(trouble, error.to_string())
        })?;
        exchange(stream, &url, headers, body).await
    }
}

/// An address as it is kept, if a delivery could be made to it now.
///
/// # Errors
/// Why not, in a sentence.
pub async fn reach(allowed: &Allowed, text: &str) -> Result<Url, String> {
    let url = parse(text, allowed).map_err(|unfit| unfit.to_string())?;
    resolve(allowed, &url).await.map_err(|none| none.words)?;
    Ok(url)
}

/// The addresses of an endpoint that may be called. What is asked for once is what is connected to: a name that means
/// something else a moment later changes nothing.
async fn resolve(allowed: &Allowed, url: &Url) -> Result<Vec<SocketAddr>, NoAnswer> {
    let port = url.port_or_known_default().unwrap_or(443);
    let found: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => {
            let unknown = |why: String| {
                NoAnswer::new(Trouble::Unresolved, format!("The name {name} is not known: {why}."))
            };
            match timeout(CONNECT, tokio::net::lookup_host((name, port))).await {
                Ok(Ok(found)) => found.collect(),
                Ok(Err(error)) => return Err(unknown(error.to_string())),
                Err(_) => return Err(unknown("no answer came in time".to_owned())),
            }
        }
        None => Vec::new(),
    };
    let is_https = url.scheme() == "https";
    let (mut fit, mut unfit) = (Vec::new(), None);
    for address in found {
        match allowed.may(address.ip(), is_https) {
            Ok(()) => fit.push(address),
            Err(why) => unfit = unfit.or(Some(why)),
        }
    }
    match (fit.is_empty(), unfit) {
        (false, _) => Ok(fit),
        (true, Some(why)) => Err(NoAnswer::new(Trouble::Refused, why.to_string())),
        (true, None) => Err(NoAnswer::new(Trouble::Unresolved, "This name has no address.")),
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, NoAnswer> {
    let mut last = NoAnswer::new(Trouble::Unreachable, "Nobody listens there.");
    for address in addresses {
        last = match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A delivery is one small write; what cannot be set costs a moment.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => NoAnswer::new(Trouble::Unreachable, format!("{error}.")),
            Err(_) => NoAnswer::new(Trouble::TimedOut, "No connection was made in time."),
        };
    }
    Err(last)
}

/// TLS with the roots that this machine trusts, an organisation's own among them.
async fn connector() -> Result<TlsConnector, NoAnswer> {
    let fault = |error: String| NoAnswer::new(Trouble::Certificate, error);
    let loaded = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
    let loaded = loaded.map_err(|error| fault(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(loaded.certs);
    if added == 0 {
        return Err(fault("This machine has no root certificates: install ca-certificates.".to_owned()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(error.to_string()))?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A task that ends with whoever waits for it.
struct Ends(AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange<S>(stream: S, url: &Url, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |error: hyper::Error| NoAnswer::new(Trouble::Broken, format!("{error}."));
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(HEAD).handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let _ends = Ends(tokio::spawn(connection).abort_handle());
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = Request::post(target)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .map_err(|error| NoAnswer::new(Trouble::Broken, error.to_string()))?;
    request.headers_mut().extend(headers);
    let answer = sender.send_request(request).await.map_err(broken)?;
    let status = answer.status().as_u16();
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|wish| wish.to_str().ok()).and_then(wait);
    let text = beginning(answer.into_body()).await;
    Ok(Answer { status, retry_after, text })
}

/// What `Retry-After` asks for: seconds. The other form, a date, is seldom sent, and the schedule's own wait will do.
fn wait(wish: &str) -> Option<Duration> {
    wish.trim().parse().ok().map(Duration::from_secs)
}

/// The beginning of an answer. It is for people to look at: one that breaks off is as good.
async fn beginning(mut body: hyper::body::Incoming) -> String {
    let mut read: Vec<u8> = Vec::new();
    while read.len() < ANSWER {
        match body.frame().await {
            Some(Ok(frame)) => read.extend(frame.into_data().unwrap_or_else(|_| Bytes::new())),
            Some(Err(_)) | None => break,
        }
    }
    kept(&String::from_utf8_lossy(&read))
}

/// What is kept of somebody else's text: its beginning, on one line, without what controls.
fn kept(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}
