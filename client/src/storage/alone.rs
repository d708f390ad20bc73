//! A page that is one person and nobody else: a frame of a demonstration, or a page that was opened out of one.
//!
//! The frames of one tab share everything that a browser keeps, for the tab and for good, and each is somebody else in the
//! same session. So such a page has its places in its own memory. Its token stays in the fragment of its address
//! (`#only=…`), where a reload finds it again; it is that of a session that is erased after some hours.

use std::cell::RefCell;

use plumbline_shared::ids::SessionId;

use super::Place;

struct Alone {
    token: String,
    places: Vec<Place>,
    seat: String,
}

thread_local! {
    static ALONE: RefCell<Option<Alone>> = const { RefCell::new(None) };
}

/// From now on this page is whom `token` admits to `session`. Said again, it changes nothing: others may have sat down
/// here since.
pub(crate) fn begin(session: SessionId, token: String) {
    ALONE.with_borrow_mut(|alone| {
        if alone.as_ref().is_none_or(|alone| alone.token != token) {
            let places = vec![Place::new(session, token.clone())];
            *alone = Some(Alone { seat: token.clone(), token, places });
        }
    });
}

/// From now on this page has its places from the browser again.
pub(crate) fn end() {
    ALONE.set(None);
}

/// Whom this page is by; none where it is a page like others.
pub(crate) fn token() -> Option<String> {
    ALONE.with_borrow(|alone| alone.as_ref().map(|alone| alone.token.clone()))
}

pub(super) fn places() -> Option<Vec<Place>> {
    ALONE.with_borrow(|alone| alone.as_ref().map(|alone| alone.places.clone()))
}

/// Whether this page keeps its places itself; then it has kept these.
pub(super) fn keep(places: &[Place]) -> bool {
    ALONE.with_borrow_mut(|alone| alone.as_mut().map(|alone| alone.places = places.to_vec()).is_some())
}

pub(super) fn seat() -> Option<String> {
    ALONE.with_borrow(|alone| alone.as_ref().map(|alone| alone.seat.clone()))
}

/// Whether this page keeps its seat itself; then it has taken this one.
pub(super) fn sit(token: &str) -> bool {
    ALONE.with_borrow_mut(|alone| alone.as_mut().map(|alone| token.clone_into(&mut alone.seat)).is_some())
}
