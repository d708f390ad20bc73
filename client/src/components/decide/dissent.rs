//! Disagreeing without a name: seen by who says it, and by everybody only once it stands among others.

use leptos::prelude::*;
use plumbline_shared::{answer::Item, limits, messages::Command};

use super::commit::called;
use crate::{components::Show, effect::memo, session::Live, text::text};

/// What this person has said unsigned about one thing, and a place to say it.
#[component]
pub(super) fn DissentOn(live: Live, #[prop(into)] about: Signal<Item>) -> impl IntoView {
    let words = &text().decide.commit;
    let board = live.board;
    let denied = live.why_not_command(Command::Dissent { about: Item::session(), text: None });
    let own = memo(move |_| {
        board.own_ballot.with(|ballot| {
            let all = ballot.as_ref().map(|ballot| ballot.dissent.as_slice()).unwrap_or_default();
            about.with(|about| all.iter().find(|own| own.about == *about).map(|own| own.text.clone()))
        })
    });
    let writing = RwSignal::new(None::<String>);
    let typed = move || writing.with(|writing| writing.clone().unwrap_or_default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let said = typed().trim().to_owned();
        if said.is_empty() {
            return;
        }
        live.command(Command::Dissent { about: about.get_untracked(), text: Some(said) });
        live.notices().say(words.dissent_sent);
        writing.set(None);
    };
    let take_back = move |_| {
        writing.set(None);
        live.command(Command::Dissent { about: about.get_untracked(), text: None });
    };
    view! {
        <section class="dissent" data-testid="dissent">
            <h3>{words.dissent}</h3>
            <p class="hint">{move || denied.get().unwrap_or_else(|| words.dissent_says.to_owned())}</p>
            <Show when=move || own.with(Option::is_some) && writing.with(Option::is_none)>
                <div class="own-flag" data-testid="own-dissent">
                    <p>
                        <strong>{words.dissent_yours}</strong>
                    </p>
                    <p>{move || own.get()}</p>
                    <Show when=move || denied.get().is_none()>
                        <div class="actions">
                            <button
                                type="button"
                                class="button small"
                                data-testid="dissent-change"
                                on:click=move |_| writing.set(own.get_untracked())
                            >
                                {words.dissent_change}
                            </button>
                            <button
                                type="button"
                                class="button small"
                                data-testid="dissent-back"
                                on:click=take_back
                            >
                                {words.take_back}
                            </button>
                        </div>
                    </Show>
                </div>
            </Show>
            <Show when=move || denied.get().is_none() && (own.with(Option::is_none) || writing.with(Option::is_some))>
                <form class="ask" on:submit=send>
                    <textarea
                        rows="3"
                        data-testid="dissent-text"
                        aria-label=words.dissent_label
                        placeholder=words.dissent_placeholder
                        maxlength=limits::DISSENT.to_string()
                        prop:value=typed
                        on:input:target=move |event| writing.set(Some(event.target().value()))
                    />
                    <div class="actions end">
                        <button type="submit" class="button small" data-testid="dissent-send">
                            {words.dissent_send}
                        </button>
                    </div>
                </form>
            </Show>
        </section>
    }
}

/// What was said unsigned and is shown to everybody.
#[component]
pub(super) fn Said(live: Live) -> impl IntoView {
    let words = &text().decide.commit;
    let said = memo(move |_| {
        let step = live.board.session.with(|session| session.step);
        live.board.results.with(|results| {
            step.and_then(|step| results.get(&step))
                .map(|results| results.dissent.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <Show when=move || !said.with(Vec::is_empty)>
            <section class="dissent-said" data-testid="dissent-said">
                <h3>{words.dissent_shown}</h3>
                <ul class="flag-reasons">
                    {move || {
                        said.get()
                            .into_iter()
                            .map(|dissent| {
                                view! {
                                    <li>
                                        <strong>{called(live, &dissent.about)}</strong>
                                        " "
                                        {dissent.text}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
}
