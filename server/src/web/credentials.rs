//! Who asks: the token that a request carries, and the cookie that carries it back.
//!
//! A token may come as `Authorization: Bearer …`; on a WebSocket also as the subprotocol `token.…` beside
//! `plumbline.1`, or, for clients that can do no better, as `?token=`; and as the cookie of the session's path. What
//! a client says outright comes before the cookie, which browsers send by themselves: a page opened with another
//! person's link in the same browser is that person.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use plumbline_shared::{
    ids::SessionId,
    wire::{SUBPROTOCOL, TOKEN_SUBPROTOCOL},
};

use super::problem::AppError;
use crate::tokens::Token;

/// What the names of our cookies begin with.
pub const COOKIE_PREFIX: &str = "plumbline_";

/// How long a browser keeps the cookie, in seconds: until after the last checkpoint of a session, 180 days.
const COOKIE_SECONDS: u32 = 180 * 24 * 60 * 60;

/// The token of a call over HTTP. `session` is the session whose path is called, if it is one of a session.
///
/// # Errors
/// 401 if there is one that cannot be a token. That there is none is no error: the caller knows whether it is needed.
pub fn of_call(headers: &HeaderMap, session: Option<SessionId>) -> Result<Option<Token>, AppError> {
    first_of([bearer(headers), session.and_then(|session| cookie(headers, session))])
}

/// The token of a WebSocket that is being opened.
///
/// # Errors
/// 401 if there is one that cannot be a token.
pub fn of_socket(headers: &HeaderMap, uri: &Uri, session: SessionId) -> Result<Option<Token>, AppError> {
    first_of([bearer(headers), subprotocol(headers), query(uri), cookie(headers, session)])
}

/// Whether a WebSocket asks for typed messages. The answer selects [`SUBPROTOCOL`] alone, never the one that carries
/// the token: axum's `WebSocketUpgrade::protocols([SUBPROTOCOL])` does that.
pub fn wants_typed_messages(headers: &HeaderMap) -> bool {
    offered(headers).any(|protocol| protocol == SUBPROTOCOL)
}

/// The `Set-Cookie` that gives a browser its token: for scripts out of reach, sent to this session's calls alone and
/// by our own pages alone; over TLS only, where the server is reached by it.
pub fn cookie_with(session: SessionId, token: &Token, is_https: bool) -> HeaderValue {
    set_cookie(session, token.reveal(), COOKIE_SECONDS, is_https)
}

/// The `Set-Cookie` that takes the token back.
pub fn cookie_without(session: SessionId, is_https: bool) -> HeaderValue {
    set_cookie(session, "", 0, is_https)
}

fn set_cookie(session: SessionId, value: &str, seconds: u32, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/api/sessions/{session}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
        cookie_name(session)
    );
    let mut cookie =
        HeaderValue::from_str(&text).expect("a token and a UUID are letters, digits, hyphens, underscores");
    cookie.set_sensitive(true);
    cookie
}

/// `plumbline_` and the last twelve digits of the session's id, its random part.
fn cookie_name(session: SessionId) -> String {
    let id = session.0.simple().to_string();
    format!("{COOKIE_PREFIX}{}", &id[20..])
}

