//! A session as one page lives it: a replica, a connection, what is kept, and what the page shows of it.

mod acts;
mod hearing;
mod running;

use leptos::prelude::*;
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    messages::{Presence, Seen},
    words::Role,
};
use plumbline_sync::{Options, Replica, Status};
use uuid::Uuid;

use super::{board_view::BoardView, connection::Connection, kept::Kept};
use crate::{
    dom,
    notices::Notices,
    storage::{self, Place},
};

/// Who this page is in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Me {
    /// The participant; none for observers.
    pub(crate) participant: Option<ParticipantId>,
    /// What they are.
    pub(crate) role: Role,
}

/// A session as this page lives it. A handle: copies are the same session. It ends with the page that opened it.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The session.
    pub(crate) id: SessionId,
    /// The board.
    pub(crate) board: BoardView,
    /// Saving and connection.
    pub(crate) status: RwSignal<Status>,
    /// Whether the server has said no for good.
    pub(crate) refused: RwSignal<bool>,
    /// Whether the link by which this page is admitted is just being replaced from here: the server closes the old
    /// link's connections, perhaps before its answer with the new one is here.
    pub(crate) renewing: RwSignal<bool>,
    /// Who this page is.
    pub(crate) me: RwSignal<Me>,
    /// The version of the rules by which the session goes; 0 while that is not known.
    pub(crate) rules: RwSignal<u32>,
    /// Whether there is something of one's own to take back.
    pub(crate) can_undo: RwSignal<bool>,
    /// Whether there is something to do again.
    pub(crate) can_redo: RwSignal<bool>,
    /// The last close code that is worth a sentence, while there is no connection.
    pub(crate) trouble: RwSignal<Option<u16>>,
    /// Why the server cannot save.
    pub(crate) not_saving: RwSignal<Option<String>>,
    inner: StoredValue<Inner, LocalStorage>,
    notices: Notices,
}

struct Inner {
    replica: Replica,
    connection: Option<Connection>,
    kept: Kept,
    place: Place,
    /// Revision of the board that is shown.
    shown: Option<u64>,
    /// Revision of the outbox that is kept.
    kept_revision: u64,
    showing: bool,
    sending: bool,
    sent_at: u64,
    beat_at: u64,
    presence: Presence,
    told_full: bool,
}

impl Live {
    /// Opens the session for somebody who has a place in it. Everything ends when the current owner does.
    pub(crate) fn open(place: Place) -> Self {
        let notices = Notices::used();
        let role = place.role.unwrap_or(Role::Observer);
        let client_id = u64::from(random_u32());
        let mut replica = Replica::new(Options { client_id, participant: place.participant, role });
        replica.tick(dom::now());
        let kept = Kept::of(place.session, place.participant);
        if let Some(outbox) = kept.own() {
            replica.restore(outbox);
        }
        let status = replica.status();
        let live = Self {
            id: place.session,
            board: BoardView::new(),
            status: RwSignal::new(status),
            refused: RwSignal::new(false),
            renewing: RwSignal::new(false),
            me: RwSignal::new(Me { participant: place.participant, role }),
            rules: RwSignal::new(0),
            can_undo: RwSignal::new(false),
            can_redo: RwSignal::new(false),
            trouble: RwSignal::new(None),
            not_saving: RwSignal::new(None),
            inner: StoredValue::new_local(Inner {
                replica,
                connection: None,
                kept,
                place: place.clone(),
                shown: None,
                kept_revision: u64::MAX,
                showing: false,
                sending: false,
                sent_at: 0,
                beat_at: 0,
                presence: Presence { test: storage::came_by_test(), ..Presence::default() },
                told_full: false,
            }),
            notices,
        };
        provide_context(live);
        // What the session was called when it was last seen here, until it says so itself.
        live.board.session.update(|session| session.title.clone_from(&place.title));
        live.with(|inner| {
            let mut connection = Connection::new(live, place.session, place.token.clone(), Self::report);
            connection.open();
            inner.connection = Some(connection);
        });
        live.keep_going();
        live
    }

    /// Runs `f` on the inner state; `None` once the page is gone.
    fn with<R>(self, f: impl FnOnce(&mut Inner) -> R) -> Option<R> {
        self.inner.try_update_value(f)
    }

    /// The notices of this page.
    pub(crate) fn notices(self) -> Notices {
        self.notices
    }

    /// The token that admits this page.
    pub(crate) fn token(self) -> String {
        self.with(|inner| inner.place.token.clone()).unwrap_or_default()
    }

    /// Goes on under another token, which admits in place of the one that this page had.
    pub(crate) fn admit_by(self, token: String) {
        let place = self.with(|inner| {
            storage::forget_place(&inner.place.token);
            inner.place.token.clone_from(&token);
            if let Some(connection) = inner.connection.as_mut() {
                connection.admit_by(token);
            }
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::take_seat(place);
        }
    }

    /// Keeps the observers' token, which has taken another's place; with none, forgets the one that admits no more.
    pub(crate) fn keep_observer_token(self, token: Option<String>) {
        storage::forget_observer_token(self.id);
        let place = self.with(|inner| {
            inner.place.observer_token = token;
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }

    /// The observer's token, where this browser knows it.
    pub(crate) fn observer_token(self) -> Option<String> {
        self.with(|inner| inner.place.observer_token.clone()).flatten()
    }

    /// Whether this page drives the session; tracked.
    pub(crate) fn drives(self) -> bool {
        self.me.get().role == Role::Facilitator
    }

    /// Whether this page only looks; tracked.
    pub(crate) fn looks_on(self) -> bool {
        self.me.get().role == Role::Observer
    }

    /// The server's clock, by which deadlines are; good to half a round trip.
    pub(crate) fn server_now(self) -> u64 {
        let now = dom::now();
        self.with(|inner| inner.replica.server_now(now)).unwrap_or(now)
    }

    /// What this page sees of the session's progress, for commands; none before the board has arrived.
    pub(crate) fn seen(self) -> Option<Seen> {
        self.board.session.with_untracked(|session| Some(Seen { step: session.step?, round: session.round }))
    }
}

/// Thirty-two random bits, drawn by the browser.
fn random_u32() -> u32 {
    // A version 4 UUID is random in all its bits but six; the lowest 32 are.
    (Uuid::new_v4().as_u128() & u128::from(u32::MAX)) as u32
}
