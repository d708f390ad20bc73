//! Ballots: what is answered in private.

use leptos::prelude::*;

use crate::text::text;

/// The own ballot of the current step, while it waits, is open or sealed.
#[component]
pub(crate) fn BallotView() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().ballot.waits_title}</h2></section> }
}
