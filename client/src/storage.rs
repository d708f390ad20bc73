//! What this browser keeps for its people: the workspace key, their places in sessions, and how they like the page.
//!
//! Everything is in `localStorage` under `plumbline.…`, but for the places of pages that keep none: see `alone.rs`. A browser that keeps nothing still works; its people are
//! strangers after a reload.

pub(crate) mod alone;
pub(crate) mod requests;
pub(crate) mod watched;

use leptos::prelude::window;
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    json::Json,
    sorted::sort,
    words::Role,
};
use uuid::Uuid;
use web_sys::Storage;

use crate::take::Take;

const KEY: &str = "plumbline.key";
const PLACES: &str = "plumbline.places";

/// Somebody's place in a session, as this browser knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The session.
    pub(crate) session: SessionId,
    /// What admits them.
    pub(crate) token: String,
    /// The participant; none for observers, and not known before the first welcome when the token came by a link.
    pub(crate) participant: Option<ParticipantId>,
    /// Their name, for choosing between two people of one device.
    pub(crate) name: String,
    /// The session's title when it was last seen.
    pub(crate) title: String,
    /// What they are there, when last seen.
    pub(crate) role: Option<Role>,
    /// The observer's token, where this browser made the session.
    pub(crate) observer_token: Option<String>,
    /// When it was last used, in milliseconds since 1970.
    pub(crate) used: u64,
    /// The code by which it was joined, for knowing who comes again.
    pub(crate) code: String,
}

impl Place {
    /// A place of which nothing is known but what admits to it.
    pub(crate) fn new(session: SessionId, token: String) -> Self {
        Self {
            session,
            token,
            participant: None,
            name: String::new(),
            title: String::new(),
            role: None,
            observer_token: None,
            used: 0,
            code: String::new(),
        }
    }
}

impl Take for Place {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            session: json.get("session").id()?,
            token: json.get("token").string()?,
            participant: json.get("participant").id(),
            name: json.get("name").string().unwrap_or_default(),
            title: json.get("title").string().unwrap_or_default(),
            role: json.get("role").text().and_then(Role::parse),
            observer_token: json.get("observer_token").string(),
            used: json.get("used").whole().unwrap_or_default(),
            code: json.get("code").string().unwrap_or_default(),
        })
    }
}

impl From<&Place> for Json {
    fn from(place: &Place) -> Self {
        let Place { session, token, participant, name, title, role, observer_token, used, code } = place;
        Self::sparse(vec![
            ("session", session.0.into()),
            ("token", token.into()),
            ("participant", participant.map(|id| id.0).into()),
            ("name", name.into()),
            ("title", title.into()),
            ("role", role.map(Role::as_str).into()),
            ("observer_token", observer_token.as_ref().into()),
            ("used", (*used).into()),
            ("code", code.into()),
        ])
    }
}

/// The browser's lasting storage, if it has one.
pub(crate) fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The storage of this tab, which a reload keeps and another tab does not have.
pub(crate) fn of_tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The text at `key`.
pub(crate) fn text_at(key: &str) -> Option<String> {
    local()?.get_item(key).ok()?
}

/// Writes `text` at `key`; gives whether the browser has kept it.
pub(crate) fn keep_text(key: &str, text: &str) -> bool {
    local().is_some_and(|local| local.set_item(key, text).is_ok())
}

/// What stands at `key`, if it can be read.
pub(crate) fn read<T: Take>(key: &str) -> Option<T> {
    T::take(&Json::read(&text_at(key)?)?)
}

/// Writes `value` at `key`; gives whether the browser has kept it.
pub(crate) fn write(key: &str, value: impl Into<Json>) -> bool {
    keep_text(key, &value.into().to_string())
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
            write(KEY, key);
        }
        None => remove(KEY),
    }
}

/// The places that this browser has, the one used last first.
pub(crate) fn places() -> Vec<Place> {
    let mut places: Vec<Place> = alone::places().or_else(|| read(PLACES)).unwrap_or_default();
    sort(&mut places, |a, b| b.used.cmp(&a.used));
    places
}

fn keep_places(places: &[Place]) -> bool {
    if alone::keep(places) {
        return true;
    }
    write(PLACES, Json::List(places.iter().map(Json::from).collect()))
}

/// The places in one session, the one used last first.
pub(crate) fn places_in(session: SessionId) -> Vec<Place> {
    places().into_iter().filter(|place| place.session == session).collect()
}

