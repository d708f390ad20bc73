//! What deliveries are signed with: shown once, and renewed.

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    api,
    components::copyable::Copyable,
    storage,
    text::{hooks::hooks, text},
};

/// A secret that was just made.
#[component]
pub(super) fn TheSecret(
    /// It.
    secret: String,
    /// Called when it was taken down.
    done: Callback<()>,
) -> impl IntoView {
    let words = &hooks().secret;
    view! {
        <div class="form">
            <p>{words.says}</p>
            <Copyable value=secret id="hook-secret" label=words.label />
            <p class="hint">{words.how}</p>
            <div class="actions end">
                <button type="button" class="button primary" data-testid="hook-secret-done" on:click=move |_| done.run(())>
                    {words.done}
                </button>
            </div>
        </div>
    }
}

/// Says what a renewal means, and does it.
#[component]
pub(super) fn Renewal(
    /// The webhook.
    id: Uuid,
    /// Called when something was changed.
    changed: Callback<()>,
    /// Called when it is to be closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let words = &hooks().secret;
    let (made, refused, busy) =
        (RwSignal::new(None::<String>), RwSignal::new(None::<String>), RwSignal::new(false));
    let renew = move |_| {
        let Some(key) = storage::workspace_key() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::rotate_hook(&key, id).await {
                Ok(hook) => {
                    changed.run(());
                    made.try_set(hook.secret);
                }
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
            busy.try_set(false);
        });
    };
    move || match made.get() {
        Some(secret) => view! { <TheSecret secret=secret done=close /> }.into_any(),
        None => view! {
            <div class="form">
                <ul class="means">
                    {words.rotate_says.iter().map(|says| view! { <li>{*says}</li> }).collect_view()}
                </ul>
                {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
                <div class="actions end">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        {text().general.cancel}
                    </button>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="hook-rotate-submit"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=renew
                    >
                        {words.rotate}
                    </button>
                </div>
            </div>
        }
        .into_any(),
    }
}
