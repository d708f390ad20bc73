//! What has become of a request, for who has asked.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{day::Day, words::Verdict};

use crate::{
    api::{self, DecidedRequest, RequestStatus, Said},
    components::{AskedWords, Copyable, Shell, fact},
    format,
    navigate::{address, name_tab, take_secret},
    request::Stands,
    route::{Route, Secret},
    storage::requests as kept,
    text::{requests::requests, text},
};

/// How the page stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Gone,
    Here(Box<RequestStatus>),
    Failed(String),
}

/// What has become of a request, for whoever has its link.
#[component]
pub(crate) fn RequestStatusPage() -> impl IntoView {
    let words = &requests().status;
    name_tab(words.title);
    if let Some(Secret::Token(token)) = take_secret() {
        kept::keep_open_status(&token);
    }
    let token = kept::open_status();
    let stage = RwSignal::new(Stage::Loading);
    let asked = token.clone();
    let load = move || {
        let Some(token) = asked.clone() else { return stage.set(Stage::Gone) };
        stage.set(Stage::Loading);
        spawn_local(async move {
            stage.try_set(match api::request_status(&token).await {
                Ok(status) => Stage::Here(Box::new(status)),
                Err(problem) if problem.is_unauthorised() => {
                    kept::forget_sent(&token);
                    Stage::Gone
                }
                Err(problem) => Stage::Failed(problem.says),
            });
        });
    };
    load();
    let another = move || {
        kept::intake_link().map(|_| {
            view! {
                <div class="actions">
                    <a class="button" href=Route::Request.path() data-testid="request-another">
                        {words.another}
                    </a>
                </div>
            }
        })
    };
    view! {
        <Shell narrow=true>
            {move || match stage.get() {
                Stage::Loading => {
                    view! {
                        <h1>{words.title}</h1>
                        <p role="status">{words.loading}</p>
                    }
                        .into_any()
                }
                Stage::Gone => {
                    view! {
                        <h1 data-testid="request-gone">{words.gone_title}</h1>
                        <p class="lead">{words.gone}</p>
                        {another()}
                    }
                        .into_any()
                }
                Stage::Failed(says) => {
                    let load = load.clone();
                    view! {
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
                        .into_any()
                }
                Stage::Here(status) => {
                    let link = address(
                        &format!("{}#t={}", Route::RequestStatus.path(), token.as_deref().unwrap_or_default()),
                    );
                    view! {
                        <header class="ask-head">
                            <p class="ask-reference">{status.asked.reference.clone()}</p>
                            <h1>{status.asked.name.clone()}</h1>
                        </header>
                        <Became status=*status.clone() />
                        <section class="ask-part">
                            <h2>{words.what}</h2>
                            <AskedWords asked=status.asked />
                        </section>
                        <section class="ask-part">
                            <h2>{words.link}</h2>
                            <Copyable value=link id="status-link" label=words.link />
                            <p class="hint">{words.link_says}</p>
                        </section>
                        {another()}
                    }
                        .into_any()
                }
            }}
        </Shell>
    }
}

/// What has become of it.
#[component]
fn Became(status: RequestStatus) -> impl IntoView {
    let words = &requests().status;
    let RequestStatus { stands, taken, answer, decided, .. } = status;
    let (heading, says) = match (stands, &taken) {
        (Stands::Waiting, None) => (words.waiting.to_owned(), words.waiting_says.to_owned()),
        (Stands::Waiting, Some(taken)) => {
            let title = taken.title.as_deref().filter(|_| taken.passed);
            (words.waiting.to_owned(), (words.waits_again)(title))
        }
        (Stands::Taken, taken) => {
            let title = taken.as_ref().and_then(|taken| taken.title.as_deref());
            let day = taken.as_ref().map(|taken| format::day(taken.at)).unwrap_or_default();
            ((words.taken)(title, &day), words.taken_says.to_owned())
        }
        (Stands::Declined, _) => {
            let by = answer.as_ref().map(|said| (words.declined_by)(&said.by, &format::day(said.at)));
            (words.declined.to_owned(), by.unwrap_or_default())
        }
        (Stands::Duplicate, _) => {
            let same = answer.as_ref().and_then(|said| said.same_as.clone()).unwrap_or_default();
            ((words.duplicate)(&same), words.duplicate_says.to_owned())
        }
        (Stands::Decided, _) => {
            let verdict = decided.as_ref().and_then(|decided| decided.verdict);
            ((words.verdict)(verdict).to_owned(), (words.verdict_says)(verdict).to_owned())
        }
    };
    let verdict = decided.as_ref().and_then(|decided| decided.verdict).map(Verdict::as_str);
    view! {
        <section
            class="ask-became"
            data-testid="request-became"
            data-stands=stands.as_str()
            data-verdict=verdict.filter(|_| stands == Stands::Decided)
        >
            <h2>{heading}</h2>
            <p>{says}</p>
            {answer.map(|said| view! { <SaidOf said=said stands=stands /> })}
            {decided.map(|decided| view! { <Decision decided=decided own=stands == Stands::Decided /> })}
        </section>
    }
}

/// What was said without a session.
#[component]
fn SaidOf(said: Said, stands: Stands) -> impl IntoView {
    let words = &requests().status;
    let other = match said.same_stands {
        Some(other) => (words.other_stands)(other),
        None => words.duplicate_gone,
    };
    let by = (words.declined_by)(&said.by, &format::day(said.at));
    view! {
        {(!said.reason.is_empty()).then(|| view! { <p class="ask-why" data-testid="request-why">{said.reason}</p> })}
        {(stands == Stands::Duplicate).then(|| view! { <p>{other}</p> <p class="hint">{by}</p> })}
    }
}

/// What was decided, as everybody may see it.
#[component]
fn Decision(decided: DecidedRequest, own: bool) -> impl IntoView {
    let words = &requests().status;
    let day = |text: &str| Day::parse(text).map_or_else(|| text.to_owned(), format::calendar_day);
    let decided_on = day(decided.decided_on.get(..10).unwrap_or_default());
    let why =
        if decided.rationale.trim().is_empty() { words.no_reason.to_owned() } else { decided.rationale };
    let facts =
        decided.fields.0.into_iter().filter_map(|(name, says)| fact((words.field)(&name)?, &day(&says)));
    let facts = facts.collect_view();
    let is_stop = decided.verdict == Some(Verdict::Stop);
    view! {
        {(!own).then(|| view! { <h3>{(words.verdict)(decided.verdict)}</h3> })}
        <h3>{words.reason}</h3>
        <p class="ask-why" data-testid="request-why">
            {why}
        </p>
        <dl class="ask-facts">{fact(words.owner, &decided.owner)} {facts}</dl>
        {(own && is_stop).then(|| view! { <p>{words.told_first}</p> })}
        {(decided.status == "superseded").then(|| view! { <p>{words.superseded}</p> })}
        <p class="hint">{(words.decided)(&decided.session, &decided_on)}</p>
    }
}
