//! The decision log: what was decided in every session, and what happened afterwards.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Exported, ListedPage, Overview, Problem, Verified},
    components::{
        Answer, ChainState, DecisionLine, Empty, Files, LogFilters, NotAdmitted, Section, Show, Tampered,
        WorkspaceShell,
    },
    effect::memo,
    format,
    navigate::{name_tab, says_now, take_secret},
    notices::Notices,
    record::{Due, PER_PAGE, Sought},
    route::{Route, Secret},
    storage,
    text::{record::record, text},
};

/// How many of those that are due stand above all others: the rest is a press away.
const DUE_ABOVE: usize = 8;

/// The log, as far as it has come. A handle.
#[derive(Clone, Copy)]
struct Log {
    /// What is looked for.
    sought: RwSignal<Sought>,
    /// What was found.
    list: RwSignal<Answer<ListedPage>>,
    /// What is due next, where nothing else is looked for.
    due: RwSignal<Option<ListedPage>>,
    overview: RwSignal<Option<Overview>>,
    verified: RwSignal<Answer<Verified>>,
    /// How often was asked: an answer to an earlier question is no answer.
    asked: StoredValue<u32>,
    notices: Notices,
}

/// The log for who holds the workspace key.
#[component]
pub(crate) fn LogPage(
    /// What of it is looked for, as the address says.
    asked: String,
) -> impl IntoView {
    let words = &record().log;
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let log = Log {
        sought: RwSignal::new(Sought::read(&asked)),
        list: RwSignal::new(Answer::Coming),
        due: RwSignal::new(None),
        overview: RwSignal::new(None),
        verified: RwSignal::new(Answer::Coming),
        asked: StoredValue::new(0),
        notices: Notices::used(),
    };
    log.load();
    let list = log.list;
    let admitted = memo(move |_| list.with(Answer::admits));
    view! {
        <WorkspaceShell section=Section::Decisions admitted=admitted>
            {move || {
                if admitted.get() {
                    view! { <TheLog log=log /> }.into_any()
                } else {
                    let wrong = list.with_untracked(|list| *list == Answer::WrongKey);
                    view! { <NotAdmitted title=words.title wrong=wrong forgotten=move |()| list.set(Answer::NoKey) /> }
                        .into_any()
                }
            }}
        </WorkspaceShell>
    }
}

impl Log {
    /// Fetches all that the page shows.
    fn load(self) {
        let Some(key) = storage::workspace_key() else { return self.list.set(Answer::NoKey) };
        self.seek();
        self.verify();
        spawn_local(async move {
            let today = format::today();
            if let Ok(overview) = api::overview(&key, today).await {
                self.overview.try_set(Some(overview));
            }
            let next = Sought { due: Due::Within(30), shown: Some(DUE_ABOVE), ..Sought::default() };
            if let Ok(page) = api::decisions(&key, &next.asked(today, 0, None)).await {
                self.due.try_set(Some(page));
            }
        });
    }

    /// Fetches what is looked for, from its beginning.
    fn seek(self) {
        self.fetch(ListedPage { items: Vec::new(), next: None }, false);
    }

    /// Looks for something else, and says so in the address.
    fn seek_anew(self) {
        says_now(&Route::Log(self.sought.with_untracked(Sought::written)));
        self.fetch(ListedPage { items: Vec::new(), next: None }, true);
    }

    /// Shows more of it.
    fn more(self) {
        let Answer::Here(page) = self.list.get_untracked() else { return };
        self.sought.update(|sought| sought.shown = Some(page.items.len() + PER_PAGE));
        says_now(&Route::Log(self.sought.with_untracked(Sought::written)));
        self.fetch(page, false);
    }

    fn fetch(self, before: ListedPage, tell: bool) {
        let Some(key) = storage::workspace_key() else { return self.list.set(Answer::NoKey) };
        let (sought, turn) = (self.sought.get_untracked(), self.asked.get_value() + 1);
        self.asked.set_value(turn);
        spawn_local(async move {
            let answer = found(&key, &sought, before).await;
            // The page may have been left, or something else be looked for, while the answer was on its way.
            if self.asked.try_get_value() != Some(turn) {
                return;
            }
            if let (true, Ok(page)) = (tell, &answer) {
                self.notices.say((record().log.found)(page.items.len(), page.next.is_some()));
            }
            self.list.set(answer.into());
        });
    }

    /// Goes through the whole log.
    fn verify(self) {
        let Some(key) = storage::workspace_key() else { return };
        self.verified.set(Answer::Coming);
        spawn_local(async move {
            let answer = api::verify(&key, None).await;
            self.verified.try_set(answer.into());
        });
    }
}

/// What is looked for, with what was found of it `before`, and as much more as is to be shown.
async fn found(key: &str, sought: &Sought, before: ListedPage) -> Result<ListedPage, Problem> {
    let mut page = before;
    loop {
        let asked = sought.asked(format::today(), page.items.len(), page.next.as_deref());
        let ListedPage { items, next } = api::decisions(key, &asked).await?;
        page.items.extend(items);
        page.next = next;
        if page.next.is_none() || page.items.len() >= sought.wanted() {
            return Ok(page);
        }
    }
}

