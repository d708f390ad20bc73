//! Beginning a demonstration: with the sample, or with one's own portfolio.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use crate::{
    api::{self, Begun},
    navigate::Router,
    route::{Route, Secret},
    storage::{
        self,
        watched::{self, Watched},
    },
    text::text,
};

/// What a demonstration is begun with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Play {
    /// The sample.
    Sample,
    /// The portfolio, the pillars and the agenda of a session, to which this token admits its facilitator.
    Own(SessionId, String),
}

/// Begins one, and keeps for this tab who is shown in it.
async fn begin(play: Play) -> Result<SessionId, String> {
    let (answer, rehearses) = match play {
        Play::Sample => {
            let key = storage::workspace_key().ok_or_else(|| text().watch.no_key.to_owned())?;
            (api::demonstrate(&key).await, None)
        }
        Play::Own(session, token) => (api::rehearse(session, &token).await, Some(session)),
    };
    let Begun { id, facilitator_token, observer_token, participant_url } =
        answer.map_err(|problem| problem.says)?;
    let fragment = participant_url.split_once('#').map_or("", |(_, fragment)| fragment);
    let Some(Secret::Token(phone)) = Secret::parse(fragment) else {
        return Err(text().errors.strange_answer.to_owned());
    };
    watched::keep(id, &Watched { console: facilitator_token, phone, wall: observer_token, rehearses });
    Ok(id)
}

/// One press begins it, and goes there.
#[component]
pub(crate) fn Begin(
    /// With what.
    play: Play,
    /// What the button says.
    label: &'static str,
    /// Whether it is what the page is for.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let words = &text().watch;
    let router = Router::used();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let go = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let play = play.clone();
        spawn_local(async move {
            match begin(play).await {
                // Who has left the page meanwhile does not want to be taken away from the next.
                Ok(session) if busy.try_get_untracked().is_some() => router.go(Route::Watch(session)),
                Ok(_) => {}
                Err(says) => {
                    busy.try_set(false);
                    refused.try_set(Some(says));
                }
            }
        });
    };
    view! {
        <button
            type="button"
            class="button"
            class:primary=primary
            data-testid="watch-begin"
            aria-disabled=move || busy.get().then_some("true")
            on:click=go
        >
            {move || if busy.get() { words.beginning } else { label }}
        </button>
        {move || {
            refused.get().map(|says| view! { <p class="problem" role="alert" data-testid="watch-problem">{says}</p> })
        }}
    }
}

/// What rehearsing means, and the button.
#[component]
pub(crate) fn Rehearse(
    /// The session that is being prepared.
    session: SessionId,
    /// What admits its facilitator.
    token: String,
) -> impl IntoView {
    let words = &text().watch;
    view! {
        <p>{words.rehearse_says}</p>
        <div class="actions">
            <Begin play=Play::Own(session, token) label=words.rehearse_begin primary=true />
        </div>
    }
}
