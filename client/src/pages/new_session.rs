//! Making a session: a title, a portfolio, pillars; then what came of it, and how others come in.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{limits, words::Role};

use crate::{
    api::{self, Imported, MadeSession, NewSession},
    components::{
        Field, ImportReport, PillarsChoice, PillarsSource, PortfolioChoice, PortfolioSource, Share, Shell,
        Show, Upload,
    },
    navigate::{Router, name_tab},
    route::Route,
    storage::{self, Place},
    text::text,
    typed::names,
};

/// What the making came to.
#[derive(Clone)]
struct Made {
    session: MadeSession,
    sample: bool,
    portfolio: Option<Result<Imported, String>>,
    pillars: Option<String>,
}

/// Asks, makes, reports.
#[component]
pub(crate) fn NewSessionPage() -> impl IntoView {
    name_tab(text().setup.title);
    let Some(key) = storage::workspace_key() else {
        Router::used().instead(Route::Workspace);
        return ().into_any();
    };
    let made = RwSignal::new(None::<Made>);
    view! {
        <Shell narrow=true>
            {move || match made.get() {
                None => view! { <Asked key=key.clone() made=made /> }.into_any(),
                Some(made) => view! { <Ready made=made /> }.into_any(),
            }}
        </Shell>
    }
    .into_any()
}

#[component]
fn Asked(key: String, made: RwSignal<Option<Made>>) -> impl IntoView {
    let words = &text().setup;
    let title = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let upload = Upload::new(PortfolioChoice::File);
    let pillars = RwSignal::new(PillarsChoice::Typed);
    let typed = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let stage = RwSignal::new(None::<&'static str>);
    let refused = RwSignal::new(None::<String>);
    let title_error = Signal::derive(move || {
        (tried.get() && title.with(|title| title.trim().is_empty())).then(|| words.name_missing.to_owned())
    });
    // The sample's projects and its pillars come together.
    let sampled = Memo::new(move |_| upload.choice.get() == PortfolioChoice::Sample);

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let pillar_names = match pillars.get_untracked() {
            _ if sampled.get_untracked() => Vec::new(),
            PillarsChoice::Typed => names(&typed.get_untracked()),
            PillarsChoice::Sample => words.sample_pillars.iter().map(|name| (*name).to_owned()).collect(),
            PillarsChoice::Nothing => Vec::new(),
        };
        if stage.get_untracked().is_some()
            || title_error.get_untracked().is_some()
            || pillar_names.len() > limits::PILLARS
        {
            return;
        }
        let Ok(portfolio) = upload.body() else { return };
        stage.set(Some(words.creating));
        refused.set(None);
        let key = key.clone();
        spawn_local(async move {
            let (title, name) =
                (title.get_untracked().trim().to_owned(), name.get_untracked().trim().to_owned());
            let asked = NewSession { title: &title, name: &name, sample: sampled.get_untracked() };
            let session = match api::make_session(&key, &asked).await {
                Ok(session) => session,
                Err(problem) => {
                    stage.try_set(None);
                    refused.try_set(Some(problem.says));
                    return;
                }
            };
            storage::take_seat(Place {
                session: session.id,
                token: session.facilitator_token.clone(),
                participant: Some(session.participant_id),
                name: name.clone(),
                title: title.clone(),
                role: Some(Role::Facilitator),
                observer_token: Some(session.observer_token.clone()),
                used: 0,
            });
            stage.try_set(Some(words.importing));
            let token = &session.facilitator_token;
            let imported = match portfolio {
                Some(body) => {
                    Some(api::import(session.id, token, body).await.map_err(|problem| problem.says))
                }
                None => None,
            };
            let pillars_failed = if pillar_names.is_empty() {
                None
            } else {
                api::bring_pillars(session.id, token, &pillar_names).await.err().map(|problem| problem.says)
            };
            made.try_set(Some(Made {
                sample: asked.sample,
                portfolio: imported,
                pillars: pillars_failed,
                session,
            }));
        });
    };

    view! {
        <h1>{words.title}</h1>
        <form class="form" novalidate on:submit=submit>
            <Field
                label=words.name_label
                name="session-title"
                value=title
                placeholder=words.name_placeholder
                error=title_error
                focus=true
            />
            <Field
                label=words.own_name
                name="facilitator-name"
                value=name
                hint=words.own_name_hint
                autocomplete="name"
                most=limits::NAME
                optional=true
            />
            <section class="form-part">
                <h2>{words.portfolio}</h2>
                <p class="hint">{words.portfolio_hint}</p>
                <PortfolioSource
                    upload=upload
                    offers=vec![
                        PortfolioChoice::File,
                        PortfolioChoice::Paste,
                        PortfolioChoice::Sample,
                        PortfolioChoice::Nothing,
                    ]
                />
            </section>
            <section class="form-part">
                <h2>{words.pillars}</h2>
                <p class="hint">{words.pillars_hint}</p>
                <Show
                    when=move || !sampled.get()
                    fallback=move || view! { <p class="hint roomy">{words.pillars_with_sample}</p> }
                >
                    <PillarsSource choice=pillars typed=typed />
                </Show>
            </section>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <a class="button large" href="/">
                    {text().general.cancel}
                </a>
                <button
                    type="submit"
                    class="button primary large"
                    data-testid="create-session"
                    aria-disabled=move || stage.get().is_some().then_some("true")
                >
                    {move || stage.get().unwrap_or(words.create)}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Ready(made: Made) -> impl IntoView {
    let words = &text().setup;
    let Made { session, sample, portfolio, pillars } = made;
    view! {
        <h1>{words.ready}</h1>
        {sample.then(|| view! { <p class="report-done">{words.sample_loaded}</p> })}
        {portfolio
            .map(|result| match result {
                Ok(imported) => view! { <ImportReport imported=imported /> }.into_any(),
                Err(says) => {
                    view! {
                        <p class="problem" role="alert">
                            {words.portfolio_failed}
                            " "
                            {says}
                        </p>
                    }
                        .into_any()
                }
            })}
        {pillars
            .map(|says| {
                view! {
                    <p class="problem" role="alert">
                        {words.pillars_failed}
                        " "
                        {says}
                    </p>
                }
            })}
        <section class="form-part">
            <h2>{words.invite}</h2>
            <Share
                session=session.id
                token=session.facilitator_token
                observer_token=Some(session.observer_token)
            />
        </section>
        <div class="actions end">
            <a class="button primary large" href=Route::Board(session.id).path() data-testid="to-board">
                {words.to_board}
            </a>
        </div>
    }
}
