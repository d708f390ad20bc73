//! Where a request comes from, also behind proxies.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::web::problem::AppError;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that a request comes from, as far as it can be known: put there by [`note_address`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The part of it that one customer has: by this, calls are counted.
    #[must_use]
    pub fn network(self) -> IpAddr {
        network(self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get().copied().ok_or_else(|| AppError::fault("a route without the address layer"))
    }
}

/// The proxies whose word about the client's address is taken: `--trusted-proxy CIDR`, as often as needed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// These networks, and no others.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address for a connection from `peer`: the rightmost hop that is no trusted proxy. What stands
    /// left of it anybody could have written.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let told = [self.walk(peer, x_forwarded_for(headers)), self.walk(peer, forwarded(headers))];
        match told {
            [one, None] | [None, one] => one.unwrap_or(peer),
            // A proxy that sets one of the headers passes the other one on as the client wrote it.
            [one, other] if one == other => one.unwrap_or(peer),
            _ => peer,
        }
    }

    /// Goes from the proxy that is connected to us towards the client; `None` without a hop.
    fn walk(&self, peer: IpAddr, hops: Vec<&str>) -> Option<IpAddr> {
        let mut known = None;
        for hop in hops.into_iter().rev() {
            // One that does not name an address hides what lies beyond it.
            let Some(address) = address(hop) else { return Some(known.unwrap_or(peer)) };
            known = Some(address);
            if !self.trust(address) {
                break;
            }
        }
        known
    }
}

/// The part of an address that one customer has: all of an IPv4 address, the first 64 bits of an IPv6 address.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// The middleware that finds the address out: by `axum::middleware::from_fn_with_state`, in a service made with
/// `into_make_service_with_connect_info::<SocketAddr>()`. Without that, as in tests, it is `127.0.0.1`.
pub async fn note_address(
    State(proxies): State<Arc<TrustedProxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
    let client = proxies.client(peer, request.headers());
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}

/// All values of a header that is a list, from left to right.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    // A line that is not text hides its hops, as `unknown` does.
    let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or("unknown"));
    lines.flat_map(|line| line.split(',')).map(str::trim).collect()
}

fn x_forwarded_for(headers: &HeaderMap) -> Vec<&str> {
    list(headers, X_FORWARDED_FOR)
}

/// The `for` of each element of `Forwarded` (RFC 7239). Quoted commas and semicolons do not occur in addresses.
fn forwarded(headers: &HeaderMap) -> Vec<&str> {
    list(headers, header::FORWARDED.as_str()).into_iter().map(node).collect()
}

/// Who an element of `Forwarded` was forwarded for.
fn node(element: &str) -> &str {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| name.eq_ignore_ascii_case("for"))
        .map_or("unknown", |(_, node)| node.trim_matches('"'))
}

/// An address as hops are written: with a port or without, the newer kind in brackets or without.
fn address(hop: &str) -> Option<IpAddr> {
    let plain = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = plain.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt;

    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let proxies = TrustedProxies::new(
            ["10.0.0.0/8", "::1/128", "2001:db8:ffff::/48"].map(|net| net.parse().unwrap()),
        );
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(client("203.0.113.7", &[("x-forwarded-for", "192.0.2.1")]), "203.0.113.7");
        assert_eq!(client("10.1.1.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
        assert_eq!(client("::ffff:10.1.1.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
        assert_eq!(client("10.1.1.1", &[]), "10.1.1.1");
    }

    #[test]
    fn the_rightmost_hop_that_is_not_trusted_is_the_client() {
        assert_eq!(client("10.1.1.1", &[("x-forwarded-for", "1.1.1.1, 192.0.2.1, 10.2.2.2")]), "192.0.2.1");
        let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "192.0.2.1, 10.2.2.2")];
        assert_eq!(client("10.1.1.1", &lines), "192.0.2.1");
        assert_eq!(client("10.1.1.1", &[("x-forwarded-for", "10.3.3.3, 10.2.2.2")]), "10.3.3.3");
    }

    #[test]
    fn what_lies_behind_a_hop_without_an_address_is_not_known() {
        assert_eq!(client("10.1.1.1", &[("x-forwarded-for", "192.0.2.1, unknown, 10.2.2.2")]), "10.2.2.2");
        assert_eq!(client("10.1.1.1", &[("x-forwarded-for", "192.0.2.1, \u{e9}")]), "10.1.1.1");
        assert_eq!(client("10.1.1.1", &[("forwarded", "for=192.0.2.1, for=_hidden")]), "10.1.1.1");
        assert_eq!(client("10.1.1.1", &[("forwarded", "for=192.0.2.1, by=10.0.0.1")]), "10.1.1.1");
    }

    #[test]
    fn addresses_are_read_in_all_their_spellings() {
        for (hop, expected) in [
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
        ] {
            assert_eq!(client("::1", &[("x-forwarded-for", hop)]), expected);
        }
        let value = "for=1.1.1.1, For=\"[2001:db8::1]:4711\";proto=https, for=10.2.2.2;by=10.0.0.1";
        assert_eq!(client("::1", &[("forwarded", value)]), "2001:db8::1");
    }

    #[test]
    fn two_headers_that_contradict_each_other_are_not_believed() {
        let agree = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        assert_eq!(client("10.1.1.1", &agree), "192.0.2.1");
        let differ = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=6.6.6.6")];
        assert_eq!(client("10.1.1.1", &differ), "10.1.1.1");
    }

    #[tokio::test]
    async fn a_handler_is_told_the_address() {
        let proxies = Arc::new(TrustedProxies::new(["127.0.0.0/8".parse().unwrap()]));
        let router = Router::new()
            .route("/", get(|ClientAddress(address): ClientAddress| async move { address.to_string() }))
            .layer(from_fn_with_state(proxies, note_address));
        let request = Request::get("/").header("x-forwarded-for", "192.0.2.9").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "192.0.2.9");
    }
}
