//! The demonstrations that were begun on this tab: whoever is to be shown in their frames. A reload keeps them, another
//! tab does not have them, and none of it is kept for good.

use plumbline_shared::{ids::SessionId, json::Json};

use super::of_tab;
use crate::take::{Take, taken};

taken! {
    /// A demonstration.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct Watched {
        /// What admits to the console.
        pub(crate) console: String,
        /// What admits whoever taps along.
        pub(crate) phone: String,
        /// What admits to the wall.
        pub(crate) wall: String,
        /// The session that is rehearsed; none where the sample is shown.
        pub(crate) rehearses: Option<SessionId>,
    }
}

fn key(session: SessionId) -> String {
    format!("plumbline.watch.{session}")
}

/// Keeps a demonstration for this tab.
pub(crate) fn keep(session: SessionId, watched: &Watched) {
    let Watched { console, phone, wall, rehearses } = watched;
    let json = Json::sparse(vec![
        ("console", console.into()),
        ("phone", phone.into()),
        ("wall", wall.into()),
        ("rehearses", rehearses.map(|id| id.0).into()),
    ]);
    if let Some(tab) = of_tab() {
        tab.set_item(&key(session), &json.to_string()).ok();
    }
}

/// The demonstration of that session, if it was begun on this tab.
pub(crate) fn find(session: SessionId) -> Option<Watched> {
    Watched::take(&Json::read(&of_tab()?.get_item(&key(session)).ok()??)?)
}

/// Forgets a demonstration that is over.
pub(crate) fn forget(session: SessionId) {
    if let Some(tab) = of_tab() {
        tab.remove_item(&key(session)).ok();
    }
}
