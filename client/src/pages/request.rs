//! Asking for new work, without an account, mostly on a phone.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::limits;

use crate::{
    api::{self, RequestForm},
    components::{Field, Paragraph, Question, Shell, Show},
    dom,
    effect::{effect, memo},
    navigate::{Router, name_tab, take_secret},
    notices::{Notices, Tone},
    request::{Choice, Draft, Lacks},
    route::{Route, Secret},
    storage::requests as kept,
    text::{requests::requests, text},
};

/// How the form stands.
#[derive(Clone, PartialEq)]
enum Stage {
    NoLink,
    Loading,
    Dead,
    Closed,
    Here(RequestForm),
    Failed(String),
}

/// The form, for whoever comes by the intake link.
#[component]
pub(crate) fn RequestPage() -> impl IntoView {
    let words = &requests().form;
    name_tab(words.title);
    if let Some(Secret::Token(link)) = take_secret() {
        kept::keep_intake_link(&link);
    }
    let stage = RwSignal::new(Stage::Loading);
    let load = move || {
        let Some(link) = kept::intake_link() else { return stage.set(Stage::NoLink) };
        stage.set(Stage::Loading);
        spawn_local(async move {
            stage.try_set(match api::request_form(&link).await {
                Ok(form) if form.open => Stage::Here(form),
                Ok(_) => Stage::Closed,
                Err(problem) if problem.is_unauthorised() => Stage::Dead,
                Err(problem) => Stage::Failed(problem.says),
            });
        });
    };
    load();
    let draft_waits = !kept::draft().is_blank();
    let told = move |title: &'static str, says: &'static str| {
        view! {
            <h1 data-testid="request-told">{title}</h1>
            <p class="lead">{says}</p>
            {draft_waits.then(|| view! { <p>{words.draft_waits}</p> })}
            <Yours />
        }
        .into_any()
    };
    view! {
        <Shell narrow=true>
            {move || match stage.get() {
                Stage::NoLink => told(words.no_link_title, words.no_link),
                Stage::Dead => told(words.dead_title, words.dead),
                Stage::Closed => told(words.closed_title, words.closed),
                Stage::Loading => {
                    view! {
                        <h1>{words.title}</h1>
                        <p role="status">{words.loading}</p>
                    }
                        .into_any()
                }
                Stage::Here(form) => view! { <TheForm form=form /> }.into_any(),
                Stage::Failed(says) => {
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
            }}
        </Shell>
    }
}

/// The requests that were sent from this browser.
#[component]
fn Yours() -> impl IntoView {
    let words = &requests().form;
    let sent = kept::sent();
    (!sent.is_empty()).then(|| {
        let rows = sent.into_iter().map(|sent| {
            let token = sent.token.clone();
            view! {
                <li>
                    <a
                        class="session-row"
                        href=Route::RequestStatus.path()
                        data-testid="request-sent"
                        on:click=move |_| kept::keep_open_status(&token)
                    >
                        <span class="session-title">{sent.name}</span>
                        <span class="session-facts">{sent.reference}</span>
                    </a>
                </li>
            }
        });
        let rows = rows.collect_view();
        view! {
            <section class="on-this-device">
                <h2>{words.yours}</h2>
                <ul class="session-list">{rows}</ul>
            </section>
        }
    })
}

/// What is wrong where, in the name of the field that gets the focus.
fn field(lacks: Lacks) -> &'static str {
    match lacks {
        Lacks::Name => "request-name",
        Lacks::Pillar => "request-pillar",
        Lacks::Instead => "request-instead",
        Lacks::InsteadName => "request-instead-name",
        Lacks::Owner => "request-owner",
        Lacks::Cost => "request-cost",
        Lacks::People => "request-people",
        Lacks::AskedBy => "request-asked-by",
    }
}

