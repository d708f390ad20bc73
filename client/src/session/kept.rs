//! Unsent changes, kept in the browser so that neither a reload nor a crash loses them.
//!
//! Each tab keeps its own outbox and gives signs of life beside it. An outbox whose tab gives none any more is
//! taken up by whichever page of the same person sees it first. Locks would tell better who is gone, but browsers have
//! them only on secure origins, and a workshop's server on the local network is none. So a tab that only slept may be
//! taken for gone; what two pages take up is the same blocks, and stands on the board once.

use leptos::prelude::*;
use plumbline_shared::ids::{ParticipantId, SessionId};
use plumbline_sync::Outbox;
use uuid::Uuid;

use crate::{dom, storage};

const TAB: &str = "plumbline.tab";
/// How often a tab gives a sign of life, in milliseconds.
pub(super) const BEAT: u64 = 5_000;
/// After how long without one a tab counts as gone, in milliseconds. Browsers let the timers of hidden tabs run
/// once a minute.
const GONE: u64 = 150_000;

/// Where this tab keeps its outbox for one person in one session.
#[derive(Clone)]
pub(super) struct Kept {
    tab: String,
    prefix: String,
}

impl Kept {
    /// For `participant` in `session`, in this tab.
    pub(super) fn of(session: SessionId, participant: Option<ParticipantId>) -> Self {
        let who = participant.map_or_else(|| "guest".to_owned(), |id| id.to_string());
        let kept = Self { tab: tab(), prefix: format!("plumbline.outbox.{session}.{who}.") };
        kept.beat();
        kept
    }

    fn key(&self) -> String {
        format!("{}{}", self.prefix, self.tab)
    }

    /// What this tab kept before it was loaded anew.
    pub(super) fn own(&self) -> Option<Outbox> {
        Outbox::read(&storage::text_at(&self.key())?)
    }

    /// Keeps `outbox`, in place of what was kept; gives whether the browser took it.
    pub(super) fn keep(&self, outbox: &Outbox) -> bool {
        if outbox.is_empty() {
            storage::remove(&self.key());
            true
        } else {
            storage::keep_text(&self.key(), &outbox.write())
        }
    }

    /// Gives a sign of life.
    pub(super) fn beat(&self) {
        storage::write(&beat_key(&self.tab), dom::now());
    }

    /// Says that this tab goes, so that its outbox can be taken up at once.
    pub(super) fn release(&self) {
        storage::remove(&beat_key(&self.tab));
    }

    /// Takes up the outboxes of tabs that are gone; they are this tab's from now on.
    pub(super) fn adopt(&self) -> Vec<Outbox> {
        let mut adopted = Vec::new();
        for key in storage::keys(&self.prefix) {
            let tab = &key[self.prefix.len()..];
            if tab != self.tab && is_gone(tab) {
                if let Some(outbox) = storage::text_at(&key).and_then(|text| Outbox::read(&text)) {
                    adopted.push(outbox);
                }
                storage::remove(&key);
                storage::remove(&beat_key(tab));
            }
        }
        adopted
    }
}

fn beat_key(tab: &str) -> String {
    format!("plumbline.beat.{tab}")
}

fn is_gone(tab: &str) -> bool {
    storage::read::<u64>(&beat_key(tab)).is_none_or(|last| dom::now().saturating_sub(last) > GONE)
}

/// The name of this tab. A reload keeps it, because the page before has let go of it. A copy of a tab, which browsers
/// give the same storage, gets its own: the one that it was copied from may live, or only sleep, and two pages that
/// keep their outboxes in one place would lose each other's.
fn tab() -> String {
    thread_local! {
        static NAME: std::cell::OnceCell<String> = const { std::cell::OnceCell::new() };
    }
    NAME.with(|name| {
        name.get_or_init(|| {
            let before = storage::of_tab().and_then(|tab| tab.get_item(TAB).ok().flatten());
            let let_go = |tab: &String| storage::text_at(&beat_key(tab)).is_none();
            let name = before.filter(let_go).unwrap_or_else(|| Uuid::now_v7().to_string());
            if let Some(storage) = storage::of_tab() {
                storage.set_item(TAB, &name).ok();
            }
            let _ = window_event_listener(leptos::ev::pagehide, {
                let name = name.clone();
                move |_| storage::remove(&beat_key(&name))
            });
            name
        })
        .clone()
    })
}
