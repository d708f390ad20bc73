//! An address at which there is nothing.

use leptos::prelude::*;

use crate::{components::Shell, navigate::name_tab, text::text};

/// Says so, and where to go.
#[component]
pub(crate) fn UnknownPage() -> impl IntoView {
    name_tab("");
    view! {
        <Shell narrow=true>
            <h1>{text().general.not_found_title}</h1>
            <p class="lead">{text().general.not_found}</p>
            <div class="actions">
                <a class="button primary" href="/join">
                    {text().workspace.join_with_code}
                </a>
                <a class="button" href="/">
                    {text().general.to_start}
                </a>
            </div>
        </Shell>
    }
}
