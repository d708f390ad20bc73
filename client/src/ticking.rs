//! The server's clock, as pages show it.

use std::time::Duration;

use leptos::prelude::*;

use crate::session::Live;

/// The server's time in milliseconds since 1970, told once a second for as long as the current owner lives.
pub(crate) fn ticking(live: Live) -> RwSignal<u64> {
    let now = RwSignal::new(live.server_now());
    let tick = set_interval_with_handle(move || now.set(live.server_now()), Duration::from_secs(1)).ok();
    on_cleanup(move || {
        if let Some(tick) = tick {
            tick.clear();
        }
    });
    now
}
