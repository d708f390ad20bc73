//! Notes at the page's edge, and the live region for screen readers.

use leptos::prelude::*;

use super::{For, Icon};
use crate::{
    notices::{Note, Notices, Tone},
    text::text,
};

/// Shows the page's notes and speaks its sentences.
#[component]
pub(crate) fn Notes() -> impl IntoView {
    let notices = Notices::used();
    view! {
        <div class="notes" role="region" aria-live="off">
            <For each=move || notices.shown() let:id>
                {notices.note(id).map(|note| view! { <Shown note=note /> })}
            </For>
        </div>
        <div class="unseen" role="status" aria-live="polite" data-testid="spoken">
            {move || notices.spoken()}
        </div>
    }
}

#[component]
fn Shown(note: Note) -> impl IntoView {
    let notices = Notices::used();
    view! {
        <div
            class="note"
            class:warning=note.tone == Tone::Warning
            data-testid="toast"
            on:pointerenter=move |_| notices.hold(Some(note.id))
            on:pointerleave=move |_| notices.hold(None)
            on:focusin=move |_| notices.hold(Some(note.id))
            on:focusout=move |_| notices.hold(None)
        >
            {match note.tone {
                Tone::Warning => Icon::Warning,
                Tone::Plain => Icon::Check,
            }}
            <p>{note.says}</p>
            <button
                type="button"
                class="icon-button"
                data-testid="toast-dismiss"
                aria-label=text().general.dismiss
                on:click=move |_| notices.dismiss(note.id)
            >
                {Icon::Close}
            </button>
        </div>
    }
}
