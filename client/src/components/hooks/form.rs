//! Adding a webhook, or changing one.

use leptos::{prelude::*, task::spawn_local};

use super::secret::TheSecret;
use crate::{
    api::{self, EventKind, Hook, HookWish},
    components::Field,
    storage,
    text::{hooks::hooks, text},
};

const THIN: &str = "thin";
const EVERYONE: &str = "everyone";

/// The longest address, in characters.
const LONGEST_URL: usize = 2_000;

/// The form; after a webhook was made, its secret.
#[component]
pub(crate) fn HookDialog(
    /// The webhook that is changed; none to add one.
    hook: Option<Hook>,
    /// Called when something was changed.
    #[prop(into)]
    changed: Callback<()>,
    /// Called when it is to be closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let made = RwSignal::new(None::<String>);
    move || match made.get() {
        Some(secret) => view! { <TheSecret secret=secret done=close /> }.into_any(),
        None => view! { <HookForm hook=hook.clone() made=made changed=changed close=close /> }.into_any(),
    }
}

#[component]
fn HookForm(
    hook: Option<Hook>,
    made: RwSignal<Option<String>>,
    changed: Callback<()>,
    close: Callback<()>,
) -> impl IntoView {
    let words = &hooks().form;
    let id = hook.as_ref().map(|hook| hook.id);
    let url = RwSignal::new(hook.as_ref().map(|hook| hook.url.clone()).unwrap_or_default());
    let name = RwSignal::new(hook.as_ref().map(|hook| hook.name.clone()).unwrap_or_default());
    let events =
        RwSignal::new(hook.as_ref().map_or_else(|| EventKind::CHOSEN.to_vec(), |hook| hook.events.clone()));
    let open = RwSignal::new(hook.as_ref().is_some_and(|hook| hook.content == EVERYONE));
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let (wrong_url, wrong_events) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let address = url.with_untracked(|url| url.trim().to_owned());
        let chosen = events.get_untracked();
        wrong_url.set(address.is_empty().then(|| words.url_missing.to_owned()));
        wrong_events.set(chosen.is_empty());
        refused.set(None);
        let Some(key) = storage::workspace_key() else { return };
        if address.is_empty() || chosen.is_empty() {
            return;
        }
        busy.set(true);
        let wish = HookWish {
            url: Some(address),
            name: Some(name.with_untracked(|name| name.trim().to_owned())),
            events: Some(chosen),
            content: Some(if open.get_untracked() { EVERYONE } else { THIN }),
            on: None,
        };
        spawn_local(async move {
            let answer = match id {
                Some(id) => api::alter_hook(&key, id, wish).await,
                None => api::make_hook(&key, wish).await,
            };
            busy.try_set(false);
            match answer {
                Ok(hook) => {
                    changed.run(());
                    match hook.secret {
                        Some(secret) => drop(made.try_set(Some(secret))),
                        None => close.run(()),
                    }
                }
                // What is wrong with an address stands under it.
                Err(problem) if problem.status == 422 => drop(wrong_url.try_set(Some(problem.says))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    let does = if id.is_some() { words.save } else { words.submit };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field
                label=words.url
                value=url
                name="hook-url"
                hint=words.url_hint
                placeholder="https://example.org/plumbline"
                error=wrong_url
                most=LONGEST_URL
                mode="url"
                focus=true
            />
            <Field label=words.name value=name name="hook-name" placeholder=words.name_example optional=true />
            <fieldset class="picks">
                <legend>{words.events}</legend>
                {EventKind::CHOSEN
                    .into_iter()
                    .map(|kind| view! { <Chosen kind=kind events=events /> })
                    .collect_view()}
                <p class="hint error" role="alert" hidden=move || !wrong_events.get()>
                    {words.events_missing}
                </p>
            </fieldset>
            <fieldset class="picks">
                <legend>{words.content}</legend>
                {[(false, words.thin, words.thin_says), (true, words.everyone, words.everyone_says)]
                    .into_iter()
                    .map(|(which, title, says)| {
                        view! {
                            <label class="pick">
                                <input
                                    type="radio"
                                    name="hook-content"
                                    data-testid=if which { "hook-everyone" } else { "hook-thin" }
                                    prop:checked=move || open.get() == which
                                    on:change=move |_| open.set(which)
                                />
                                <span>
                                    <strong>{title}</strong>
                                    <small>{says}</small>
                                </span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    {text().general.cancel}
                </button>
                <button
                    type="submit"
                    class="button primary"
                    data-testid="hook-submit"
                    aria-disabled=move || busy.get().then_some("true")
                >
                    {move || if busy.get() { words.busy } else { does }}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Chosen(kind: EventKind, events: RwSignal<Vec<EventKind>>) -> impl IntoView {
    let (title, says) = (hooks().form.event)(kind);
    view! {
        <label class="pick">
            <input
                type="checkbox"
                data-testid=format!("hook-{}", kind.as_str())
                prop:checked=move || events.with(|events| events.contains(&kind))
                on:change:target=move |event| {
                    let chosen = event.target().checked();
                    events
                        .update(|events| {
                            events.retain(|other| *other != kind);
                            if chosen {
                                events.push(kind);
                            }
                        });
                }
            />
            <span>
                <strong>{title}</strong>
                <small>{says}</small>
            </span>
        </label>
    }
}
