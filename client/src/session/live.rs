//! The running of it: what arrives goes into the replica, what it says goes out, and what changed goes to the page.

use std::time::Duration;

use leptos::{ev, prelude::*};
use plumbline_shared::{
    board::Pile,
    ids::{MessageId, ParticipantId, ProjectId, SessionId},
    messages::{Command, Presence, Seen},
    words::Role,
};
use plumbline_sync::{Connection as Link, Event, Intent, Options, Replica, Status};
use uuid::Uuid;

use super::{
    board_view::{BoardView, Placed},
    connection::{Connection, Report},
    kept::{BEAT, Kept},
};
use crate::{
    dom,
    notices::{Notices, Tone},
    storage::{self, Place},
    text::text,
};

/// The shortest time between two sendings, in milliseconds: what is done in between travels together.
const SENDING: u64 = 34;
/// How often the replica is told the time, in milliseconds.
const TICK: Duration = Duration::from_secs(1);
/// More placements than this at once are told as a number, not one by one.
const TOLD_SINGLY: usize = 2;

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
    /// Who this page is.
    pub(crate) me: RwSignal<Me>,
    /// Whether there is something of one's own to take back.
    pub(crate) can_undo: RwSignal<bool>,
    /// Whether there is something to do again.
    pub(crate) can_redo: RwSignal<bool>,
    /// The last close code that is worth a sentence, while there is no connection.
    pub(crate) trouble: RwSignal<Option<u16>>,
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
        let status = replica.status();
        if let Some(outbox) = kept.own() {
            replica.restore(outbox);
        }
        let live = Self {
            id: place.session,
            board: BoardView::new(),
            status: RwSignal::new(status),
            me: RwSignal::new(Me { participant: place.participant, role }),
            can_undo: RwSignal::new(false),
            can_redo: RwSignal::new(false),
            trouble: RwSignal::new(None),
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
                presence: Presence::default(),
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

    /// Timers and the browser's own events, for as long as the page lives.
    fn keep_going(self) {
        let tick = set_interval_with_handle(move || self.tick(), TICK).ok();
        let online = window_event_listener(ev::online, move |_| self.reconnect());
        let visible = document_visible(move || self.reconnect());
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            // What is kept comes back with a reload, but people close tabs for good.
            let status = self.status.get_untracked();
            if status.unsent > 0 && status.connection != Link::Live {
                event.prevent_default();
            }
        });
        let hiding = window_event_listener(ev::pagehide, move |_| {
            self.keep_outbox();
            self.with(|inner| inner.kept.release());
        });
        on_cleanup(move || {
            if let Some(tick) = tick {
                tick.clear();
            }
            online.remove();
            visible.remove();
            leaving.remove();
            hiding.remove();
            self.keep_outbox();
            self.with(|inner| inner.connection = None);
        });
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

    /// Whether the rules would take `intent` now; not tracked.
    pub(crate) fn may(self, intent: &Intent) -> bool {
        self.with(|inner| inner.replica.may(intent).is_ok()).unwrap_or(false)
    }

    /// Tells the person why the rules would not take `intent` now.
    pub(crate) fn say_why_not(self, intent: &Intent) {
        if let Some(Err(denied)) = self.with(|inner| inner.replica.may(intent)) {
            self.notices.show(Tone::Warning, capitalised(&reason(denied.code(), &denied.sentence())));
        }
    }

    /// Does something; gives whether it was taken. If not, the person has been told why.
    pub(crate) fn act(self, intent: Intent) -> bool {
        let done = self.with(|inner| inner.replica.act(intent));
        match done {
            Some(Ok(_)) => {
                self.changed();
                true
            }
            Some(Err(denied)) => {
                self.notices.show(Tone::Warning, capitalised(&reason(denied.code(), &denied.sentence())));
                false
            }
            None => false,
        }
    }

    /// Places cards; gives whether that was taken.
    pub(crate) fn place(self, projects: Vec<ProjectId>, pile: Pile, before: Option<ProjectId>) -> bool {
        self.board.expect(&projects, pile);
        let intent = match pile {
            Pile::Unsorted => Intent::Unplace { projects },
            pile => Intent::Place { projects, pile, before },
        };
        self.act(intent)
    }

    /// Takes the own last change back.
    pub(crate) fn undo(self) {
        if self.with(|inner| inner.replica.undo()).unwrap_or(false) {
            self.board.expect_all();
            self.notices.say(text().spoken.undone);
            self.changed();
        }
    }

    /// Does again what was taken back last.
    pub(crate) fn redo(self) {
        if self.with(|inner| inner.replica.redo()).unwrap_or(false) {
            self.board.expect_all();
            self.notices.say(text().spoken.redone);
            self.changed();
        }
    }

    /// Sends a command.
    pub(crate) fn command(self, command: Command) {
        let sent = self.with(|inner| inner.replica.command(MessageId(Uuid::now_v7()), command));
        if let Some(Err(denied)) = sent {
            self.notices.show(Tone::Warning, capitalised(&reason(denied.code(), &denied.sentence())));
        }
        self.changed();
    }

    /// What this page sees of the session's progress, for commands; none before the board has arrived.
    pub(crate) fn seen(self) -> Option<Seen> {
        self.board.session.with_untracked(|session| Some(Seen { step: session.step?, round: session.round }))
    }

    /// Shows the others what this page is at.
    pub(crate) fn presence(self, change: impl FnOnce(&mut Presence)) {
        let changed = self.with(|inner| {
            let mut presence = inner.presence.clone();
            change(&mut presence);
            let changed = presence != inner.presence;
            if changed {
                inner.presence = presence.clone();
                inner.replica.presence(presence);
            }
            changed
        });
        if changed == Some(true) {
            self.send_soon();
        }
    }

    /// Opens the connection now instead of when its time has come, if there is none.
    pub(crate) fn reconnect(self) {
        let refused = matches!(self.status.get_untracked().connection, Link::Refused { .. });
        self.with(|inner| {
            if let Some(connection) = inner.connection.as_mut()
                && !refused
                && !connection.is_busy()
            {
                connection.open();
            }
        });
    }

    /// Something may have changed here: send it, keep it, show it.
    fn changed(self) {
        self.tell();
        self.keep_outbox();
        self.send_soon();
        self.show_soon();
    }

    /// Brings the small signals up to date.
    fn tell(self) {
        let now = self.with(|inner| {
            let replica = &inner.replica;
            let me = Me { participant: replica.participant(), role: replica.role() };
            (replica.status(), replica.can_undo(), replica.can_redo(), me)
        });
        let Some((status, can_undo, can_redo, me)) = now else { return };
        set_if_other(self.status, status);
        set_if_other(self.can_undo, can_undo);
        set_if_other(self.can_redo, can_redo);
        set_if_other(self.me, me);
    }

    fn keep_outbox(self) {
        let full = self.with(|inner| {
            let revision = inner.replica.outbox_revision();
            if revision == inner.kept_revision {
                return false;
            }
            inner.kept_revision = revision;
            let taken = inner.kept.keep(&inner.replica.outbox());
            let first = !taken && !inner.told_full;
            inner.told_full = !taken;
            first
        });
        if full == Some(true) {
            self.notices.show(Tone::Warning, text().status.storage_full);
        }
    }

    fn send_soon(self) {
        let wait = self.with(|inner| {
            if inner.sending {
                return None;
            }
            inner.sending = true;
            Some((inner.sent_at + SENDING).saturating_sub(dom::now()))
        });
        match wait.flatten() {
            Some(0) => self.send(),
            Some(wait) => set_timeout(move || self.send(), Duration::from_millis(wait.min(SENDING))),
            None => {}
        }
    }

    fn send(self) {
        self.with(|inner| {
            inner.sending = false;
            if let Some(connection) = inner.connection.as_ref().filter(|connection| connection.is_open()) {
                inner.sent_at = dom::now();
                for frame in inner.replica.outgoing() {
                    connection.send(&frame);
                }
            }
        });
        self.tell();
    }

    /// Shows the board in the next frame. A hidden page draws no frames, and need not show anything.
    fn show_soon(self) {
        let first = self.with(|inner| !std::mem::replace(&mut inner.showing, true));
        if first == Some(true) {
            request_animation_frame(move || self.show());
        }
    }

    fn show(self) {
        let board = self.with(|inner| {
            inner.showing = false;
            let revision = inner.replica.revision();
            let new = inner.shown.replace(revision) != Some(revision);
            (new && inner.replica.status().synced).then(|| inner.replica.board())
        });
        let Some(Some(board)) = board else { return };
        let placed = self.board.show(&board);
        self.say_placed(&placed);
    }

    fn say_placed(self, placed: &[Placed]) {
        let spoken = &text().spoken;
        if placed.len() > TOLD_SINGLY {
            return self.notices.say((spoken.others_placed)(placed.len()));
        }
        for Placed { project, pile, by } in placed {
            let Some(card) = self.board.card(*project) else { continue };
            let name = card.project.with_untracked(|project| project.name.clone());
            let pile = untrack(|| self.board.pile_name(*pile));
            self.notices.say(match by {
                Some(who) => (spoken.placed_by)(who, &name, &pile),
                None => (spoken.placed)(&name, &pile),
            });
        }
    }

    fn tick(self) {
        let events = self.with(|inner| {
            let now = dom::now();
            if now.saturating_sub(inner.beat_at) >= BEAT {
                inner.beat_at = now;
                inner.kept.beat();
                for outbox in inner.kept.adopt() {
                    inner.replica.restore(outbox);
                }
            }
            inner.replica.tick(now)
        });
        self.hear(events.unwrap_or_default());
        self.changed();
    }

    fn report(self, generation: u32, report: Report) {
        let current = self.with(|inner| {
            inner.connection.as_ref().is_some_and(|connection| connection.is_current(generation))
        });
        if current != Some(true) {
            return;
        }
        match report {
            Report::Opened => {
                self.with(|inner| {
                    inner.replica.tick(dom::now());
                    let frames = inner.replica.opened();
                    if let Some(connection) = inner.connection.as_mut() {
                        connection.opened();
                        frames.iter().for_each(|frame| connection.send(frame));
                    }
                });
            }
            Report::Frame(bytes) => {
                let events = self.with(|inner| inner.replica.receive(&bytes));
                self.hear(events.unwrap_or_default());
            }
            Report::Closed(code) => self.closed(code),
            Report::Retry => {
                self.with(|inner| {
                    if let Some(connection) = inner.connection.as_mut() {
                        connection.open();
                    }
                });
            }
        }
        self.changed();
    }

    fn closed(self, code: u16) {
        let refused = self.with(|inner| {
            inner.replica.closed(code);
            let refused = matches!(inner.replica.status().connection, Link::Refused { .. });
            if let Some(connection) = inner.connection.as_mut() {
                if refused { connection.close() } else { connection.wait() }
            }
            refused
        });
        // 1006 is what a browser says of every connection that just went; it deserves no sentence of its own.
        self.trouble.set((refused == Some(true) || code != 1006).then_some(code));
        self.board.show_others(&std::collections::BTreeMap::new());
    }

    fn hear(self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Presence => {
                    let others = self.with(|inner| inner.replica.others().clone());
                    self.board.show_others(&others.unwrap_or_default());
                }
                Event::Welcome => self.welcomed(),
                Event::Synced => {
                    self.trouble.set(None);
                    self.with(|inner| {
                        // Others forget a presence with its connection.
                        let presence = inner.presence.clone();
                        inner.replica.presence(presence);
                    });
                }
                Event::Denied { code, reason: says, intents, .. } => {
                    let why = reason(&code, &says);
                    let what = intents.first().and_then(|(_, intent)| self.subject(intent));
                    let says = match what {
                        Some(what) => (text().status.taken_back)(&what, &why),
                        None => capitalised(&why),
                    };
                    self.notices.show(Tone::Warning, says.clone());
                    self.notices.say(says);
                }
                Event::Stalled => {
                    self.with(|inner| {
                        inner.replica.closed(1006);
                        if let Some(connection) = inner.connection.as_mut() {
                            connection.wait();
                        }
                    });
                }
                _ => {}
            }
        }
    }

    /// What an intent is about, as people call it.
    fn subject(self, intent: &Intent) -> Option<String> {
        let project = match intent {
            Intent::Place { projects, .. } | Intent::Unplace { projects } => projects.first()?,
            Intent::EditProject { id, .. } | Intent::RemoveProject { id } => id,
            Intent::AddProject { name, .. } | Intent::AddPillar { name, .. } => return Some(name.clone()),
            _ => return None,
        };
        let card = self.board.card(*project)?;
        Some(card.project.with_untracked(|project| project.name.clone()))
    }

    /// The server has said who this is; the browser remembers.
    fn welcomed(self) {
        let place = self.with(|inner| {
            let (participant, role) = (inner.replica.participant(), inner.replica.role());
            inner.place.role = Some(role);
            if inner.place.participant != participant {
                // The token came by a link: only now it is known whose it is, and so what they had kept.
                inner.place.participant = participant;
                inner.kept = Kept::of(inner.place.session, participant);
                if let Some(outbox) = inner.kept.own() {
                    inner.replica.restore(outbox);
                }
                inner.kept_revision = u64::MAX;
            }
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }

    /// Remembers the session's title and the person's name for the list of this device.
    pub(crate) fn remember(self, title: String, name: Option<String>) {
        let place = self.with(|inner| {
            inner.place.title = title;
            if let Some(name) = name {
                inner.place.name = name;
            }
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }
}

/// Our sentence for a denial, or the server's.
fn reason(code: &str, says: &str) -> String {
    (text().errors.denied)(code).map_or_else(|| says.to_owned(), str::to_owned)
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

/// Thirty-two random bits, drawn by the browser.
fn random_u32() -> u32 {
    // A version 4 UUID is random in all its bits but six; the lowest 32 are.
    (Uuid::new_v4().as_u128() & u128::from(u32::MAX)) as u32
}

/// Calls `f` whenever the page comes into sight.
fn document_visible(f: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            f();
        }
    })
}
