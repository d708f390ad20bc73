//! The files that a session leaves.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use crate::{
    api,
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
    let export = move |ending: &'static str| {
        let token = token.run(());
        spawn_local(async move {
            if let Err(problem) = api::export(session, &token, ending).await {
                notices.show(Tone::Warning, problem.says);
            }
        });
    };
    view! {
        <div class="actions" role="group" aria-label=label>
            {api::EXPORTS
                .map(|(ending, name)| {
                    view! {
                        <button
                            type="button"
                            class="button small"
                            data-testid=format!("take-{ending}")
                            on:click=move |_| export(ending)
                        >
                            {name}
                        </button>
                    }
                })
                .into_iter()
                .collect_view()}
        </div>
    }
}