const SEAT: &str = "plumbline.seat.";
/// In place of a token: this tab is nobody's.
const NOBODY: &str = "nobody";

/// The place that this tab has in a session: the one it took before it was loaded anew, else the one used last in
/// this browser. Two people on one device have a tab each.
pub(crate) fn seat(session: SessionId) -> Option<Place> {
    let places = places_in(session);
    let token = alone::seat()
        .or_else(|| of_tab().and_then(|tab| tab.get_item(&format!("{SEAT}{session}")).ok().flatten()));
    if token.as_deref() == Some(NOBODY) {
        return None;
    }
    let seat = places.iter().position(|place| Some(&place.token) == token.as_ref()).unwrap_or(0);
    places.into_iter().nth(seat)
}

/// Keeps a place and has it in this tab from now on; gives whether the browser has kept it.
pub(crate) fn take_seat(place: Place) -> bool {
    sit(place.session, &place.token);
    keep_place(place)
}

/// Gives up the seat of this tab: nobody sits here until somebody takes one.
pub(crate) fn leave_seat(session: SessionId) {
    sit(session, NOBODY);
}

/// Keeps, in this tab, by which token somebody sits here.
fn sit(session: SessionId, token: &str) {
    if !alone::sit(token)
        && let Some(tab) = of_tab()
    {
        tab.set_item(&format!("{SEAT}{session}"), token).ok();
    }
}

/// Who has handed the device over, and what becomes of their place on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Covered {
    /// It is kept behind a cover.
    Stays,
    /// It is given up once everything of theirs has been sent.
    Leaves,
}

/// How the keys of covers begin.
pub(crate) const COVER: &str = "plumbline.cover.";

fn cover_key(session: SessionId, participant: ParticipantId) -> String {
    format!("{COVER}{session}.{participant}")
}

/// Puts somebody's place behind a cover: no tab of this device shows it until it is lifted.
pub(crate) fn cover(session: SessionId, participant: ParticipantId, how: Covered) {
    keep_text(&cover_key(session, participant), if how == Covered::Leaves { "leaves" } else { "stays" });
}

/// Whether a place is behind a cover.
pub(crate) fn covered(place: &Place) -> Option<Covered> {
    match text_at(&cover_key(place.session, place.participant?))?.as_str() {
        "leaves" => Some(Covered::Leaves),
        _ => Some(Covered::Stays),
    }
}

/// Lifts the cover.
pub(crate) fn uncover(place: &Place) {
    if let Some(participant) = place.participant {
        remove(&cover_key(place.session, participant));
    }
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
        if place.code.is_empty() {
            place.code.clone_from(&old.code);
        }
        place.participant = place.participant.or(old.participant);
        place.role = place.role.or(old.role);
    }
    places.retain(|other| !same(&place, other));
    place.used = crate::dom::now();
    places.push(place);
    keep_places(&places)
}

/// Forgets the observers' token of a session, which admits nobody any more.
pub(crate) fn forget_observer_token(session: SessionId) {
    let mut places = places();
    for place in places.iter_mut().filter(|place| place.session == session) {
        place.observer_token = None;
    }
    keep_places(&places);
}

const TESTS: &str = "plumbline.tests";
/// How many tests with a phone this browser remembers to have begun.
const MOST_TESTS: usize = 16;

/// Remembers that this browser has begun a test with a phone.
pub(crate) fn keep_test(id: Uuid) {
    let mut tests = tests();
    tests.insert(0, id.to_string());
    tests.truncate(MOST_TESTS);
    write(TESTS, Json::List(tests.iter().map(Json::from).collect()));
}

fn tests() -> Vec<String> {
    read(TESTS).unwrap_or_default()
}

/// Whether a test with a phone was begun in this browser.
pub(crate) fn is_own_test(id: Uuid) -> bool {
    tests().contains(&id.to_string())
}

const TEST: &str = "plumbline.test";

/// Remembers, in this tab, that it came by the picture of a test.
pub(crate) fn come_by_test(id: Uuid) {
    if let Some(tab) = of_tab() {
        tab.set_item(TEST, &id.to_string()).ok();
    }
}

/// The test by whose picture this tab came.
pub(crate) fn came_by_test() -> Option<Uuid> {
    of_tab()?.get_item(TEST).ok()??.parse().ok()
}

/// Forgets a place.
pub(crate) fn forget_place(token: &str) {
    let mut places = places();
    places.retain(|place| place.token != token);
    keep_places(&places);
}
