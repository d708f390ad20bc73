//! A decision's own page: what was promised and by whom, why, and whether it happened.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::words::Verdict;

use crate::{
    api,
    components::{
        Answer, Behind, CameAbout, Entering, Evidence, History, InChain, NotAdmitted, Piles, Promise,
        Reasons, Section, Since, WorkspaceShell, decided_day, due_day,
    },
    effect::memo,
    format,
    navigate::{name_tab, take_secret},
    notices::{Notices, Tone},
    record::{Listed, Shown},
    route::{Route, Secret},
    storage,
    text::{record::record, text},
};

/// The decision for who holds the workspace key.
#[component]
pub(crate) fn DecisionPage(
    /// Its number in the log.
    number: u64,
) -> impl IntoView {
    let words = &record().decision;
    name_tab(&(words.tab)(number));
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let answer = RwSignal::new(Answer::Coming);
    let notices = Notices::used();
    let load = move || fetch(answer, number, notices);
    load();
    let admitted = memo(move |_| answer.with(Answer::admits));
    let shown = Signal::derive(move || match answer.get() {
        Answer::Here(shown) => Some(shown),
        _ => None,
    });
    // What is typed into the form stays where it is while the rest is fetched anew.
    let state = memo(move |_| {
        answer.with(|answer| match answer {
            Answer::NoKey => State::NoKey,
            Answer::WrongKey => State::WrongKey,
            Answer::Coming => State::Coming,
            Answer::Here(_) => State::Here,
            Answer::Failed(problem) => State::Failed(problem.status == 404, problem.says.clone()),
        })
    });
    view! {
        <WorkspaceShell section=Section::Decisions admitted=admitted>
            {move || match state.get() {
                State::NoKey | State::WrongKey => {
                    let wrong = state.get_untracked() == State::WrongKey;
                    view! {
                        <NotAdmitted
                            title=words.title
                            wrong=wrong
                            forgotten=move |()| answer.set(Answer::NoKey)
                        />
                    }
                        .into_any()
                }
                State::Coming => {
                    view! {
                        <div class="decision" aria-busy="true" data-testid="decision-loading">
                            <div class="skeleton row" />
                            <div class="skeleton decision-skeleton" />
                        </div>
                    }
                        .into_any()
                }
                State::Failed(missing, says) => {
                    view! {
                        <h1>{(words.number)(number)}</h1>
                        <p class="problem" role="alert">
                            {says}
                        </p>
                        <div class="actions">
                            <a class="button" href=Route::Log(String::new()).path()>
                                {words.to_log}
                            </a>
                            {(!missing)
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="button"
                                            data-testid="decision-again"
                                            on:click=move |_| {
                                                answer.set(Answer::Coming);
                                                load();
                                            }
                                        >
                                            {text().general.retry}
                                        </button>
                                    }
                                })}
                        </div>
                    }
                        .into_any()
                }
                State::Here => view! { <Whole shown=shown changed=move |()| load() /> }.into_any(),
            }}
        </WorkspaceShell>
    }
}

/// How the page stands.
#[derive(Clone, PartialEq)]
enum State {
    NoKey,
    WrongKey,
    Coming,
    Here,
    /// Whether there is no such decision, and what is said.
    Failed(bool, String),
}

fn fetch(answer: RwSignal<Answer<Shown>>, number: u64, notices: Notices) {
    let Some(key) = storage::workspace_key() else { return answer.set(Answer::NoKey) };
    spawn_local(async move {
        let came = api::decision(&key, number).await;
        // What is there stays, with what somebody may be typing into it.
        if let (Err(problem), Some(true)) =
            (&came, answer.try_with_untracked(|now| matches!(now, Answer::Here(_))))
        {
            return notices.show(Tone::Warning, problem.says.clone());
        }
        // The page may have been left while the answer was on its way.
        answer.try_set(came.into());
    });
}

/// All of it. What stands in the record never changes; what happened since does.
#[component]
fn Whole(shown: Signal<Option<Shown>>, #[prop(into)] changed: Callback<()>) -> impl IntoView {
    let words = &record().decision;
    let written = memo(move |_| shown.with(|shown| shown.as_ref().map(|shown| shown.record.clone())));
    view! {
        <article class="decision" data-testid="decision-page">
            {move || shown.get().map(|shown| view! { <Head of=shown /> })}
            {move || {
                written
                    .get()
                    .map(|of| {
                        view! {
                            <Promise of=of.clone() />
                        }
                    })
            }}
            <section class="decision-part" aria-labelledby="decision-since">
                <h2 id="decision-since">{words.since}</h2>
                {move || shown.get().map(|of| view! { <Since of=of today=format::today() /> })}
                <Entering shown=shown changed=changed />
            </section>
            {move || {
                written
                    .get()
                    .map(|of| {
                        view! {
                            <Reasons of=of.clone() />
                            <Piles of=of.clone() />
                            <Evidence of=of.clone() />
                            <Behind of=of.clone() />
                        }
                    })
            }}
            {move || {
                shown
                    .get()
                    .map(|of| view! { <History history=of.history number=of.record.number /> })
            }}
            {move || written.get().map(|of| view! { <CameAbout of=of /> })}
            {move || shown.get().map(|of| view! { <InChain hash=of.hash previous=of.previous /> })}
        </article>
    }
}

/// What, about what, where it stands, and what is due.
#[component]
fn Head(of: Shown) -> impl IntoView {
    let words = &record().decision;
    let log = &record().log;
    let today = format::today();
    let holds = of.holds();
    let due = of.listed().and_then(Listed::due);
    let link = |says: String, number: u64| {
        view! {
            <p class="decision-other">
                <a href=Route::Decision(number).path()>{says}</a>
            </p>
        }
    };
    let superseded = of.superseded_by.map(|number| link((log.superseded_by)(number), number));
    let supersedes = of.record.supersedes.map(|number| link((words.supersedes)(number), number));
    let verdict = of.record.verdict.map(Verdict::as_str);
    let where_and_when = (words.made)(&decided_day(&of.record.decided_on), &of.record.session.title);
    name_tab(&(words.tab_of)(of.record.number, &of.record.project.name));
    view! {
        <header class="decision-head" data-verdict=verdict class:over=!holds>
            <p class="decision-eyebrow">
                <a href=Route::Log(String::new()).path()>{log.title}</a>
                " · "
                {(words.number)(of.record.number)}
            </p>
            <h1>{of.record.project.name}</h1>
            <p class="decision-stands" data-testid="decision-stands">
                <span class="decision-verdict">{(log.verdict)(of.record.verdict)}</span>
                <span class="decision-status" data-testid="decision-now" data-status=of.status.as_str()>
                    {(log.status)(of.status)}
                </span>
                {due.map(|due| due_day(due, today))}
            </p>
            <p class="hint">{where_and_when}</p>
            {superseded}
            {supersedes}
            <div class="actions decision-actions">
                <button
                    type="button"
                    class="button small"
                    data-testid="decision-print"
                    on:click=move |_| {
                        window().print().ok();
                    }
                >
                    {words.print}
                </button>
            </div>
        </header>
    }
}
