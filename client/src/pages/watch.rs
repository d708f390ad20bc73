//! A session that is only shown: what one sees, the three pages of it, and the files at its end.

use leptos::prelude::*;
use plumbline_shared::{ids::SessionId, words::Role};

use crate::{
    api::Exported,
    components::{Begin, Files, Frames, Mark, Play, Shell, Stand, changing},
    dom,
    effect::memo,
    navigate::name_tab,
    route::Route,
    session::Live,
    storage::{
        self, Place, alone,
        watched::{self, Watched},
    },
    text::text,
};

/// A demonstration for the tab on which it was begun.
#[component]
pub(crate) fn WatchPage(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    let words = &text().watch;
    name_tab(words.title);
    match watched::find(session) {
        Some(watched) => view! { <Watching session=session watched=watched /> }.into_any(),
        None => view! { <Gone title=words.not_here says=words.not_here_says rehearses=None /> }.into_any(),
    }
}

/// In place of one that cannot be watched.
#[component]
fn Gone(title: &'static str, says: &'static str, rehearses: Option<SessionId>) -> impl IntoView {
    view! {
        <Shell narrow=true>
            <h1>{title}</h1>
            <p class="lead" data-testid="watch-gone">{says}</p>
            <div class="actions">
                <Once rehearses=rehearses />
                <Back rehearses=rehearses />
            </div>
        </Shell>
    }
}

/// Beginning it anew, for who may.
#[component]
fn Once(rehearses: Option<SessionId>) -> impl IntoView {
    let words = &text().watch;
    match rehearses {
        // The rehearsed session's own page has it.
        Some(_) => ().into_any(),
        None if storage::workspace_key().is_none() => view! { <p class="hint">{words.no_key}</p> }.into_any(),
        None => view! { <Begin play=Play::Sample label=words.again primary=true /> }.into_any(),
    }
}

/// The way back.
#[component]
fn Back(rehearses: Option<SessionId>) -> impl IntoView {
    let words = &text().watch;
    let (route, says) = match rehearses {
        Some(session) => (Route::Board(session), words.to_own),
        None => (Route::Workspace, words.to_sessions),
    };
    view! {
        <a class="button" href=route.path() data-testid="watch-back">
            {says}
        </a>
    }
}

#[component]
fn Watching(session: SessionId, watched: Watched) -> impl IntoView {
    let words = &text().watch;
    let rehearses = watched.rehearses;
    // This page looks on, as the wall does, to know where the session stands; nothing of that is kept either.
    alone::begin(session, watched.wall.clone());
    on_cleanup(alone::end);
    let live = Live::open(Place { role: Some(Role::Observer), ..Place::new(session, watched.wall.clone()) });
    let console = watched.console.clone();
    changing(move || {
        if live.refused.get() {
            watched::forget(session);
            return view! { <Gone title=words.gone says=words.gone_says rehearses=rehearses /> }.into_any();
        }
        let console = console.clone();
        view! {
            <div class="watch" data-testid="watch">
                <header class="watch-head">
                    <a class="brand" href="/" aria-label=text().general.name>
                        <Mark />
                    </a>
                    <h1>{words.title}</h1>
                    <span class="watch-mark">{words.mark}</span>
                    <span class="grow" />
                    <Back rehearses=rehearses />
                </header>
                <main id="content" class="watch-main">
                    <Says live=live console=console rehearses=rehearses />
                    <Frames session=session watched=watched.clone() />
                </main>
            </div>
        }
        .into_any()
    })
}

/// What one sees, and where it stands; at the end the files.
#[component]
fn Says(live: Live, console: String, rehearses: Option<SessionId>) -> impl IntoView {
    let words = &text().watch;
    let stand = Stand::current(live);
    let closed = memo(move |_| live.board.session.with(|session| session.closed));
    let over = move || {
        let (token, summary) = (console.clone(), format!("{}#only={console}", Route::Board(live.id).path()));
        view! {
            <div class="watch-over" data-testid="watch-over">
                <h2>{words.over}</h2>
                <p>{words.over_says}</p>
                <div class="actions" role="group" aria-label=words.files>
                    <Files of=Exported::Session(live.id) token=move |()| token.clone() />
                </div>
                <div class="actions">
                    <a class="button small" href=summary target="_blank" rel="noopener" data-testid="watch-summary">
                        {words.summary}
                    </a>
                    <Once rehearses=rehearses />
                </div>
            </div>
        }
    };
    let intro = if rehearses.is_some() { words.rehearsal_intro } else { words.intro };
    view! {
        <section class="watch-says">
            <p class="watch-now" data-testid="watch-now" role="status">
                {move || {
                    stand.with(|stand| match stand.number {
                        0 => view! { <b>{words.coming}</b> }.into_any(),
                        number => view! { <b>{(words.step)(number, stand.of, &stand.title)}</b> " " {stand.now.clone()} }.into_any(),
                    })
                }}
            </p>
            {move || {
                if closed.get() {
                    over().into_any()
                } else {
                    view! {
                        <details class="watch-intro" open=!dom::is_narrow()>
                            <summary>{words.about}</summary>
                            <p>{intro}</p>
                        </details>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}
