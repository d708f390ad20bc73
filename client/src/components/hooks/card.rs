//! A webhook: how it stands, and what can be done about it.

use leptos::{prelude::*, task::spawn_local};

use super::{deliveries::Deliveries, form::HookDialog, secret::Renewal};
use crate::{
    api::{self, EventKind, Hook, HookState, HookWish, Problem},
    components::{Dialog, Show},
    effect::memo,
    format,
    notices::{Notices, Tone},
    storage,
    text::{hooks::hooks, text},
};

/// What is asked about a webhook.
#[derive(Clone, Copy)]
struct Asked {
    edit: RwSignal<bool>,
    rotate: RwSignal<bool>,
    remove: RwSignal<bool>,
    /// Whether its deliveries are shown.
    deliveries: RwSignal<bool>,
}

/// A webhook.
#[component]
pub(crate) fn HookCard(
    /// It; nothing once it is gone.
    hook: Memo<Option<Hook>>,
    /// Called when something was changed.
    changed: Callback<()>,
) -> impl IntoView {
    let asked = Asked {
        edit: RwSignal::new(false),
        rotate: RwSignal::new(false),
        remove: RwSignal::new(false),
        deliveries: RwSignal::new(false),
    };
    let of = move |tell: fn(&Hook) -> String| {
        memo(move |_| hook.with(|hook| hook.as_ref().map(tell).unwrap_or_default()))
    };
    let (name, url) = (of(called), of(|hook| hook.url.clone()));
    let state = of(|hook| hook.state.as_str().to_owned());
    let heading = format!("hook-{}", uuid::Uuid::now_v7().simple());
    let labelled = heading.clone();
    let state_says = of(|hook| (hooks().state)(hook.state).to_owned());
    view! {
        <li class="hook" aria-labelledby=labelled data-testid="hook" data-state=move || state.get()>
            <div class="hook-head">
                <h2 id=heading dir="auto">
                    {name}
                </h2>
                <span class="hook-state" data-testid="hook-state" data-state=move || state.get()>
                    {state_says}
                </span>
            </div>
            <p class="hook-url" data-testid="hook-address">{url}</p>
            <p class="hook-says" data-testid="hook-says">{of(stands)}</p>
            <p class="hook-facts">{of(facts)}</p>
            <Acts hook=hook asked=asked changed=changed />
            <Show when=move || asked.deliveries.get()>
                <Deliveries hook=hook changed=changed />
            </Show>
            <Dialog open=asked.edit title=hooks().form.edit_title>
                <HookDialog hook=hook.get_untracked() changed=changed close=move |()| asked.edit.set(false) />
            </Dialog>
            <Dialog open=asked.rotate title=hooks().secret.rotate_title>
                {hook
                    .get_untracked()
                    .map(|hook| {
                        view! { <Renewal id=hook.id changed=changed close=move |()| asked.rotate.set(false) /> }
                    })}
            </Dialog>
            <Dialog open=asked.remove title=hooks().removing.title>
                {hook.get_untracked().map(|hook| view! { <Removal hook=hook changed=changed open=asked.remove /> })}
            </Dialog>
        </li>
    }
}

/// What a webhook is called: its name, or the host that it goes to.
fn called(hook: &Hook) -> String {
    if !hook.name.is_empty() {
        return hook.name.clone();
    }
    let rest = hook.url.split_once("://").map_or(hook.url.as_str(), |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest).to_owned()
}

/// How it stands, in a sentence.
fn stands(hook: &Hook) -> String {
    let words = hooks();
    match (hook.state, &hook.off, &hook.failing_since, &hook.taken_at) {
        (HookState::Off, Some(off), ..) => (words.off)(&off.why, &format::moment(&off.since)),
        (HookState::Failing, _, Some(since), _) => (words.failing)(&format::moment(since)),
        (_, _, _, Some(at)) => (words.taken)(&format::moment(at)),
        _ => words.never_taken.to_owned(),
    }
}

