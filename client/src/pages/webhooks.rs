//! Who outside is told what happens here.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    api::{self, Hook},
    components::{
        Answer, Dialog, Empty, For, HookCard, HookDialog, NotAdmitted, Section, Show, WorkspaceShell,
    },
    effect::memo,
    navigate::{name_tab, take_secret},
    route::Secret,
    storage,
    text::{hooks::hooks, text},
};

/// How often it is looked what has become of deliveries.
const LOOK: Duration = Duration::from_secs(3);

/// How many webhooks there can be.
const MOST: usize = 20;

/// The page for who holds the workspace key.
#[component]
pub(crate) fn WebhooksPage() -> impl IntoView {
    let words = hooks();
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let list = RwSignal::new(Answer::Coming);
    let load = move || fetch(list);
    load();
    let look = set_interval_with_handle(
        move || {
            if list.try_with_untracked(|list| matches!(list, Answer::Here(_))) == Some(true)
                && !document().hidden()
            {
                fetch(list);
            }
        },
        LOOK,
    );
    on_cleanup(move || {
        if let Ok(look) = look {
            look.clear();
        }
    });
    let admitted = memo(move |_| list.with(Answer::admits));
    let ids = memo(move |_| {
        list.with(|list| match list {
            Answer::Here(all) => Some(all.iter().map(|hook| hook.id).collect::<Vec<Uuid>>()),
            _ => None,
        })
    });
    // What is shown is made anew when it comes, and not with every webhook that is added: a secret may be shown in it.
    let here = memo(move |_| ids.with(Option::is_some));
    let failed = memo(move |_| {
        list.with(|list| match list {
            Answer::Failed(problem) => Some(problem.says.clone()),
            _ => None,
        })
    });
    view! {
        <WorkspaceShell section=Section::Webhooks admitted=admitted>
            {move || {
                if !admitted.get() {
                    let wrong = list.with_untracked(|list| *list == Answer::WrongKey);
                    return view! {
                        <NotAdmitted title=words.title wrong=wrong forgotten=move |()| list.set(Answer::NoKey) />
                    }
                        .into_any();
                }
                match (here.get(), failed.get()) {
                    (true, _) => view! { <TheHooks list=list ids=ids load=move |()| load() /> }.into_any(),
                    (false, Some(says)) => view! {
                        <h1>{words.title}</h1>
                        <p class="problem" role="alert">
                            {says}
                        </p>
                        <div class="actions">
                            <button type="button" class="button" on:click=move |_| load()>
                                {text().general.retry}
                            </button>
                        </div>
                    }
                        .into_any(),
                    (false, None) => view! {
                        <h1>{words.title}</h1>
                        <div class="hooks" aria-busy="true">
                            <div class="skeleton row" />
                            <div class="skeleton row" />
                        </div>
                    }
                        .into_any(),
                }
            }}
        </WorkspaceShell>
    }
}

/// Fetches the webhooks. What is shown stays where it cannot be.
fn fetch(list: RwSignal<Answer<Vec<Hook>>>) {
    let Some(key) = storage::workspace_key() else { return list.set(Answer::NoKey) };
    spawn_local(async move {
        let answer: Answer<Vec<Hook>> = api::hooks(&key).await.map(|page| page.items).into();
        let stays = matches!(answer, Answer::Failed(_))
            && list.try_with_untracked(|list| matches!(list, Answer::Here(_))) == Some(true);
        // The page may have been left while the answer was on its way; and what is as it was needs no painting.
        let same = list.try_with_untracked(|list| *list == answer) != Some(false);
        if !stays && !same {
            list.try_set(answer);
        }
    });
}

#[component]
fn TheHooks(
    list: RwSignal<Answer<Vec<Hook>>>,
    ids: Memo<Option<Vec<Uuid>>>,
    #[prop(into)] load: Callback<()>,
) -> impl IntoView {
    let words = hooks();
    let adding = RwSignal::new(false);
    let count = memo(move |_| ids.with(|ids| ids.as_ref().map_or(0, Vec::len)));
    let full = move || count.get() >= MOST;
    let add = move |_| {
        if !full() {
            adding.set(true);
        }
    };
    view! {
        <div class="page-head">
            <h1>{words.title}</h1>
            <button
                type="button"
                class="button primary"
                data-testid="hook-add"
                aria-disabled=move || full().then_some("true")
                on:click=add
            >
                {words.add}
            </button>
        </div>
        <p class="lead">{words.says}</p>
        <Show when=full>
            <p class="hint">{words.full}</p>
        </Show>
        <Show when=move || count.get() == 0>
            <div class="big-empty" data-testid="hooks-empty">
                <Empty title=words.empty_title says=words.empty />
            </div>
        </Show>
        <ul class="hooks" data-testid="hooks" hidden=move || count.get() == 0>
            <For each=move || ids.get().unwrap_or_default() let:id>
                <HookCard
                    hook=memo(move |_| {
                        list.with(|list| match list {
                            Answer::Here(all) => all.iter().find(|hook| hook.id == id).cloned(),
                            _ => None,
                        })
                    })
                    changed=load
                />
            </For>
        </ul>
        <Dialog open=adding title=words.form.add_title>
            <HookDialog hook=None changed=load close=move |()| adding.set(false) />
        </Dialog>
    }
}
