//! The server's clock, as pages show it.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;

use crate::session::Live;

/// The server's time in milliseconds since 1970, told once a second for as long as the current owner lives: when a second of
/// the server's begins, so that the wall and every page go on at the same moment.
pub(crate) fn ticking(live: Live) -> RwSignal<u64> {
    let now = RwSignal::new(live.server_now() / 1000 * 1000);
    let next = StoredValue::new_local(Rc::new(Cell::new(None)));
    tick(live, now, next);
    on_cleanup(move || {
        if let Some(handle) = next.try_get_value().and_then(|next| next.take()) {
            handle.clear();
        }
    });
    now
}

/// The timer of the next second.
type Next = StoredValue<Rc<Cell<Option<TimeoutHandle>>>, LocalStorage>;

fn tick(live: Live, now: RwSignal<u64>, next: Next) {
    let wait = Duration::from_millis(1000 - live.server_now() % 1000);
    let handle = set_timeout_with_handle(
        move || {
            // Timers may be a little early: the second that was waited for is meant.
            if now.try_set((live.server_now() + 100) / 1000 * 1000).is_none() {
                tick(live, now, next);
            }
        },
        wait,
    );
    if let Some(next) = next.try_get_value() {
        next.set(handle.ok());
    }
}
