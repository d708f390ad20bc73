//! The files that a session leaves, or the whole decision log.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Export, Exported},
    notices::{Notices, Tone},
};

/// A button for each file.
#[component]
pub(crate) fn Files(
    /// Of what.
    of: Exported,
    /// What admits to it.
    #[prop(into)]
    token: Callback<(), String>,
    /// How the names begin by which tests know the buttons.
    #[prop(default = "take")]
    name: &'static str,
    /// What happens first when one is pressed.
    #[prop(optional, into)]
    pressed: Option<Callback<()>>,
) -> impl IntoView {
    let notices = Notices::used();
    let export = move |file: Export| {
        if let Some(pressed) = pressed {
            pressed.run(());
        }
        let token = token.run(());
        spawn_local(async move {
            if let Err(problem) = api::export(of, &token, file).await {
                notices.show(Tone::Warning, problem.says);
            }
        });
    };
    api::EXPORTS
        .map(|file| {
            view! {
                <button
                    type="button"
                    class="button small"
                    data-testid=format!("{name}-{}", file.key)
                    on:click=move |_| export(file)
                >
                    {file.name}
                </button>
            }
        })
        .into_iter()
        .collect_view()
}