#[component]
fn TheForm(form: RequestForm) -> impl IntoView {
    let words = &requests().form;
    let router = Router::used();
    let notices = Notices::used();
    let begun = kept::draft();
    let token = begun.token.clone();
    let text_of = |text: &str| RwSignal::new(text.to_owned());
    let (name, purpose) = (text_of(&begun.name), text_of(&begun.purpose));
    let (measure, target) = (text_of(&begun.measure), text_of(&begun.target));
    let (owner, asked_by) = (text_of(&begun.owner), text_of(&begun.asked_by));
    let (cost, people) = (text_of(&begun.cost), text_of(&begun.people));
    // A pillar that is not there any more is not chosen.
    let there = |choice: &Choice| match choice {
        Choice::One(name) => form.pillars.iter().any(|pillar| pillar.name == *name),
        Choice::Open | Choice::None => true,
    };
    let pillar = RwSignal::new(Some(begun.pillar.clone()).filter(there).unwrap_or_default());
    let instead = RwSignal::new(begun.instead.clone());
    let draft = memo(move |_| Draft {
        token: token.clone(),
        name: name.get(),
        purpose: purpose.get(),
        pillar: pillar.get(),
        measure: measure.get(),
        target: target.get(),
        instead: instead.get(),
        owner: owner.get(),
        cost: cost.get(),
        people: people.get(),
        asked_by: asked_by.get(),
    });
    let keeps = RwSignal::new(true);
    let sent = StoredValue::new(false);
    effect(move || {
        let now = draft.get();
        // What has arrived is no draft any more.
        if !sent.get_value() {
            keeps.set(kept::keep_draft(&now));
        }
    });
    let tried = RwSignal::new(false);
    let lacks = move |what: Lacks| {
        Signal::derive(move || {
            let wrong = tried.get() && draft.with(|draft| draft.lacks().contains(&what));
            wrong.then(|| (words.lacks)(what).to_owned())
        })
    };
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let there_already = RwSignal::new(false);
    let (projects, currency) = (StoredValue::new(form.projects.clone()), form.currency.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let now = draft.get_untracked();
        let wrong = now.lacks();
        if let Some(first) = wrong.first() {
            refused.set(Some((words.put_right)(wrong.len())));
            if let Some(field) = dom::by_attribute("name", field(*first)) {
                field.focus().ok();
            }
            return;
        }
        let Some(link) = kept::intake_link().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        refused.set(None);
        let reference = projects.with_value(|projects| {
            let same = projects.iter().find(|it| now.instead == Choice::One(it.name.clone()));
            same.map(|it| it.reference.clone()).unwrap_or_default()
        });
        let currency = currency.clone();
        spawn_local(async move {
            match api::send_request(&link, &now, &reference, &currency).await {
                Ok(arrived) => {
                    // A browser without random numbers has had the server draw the token.
                    let fragment = arrived.url.split_once('#').map_or("", |(_, fragment)| fragment);
                    let now = match Secret::parse(fragment) {
                        Some(Secret::Token(token)) => Draft { token, ..now },
                        _ => now,
                    };
                    sent.try_set_value(true);
                    kept::has_arrived(&now, &arrived.reference);
                    kept::keep_open_status(&now.token);
                    notices.show(Tone::Plain, (words.arrived)(&arrived.reference));
                    if busy.try_get_untracked().is_some() {
                        router.go(Route::RequestStatus);
                    }
                }
                Err(problem) => {
                    // An earlier try may have arrived, and only its answer have got lost.
                    let arrived = match problem.status {
                        409 => api::request_status(&now.token).await.is_ok(),
                        _ => false,
                    };
                    busy.try_set(false);
                    there_already.try_set(arrived);
                    let says = if problem.status == 0 { words.unsent.to_owned() } else { problem.says };
                    refused.try_set(Some(says));
                }
            }
        });
    };
    let see = move |_| {
        let now = draft.get_untracked();
        sent.set_value(true);
        spawn_local(async move {
            if let Ok(status) = api::request_status(&now.token).await {
                kept::has_arrived(&Draft { name: status.asked.name, ..now.clone() }, &status.asked.reference);
                kept::keep_open_status(&now.token);
                router.go(Route::RequestStatus);
            }
        });
    };
    let pillars: Vec<(Choice, String, String)> = form
        .pillars
        .into_iter()
        .map(|pillar| (Choice::One(pillar.name.clone()), pillar.name, pillar.intent))
        .chain([(Choice::None, words.no_pillar.to_owned(), words.no_pillar_says.to_owned())])
        .collect();
    let choices = vec![
        (Choice::One(String::new()), words.something.to_owned(), String::new()),
        (Choice::None, words.nothing.to_owned(), words.nothing_says.to_owned()),
    ];
    let typed = move || match instead.get() {
        Choice::One(name) => name,
        Choice::Open | Choice::None => String::new(),
    };
    let instead_lacks = lacks(Lacks::InsteadName);
    let named = move || {
        let options = projects.with_value(|projects| {
            projects.iter().map(|it| view! { <option value=it.name.clone() /> }).collect_view()
        });
        view! {
            <div class="field ask-instead">
                <label for="request-instead-name">{words.instead_name}</label>
                <input
                    id="request-instead-name"
                    name="request-instead-name"
                    data-testid="request-instead-name"
                    type="text"
                    autocomplete="off"
                    list="request-projects"
                    maxlength=limits::TITLE.to_string()
                    aria-describedby="request-instead-name-hint"
                    aria-invalid=move || instead_lacks.get().is_some().then_some("true")
                    prop:value=typed
                    on:input:target=move |event| instead.set(Choice::One(event.target().value()))
                />
                <datalist id="request-projects">{options}</datalist>
                <p class="hint" id="request-instead-name-hint">
                    {move || match instead_lacks.get() {
                        Some(error) => view! { <span class="error">{error}</span> }.into_any(),
                        None => words.instead_hint.into_any(),
                    }}
                </p>
            </div>
        }
    };
    let names_one = memo(move |_| instead.with(|instead| matches!(instead, Choice::One(_))));
    view! {
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <form class="form ask-form" novalidate on:submit=submit data-testid="request-form">
            <Field label=words.name name="request-name" value=name hint=words.name_hint error=lacks(Lacks::Name) />
            <Paragraph
                label=words.purpose
                hint=words.purpose_hint
                name="request-purpose"
                value=purpose
                most=limits::REQUEST_TEXT
                optional=true
            />
            <Question
                legend=words.pillar
                hint=words.pillar_hint
                name="request-pillar"
                value=pillar
                choices=pillars
                error=lacks(Lacks::Pillar)
            />
            <Field label=words.measure name="request-measure" value=measure hint=words.measure_hint optional=true />
            <Field label=words.target name="request-target" value=target hint=words.target_hint optional=true />
            <Question
                legend=words.instead
                name="request-instead"
                value=instead
                choices=choices
                error=lacks(Lacks::Instead)
            >
                <Show when=move || names_one.get()>{named()}</Show>
            </Question>
            <Field
                label=words.owner
                name="request-owner"
                value=owner
                hint=words.owner_hint
                error=lacks(Lacks::Owner)
                most=limits::NAME
            />
            <div class="field-row">
                <Field
                    label=words.cost
                    name="request-cost"
                    value=cost
                    hint=words.figures_hint
                    error=lacks(Lacks::Cost)
                    mode="numeric"
                    most=20
                    optional=true
                />
                <Field
                    label=words.people
                    name="request-people"
                    value=people
                    error=lacks(Lacks::People)
                    mode="numeric"
                    most=10
                    optional=true
                />
            </div>
            <Field
                label=words.asked_by
                name="request-asked-by"
                value=asked_by
                hint=words.asked_by_hint
                error=lacks(Lacks::AskedBy)
                autocomplete="name"
                most=limits::NAME
            />
            {move || {
                refused
                    .get()
                    .map(|says| {
                        view! {
                            <div class="problem" role="alert" data-testid="request-problem">
                                <p>{says}</p>
                                {there_already
                                    .get()
                                    .then(|| {
                                        view! {
                                            <button type="button" class="button" data-testid="request-see" on:click=see>
                                                {words.already}
                                            </button>
                                        }
                                    })}
                            </div>
                        }
                    })
            }}
            <button
                type="submit"
                class="button primary large"
                data-testid="request-send"
                aria-disabled=move || busy.get().then_some("true")
            >
                {move || if busy.get() { words.sending } else { words.submit }}
            </button>
            <p class="hint">
                {move || if keeps.get() { words.kept } else { words.not_kept }} " " {words.who_sees}
            </p>
        </form>
        <Yours />
    }
}
