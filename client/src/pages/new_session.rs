//! Making a session: a title, how it goes, who decides, a portfolio, pillars; the portfolio checked; then what came of it, and how others come
//! in.
//!
//! A portfolio can be checked only against a session. So one is made when the check begins, and taken back when it
//! is given up: by the button, by leaving the page, or by closing it.

use leptos::{ev, html, prelude::*, task::spawn_local};
use plumbline_shared::{board::Pillar, ids::SessionId, limits, words::Role};

use crate::{
    api::{self, Imported, MadeSession, NewSession, Preview},
    components::{
        About, ChooseTemplate, Field, ImportReport, PillarList, Pillars, PortfolioCheck, PortfolioChoice,
        PortfolioSource, Rehearse, Said, Section, Share, Show, TemplateChoice, Upload, WorkspaceShell,
        pillars_typed,
    },
    effect::{effect, memo},
    navigate::{Router, name_tab},
    route::Route,
    storage::{self, Place},
    text::text,
};

/// What the making came to.
#[derive(Clone)]
struct Made {
    session: MadeSession,
    sample: bool,
    imported: Option<Imported>,
    /// What of it the server did not take: pillars, or what was said of the session.
    failed: Vec<String>,
}

/// How far it is.
#[derive(Clone)]
enum Stage {
    Asking,
    Checking(MadeSession, Preview),
    Ready(Made),
}

/// A session that is not wanted for certain yet, and what was asked for when it was made.
#[derive(Clone)]
struct Draft {
    session: MadeSession,
    title: String,
    name: String,
    sample: bool,
    template: String,
}

/// Asks, checks, makes, reports.
#[component]
pub(crate) fn NewSessionPage() -> impl IntoView {
    name_tab(text().setup.title);
    let Some(key) = storage::workspace_key() else {
        Router::used().instead(Route::Workspace);
        return ().into_any();
    };
    let making = Making::new(key);
    view! {
        <WorkspaceShell section=Section::Sessions admitted=true narrow=true>
            <div class="making" hidden=move || !matches!(making.stage.get(), Stage::Asking)>
                <Asked making=making />
            </div>
            {move || match making.stage.get() {
                Stage::Asking => ().into_any(),
                Stage::Checking(session, first) => {
                    view! {
                        <h1>{text().prepare.check.title}</h1>
                        <PortfolioCheck
                            session=session.id
                            token=session.facilitator_token
                            upload=making.upload
                            first=first
                            back=move |()| making.stage.set(Stage::Asking)
                            done=move |imported| making.finish(Some(imported))
                        />
                    }
                        .into_any()
                }
                Stage::Ready(made) => view! { <Ready made=made /> }.into_any(),
            }}
        </WorkspaceShell>
    }
    .into_any()
}

/// What was typed and chosen, and how far it is. A handle.
#[derive(Clone, Copy)]
struct Making {
    key: StoredValue<String>,
    title: RwSignal<String>,
    name: RwSignal<String>,
    agenda: TemplateChoice,
    said: RwSignal<Said>,
    upload: Upload,
    pillars: RwSignal<Vec<Pillar>>,
    typed: RwSignal<String>,
    stage: RwSignal<Stage>,
    draft: StoredValue<Option<Draft>>,
    /// What is being done, in words.
    busy: RwSignal<Option<&'static str>>,
    refused: RwSignal<Option<String>>,
}

impl Making {
    fn new(key: String) -> Self {
        let making = Self {
            key: StoredValue::new(key),
            title: RwSignal::default(),
            name: RwSignal::default(),
            agenda: TemplateChoice::new(),
            said: RwSignal::default(),
            upload: Upload::new(PortfolioChoice::File),
            pillars: RwSignal::default(),
            typed: RwSignal::default(),
            stage: RwSignal::new(Stage::Asking),
            draft: StoredValue::new(None),
            busy: RwSignal::new(None),
            refused: RwSignal::new(None),
        };
        let closing = window_event_listener(ev::pagehide, move |_| making.give_up());
        on_cleanup(move || {
            closing.remove();
            making.give_up();
        });
        making
    }

