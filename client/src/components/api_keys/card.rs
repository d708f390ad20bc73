//! A key of the list: what it opens, until when, whether anybody uses it; and its end.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::day::Day;
use uuid::Uuid;

use super::today;
use crate::{
    api::{self, ApiKey},
    components::{Dialog, Show},
    effect::effect,
    format,
    notices::{Notices, Tone},
    storage,
    text::{record::record, text},
};

/// From how many days before its end a key says so.
const SOON: i32 = 14;

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Good,
    /// In so many days.
    Ends(i32),
    Over,
}

impl State {
    fn of(key: &ApiKey, today: Day) -> Self {
        match key.expires.0.saturating_sub(today.0) {
            left if left < 0 => Self::Over,
            left if left < SOON => Self::Ends(left),
            _ => Self::Good,
        }
    }

    /// For the style, and for tests.
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Ends(_) => "ends",
            Self::Over => "over",
        }
    }
}

/// A key.
#[component]
pub(crate) fn ApiKeyCard(
    /// It.
    key: ApiKey,
    /// The key whose end is asked about.
    revoking: RwSignal<Option<ApiKey>>,
) -> impl IntoView {
    let words = record().keys;
    let today = today();
    let state = State::of(&key, today);
    let (made, until) = (format::day(key.made_at), format::calendar_day(key.expires));
    let days = match state {
        State::Over => (words.was_from_to)(&made, &until),
        _ => (words.from_to)(&made, &until),
    };
    let used = match key.used {
        None => words.unused.to_owned(),
        Some(day) if day == today => words.used_today.to_owned(),
        Some(day) => (words.used)(&format::calendar_day(day)),
    };
    let state_says = match state {
        State::Good => words.good.to_owned(),
        State::Ends(days) => (words.ends_in)(days),
        State::Over => words.over.to_owned(),
    };
    let opens = key.scopes.iter().map(|word| {
        // One that a newer server has is told by its word.
        let known = words.scopes.iter().find(|scope| scope.word == word);
        let title = known.map_or_else(|| word.clone(), |scope| scope.title.to_owned());
        view! { <li title=word.clone()>{title}</li> }
    });
    let opens = opens.collect_view();
    let heading = format!("key-{}", key.id.simple());
    let (labelled, described, name) = (heading.clone(), heading.clone(), key.name.clone());
    view! {
        <li class="key" aria-labelledby=labelled data-testid="key" data-state=state.word()>
            <div class="key-head">
                <h2 id=heading dir="auto">
                    {name}
                </h2>
                <span class="key-state" data-state=state.word()>
                    {state_says}
                </span>
            </div>
            <ul class="key-opens" aria-label=words.form.opens>
                {opens}
            </ul>
            <div class="key-foot">
                <p class="key-facts">{days} " · " <span data-testid="key-used">{used}</span></p>
                <button
                    type="button"
                    class="button"
                    aria-describedby=described
                    data-testid="key-revoke"
                    on:click=move |_| revoking.set(Some(key.clone()))
                >
                    {words.revoke}
                </button>
            </div>
        </li>
    }
}

/// Asks once more, and revokes.
#[component]
pub(crate) fn Revoking(
    /// The key that it is about.
    revoking: RwSignal<Option<ApiKey>>,
    /// Called with its id when it is dead.
    #[prop(into)]
    revoked: Callback<Uuid>,
) -> impl IntoView {
    let words = record().keys;
    let notices = Notices::used();
    let open = RwSignal::new(false);
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    effect(move || {
        if revoking.with(Option::is_some) {
            refused.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            revoking.set(None);
        }
    });
    let revoke = move |_| {
        let (Some(key), Some(of)) = (storage::workspace_key(), revoking.get_untracked()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::revoke_api_key(&key, of.id).await {
                // Another page, or another person, was faster: it is what was wanted.
                Err(problem) if problem.status != 404 => drop(refused.try_set(Some(problem.says))),
                _ => {
                    notices.show(Tone::Plain, (words.revoked)(&of.name));
                    open.try_set(false);
                    revoked.run(of.id);
                }
            }
            busy.try_set(false);
        });
    };
    let says = move || {
        revoking.with(|key| {
            key.as_ref().map(|key| match State::of(key, today()) {
                State::Over => (words.revoke_over)(&key.name),
                _ => (words.revoke_says)(&key.name),
            })
        })
    };
    view! {
        <Dialog open=open title=words.revoke_title.to_owned()>
            <p>{says}</p>
            <Show when=move || refused.with(Option::is_some)>
                <p class="problem" role="alert">
                    {move || refused.get()}
                </p>
            </Show>
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text().general.cancel}
                </button>
                <button
                    type="button"
                    class="button danger"
                    data-testid="key-revoke-yes"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=revoke
                >
                    {words.revoke}
                </button>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_beforehand_that_it_ends() {
        let today = Day(20_000);
        let state = |days| {
            let key = ApiKey {
                id: Uuid::nil(),
                name: String::new(),
                scopes: Vec::new(),
                made_at: 0,
                expires: today.plus(days),
                used: None,
            };
            State::of(&key, today)
        };
        assert_eq!([state(-1), state(0), state(13)], [State::Over, State::Ends(0), State::Ends(13)]);
        assert_eq!([state(14), state(365)], [State::Good, State::Good]);
    }
}
