//! The queue of what is decided, and beside it the project that is decided now.

use leptos::{ev, html, prelude::*};
use plumbline_shared::words::Verdict;
use web_sys::KeyboardEvent;

use super::{
    capacity::CapacityLine,
    case::Case,
    deciding::Deciding,
    form::toggle_verdict,
    queue::{QueueList, focus_case},
};
use crate::{
    components::{Empty, Show},
    desk::Desk,
    dom,
    effect::effect,
    text::text,
};

/// The queue of what is decided, with its evidence.
#[component]
pub(crate) fn DecideView() -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    // No card of the board is meant by a key from here on.
    desk.clear();
    let deciding = Deciding::new(live);
    let words = &text().decide.queue;
    let key = move |event: KeyboardEvent| {
        if event.default_prevented()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || dom::is_typing()
            || dom::dialog_is_open()
        {
            return;
        }
        let Some(chosen) = deciding.chosen.get_untracked() else { return };
        let verdict = match event.key().as_str() {
            "m" | "M" => Verdict::Move,
            "w" | "W" => Verdict::Wait,
            "s" | "S" => Verdict::Stop,
            "o" | "O" => Verdict::Open,
            "n" | "N" => {
                event.prevent_default();
                if let Some(next) = untrack(|| deciding.next_left()) {
                    deciding.chosen.set(Some(next));
                    focus_case(next);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        toggle_verdict(live, chosen, verdict);
    };
    let listener = window_event_listener(ev::keydown, key);
    on_cleanup(move || listener.remove());
    // Each project begins at its top.
    let pane = NodeRef::<html::Div>::new();
    effect(move || {
        deciding.chosen.track();
        if let Some(pane) = pane.get_untracked() {
            pane.set_scroll_top(0);
        }
    });
    view! {
        <section
            class="decide"
            class:chosen=move || deciding.chosen.get().is_some()
            aria-label=words.title
            data-testid="decide"
        >
            <Show
                when=move || !deciding.queue.with(Vec::is_empty)
                fallback=move || view! { <Empty title=words.empty_title.to_owned() says=words.empty.to_owned() /> }
            >
                <CapacityLine board=live.board />
                <div class="decide-panes">
                    <QueueList deciding=deciding />
                    <div class="decide-pane" node_ref=pane>
                        {move || match deciding.chosen.get() {
                            Some(id) => view! { <Case deciding=deciding project=id /> }.into_any(),
                            None => view! { <p class="decide-choose quiet">{words.choose}</p> }.into_any(),
                        }}
                    </div>
                </div>
            </Show>
        </section>
    }
}