    /// Takes back a session that was made for the check alone.
    fn give_up(self) {
        let draft = self.draft.try_update_value(Option::take).flatten();
        if let (Some(draft), Some(key)) = (draft, self.key.try_get_value()) {
            spawn_local(async move {
                // A session that the server does not take back stands in the list, where it can be deleted.
                let _ = api::erase(draft.session.id, &key).await;
            });
        }
    }

    fn sampled(self) -> bool {
        self.upload.choice.get() == PortfolioChoice::Sample
    }

    /// The session to check against: the one of the last check, if it is still what was asked for.
    async fn drafted(self) -> Result<MadeSession, String> {
        let (title, name) =
            (self.title.get_untracked().trim().to_owned(), self.name.get_untracked().trim().to_owned());
        let sample = untrack(|| self.sampled());
        let template = self.agenda.chosen.get_untracked();
        let same = |draft: &Draft| {
            draft.title == title && draft.name == name && draft.sample == sample && draft.template == template
        };
        if let Some(draft) = self.draft.get_value().filter(same) {
            return Ok(draft.session);
        }
        self.give_up();
        let asked = NewSession { title: &title, name: &name, sample, template: &template };
        let session =
            api::make_session(&self.key.get_value(), &asked).await.map_err(|problem| problem.says)?;
        // Whoever has left meanwhile does not want it.
        if self.draft.try_get_value().is_none() {
            return Err(String::new());
        }
        self.draft.set_value(Some(Draft { session: session.clone(), title, name, sample, template }));
        Ok(session)
    }

    async fn go_on(self, body: Option<api::Body>) -> Result<(), String> {
        let session = self.drafted().await?;
        let Some(body) = body else {
            self.finish(None);
            return Ok(());
        };
        self.busy.try_set(Some(text().prepare.check.reading));
        let preview = api::preview(session.id, &session.facilitator_token, body, "").await;
        let preview = preview.map_err(|problem| problem.says)?;
        self.stage.try_set(Stage::Checking(session, preview));
        Ok(())
    }

    /// Keeps the session, says what it is for and who decides, and brings the pillars.
    fn finish(self, imported: Option<Imported>) {
        let draft = self.draft.try_update_value(Option::take).flatten();
        let Some(Draft { session, title, name, sample, .. }) = draft else { return };
        storage::take_seat(Place {
            participant: Some(session.participant_id),
            name,
            title,
            role: Some(Role::Facilitator),
            observer_token: Some(session.observer_token.clone()),
            ..Place::new(session.id, session.facilitator_token.clone())
        });
        let pillars = if sample { Vec::new() } else { self.pillars.get_untracked() };
        let said = self.said.get_untracked();
        spawn_local(async move {
            let token = &session.facilitator_token;
            let mut failed = Vec::new();
            if said != Said::default()
                && let Err(problem) = api::command(session.id, token, said.command()).await
            {
                failed.push(format!("{} {}", text().setup.said_failed, problem.says));
            }
            if !pillars.is_empty()
                && let Err(problem) = api::bring_pillars(session.id, token, &pillars).await
            {
                failed.push(format!("{} {}", text().setup.pillars_failed, problem.says));
            }
            self.stage.try_set(Stage::Ready(Made { session, sample, imported, failed }));
        });
    }
}

