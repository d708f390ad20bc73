//! The requests for new work, for who holds the workspace key.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, IntakeState, RequestPage, RequestRow},
    components::{Answer, Door, Empty, NotAdmitted, RequestLine, Section, WorkspaceShell},
    effect::memo,
    navigate::{name_tab, take_secret},
    request::Stands,
    route::Secret,
    storage,
    text::{requests::requests, text},
};

/// The list, and the way in.
#[component]
pub(crate) fn RequestsPage() -> impl IntoView {
    let words = &requests().page;
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let list = RwSignal::new(Answer::<RequestPage>::Coming);
    let intake = RwSignal::new(None::<IntakeState>);
    let which = RwSignal::new(None::<Stands>);
    let asked = StoredValue::new(0_u32);
    let fetch = move |before: Vec<RequestRow>, cursor: Option<String>| {
        let Some(key) = storage::workspace_key() else { return list.set(Answer::NoKey) };
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        let stands = which.get_untracked();
        spawn_local(async move {
            let answer = api::requests(&key, stands, cursor.as_deref()).await;
            // The page may have been left, or others be asked for, while the answer was on its way.
            if asked.try_get_value() == Some(turn) {
                let answer = answer.map(|page| RequestPage {
                    items: before.into_iter().chain(page.items).collect(),
                    next: page.next,
                });
                list.set(answer.into());
            }
        });
    };
    let load = move || {
        fetch(Vec::new(), None);
        let Some(key) = storage::workspace_key() else { return };
        spawn_local(async move {
            if let Ok(now) = api::intake(&key).await {
                intake.try_set(Some(now));
            }
        });
    };
    load();
    let admitted = memo(move |_| list.with(Answer::admits));
    let filter = move || {
        let choices = std::iter::once(None).chain(Stands::ALL.map(Some)).map(|choice| {
            let says = choice.map_or(words.all, |stands| (words.stands)(stands));
            view! {
                <label>
                    <input
                        type="radio"
                        name="request-which"
                        data-testid=format!("requests-{}", choice.map_or("all", Stands::as_str))
                        prop:checked=move || which.get() == choice
                        on:change=move |_| {
                            which.set(choice);
                            fetch(Vec::new(), None);
                        }
                    />
                    <span>{says}</span>
                </label>
            }
        });
        let choices = choices.collect_view();
        view! {
            <div class="segments ask-which" role="radiogroup" aria-label=words.which>
                {choices}
            </div>
        }
    };
    let rows = move || match list.get() {
        Answer::Here(page) if page.items.is_empty() => {
            let (title, says) = match which.get_untracked() {
                None => (words.none, words.none_says),
                Some(_) => (words.none_so, ""),
            };
            view! {
                <div class="big-empty" data-testid="requests-empty">
                    <Empty title=title says=says />
                </div>
            }
            .into_any()
        }
        Answer::Here(RequestPage { items, next }) => {
            let before = items.clone();
            let lines =
                items.into_iter().map(|row| view! { <RequestLine row=row changed=move |()| load() /> });
            let lines = lines.collect_view();
            view! {
                <ul class="ask-list" data-testid="requests">
                    {lines}
                </ul>
                {next
                    .map(|cursor| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| fetch(before.clone(), Some(cursor.clone()))
                            >
                                {words.more}
                            </button>
                        }
                    })}
            }
            .into_any()
        }
        Answer::Failed(problem) => view! {
            <p class="problem" role="alert">
                {problem.says}
            </p>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| load()>
                    {text().general.retry}
                </button>
            </div>
        }
        .into_any(),
        Answer::Coming | Answer::NoKey | Answer::WrongKey => view! {
            <div aria-busy="true" class="ask-list">
                <div class="skeleton row" />
                <div class="skeleton row" />
            </div>
        }
        .into_any(),
    };
    view! {
        <WorkspaceShell section=Section::Requests admitted=admitted>
            {move || {
                if admitted.get() {
                    view! {
                        <h1>{words.title}</h1>
                        <p class="lead">
                            {words.says} " "
                            {move || intake.get().map(|now| view! { <span data-testid="requests-waiting">{(words.counted)(now.waiting)}</span> })}
                        </p>
                        <Door intake=intake />
                        {filter()}
                        {rows}
                    }
                        .into_any()
                } else {
                    let wrong = list.with_untracked(|list| *list == Answer::WrongKey);
                    view! { <NotAdmitted title=words.title wrong=wrong forgotten=move |()| list.set(Answer::NoKey) /> }
                        .into_any()
                }
            }}
        </WorkspaceShell>
    }
}
