//! Between two people of one device: nothing of the one is shown, and the other takes a place of their own.
//!
//! The page of whoever hands over is gone with all that it held. What of theirs has not reached the server is sent from
//! here, for as long as the cover is up.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{limits, words::Role};

use crate::{
    api, code,
    components::{Field, Shell, Show},
    dom,
    effect::{effect, memo},
    navigate::name_tab,
    notices::{Notices, Tone},
    session::Live,
    storage::{self, Covered, Place},
    text::text,
};

/// Whose page this is: changes when somebody else takes the seat.
#[derive(Clone, Copy)]
pub(crate) struct Seats(RwSignal<u32>);

impl Seats {
    /// Starts with whoever has the seat. A cover that goes up or is lifted in another tab does so here.
    pub(super) fn start() -> Self {
        let seats = Self(RwSignal::new(0));
        provide_context(seats);
        let elsewhere = window_event_listener_untyped("storage", move |event| {
            let key = js_sys::Reflect::get(&event, &"key".into()).ok().and_then(|key| key.as_string());
            if key.is_some_and(|key| key.starts_with(storage::COVER)) {
                seats.changed();
            }
        });
        on_cleanup(move || elsewhere.remove());
        seats
    }

    /// Follows the changes; tracked.
    pub(super) fn track(self) {
        self.0.track();
    }

    /// Somebody else has the seat, or it has been covered: the page is made anew, and nothing of it stays.
    pub(crate) fn changed(self) {
        self.0.update(|times| *times = times.wrapping_add(1));
    }
}

/// The cover.
#[component]
pub(crate) fn CoverPage(
    /// The place that is covered.
    place: Place,
) -> impl IntoView {
    let words = &text().ballot.cover;
    name_tab("");
    let leaves = storage::covered(&place) == Some(Covered::Leaves);
    let session = place.session;
    let name = if place.name.is_empty() { place.title.clone() } else { place.name.clone() };
    let others: Vec<Place> = storage::places_in(session)
        .into_iter()
        .filter(|other| other.token != place.token && other.participant.is_some())
        .collect();
    let known_code = place.code.clone();
    let live = Live::open(place.clone());
    let waiting = memo(move |_| {
        let status = live.status.get();
        status.unanswered + status.unsent.max(status.unsaved)
    });
    let gone = RwSignal::new(false);
    let place = StoredValue::new(place);
    effect(move || {
        // Counted as sent only by a page that has taken up what was kept.
        let all_sent = waiting.get() == 0;
        if leaves && all_sent && !gone.get_untracked() {
            place.with_value(|place| {
                storage::uncover(place);
                storage::forget_place(&place.token);
                let (session, token) = (place.session, place.token.clone());
                // As far as the server can be reached: the device has forgotten it anyhow.
                spawn_local(async move { drop(api::leave(session, &token).await) });
                storage::leave_seat(place.session);
            });
            gone.set(true);
        }
    });
    request_animation_frame(|| {
        if let Some(heading) = dom::by_attribute("data-testid", "cover-heading") {
            dom::focus_quietly(&heading);
        }
    });
    let called = StoredValue::new(name);
    let said = move || {
        called.with_value(|name| match (waiting.get(), gone.get()) {
            (_, true) => (words.gone)(name),
            (0, false) => (words.all_sent)(name),
            (count, false) => (words.unsent)(name, count),
        })
    };
    let held = memo(move |_| leaves && !gone.get());
    let seats = use_context::<Seats>();
    let comes_back = move |_| {
        place.with_value(|place| {
            storage::uncover(place);
            storage::take_seat(place.clone());
        });
        if let Some(seats) = seats {
            seats.changed();
        }
    };
    view! {
        <Shell narrow=true>
            <div class="cover" data-testid="cover">
                <h1 tabindex="-1" data-testid="cover-heading">
                    {words.title}
                </h1>
                <p class="lead">{called.with_value(|name| (words.intro)(name))}</p>
                <p
                    class="hint"
                    role="status"
                    data-testid="cover-sent"
                    data-waiting=move || waiting.get().to_string()
                >
                    {said}
                </p>
                <section class="cover-part">
                    <h2>{words.next}</h2>
                    <p class="hint">{words.next_hint}</p>
                    <Show when=move || held.get()>
                        <p class="problem" role="status">{words.must_wait}</p>
                    </Show>
                    <NextPerson known=known_code.clone() held=held />
                </section>
                {(!others.is_empty())
                    .then(|| {
                        view! {
                            <section class="cover-part">
                                <h2>{words.others}</h2>
                                <ul class="session-list">
                                    {others.into_iter().map(|place| view! { <Other place=place held=held /> }).collect_view()}
                                </ul>
                            </section>
                        }
                    })}
                <Show when=move || !gone.get()>
                    <section class="cover-part">
                        <button type="button" class="button large" data-testid="cover-back" on:click=comes_back>
                            {called.with_value(|name| (words.back)(name))}
                        </button>
                        <p class="hint">{called.with_value(|name| (words.back_hint)(name))}</p>
                    </section>
                </Show>
            </div>
        </Shell>
    }
}