#[component]
fn Asked(making: Making) -> impl IntoView {
    let words = &text().setup;
    let Making { title, name, upload, busy, refused, .. } = making;
    let list = PillarList::Draft(making.pillars);
    let tried = RwSignal::new(false);
    let title_error = Signal::derive(move || {
        (tried.get() && title.with(|title| title.trim().is_empty())).then(|| words.name_missing.to_owned())
    });
    // The sample's projects and its pillars come together.
    let sampled = memo(move |_| making.sampled());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if busy.get_untracked().is_some() {
            return;
        }
        if title_error.get_untracked().is_some() {
            if let Some(field) = crate::dom::by_attribute("name", "session-title") {
                field.focus().ok();
            }
            return;
        }
        // What stands in the field was meant, even if nobody pressed the button beside it.
        let typed = making.typed.with_untracked(|typed| pillars_typed(typed));
        if !sampled.get_untracked() && !typed.is_empty() {
            if let Err(why) = list.add(typed) {
                return refused.set(Some(why));
            }
            making.typed.set(String::new());
        }
        let Ok(body) = upload.body() else { return };
        busy.set(Some(words.creating));
        refused.set(None);
        spawn_local(async move {
            if let Err(says) = making.go_on(body).await {
                refused.try_set(Some(says));
            }
            busy.try_set(None);
        });
    };
    let submit_says = move || {
        let checked = matches!(upload.choice.get(), PortfolioChoice::File | PortfolioChoice::Paste);
        busy.get().unwrap_or(if checked { text().prepare.check.go_on } else { words.create })
    };
    let problem = NodeRef::<html::P>::new();
    effect(move || {
        if let Some(problem) = problem.get() {
            crate::dom::bring_into_sight(&problem);
        }
    });
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
                <h2>{text().agenda.templates.title}</h2>
                <p class="hint">{text().agenda.templates.hint}</p>
                <ChooseTemplate choice=making.agenda />
            </section>
            <section class="form-part">
                <h2>{text().agenda.about.title}</h2>
                <p class="hint">{text().agenda.about.hint}</p>
                <About
                    said=making.said
                    set=move |(field, typed): (String, String)| making.said.update(|said| said.set(&field, typed))
                />
            </section>
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
                    <Pillars list=list typed=making.typed />
                </Show>
            </section>
            {move || {
                refused
                    .get()
                    .map(|says| {
                        view! {
                            <p class="problem" role="alert" node_ref=problem data-testid="create-problem">
                                {says}
                            </p>
                        }
                    })
            }}
            <div class="actions end">
                <a class="button large" href="/">
                    {text().general.cancel}
                </a>
                <button
                    type="submit"
                    class="button primary large"
                    data-testid="create-session"
                    aria-disabled=move || busy.get().is_some().then_some("true")
                >
                    {submit_says}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Ready(made: Made) -> impl IntoView {
    let words = &text().setup;
    let Made { session, sample, imported, failed } = made;
    let id: SessionId = session.id;
    // Without projects there is nothing to rehearse with; without pillars the server says so.
    let rehearsable = sample || imported.is_some();
    let token = session.facilitator_token.clone();
    let heading = NodeRef::<html::H1>::new();
    effect(move || {
        if let Some(heading) = heading.get() {
            heading.focus().ok();
        }
    });
    view! {
        <h1 tabindex="-1" node_ref=heading>
            {words.ready}
        </h1>
        {sample.then(|| view! { <p class="report-done">{words.sample_loaded}</p> })}
        {imported.map(|imported| view! { <ImportReport imported=imported /> })}
        {failed
            .into_iter()
            .map(|says| {
                view! {
                    <p class="problem" role="alert">
                        {says}
                    </p>
                }
            })
            .collect_view()}
        <section class="form-part">
            <h2>{words.invite}</h2>
            <Share session=id token=session.facilitator_token observer_token=Some(session.observer_token) />
        </section>
        {rehearsable
            .then(|| {
                view! {
                    <section class="form-part" data-testid="rehearse">
                        <h2>{text().watch.rehearse}</h2>
                        <Rehearse session=id token=token />
                    </section>
                }
            })}
        <div class="actions end">
            <a class="button primary large" href=Route::Board(id).path() data-testid="to-board">
                {words.to_board}
            </a>
        </div>
    }
}
