//! What a round came to, for the room.

use leptos::prelude::*;

use crate::text::text;

/// The last revealed round of the current step.
#[component]
pub(crate) fn RevealView() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().reveal.title}</h2></section> }
}
