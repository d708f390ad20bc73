//! What is printed for the day, as it comes out of the printer.

use leptos::prelude::*;
use plumbline_shared::ids::SessionId;

use super::board::{NoPlace, place};
use crate::{
    components::{JoinSheet, PaperBallots, PrintedScript, Show},
    effect::{effect, memo},
    navigate::name_tab,
    route::Route,
    session::Live,
    storage::Place,
    text::text,
};

/// The sheets of a session.
#[component]
pub(crate) fn PrintPage(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    match place(session) {
        Some(place) => view! { <Sheets place=place /> }.into_any(),
        None => view! { <NoPlace /> }.into_any(),
    }
}

/// A language in whose countries paper is measured in inches.
fn in_inches() -> bool {
    let tag = window().navigator().language().unwrap_or_default();
    ["US", "CA", "MX", "PH", "CL", "CO"].iter().any(|region| tag.ends_with(region))
}

#[component]
fn Sheets(place: Place) -> impl IntoView {
    let live = Live::open(place);
    let words = &text().decide.print;
    let letter = RwSignal::new(in_inches());
    let (script, ballots, join) = (RwSignal::new(true), RwSignal::new(true), RwSignal::new(true));
    effect(move || name_tab(&live.board.session.with(|session| session.title.clone())));
    let synced = memo(move |_| live.status.get().synced);
    let part = move |name: &'static str, test: &'static str, shown: RwSignal<bool>| {
        view! {
            <label>
                <input type="checkbox" data-testid=test bind:checked=shown />
                <span>{name}</span>
            </label>
        }
    };
    let paper = move |name: &'static str, test: &'static str, is: bool| {
        view! {
            <label>
                <input
                    type="radio"
                    name="paper"
                    data-testid=test
                    checked=move || letter.get() == is
                    on:change=move |_| letter.set(is)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <div class="print-page" class:letter=move || letter.get()>
            <header class="print-head">
                <h1>{words.title}</h1>
                <p class="quiet">{words.says}</p>
                <div class="print-choices">
                    <fieldset>
                        <legend>{words.parts}</legend>
                        {part(words.script, "part-script", script)}
                        {part(words.ballots, "part-ballots", ballots)}
                        {part(words.join, "part-join", join)}
                    </fieldset>
                    <fieldset>
                        <legend>{words.paper}</legend>
                        {paper("A4", "paper-a4", false)}
                        {paper(words.letter, "paper-letter", true)}
                    </fieldset>
                    <div class="actions">
                        <button
                            type="button"
                            class="button primary large"
                            data-testid="print"
                            on:click=move |_| {
                                window().print().ok();
                            }
                        >
                            {words.print}
                        </button>
                        <a class="button large" href=Route::Board(live.id).path()>
                            {words.to_board}
                        </a>
                    </div>
                </div>
            </header>
            <main id="content" class="print-sheets" data-testid="print-sheets">
                <Show when=move || synced.get() fallback=|| view! { <div class="skeleton print-sheet" aria-busy="true" /> }>
                    <Show
                        when=move || live.drives()
                        fallback=move || view! { <p class="problem">{words.not_yours}</p> }
                    >
                        <Show when=move || script.get()>
                            <PrintedScript board=live.board />
                        </Show>
                        <Show when=move || ballots.get()>
                            <PaperBallots board=live.board />
                        </Show>
                        <Show when=move || join.get()>
                            <JoinSheet live=live />
                        </Show>
                    </Show>
                </Show>
            </main>
        </div>
    }
}
