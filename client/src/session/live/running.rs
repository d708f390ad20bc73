//! The running of it: what arrives goes into the replica, what it says goes out, and what changed goes to the page.

use std::time::Duration;

use leptos::{ev, prelude::*};
use plumbline_sync::Connection as Link;
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use super::{
    super::{connection::Report, kept::BEAT},
    Live, Me,
};
use crate::{dom, notices::Tone, text::text};

/// The shortest time between two sendings, in milliseconds: what is done in between travels together.
const SENDING: u64 = 34;
/// How often the replica is told the time.
const TICK: Duration = Duration::from_secs(1);

impl Live {
    /// Timers and the browser's own events, for as long as the page lives.
    pub(super) fn keep_going(self) {
        let tick = set_interval_with_handle(move || self.tick(), TICK).ok();
        let online = window_event_listener(ev::online, move |_| self.reconnect());
        // A socket whose network is gone says nothing of it for minutes.
        let offline = window_event_listener(ev::offline, move |_| {
            self.lost();
            self.changed();
        });
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
        // A page that a browser has put aside and brings back holds what a later page of this tab has gone on with.
        let back = window_event_listener_untyped("pageshow", |event| {
            if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                window().location().reload().ok();
            }
        });
        on_cleanup(move || {
            if let Some(tick) = tick {
                tick.clear();
            }
            online.remove();
            offline.remove();
            visible.remove();
            leaving.remove();
            hiding.remove();
            back.remove();
            self.keep_outbox();
            self.with(|inner| inner.connection = None);
        });
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
    pub(super) fn changed(self) {
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
        set_if_other(self.refused, matches!(status.connection, Link::Refused { .. }));
        set_if_other(self.can_undo, can_undo);
        set_if_other(self.can_redo, can_redo);
        set_if_other(self.me, me);
        self.tell_ballot();
    }

    /// Shows the own ballot with what waits to be confirmed, and how many have finished.
    fn tell_ballot(self) {
        let now = self.with(|inner| {
            let replica = &inner.replica;
            (replica.own_ballot(), replica.unconfirmed(), replica.progress())
        });
        let Some((ballot, unconfirmed, progress)) = now else { return };
        set_if_other(self.board.own_ballot, ballot);
        set_if_other(self.board.unconfirmed, unconfirmed);
        set_if_other(self.board.progress, progress);
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

    pub(super) fn send_soon(self) {
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

    /// Shows the board as it is by now, without waiting for the next frame, where what is about to be done builds on it:
    /// two presses of a key may come between two frames.
    pub(crate) fn show_now(self) {
        if self.with(|inner| inner.showing) == Some(true) {
            self.show();
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
        // A card that goes to another pile by somebody's hand takes the focus of this page's person with it.
        let focused = dom::focused_card();
        let placed = self.board.show(&board);
        self.say_placed(&placed);
        if !self.board.is_whole() {
            self.lay_soon();
        }
        if let Some(id) = focused {
            request_animation_frame(move || {
                if dom::focused().is_none()
                    && let Some(card) = dom::card(id)
                {
                    dom::focus_quietly(&card);
                }
            });
        }
    }

    /// Lays the next slice of cards, once what is there is drawn.
    fn lay_soon(self) {
        request_animation_frame(move || {
            let whole = self.with(|_| ()).is_none() || {
                self.board.lay();
                self.board.is_whole()
            };
            if !whole {
                self.lay_soon();
            }
        });
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

    pub(super) fn report(self, generation: u32, report: Report) {
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

    /// The connection is as good as gone: it is closed, and opened again when its time has come.
    pub(super) fn lost(self) {
        self.with(|inner| {
            inner.replica.closed(1006);
            if let Some(connection) = inner.connection.as_mut() {
                connection.wait();
            }
        });
        self.board.show_others(&std::collections::BTreeMap::new());
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
        // 1006 is what a browser says of every connection that just went, and of every one that was not let in; it
        // deserves no sentence of its own, and the one that came before stands until the board is there again.
        if refused == Some(true) || code != 1006 {
            self.trouble.set(Some(code));
        }
        self.board.show_others(&std::collections::BTreeMap::new());
    }
}

fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

/// Calls `f` whenever the page comes into sight.
fn document_visible(f: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            f();
        }
    })
}