#[component]
fn TheLog(log: Log) -> impl IntoView {
    let words = &record().log;
    let narrows = memo(move |_| log.sought.with(Sought::narrows));
    let some =
        memo(move |_| log.overview.with(|overview| overview.as_ref().is_some_and(|of| of.decisions > 0)));
    let counted = move || {
        log.overview.with(|overview| overview.as_ref().map(|of| (words.counted)(of.decisions, of.hold)))
    };
    view! {
        <div class="page-head">
            <h1>{words.title}</h1>
            <Show when=move || some.get()>
                <TakeAlong />
            </Show>
        </div>
        <p class="lead">{move || counted().unwrap_or_else(|| words.says.to_owned())}</p>
        <Tampered verified=log.verified />
        <Show when=move || some.get() || narrows.get()>
            <LogFilters sought=log.sought overview=log.overview seek=move |()| log.seek_anew() />
        </Show>
        <Show when=move || some.get() && !narrows.get()>
            <DueAbove log=log />
        </Show>
        <section class="log-all" aria-labelledby="log-all-title">
            <h2 id="log-all-title">{move || if narrows.get() { words.found_title } else { words.all }}</h2>
            <List log=log narrows=narrows />
        </section>
        <ChainState verified=log.verified again=move |()| log.verify() />
    }
}

/// The files.
#[component]
fn TakeAlong() -> impl IntoView {
    let words = &record().log;
    view! {
        <details class="log-files">
            <summary class="button" data-testid="log-files">
                {words.take_along}
            </summary>
            <div class="log-files-list" role="group" aria-label=words.take_along>
                <p class="hint">{words.take_along_says}</p>
                <Files of=Exported::Log token=|()| storage::workspace_key().unwrap_or_default() />
            </div>
        </details>
    }
}

/// What is due, before all else.
#[component]
fn DueAbove(log: Log) -> impl IntoView {
    let words = &record().log;
    let to = |sought: Sought| Route::Log(sought.written()).path();
    let over = Sought { due: Due::Over, ..Sought::default() };
    let soon = Sought { due: Due::Within(30), ..Sought::default() };
    let untold = Sought { untold: true, ..Sought::default() };
    let chips = move || {
        log.overview.with(|overview| {
            let of = overview.as_ref()?;
            let chips = [
                (of.over, words.over, to(over.clone()), "over"),
                (of.soon, words.soon, to(soon.clone()), "soon"),
                (of.untold, words.untold, to(untold.clone()), "untold"),
            ];
            let chips = chips.into_iter().filter(|(n, ..)| *n > 0).map(|(n, says, href, kind)| {
                view! {
                    <a class="log-chip" href=href data-kind=kind data-testid=format!("log-chip-{kind}")>
                        {says(n)}
                    </a>
                }
            });
            Some(chips.collect_view())
        })
    };
    let rows = move || {
        log.due.with(|due| {
            let page = due.as_ref()?;
            if page.items.is_empty() {
                return Some(view! { <p class="quiet">{words.nothing_due}</p> }.into_any());
            }
            let today = format::today();
            let lines = page.items.iter().cloned();
            let lines = lines.map(|of| view! { <DecisionLine decision=of today=today /> }).collect_view();
            let rest = page.next.is_some().then(|| {
                let href = Route::Log("due=30".to_owned()).path();
                view! {
                    <p>
                        <a href=href>{words.all_due}</a>
                    </p>
                }
            });
            Some(
                view! {
                    <ul class="log-list" data-testid="log-due-list">
                        {lines}
                    </ul>
                    {rest}
                }
                .into_any(),
            )
        })
    };
    view! {
        <section class="log-due-above" aria-labelledby="log-due-title">
            <div class="log-due-head">
                <h2 id="log-due-title">{words.due_title}</h2>
                {move || chips()}
            </div>
            {move || rows()}
        </section>
    }
}

#[component]
fn List(log: Log, narrows: Memo<bool>) -> impl IntoView {
    move || match log.list.get() {
        Answer::Failed(problem) => view! {
            <p class="problem" role="alert">
                {problem.says}
            </p>
            <div class="actions">
                <button type="button" class="button" data-testid="log-again" on:click=move |_| log.load()>
                    {text().general.retry}
                </button>
            </div>
        }
        .into_any(),
        Answer::Here(page) => {
            view! { <Found page=page log=log narrows=narrows.get_untracked() /> }.into_any()
        }
        Answer::Coming | Answer::NoKey | Answer::WrongKey => view! {
            <div class="log-list" aria-busy="true" data-testid="log-loading">
                <div class="skeleton row" />
                <div class="skeleton row" />
                <div class="skeleton row" />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Found(page: ListedPage, log: Log, narrows: bool) -> impl IntoView {
    let words = &record().log;
    if page.items.is_empty() {
        let (title, says) =
            if narrows { (words.nothing_title, words.nothing) } else { (words.empty_title, words.empty) };
        return view! {
            <div class="big-empty" data-testid="log-empty">
                <Empty title=title says=says />
            </div>
        }
        .into_any();
    }
    let today = format::today();
    let lines = page.items.into_iter();
    let lines = lines.map(|decision| view! { <DecisionLine decision=decision today=today /> }).collect_view();
    let more = page.next.is_some().then(|| {
        view! {
            <button type="button" class="button" data-testid="log-more" on:click=move |_| log.more()>
                {words.more}
            </button>
        }
    });
    view! {
        <ul class="log-list" data-testid="log-list">
            {lines}
        </ul>
        {more}
    }
    .into_any()
}
