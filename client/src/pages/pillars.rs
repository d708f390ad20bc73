//! Line of sight: the pillars of the strategy over the sessions.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Sight, SightLine},
    components::{Answer, Caveats, Empty, NotAdmitted, Section, Shift, WorkspaceShell, of_pillar, weighed},
    effect::memo,
    navigate::{name_tab, take_secret},
    route::{Route, Secret},
    storage,
    text::{pillars::pillars, text},
};

/// All pillars, and how the portfolio shifts.
#[component]
pub(crate) fn PillarsPage() -> impl IntoView {
    let words = pillars();
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let sight = RwSignal::new(Answer::<Sight>::Coming);
    let load = move || {
        let Some(key) = storage::workspace_key() else { return sight.set(Answer::NoKey) };
        sight.set(Answer::Coming);
        spawn_local(async move {
            let answer = api::pillars(&key).await;
            sight.try_set(answer.into());
        });
    };
    load();
    let admitted = memo(move |_| sight.with(Answer::admits));
    view! {
        <WorkspaceShell section=Section::Pillars admitted=admitted>
            {move || match sight.get() {
                Answer::Here(sight) => view! { <All sight=sight /> }.into_any(),
                Answer::Coming => {
                    view! {
                        <h1>{words.title}</h1>
                        <div class="skeleton row" aria-hidden="true" />
                    }
                        .into_any()
                }
                Answer::Failed(problem) => {
                    view! {
                        <h1>{words.title}</h1>
                        <p class="problem" role="alert">
                            {problem.says}
                        </p>
                        <div class="actions">
                            <button type="button" class="button" on:click=move |_| load()>
                                {text().general.retry}
                            </button>
                        </div>
                    }
                        .into_any()
                }
                not @ (Answer::NoKey | Answer::WrongKey) => {
                    let wrong = not == Answer::WrongKey;
                    view! { <NotAdmitted title=words.title wrong=wrong forgotten=move |()| sight.set(Answer::NoKey) /> }
                        .into_any()
                }
            }}
        </WorkspaceShell>
    }
}

#[component]
fn All(sight: Sight) -> impl IntoView {
    let words = pillars();
    if sight.sessions.is_empty() {
        return view! {
            <h1>{words.title}</h1>
            <div class="big-empty" data-testid="pillars-empty">
                <Empty title=words.empty_title says=words.empty />
            </div>
        }
        .into_any();
    }
    let last = sight.sessions.len() - 1;
    let (now, before): (Vec<SightLine>, Vec<SightLine>) =
        sight.pillars.clone().into_iter().partition(|line| line.last == last);
    let currencies: Vec<String> = sight.sessions.iter().map(|session| session.currency.clone()).collect();
    let list = move |lines: Vec<SightLine>| {
        let rows = lines.into_iter().map(|line| {
            let currency = currencies.get(line.last).cloned().unwrap_or_default();
            view! { <Row line=line currency=currency /> }
        });
        rows.collect_view()
    };
    let earlier = (!before.is_empty()).then(|| {
        view! {
            <section class="sight-list-part">
                <h2>{words.earlier}</h2>
                <ul class="sight-list">{list(before)}</ul>
            </section>
        }
    });
    view! {
        <h1>{words.title}</h1>
        <p class="lead">{(words.lead)(sight.pillars.len(), sight.sessions.len())}</p>
        <Caveats sessions=sight.sessions.clone() left_out=sight.left_out />
        <section class="sight-list-part">
            <h2>{words.current}</h2>
            <ul class="sight-list" data-testid="pillars-now">
                {list(now)}
            </ul>
        </section>
        <Shift sight=sight />
        {earlier}
    }
    .into_any()
}

#[component]
fn Row(line: SightLine, currency: String) -> impl IntoView {
    let words = pillars();
    let stands = line.stands.get(line.last).copied().flatten();
    let href = line.id.parse().map_or_else(|_| Route::Pillars.path(), |id| Route::Pillar(id).path());
    view! {
        <li>
            <a class="sight-row" style:--c=of_pillar(&line.colour) href=href data-testid="pillar-line">
                <span class="sight-name">{line.name}</span>
                {line
                    .earlier_names
                    .last()
                    .map(|name| view! { <span class="sight-before">{(words.called_before)(name)}</span> })}
                {(!line.intent.is_empty()).then(|| view! { <span class="sight-intent">{line.intent}</span> })}
                {stands.map(|sum| view! { <span class="sight-sum">{weighed(sum, &currency)}</span> })}
            </a>
        </li>
    }
}
