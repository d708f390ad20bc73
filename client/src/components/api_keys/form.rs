//! Making a key.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{day::Day, limits};

use super::{MOST_DAYS, USUAL_DAYS, today};
use crate::{
    api::{self, KeyMade},
    components::Field,
    format, storage,
    text::{api_keys::Scope, record::record, text},
};

/// The form.
#[component]
pub(crate) fn ApiKeyForm(
    /// Called with the key, once it is made.
    #[prop(into)]
    made: Callback<KeyMade>,
    /// Called when it is to be closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let (all, words) = (record().keys, &record().keys.form);
    let (first, last) = (today(), today().plus(MOST_DAYS));
    let name = RwSignal::new(String::new());
    let opens = RwSignal::new(Vec::<&'static str>::new());
    let until = RwSignal::new(first.plus(USUAL_DAYS).to_string());
    let (no_name, no_scope, no_day) =
        (RwSignal::new(None::<String>), RwSignal::new(false), RwSignal::new(false));
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let called = name.with_untracked(|name| name.trim().to_owned());
        let chosen = opens.get_untracked();
        let day = until.with_untracked(|day| Day::parse(day)).filter(|day| (first..=last).contains(day));
        no_name.set(called.is_empty().then(|| words.name_missing.to_owned()));
        no_scope.set(chosen.is_empty());
        no_day.set(day.is_none());
        refused.set(None);
        let (Some(key), Some(day)) = (storage::workspace_key(), day) else { return };
        if called.is_empty() || chosen.is_empty() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::make_api_key(&key, &called, &chosen, day).await {
                Ok(key) => made.run(key),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field
                label=words.name
                name="key-name"
                hint=words.name_hint
                value=name
                error=no_name
                most=limits::NAME
                focus=true
            />
            <fieldset class="picks">
                <legend>{words.opens}</legend>
                {all.scopes.iter().map(|scope| view! { <Opens scope=scope opens=opens /> }).collect_view()}
                <p class="hint error" role="alert" hidden=move || !no_scope.get()>
                    {words.opens_missing}
                </p>
            </fieldset>
            <div class="field">
                <label for="key-until">{words.until}</label>
                <input
                    id="key-until"
                    type="date"
                    data-testid="key-until"
                    required
                    aria-describedby="key-until-hint"
                    aria-invalid=move || no_day.get().then_some("true")
                    min=first.to_string()
                    max=last.to_string()
                    prop:value=move || until.get()
                    on:input:target=move |event| until.set(event.target().value())
                />
                <p class="hint" class:error=move || no_day.get() id="key-until-hint">
                    {move || {
                        if no_day.get() {
                            (words.until_wrong)(&format::calendar_day(first), &format::calendar_day(last))
                        } else {
                            words.until_hint.to_owned()
                        }
                    }}
                </p>
            </div>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    {text().general.cancel}
                </button>
                <button
                    type="submit"
                    class="button primary"
                    data-testid="key-submit"
                    aria-disabled=move || busy.get().then_some("true")
                >
                    {move || if busy.get() { words.on_its_way } else { words.submit }}
                </button>
            </div>
        </form>
    }
}

/// What a key may open, to be chosen.
#[component]
fn Opens(scope: &'static Scope, opens: RwSignal<Vec<&'static str>>) -> impl IntoView {
    let choose = move |event| {
        let on = event_target_checked(&event);
        opens.update(|opens| {
            opens.retain(|other| *other != scope.word);
            if on {
                opens.push(scope.word);
            }
        });
    };
    view! {
        <label class="pick">
            <input type="checkbox" data-testid=format!("scope-{}", scope.word) on:change=choose />
            <span>
                <strong>{scope.title}</strong>
                <small>{scope.says}</small>
            </span>
            <code>{scope.word}</code>
        </label>
    }
}
