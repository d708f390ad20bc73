//! Deleting a session, after its title was typed.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use super::Field;
use crate::{api, storage, text::text};

/// Says what goes, has the title typed, and erases.
#[component]
pub(crate) fn EraseSession(
    /// The session.
    session: SessionId,
    /// Its title.
    title: String,
    /// Called when it is not wanted.
    #[prop(into)]
    cancel: Callback<()>,
    /// Called when it is gone.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let words = &text().prepare.end;
    let Some(key) = storage::workspace_key() else {
        return view! { <p class="problem">{words.no_key}</p> }.into_any();
    };
    let says = (words.says)(&title);
    let title = title.trim().to_owned();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let refused = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if typed.with_untracked(|typed| typed.trim() != title) {
            return wrong.set(Some(words.does_not_match.to_owned()));
        }
        wrong.set(None);
        refused.set(None);
        busy.set(true);
        let key = key.clone();
        spawn_local(async move {
            match api::erase(session, &key).await {
                Ok(()) => {
                    for place in storage::places_in(session) {
                        storage::forget_place(&place.token);
                    }
                    done.run(());
                }
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <p>{says}</p>
            <Field label=words.type_title name="erase-title" value=typed error=wrong focus=true />
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| cancel.run(())>
                    {text().general.cancel}
                </button>
                <button
                    type="submit"
                    class="button danger"
                    data-testid="erase-submit"
                    aria-disabled=move || busy.get().then_some("true")
                >
                    {move || if busy.get() { words.deleting } else { words.yes }}
                </button>
            </div>
        </form>
    }
    .into_any()
}