/// Somebody else who has a place in the session on this device.
#[component]
fn Other(place: Place, held: Memo<bool>) -> impl IntoView {
    let seats = use_context::<Seats>();
    let name = if place.name.is_empty() { place.title.clone() } else { place.name.clone() };
    view! {
        <li>
            <button
                type="button"
                class="session-row seat"
                data-testid="continue-as"
                disabled=move || held.get()
                on:click=move |_| {
                    storage::uncover(&place);
                    storage::take_seat(place.clone());
                    if let Some(seats) = seats {
                        seats.changed();
                    }
                }
            >
                <span class="face" aria-hidden="true">
                    {crate::typed::initials(&name)}
                </span>
                <span class="session-title">{(text().prepare.links.continue_as)(&name)}</span>
            </button>
        </li>
    }
}

/// The next person joins by the same code.
#[component]
fn NextPerson(known: String, held: Memo<bool>) -> impl IntoView {
    let words = &text().join;
    let notices = Notices::used();
    let seats = use_context::<Seats>();
    let asks_code = known.len() != code::LENGTH;
    let code = RwSignal::new(code::grouped(&known));
    let (name, function) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let name_error = Signal::derive(move || {
        (tried.get() && name.with(|name| name.trim().is_empty())).then(|| words.name_missing.to_owned())
    });
    let code_error = Signal::derive(move || {
        (tried.get() && code::normalise(&code.get()).len() < code::LENGTH)
            .then(|| words.code_missing.to_owned())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let wrong = name_error.get_untracked().is_some() || code_error.get_untracked().is_some();
        if busy.get_untracked() || held.get_untracked() || wrong {
            return;
        }
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            let (asked, who, what) = (
                code::normalise(&code.get_untracked()),
                name.get_untracked().trim().to_owned(),
                function.get_untracked().trim().to_owned(),
            );
            match api::join(&asked, &who, &what).await {
                Ok(joined) => {
                    let kept = storage::take_seat(Place {
                        participant: Some(joined.participant_id),
                        name: who,
                        role: Some(Role::Participant),
                        code: asked,
                        ..Place::new(joined.session_id, joined.token)
                    });
                    if !kept {
                        notices.show(Tone::Warning, text().errors.storage);
                    }
                    if let Some(seats) = seats {
                        seats.changed();
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
        <form class="form" novalidate on:submit=submit>
            {asks_code
                .then(|| {
                    view! {
                        <Field
                            label=words.code
                            name="next-code"
                            value=code
                            hint=words.code_hint
                            error=code_error
                            class="code-field"
                            most=20
                        />
                    }
                })}
            <Field label=words.name name="next-name" value=name error=name_error most=limits::NAME />
            <Field
                label=words.function
                name="next-function"
                value=function
                placeholder=words.function_placeholder
                most=limits::NAME
                optional=true
            />
            {move || {
                refused.get().map(|says| view! { <p class="problem" role="alert" data-testid="next-error">{says}</p> })
            }}
            <button
                type="submit"
                class="button primary large"
                data-testid="next-submit"
                aria-disabled=move || (busy.get() || held.get()).then_some("true")
            >
                {move || if busy.get() { words.joining } else { words.submit }}
            </button>
        </form>
    }
}
