//! The files that a session leaves.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use crate::{
    api::{self, Export},
    notices::{Notices, Tone},
};

/// A button for each file.
#[component]
pub(crate) fn Files(
    /// The session.
    session: SessionId,
    /// What admits its facilitator.
    #[prop(into)]
    token: Callback<(), String>,
    /// What the buttons are for.
    label: &'static str,
) -> impl IntoView {
    let notices = Notices::used();
    let export = move |file: Export| {
        let token = token.run(());
        spawn_local(async move {
            if let Err(problem) = api::export(session, &token, file).await {
                notices.show(Tone::Warning, problem.says);
            }
        });
    };
    view! {
        <div class="actions" role="group" aria-label=label>
            {api::EXPORTS
                .map(|file| {
                    view! {
                        <button
                            type="button"
                            class="button small"
                            data-testid=format!("take-{}", file.key)
                            on:click=move |_| export(file)
                        >
                            {file.name}
                        </button>
                    }
                })
                .into_iter()
                .collect_view()}
        </div>
    }
}
