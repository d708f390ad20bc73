//! What is promised about the answers: in full before the first one, in one line from then on.

use leptos::prelude::*;

use crate::{components::Icon, dom, session::Live, storage, text::text};

/// The sentences of the promise.
#[component]
pub(super) fn Promises() -> impl IntoView {
    let words = &text().ballot.promise;
    let host = window().location().host().unwrap_or_default();
    view! {
        <ul class="promises">
            <li>{words.private}</li>
            <li>{words.counts}</li>
            <li>{words.erased}</li>
            <li>{(words.server)(&host)}</li>
        </ul>
    }
}

/// The promise before the first answer.
#[component]
pub(super) fn Promise(
    /// Called once it has been read.
    #[prop(into)]
    begin: Callback<()>,
) -> impl IntoView {
    let words = &text().ballot.promise;
    view! {
        <section class="ballot-say promise" data-testid="promise">
            {Icon::Lock}
            <h2 tabindex="-1" data-testid="ballot-heading">
                {words.title}
            </h2>
            <Promises />
            <div class="actions">
                <button
                    type="button"
                    class="button primary large"
                    data-testid="promise-begin"
                    on:click=move |_| begin.run(())
                >
                    {words.begin}
                </button>
            </div>
        </section>
    }
}

/// The promise in one line, which opens.
#[component]
pub(super) fn PromiseLine() -> impl IntoView {
    let words = &text().ballot.promise;
    view! {
        <details class="promise-line" data-testid="promise-line">
            <summary>{Icon::Lock} <span>{words.in_short}</span></summary>
            <div class="promise-more">
                <Promises />
            </div>
        </details>
    }
}

fn key(live: Live) -> Option<String> {
    let me = live.me.get_untracked().participant?;
    Some(format!("plumbline.promise.{}.{me}", live.id))
}

/// Whether this person has read the promise in this session.
pub(super) fn has_read(live: Live) -> bool {
    key(live).and_then(|key| storage::read::<bool>(&key)) == Some(true)
}

/// Remembers that they have.
pub(super) fn remember_read(live: Live) {
    if let Some(key) = key(live) {
        storage::write(&key, true);
    }
}

/// Brings the focus to the heading of what is shown now.
pub(super) fn focus_heading() {
    request_animation_frame(|| {
        if let Some(heading) = dom::by_attribute("data-testid", "ballot-heading") {
            dom::focus_quietly(&heading);
        }
    });
}
