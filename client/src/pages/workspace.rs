//! The first page: the sessions of the workspace, or the way into one.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::SessionId, words::Role};

use crate::{
    api::{self, Problem, SessionRow},
    components::{
        Begin, Dialog, Empty, EraseSession, GoOn, Icon, Onward, Play, Section, WorkspaceShell, goes_on,
    },
    format,
    navigate::{name_tab, take_secret},
    notices::{Notices, Tone},
    route::{Route, Secret},
    storage::{self, Place, watched},
    text::text,
};

/// How the list stands.
#[derive(Clone, PartialEq)]
enum List {
    NoKey,
    Loading,
    Here(Vec<SessionRow>, Option<String>),
    WrongKey,
    Failed(String),
}

/// The workspace's sessions for who holds its key; for everybody else, the way to join.
#[component]
pub(crate) fn WorkspacePage() -> impl IntoView {
    name_tab("");
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let list = RwSignal::new(List::Loading);
    let load = move || fetch(list, None);
    load();
    let admitted = Signal::derive(move || list.with(|list| !matches!(list, List::NoKey | List::WrongKey)));
    view! {
        <WorkspaceShell section=Section::Sessions admitted=admitted>
            {move || match list.get() {
                List::Loading => view! { <Loading /> }.into_any(),
                List::NoKey => view! { <Arrival /> }.into_any(),
                List::Here(rows, next) => view! { <Sessions rows=rows next=next list=list /> }.into_any(),
                List::WrongKey => view! { <WrongKey list=list /> }.into_any(),
                List::Failed(says) => {
                    view! {
                        <h1>{text().workspace.title}</h1>
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
        </WorkspaceShell>
    }
}

/// Fetches the list, or its next page behind `cursor`.
fn fetch(list: RwSignal<List>, cursor: Option<String>) {
    let Some(key) = storage::workspace_key() else { return list.set(List::NoKey) };
    let before = match list.get_untracked() {
        List::Here(rows, _) if cursor.is_some() => rows,
        _ => Vec::new(),
    };
    spawn_local(async move {
        let answer = api::sessions(&key, cursor.as_deref()).await;
        // The page may have been left while the answer was on its way.
        list.try_set(match answer {
            Ok(page) => List::Here(before.into_iter().chain(page.items).collect(), page.next),
            Err(problem) if problem.is_unauthorised() => List::WrongKey,
            Err(Problem { says, .. }) => List::Failed(says),
        });
    });
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <h1>{text().workspace.title}</h1>
        <div class="session-list" aria-busy="true" data-testid="sessions-loading">
            <div class="skeleton row" />
            <div class="skeleton row" />
            <div class="skeleton row" />
        </div>
    }
}

/// For people without a key: most of them have a code.
#[component]
fn Arrival() -> impl IntoView {
    let words = &text().workspace;
    view! {
        <div class="arrival">
            <h1>{words.no_key_title}</h1>
            <p class="lead">{words.join_hint}</p>
            <div class="actions">
                <a class="button primary large" href=Route::Join(None).path()>
                    {words.join_with_code}
                </a>
            </div>
            <OnThisDevice known=Vec::new() />
            <aside class="aside-note">
                <p>{words.no_key}</p>
                <p>{words.no_key_again}</p>
            </aside>
        </div>
    }
}

#[component]
fn WrongKey(list: RwSignal<List>) -> impl IntoView {
    let words = &text().workspace;
    let forget = move |_| {
        storage::keep_workspace_key(None);
        list.set(List::NoKey);
    };
    view! {
        <h1>{words.wrong_key_title}</h1>
        <p class="lead">{words.wrong_key}</p>
        <div class="actions">
            <a class="button primary" href=Route::Join(None).path()>
                {words.join_with_code}
            </a>
            <button type="button" class="button" on:click=forget>
                {words.forget_key}
            </button>
        </div>
        <OnThisDevice known=Vec::new() />
    }
}

#[component]
fn Sessions(rows: Vec<SessionRow>, next: Option<String>, list: RwSignal<List>) -> impl IntoView {
    let words = &text().workspace;
    let known = rows.iter().map(|row| row.id).collect();
    let erasing = RwSignal::new(None::<SessionRow>);
    let erase_open = RwSignal::new(false);
    let notices = Notices::used();
    let erased = move |()| {
        if let Some(row) = erasing.get_untracked() {
            notices.show(Tone::Plain, (text().prepare.end.done)(&row.title));
        }
        erase_open.set(false);
        fetch(list, None);
    };
    let erase = move |row: SessionRow| {
        erasing.set(Some(row));
        erase_open.set(true);
    };
    let body = if rows.is_empty() {
        view! {
            <div class="big-empty">
                <Empty title=words.empty_title says=words.empty>
                    <a class="button primary large" href=Route::NewSession.path() data-testid="new-session">
                        {words.new_session}
                    </a>
                </Empty>
            </div>
            <Offer />
        }
        .into_any()
    } else {
        view! {
            <ul class="session-list">
                {rows.into_iter().map(|row| view! { <SessionLine row=row erase=erase /> }).collect_view()}
            </ul>
            {next
                .map(|cursor| {
                    view! {
                        <button type="button" class="button" on:click=move |_| fetch(list, Some(cursor.clone()))>
                            {words.more}
                        </button>
                    }
                })}
        }
        .into_any()
    };
    let empty = matches!(list.get_untracked(), List::Here(rows, _) if rows.is_empty());
    view! {
        <div class="page-head">
            <h1>{words.title}</h1>
            <div class="actions">
                <a class="button" href=Route::Join(None).path()>
                    {words.join_with_code}
                </a>
                {(!empty)
                    .then(|| {
                        view! {
                            <a class="button primary" href=Route::NewSession.path() data-testid="new-session">
                                {words.new_session}
                            </a>
                        }
                    })}
            </div>
        </div>
        {body}
        {(!empty).then(|| view! { <Offer /> })}
        <OnThisDevice known=known />
        <Dialog open=erase_open title=text().prepare.end.title.to_owned()>
            {move || {
                erasing
                    .get()
                    .map(|row| {
                        view! {
                            <EraseSession
                                session=row.id
                                title=row.title
                                cancel=move |()| erase_open.set(false)
                                done=erased
                            />
                        }
                    })
            }}
        </Dialog>
    }
}

/// A session to watch, for who has never held one.
#[component]
fn Offer() -> impl IntoView {
    let words = &text().watch;
    view! {
        <aside class="offer">
            <div>
                <h2>{words.title}</h2>
                <p>{words.offer}</p>
            </div>
            <div class="actions">
                <Begin play=Play::Sample label=words.begin />
            </div>
        </aside>
    }
}

#[component]
fn SessionLine(row: SessionRow, #[prop(into)] erase: Callback<SessionRow>) -> impl IntoView {
    let words = &text().workspace;
    let erased = row.clone();
    let erase_it = view! {
        <button
            type="button"
            class="icon-button session-erase"
            data-testid="session-erase"
            aria-label=(text().prepare.end.button_for)(&row.title)
            title=text().prepare.end.title
            on:click=move |_| erase.run(erased.clone())
        >
            {Icon::Bin}
        </button>
    };
    let mine = storage::places_in(row.id).into_iter().find(|place| place.role == Some(Role::Facilitator));
    let watched = row.demonstration && watched::find(row.id).is_some();
    let beyond = match (row.demonstration, mine.is_some()) {
        (true, _) => Some(text().watch.listed),
        (false, false) => Some(words.elsewhere),
        (false, true) => None,
    };
    let go_on = (!row.demonstration).then(|| {
        let name = mine.as_ref().map(|place| place.name.clone()).unwrap_or_default();
        let chooses = goes_on(row.template.as_deref());
        view! {
            <div class="session-onward">
                {chooses
                    .then(|| {
                        view! {
                            <GoOn how=Onward::Choose from=row.id title=row.title.clone() name=name.clone() />
                        }
                    })}
                {row
                    .closed
                    .then(|| {
                        view! {
                            <GoOn how=Onward::Checkpoint from=row.id title=row.title.clone() name=name.clone() />
                        }
                    })}
            </div>
        }
    });
    let inside = view! {
        <span class="session-title">{row.title}</span>
        <span class="session-facts">
            {(words.created)(&format::day(row.founded_at))}
            {beyond.map(|says| format!(" · {says}"))}
        </span>
        <span class="session-code tabular">{crate::code::grouped(&row.code)}</span>
    };
    match mine {
        _ if watched => view! {
            <li class="session-item">
                <a class="session-row" href=Route::Watch(row.id).path() data-testid="session">
                    {inside}
                </a>
                {erase_it}
            </li>
        }
        .into_any(),
        Some(place) => view! {
            <li class="session-item">
                <a
                    class="session-row"
                    href=Route::Board(row.id).path()
                    data-testid="session"
                    on:click=move |_| {
                        storage::take_seat(place.clone());
                    }
                >
                    {inside}
                </a>
                {go_on}
                {erase_it}
            </li>
        }
        .into_any(),
        None => view! {
            <li class="session-item">
                <div class="session-row elsewhere" data-testid="session">
                    {inside}
                </div>
                {go_on}
                {erase_it}
            </li>
        }
        .into_any(),
    }
}

/// Sessions that somebody has joined from this browser, beside those that are `known` already.
#[component]
fn OnThisDevice(known: Vec<SessionId>) -> impl IntoView {
    let words = &text().workspace;
    let places: Vec<Place> =
        storage::places().into_iter().filter(|place| !known.contains(&place.session)).collect();
    if places.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="on-this-device" data-testid="on-this-device">
            <h2>{words.your_sessions}</h2>
            <p class="hint">{words.your_sessions_hint}</p>
            <ul class="session-list">
                {places
                    .into_iter()
                    .map(|place| {
                        let who = match place.role {
                            Some(Role::Facilitator) => words.as_facilitator.to_owned(),
                            Some(Role::Observer) => words.as_observer.to_owned(),
                            _ => place.name.clone(),
                        };
                        let title = if place.title.is_empty() {
                            text().join.title.to_owned()
                        } else {
                            place.title.clone()
                        };
                        view! {
                            <li>
                                <a
                                    class="session-row"
                                    href=Route::Board(place.session).path()
                                    on:click=move |_| {
                                        storage::take_seat(place.clone());
                                    }
                                >
                                    <span class="session-title">{title}</span>
                                    <span class="session-facts">{who}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
    .into_any()
}
