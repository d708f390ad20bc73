//! Deciding, committing and closing.

use leptos::prelude::*;

use crate::text::text;

/// The queue of what is decided, with its evidence.
#[component]
pub(crate) fn DecideView() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().decide.title}</h2></section> }
}

/// Private confidence, dissent, and the public sign-off.
#[component]
pub(crate) fn CommitView() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().decide.title}</h2></section> }
}

/// What we move, what waits, what stops: fit to be shown.
#[component]
pub(crate) fn CloseView() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().decide.title}</h2></section> }
}
