//! The API keys of the workspace.

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    api::{self, ApiKey, ApiKeys, KeyMade},
    components::{
        Answer, ApiKeyCard, ApiKeyForm, Dialog, Empty, For, NotAdmitted, Revoking, Section, Show, TheApiKey,
        WorkspaceShell,
    },
    effect::memo,
    navigate::{name_tab, take_secret},
    route::Secret,
    storage,
    text::{record::record, text},
};

/// How many keys there can be.
const MOST: usize = 100;

/// The page for who holds the workspace key.
#[component]
pub(crate) fn ApiKeysPage() -> impl IntoView {
    let words = record().keys;
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let keys = RwSignal::new(Answer::Coming);
    fetch(keys);
    let admitted = memo(move |_| keys.with(Answer::admits));
    view! {
        <WorkspaceShell section=Section::ApiKeys admitted=admitted>
            {move || {
                if admitted.get() {
                    view! { <TheKeys keys=keys /> }.into_any()
                } else {
                    let wrong = keys.with_untracked(|keys| *keys == Answer::WrongKey);
                    view! { <NotAdmitted title=words.title wrong=wrong forgotten=move |()| keys.set(Answer::NoKey) /> }
                        .into_any()
                }
            }}
        </WorkspaceShell>
    }
}

/// Fetches the keys. What is shown stays where it cannot be, and a key that was just made with it.
fn fetch(keys: RwSignal<Answer<ApiKeys>>) {
    let Some(key) = storage::workspace_key() else { return keys.set(Answer::NoKey) };
    spawn_local(async move {
        let answer: Answer<ApiKeys> = api::api_keys(&key).await.into();
        let stays = matches!(answer, Answer::Failed(_))
            && keys.try_with_untracked(|keys| matches!(keys, Answer::Here(_))) == Some(true);
        if !stays {
            keys.try_set(answer);
        }
    });
}

#[component]
fn TheKeys(keys: RwSignal<Answer<ApiKeys>>) -> impl IntoView {
    let words = record().keys;
    let adding = RwSignal::new(false);
    // Until each is put away: making a second one does not lose the first.
    let made = RwSignal::new(Vec::<KeyMade>::new());
    let full = memo(move |_| keys.with(|keys| matches!(keys, Answer::Here(all) if all.items.len() >= MOST)));
    let shown = move || made.with(|made| made.iter().map(|key| key.id).collect::<Vec<_>>());
    let add = move |_| {
        if !full.get_untracked() {
            adding.set(true);
        }
    };
    view! {
        <div class="page-head">
            <h1>{words.title}</h1>
            <button
                type="button"
                class="button primary"
                data-testid="key-add"
                aria-disabled=move || full.get().then_some("true")
                on:click=add
            >
                {words.form.title}
            </button>
        </div>
        <div class="key-says">
            <p class="lead">{words.says}</p>
            <a href="/api" rel="external" target="_blank" data-testid="key-described">
                {words.described}
            </a>
        </div>
        <Show when=move || full.get()>
            <p class="hint">{words.full}</p>
        </Show>
        <For each=shown let:id>
            {made
                .get_untracked()
                .into_iter()
                .find(|key| key.id == id)
                .map(|key| {
                    let done = move |()| made.update(|made| made.retain(|other| other.id != id));
                    view! { <TheApiKey key=key done=done /> }
                })}
        </For>
        <List keys=keys made=made />
        <Dialog open=adding title=words.form.title>
            <ApiKeyForm
                made=move |key| {
                    adding.set(false);
                    made.update(|made| made.insert(0, key));
                    fetch(keys);
                }
                close=move |()| adding.set(false)
            />
        </Dialog>
    }
}

#[component]
fn List(keys: RwSignal<Answer<ApiKeys>>, made: RwSignal<Vec<KeyMade>>) -> impl IntoView {
    let words = record().keys;
    let revoking = RwSignal::new(None::<ApiKey>);
    let gone = move |id: Uuid| {
        keys.update(|keys| {
            if let Answer::Here(all) = keys {
                all.items.retain(|key| key.id != id);
            }
        });
        made.update(|made| made.retain(|key| key.id != id));
        fetch(keys);
    };
    let rows = move || match keys.get() {
        Answer::Failed(problem) => view! {
            <p class="problem" role="alert">
                {problem.says}
            </p>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| fetch(keys)>
                    {text().general.retry}
                </button>
            </div>
        }
        .into_any(),
        Answer::Here(ApiKeys { items }) if items.is_empty() => view! {
            <div class="big-empty" data-testid="keys-empty">
                <Empty title=words.none_title says=words.none />
            </div>
        }
        .into_any(),
        Answer::Here(ApiKeys { items }) => {
            let rows = items.into_iter().map(|key| view! { <ApiKeyCard key=key revoking=revoking /> });
            view! {
                <ul class="keys" data-testid="keys">
                    {rows.collect_view()}
                </ul>
            }
            .into_any()
        }
        Answer::Coming | Answer::NoKey | Answer::WrongKey => view! {
            <div class="keys" aria-busy="true">
                <div class="skeleton row" />
                <div class="skeleton row" />
            </div>
        }
        .into_any(),
    };
    view! {
        {rows}
        <Revoking revoking=revoking revoked=gone />
    }
}
