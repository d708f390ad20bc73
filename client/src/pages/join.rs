//! Joining by code, in seconds.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{limits, words::Role};

use crate::{
    api, code,
    components::{Field, Shell, Show},
    dom,
    effect::memo,
    navigate::{Router, name_tab, take_secret},
    notices::{Notices, Tone},
    route::{Route, Secret},
    storage::{self, Place},
    text::text,
};

/// Code, name and function; then on to the board.
#[component]
pub(crate) fn JoinPage(
    /// The code, where the address has one.
    code: String,
) -> impl IntoView {
    let words = &text().join;
    name_tab(words.title);
    // Who comes by the picture of a test says so once they are in.
    let test = match take_secret() {
        Some(Secret::Test(id)) => id.parse().ok(),
        _ => None,
    };
    let own_test = test.is_some_and(storage::is_own_test);
    if let Some(test) = test.filter(|_| !own_test) {
        storage::come_by_test(test);
    }
    let router = Router::used();
    let notices = Notices::used();
    let has_code = code.len() == code::LENGTH;
    let code = RwSignal::new(code::grouped(&code));
    let name = RwSignal::new(String::new());
    let function = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let tried = RwSignal::new(false);

    let code_error = Signal::derive(move || {
        (tried.get() && code::normalise(&code.get()).len() < code::LENGTH)
            .then(|| words.code_missing.to_owned())
    });
    let name_error = Signal::derive(move || {
        (tried.get() && name.with(|name| name.trim().is_empty())).then(|| words.name_missing.to_owned())
    });

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if busy.get_untracked()
            || code_error.get_untracked().is_some()
            || name_error.get_untracked().is_some()
        {
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
                    router.instead(Route::Board(joined.session_id));
                }
                Err(problem) => {
                    busy.set(false);
                    refused.set(Some(problem.says));
                }
            }
        });
    };

    // Who has joined this session from this device already.
    let known = memo(move |_| {
        let code = code::normalise(&code.get());
        let mut known = storage::places();
        known.retain(|place| code.len() == code::LENGTH && place.code == code);
        known
    });
    let other = RwSignal::new(false);
    let asks = move || other.get() || known.with(Vec::is_empty);
    view! {
        <Shell narrow=true>
            <h1>{words.title}</h1>
            {test
                .map(|_| {
                    let links = &text().prepare.links;
                    let says = if own_test { links.test_own } else { links.test_come };
                    view! { <p class="phone-test-note" role="status" data-testid="test-note">{says}</p> }
                })}
            <Show when=move || !asks()>
                <section class="come-again" data-testid="come-again">
                    <p class="lead">{text().prepare.links.come_again}</p>
                    <ul class="session-list">
                        {move || known.get().into_iter().map(|place| view! { <Seat place=place /> }).collect_view()}
                    </ul>
                    <div>
                        <button
                            type="button"
                            class="button large"
                            data-testid="someone-else"
                            on:click=move |_| {
                                other.set(true);
                                request_animation_frame(|| {
                                    if let Some(field) = dom::by_attribute("name", "join-name") {
                                        field.focus().ok();
                                    }
                                });
                            }
                        >
                            {text().prepare.links.someone_else}
                        </button>
                        <p class="hint">{text().prepare.links.someone_else_hint}</p>
                    </div>
                </section>
            </Show>
            <p class="lead" hidden=move || !asks()>
                {words.intro}
            </p>
            <form class="form" novalidate on:submit=submit hidden=move || !asks()>
                <Field
                    label=words.code
                    name="join-code"
                    value=code
                    hint=words.code_hint
                    placeholder="K7Q4 M2XD"
                    error=code_error
                    class="code-field"
                    most=20
                    focus=!has_code
                />
                <Field
                    label=words.name
                    name="join-name"
                    value=name
                    error=name_error
                    autocomplete="name"
                    most=limits::NAME
                    focus=has_code
                />
                <Field
                    label=words.function
                    name="join-function"
                    value=function
                    placeholder=words.function_placeholder
                    autocomplete="organization-title"
                    most=limits::NAME
                    optional=true
                />
                {move || {
                    refused
                        .get()
                        .map(|says| view! { <p class="problem" role="alert" data-testid="join-error">{says}</p> })
                }}
                <button
                    type="submit"
                    class="button primary large"
                    data-testid="join-submit"
                    aria-disabled=move || busy.get().then_some("true")
                >
                    {move || if busy.get() { words.joining } else { words.submit }}
                </button>
                <p class="hint">{words.privacy}</p>
            </form>
        </Shell>
    }
}

/// Somebody's place in the session: one press takes it again.
#[component]
fn Seat(place: Place) -> impl IntoView {
    let name = if place.name.is_empty() { place.title.clone() } else { place.name.clone() };
    let initials = crate::typed::initials(&name);
    view! {
        <li>
            <a
                class="session-row seat"
                data-testid="continue-as"
                href=Route::Board(place.session).path()
                on:click=move |_| {
                    storage::uncover(&place);
                    storage::take_seat(place.clone());
                }
            >
                <span class="face" aria-hidden="true">
                    {initials}
                </span>
                <span class="session-title">{(text().prepare.links.continue_as)(&name)}</span>
            </a>
        </li>
    }
}