fn first_of<const N: usize>(carried: [Option<&str>; N]) -> Result<Option<Token>, AppError> {
    let text = carried.into_iter().flatten().next();
    text.map(|text| Token::parse(text).map_err(|_| AppError::not_admitted())).transpose()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap, session: SessionId) -> Option<&str> {
    let name = cookie_name(session);
    cookies(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// All cookies of a request, by name and value.
pub(super) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines =
        headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn subprotocol(headers: &HeaderMap) -> Option<&str> {
    offered(headers).find_map(|protocol| protocol.strip_prefix(TOKEN_SUBPROTOCOL))
}

/// A token is written without percent signs, so that nothing has to be decoded.
fn query(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::StatusCode;
    use uuid::Uuid;

    use super::*;
    use crate::tokens::TokenKind;

    fn session() -> SessionId {
        SessionId(Uuid::now_v7())
    }

    fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// The cookie as the browser sends it back.
    fn sent_back(cookie: &HeaderValue) -> String {
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn a_call_carries_its_token_in_the_header_or_in_the_sessions_cookie() {
        let (session, other) = (session(), session());
        let token = Token::fresh(TokenKind::Participant);
        let by_header = headers(&[("authorization", format!("bearer {}", token.reveal()))]);
        assert_eq!(of_call(&by_header, None).unwrap().unwrap().hash(), token.hash());
        let cookie = format!("theme=dark; {}; x=y", sent_back(&cookie_with(session, &token, true)));
        let by_cookie = headers(&[("cookie", cookie)]);
        assert_eq!(of_call(&by_cookie, Some(session)).unwrap().unwrap().hash(), token.hash());
        assert!(of_call(&by_cookie, Some(other)).unwrap().is_none());
        assert!(of_call(&by_cookie, None).unwrap().is_none());
    }

    #[test]
    fn the_query_and_the_subprotocol_count_on_a_socket_alone() {
        let session = session();
        let token = Token::fresh(TokenKind::Participant);
        let uri: Uri = format!("/api/sessions/{session}/sync?x=1&token={}", token.reveal()).parse().unwrap();
        assert_eq!(of_socket(&HeaderMap::new(), &uri, session).unwrap().unwrap().hash(), token.hash());
        let offer = headers(&[("sec-websocket-protocol", format!("plumbline.1, token.{}", token.reveal()))]);
        let uri = Uri::from_static("/api/sessions/x/sync");
        assert_eq!(of_socket(&offer, &uri, session).unwrap().unwrap().hash(), token.hash());
        assert!(wants_typed_messages(&offer));
        assert!(!wants_typed_messages(&headers(&[(
            "sec-websocket-protocol",
            format!("token.{}", token.reveal())
        )])));
        assert!(of_call(&offer, Some(session)).unwrap().is_none());
    }

    #[test]
    fn what_a_client_says_outright_comes_before_the_cookie() {
        let session = session();
        let (said, kept) = (Token::fresh(TokenKind::Facilitator), Token::fresh(TokenKind::Participant));
        let both = headers(&[
            ("sec-websocket-protocol", format!("plumbline.1,token.{}", said.reveal())),
            ("cookie", sent_back(&cookie_with(session, &kept, false))),
        ]);
        let uri = Uri::from_static("/");
        assert_eq!(of_socket(&both, &uri, session).unwrap().unwrap().hash(), said.hash());
        assert_eq!(of_call(&both, Some(session)).unwrap().unwrap().hash(), kept.hash());
    }

    #[test]
    fn what_cannot_be_a_token_is_not_passed_over() {
        let broken = headers(&[("authorization", "Bearer what?".to_owned())]);
        assert_eq!(of_call(&broken, None).unwrap_err().status(), StatusCode::UNAUTHORIZED);
        assert!(of_call(&headers(&[("authorization", "Basic eDp5".to_owned())]), None).unwrap().is_none());
        assert!(of_call(&HeaderMap::new(), Some(session())).unwrap().is_none());
    }

    #[test]
    fn a_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let (session, token) = (session(), Token::fresh(TokenKind::Participant));
        let text = cookie_with(session, &token, true).to_str().unwrap().to_owned();
        for part in [
            format!("Path=/api/sessions/{session};"),
            "HttpOnly".into(),
            "SameSite=Strict".into(),
            "; Secure".into(),
        ] {
            assert!(text.contains(&part), "{text}");
        }
        assert!(!cookie_with(session, &token, false).to_str().unwrap().contains("Secure"));
        assert!(format!("{:?}", cookie_with(session, &token, true)).contains("Sensitive"));
        assert!(cookie_without(session, true).to_str().unwrap().contains("=; Path"));
        assert!(cookie_without(session, true).to_str().unwrap().contains("Max-Age=0;"));
    }
}