/// What it is told, and how much is on its way.
fn facts(hook: &Hook) -> String {
    let words = hooks();
    let told = if hook.events.len() == EventKind::CHOSEN.len() {
        words.told_all.to_owned()
    } else {
        let kinds = EventKind::CHOSEN.into_iter().filter(|kind| hook.events.contains(kind));
        kinds.map(words.told).collect::<Vec<_>>().join(", ")
    };
    let mut facts = vec![told];
    if hook.content == "everyone" {
        facts.push(words.with_names.to_owned());
    }
    if hook.waiting > 0 {
        facts.push((words.waiting)(hook.waiting));
    }
    if hook.failed > 0 {
        facts.push((words.failed)(hook.failed));
    }
    if let Some(until) = &hook.both_until {
        facts.push((words.both_until)(&format::moment(until)));
    }
    let joined = facts.join(" · ");
    let mut letters = joined.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[component]
fn Acts(hook: Memo<Option<Hook>>, asked: Asked, changed: Callback<()>) -> impl IntoView {
    let words = hooks();
    let notices = Notices::used();
    let busy = RwSignal::new(false);
    let is_off =
        memo(move |_| hook.with(|hook| hook.as_ref().is_some_and(|hook| hook.state == HookState::Off)));
    let told = move |answer: Result<(), Problem>, says: &'static str| {
        busy.try_set(false);
        match answer {
            Ok(()) => {
                notices.show(Tone::Plain, says);
                changed.run(());
            }
            Err(problem) => notices.show(Tone::Warning, problem.says),
        }
    };
    let test = move |_| {
        let (Some(key), Some(hook)) = (storage::workspace_key(), hook.get_untracked()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::test_hook(&key, hook.id).await.map(|_| ());
            if answer.is_ok() {
                asked.deliveries.try_set(true);
            }
            told(answer, words.tested);
        });
    };
    let turn = move |_| {
        let (Some(key), Some(hook)) = (storage::workspace_key(), hook.get_untracked()) else { return };
        let on = hook.state == HookState::Off;
        spawn_local(async move {
            let wish = HookWish { on: Some(on), ..HookWish::default() };
            let answer = api::alter_hook(&key, hook.id, wish).await.map(|_| ());
            told(answer, if on { words.turned_on } else { words.turned_off });
        });
    };
    view! {
        <div class="hook-acts">
            <button
                type="button"
                class="button"
                data-testid="hook-deliveries"
                aria-expanded=move || asked.deliveries.get().to_string()
                on:click=move |_| asked.deliveries.update(|open| *open = !*open)
            >
                {words.deliveries}
            </button>
            {move || {
                if is_off.get() {
                    view! {
                        <button type="button" class="button primary" data-testid="hook-turn" on:click=turn>
                            {words.turn_on}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-testid="hook-test"
                            aria-disabled=move || busy.get().then_some("true")
                            on:click=test
                        >
                            {words.test}
                        </button>
                    }
                        .into_any()
                }
            }}
            <span class="hook-more">
                <button type="button" class="button quiet" data-testid="hook-edit" on:click=move |_| asked.edit.set(true)>
                    {words.edit}
                </button>
                <button type="button" class="button quiet" data-testid="hook-rotate" on:click=move |_| asked.rotate.set(true)>
                    {words.rotate}
                </button>
                <Show when=move || !is_off.get()>
                    <button type="button" class="button quiet" data-testid="hook-turn" on:click=turn>
                        {words.turn_off}
                    </button>
                </Show>
                <button type="button" class="button quiet" data-testid="hook-remove" on:click=move |_| asked.remove.set(true)>
                    {words.remove}
                </button>
            </span>
        </div>
    }
}

/// Says what goes, and takes it away.
#[component]
fn Removal(hook: Hook, changed: Callback<()>, open: RwSignal<bool>) -> impl IntoView {
    let words = &hooks().removing;
    let notices = Notices::used();
    let refused = RwSignal::new(None::<String>);
    let (id, says) = (hook.id, (words.says)(&called(&hook)));
    let remove = move |_| {
        let Some(key) = storage::workspace_key() else { return };
        spawn_local(async move {
            match api::remove_hook(&key, id).await {
                Ok(()) => {
                    open.try_set(false);
                    notices.show(Tone::Plain, words.gone);
                    changed.run(());
                }
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    view! {
        <div class="form">
            <p>{says}</p>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text().general.cancel}
                </button>
                <button type="button" class="button danger" data-testid="hook-remove-submit" on:click=remove>
                    {words.yes}
                </button>
            </div>
        </div>
    }
}
