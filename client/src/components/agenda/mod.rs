//! Where the session stands: the line on every page, and the facilitator's console.

use leptos::prelude::*;

use crate::text::text;

/// Where we are, what to do now, the time left, and what comes next; the console for who drives.
#[component]
pub(crate) fn AgendaBar() -> impl IntoView {
    view! { <section class="step-view"><h2>{text().agenda.waits_title}</h2></section> }
}
