//! What this browser keeps for its people: the workspace key, their places in sessions, and how they like the page.
//!
//! Everything is in `localStorage` under `plumbline.…`. A browser that keeps nothing still works; its people are
//! strangers after a reload.

use leptos::prelude::window;
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    words::Role,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use web_sys::Storage;

const KEY: &str = "plumbline.key";
const PLACES: &str = "plumbline.places";

/// Somebody's place in a session, as this browser knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The session.
    pub(crate) session: SessionId,
    /// What admits them.
    pub(crate) token: String,
    /// The participant; none for observers, and not known before the first welcome when the token came by a link.
    #[serde(default)]
    pub(crate) participant: Option<ParticipantId>,
    /// Their name, for choosing between two people of one device.
    #[serde(default)]
    pub(crate) name: String,
    /// The session's title when it was last seen.
    #[serde(default)]
    pub(crate) title: String,
    /// What they are there, when last seen.
    #[serde(default)]
    pub(crate) role: Option<Role>,
    /// The observer's token, where this browser made the session.
    #[serde(default)]
    pub(crate) observer_token: Option<String>,
    /// When it was last used, in milliseconds since 1970.
    #[serde(default)]
    pub(crate) used: u64,
}

/// The browser's lasting storage, if it has one.
pub(crate) fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The storage of this tab, which a reload keeps and another tab does not have.
pub(crate) fn of_tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What stands at `key`, if it can be read.
pub(crate) fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&local()?.get_item(key).ok()??).ok()
}

/// Writes `value` at `key`; gives whether the browser has kept it.
pub(crate) fn write<T: Serialize>(key: &str, value: &T) -> bool {
    let (Some(local), Ok(json)) = (local(), serde_json::to_string(value)) else { return false };
    local.set_item(key, &json).is_ok()
}

/// Takes away what stands at `key`.
pub(crate) fn remove(key: &str) {
    if let Some(local) = local() {
        local.remove_item(key).ok();
    }
}

/// Every key that begins with `prefix`.
pub(crate) fn keys(prefix: &str) -> Vec<String> {
    let Some(local) = local() else { return Vec::new() };
    (0..local.length().unwrap_or(0))
        .filter_map(|at| local.key(at).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .collect()
}

/// The workspace key.
pub(crate) fn workspace_key() -> Option<String> {
    read(KEY)
}

/// Keeps the workspace key, or forgets it.
pub(crate) fn keep_workspace_key(key: Option<&str>) {
    match key {
        Some(key) => {
            write(KEY, &key);
        }
        None => remove(KEY),
    }
}

/// The places that this browser has, the one used last first.
pub(crate) fn places() -> Vec<Place> {
    let mut places: Vec<Place> = read(PLACES).unwrap_or_default();
    places.sort_by_key(|place| std::cmp::Reverse(place.used));
    places
}

/// The places in one session, the one used last first.
pub(crate) fn places_in(session: SessionId) -> Vec<Place> {
    places().into_iter().filter(|place| place.session == session).collect()
}

const SEAT: &str = "plumbline.seat.";

/// The place that this tab has in a session: the one it took before it was loaded anew, else the one used last in
/// this browser. Two people on one device have a tab each.
pub(crate) fn seat(session: SessionId) -> Option<Place> {
    let places = places_in(session);
    let token = of_tab().and_then(|tab| tab.get_item(&format!("{SEAT}{session}")).ok().flatten());
    let seat = places.iter().position(|place| Some(&place.token) == token.as_ref()).unwrap_or(0);
    places.into_iter().nth(seat)
}

/// Keeps a place and has it in this tab from now on; gives whether the browser has kept it.
pub(crate) fn take_seat(place: Place) -> bool {
    if let Some(tab) = of_tab() {
        tab.set_item(&format!("{SEAT}{}", place.session), &place.token).ok();
    }
    keep_place(place)
}

/// Keeps a place, instead of the one with the same token or the same person, and makes it the one used last.
pub(crate) fn keep_place(mut place: Place) -> bool {
    let mut places = places();
    let same = |place: &Place, other: &Place| {
        other.session == place.session
            && (other.token == place.token
                || (place.participant.is_some() && other.participant == place.participant))
    };
    if let Some(old) = places.iter().find(|other| same(&place, other)) {
        place.observer_token = place.observer_token.take().or_else(|| old.observer_token.clone());
        if place.title.is_empty() {
            place.title.clone_from(&old.title);
        }
        if place.name.is_empty() {
            place.name.clone_from(&old.name);
        }
        place.participant = place.participant.or(old.participant);
        place.role = place.role.or(old.role);
    }
    places.retain(|other| !same(&place, other));
    place.used = crate::dom::now();
    places.push(place);
    write(PLACES, &places)
}

/// Forgets a place.
pub(crate) fn forget_place(token: &str) {
    let mut places = places();
    places.retain(|place| place.token != token);
    write(PLACES, &places);
}
