//! Going on from a session: *Choose and commit* from *Frame an issue*.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::SessionId, words::Role};

use super::Show;
use crate::{
    api,
    navigate::Router,
    route::Route,
    session::Live,
    storage::{self, Place},
    text::text,
};

/// The template of the session that another one goes on from.
const FIRST: &str = "frame";

/// Whether another session goes on from one that was made with this template.
pub(crate) fn goes_on(template: Option<&str>) -> bool {
    template == Some(FIRST)
}

/// How another session goes on from one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Onward {
    /// *Choose and commit*, with what was not stopped.
    Choose,
    /// A checkpoint, with what was decided.
    Checkpoint,
}

/// One press makes the second session, and goes there.
#[component]
pub(crate) fn GoOn(
    /// How.
    how: Onward,
    /// The session that is over.
    from: SessionId,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// The name under which its facilitator goes on; empty where it is not known.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let words = &text().watch;
    let router = Router::used();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let go = move |_| {
        let Some(key) = storage::workspace_key() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let (template, titled) = match how {
            Onward::Choose => ("choose", words.go_on_title),
            Onward::Checkpoint => ("checkpoint", text().checkpoint.title_of),
        };
        let title: String =
            titled(&title.get_untracked()).chars().take(plumbline_shared::limits::TITLE).collect();
        let name = name.get_untracked();
        spawn_local(async move {
            match api::go_on(&key, from, template, &title, &name).await {
                Ok(made) => {
                    storage::take_seat(Place {
                        participant: Some(made.participant_id),
                        name,
                        title,
                        role: Some(Role::Facilitator),
                        observer_token: Some(made.observer_token),
                        ..Place::new(made.id, made.facilitator_token)
                    });
                    // Who has left the page meanwhile finds it in the list.
                    if busy.try_get_untracked().is_some() {
                        router.go(Route::Board(made.id));
                    }
                }
                Err(problem) => {
                    busy.try_set(false);
                    refused.try_set(Some(problem.says));
                }
            }
        });
    };
    view! {
        <button
            type="button"
            class="button small"
            data-testid=match how {
                Onward::Choose => "go-on",
                Onward::Checkpoint => "go-on-checkpoint",
            }
            title=match how {
                Onward::Choose => words.go_on_says,
                Onward::Checkpoint => text().checkpoint.open_says,
            }
            aria-disabled=move || busy.get().then_some("true")
            on:click=go
        >
            {move || match (busy.get(), how) {
                (true, _) => words.going_on,
                (false, Onward::Choose) => words.go_on,
                (false, Onward::Checkpoint) => text().checkpoint.open,
            }}
        </button>
        {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
    }
}

/// Behind a close: the way on, where the session was made to be gone on from.
#[component]
pub(crate) fn OnwardFrom(live: Live) -> impl IntoView {
    let words = &text().watch;
    let goes = RwSignal::new(false);
    let token = live.token();
    spawn_local(async move {
        if let Ok(known) = api::invitation(live.id, &token).await {
            goes.try_set(goes_on(known.template.as_deref()));
        }
    });
    let title = Signal::derive(move || live.board.session.with(|session| session.title.clone()));
    let name = Signal::derive(move || {
        let me = live.me.get().participant;
        me.and_then(|me| live.board.roster.with(|roster| roster.get(&me).map(|person| person.name.clone())))
            .unwrap_or_default()
    });
    view! {
        <Show when=move || goes.get()>
            {if storage::workspace_key().is_some() {
                view! {
                    <div class="actions">
                        <GoOn how=Onward::Choose from=live.id title=title name=name />
                        <p class="hint">{words.go_on_says}</p>
                    </div>
                }
                    .into_any()
            } else {
                view! { <p class="hint">{words.go_on_no_key}</p> }.into_any()
            }}
        </Show>
        {if storage::workspace_key().is_some() {
            view! {
                <div class="actions">
                    <GoOn how=Onward::Checkpoint from=live.id title=title name=name />
                    <p class="hint">{text().checkpoint.open_says}</p>
                </div>
            }
                .into_any()
        } else {
            view! { <p class="hint">{text().checkpoint.open_no_key}</p> }.into_any()
        }}
    }
}
