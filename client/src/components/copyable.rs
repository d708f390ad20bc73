//! A text to be copied.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use crate::text::text;

/// How long it is said that a text was copied, or was not.
const SAID_FOR: Duration = Duration::from_secs(4);

/// A text to be copied, with the button that does it.
#[component]
pub(crate) fn Copyable(
    /// The text.
    value: String,
    /// By which tests know it.
    id: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    // Said on the button itself: a note at the page's edge would lie behind the dialog that this may stand in.
    let outcome = RwSignal::new(None::<bool>);
    let copied = value.clone();
    let copy = move |_| {
        let copied = copied.clone();
        spawn_local(async move {
            outcome.try_set(Some(copy_text(&copied).await));
            set_timeout(
                move || {
                    outcome.try_set(None);
                },
                SAID_FOR,
            );
        });
    };
    let says = move || match outcome.get() {
        Some(true) => text().general.copied,
        _ => text().general.copy,
    };
    view! {
        <div class="copyable">
            <input
                type="text"
                readonly
                aria-label=label
                data-testid=id
                value=value
                on:focus:target=move |event| event.target().select()
            />
            <button type="button" class="button" on:click=copy>
                {says}
            </button>
        </div>
        <p class="error hint" role="status" hidden=move || outcome.get() != Some(false)>
            {text().share.copy_failed}
        </p>
    }
}

/// Puts `copied` on the clipboard, which browsers offer on secure origins alone.
async fn copy_text(copied: &str) -> bool {
    let navigator = window().navigator();
    let offers =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    offers && JsFuture::from(navigator.clipboard().write_text(copied)).await.is_ok()
}
