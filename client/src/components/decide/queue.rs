//! The queue as a list: what has to be talked about, then what is agreed.

use leptos::prelude::*;
use plumbline_shared::{deciding::Why, ids::ProjectId};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    bulk::DecideAgreed,
    deciding::{Deciding, Shown},
    form::verdict_name,
};
use crate::{
    components::{For, Icon, Show, faces},
    dom,
    effect::memo,
    text::text,
};

/// The list, its filters, and what is decided in one go.
#[component]
pub(super) fn QueueList(deciding: Deciding) -> impl IntoView {
    let words = &text().decide.queue;
    let done = memo(move |_| (deciding.count(Shown::Decided), deciding.count(Shown::All)));
    let nothing = move || match deciding.shown.get() {
        Shown::Left => words.nothing_left,
        Shown::Lacking => words.nothing_lacking,
        Shown::All | Shown::Decided => words.nothing_shown,
    };
    let any = memo(move |_| deciding.count(deciding.shown.get()) > 0);
    // One stop for the Tab key, the arrows go on from there.
    let key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        deciding.step(by);
        if let Some(id) = deciding.chosen.get_untracked() {
            focus_row(id);
        }
    };
    view! {
        <nav class="decide-queue" aria-label=words.title>
            <header>
                <h2 tabindex="-1">{words.title}</h2>
                <p class="tabular" role="status" data-testid="decide-progress">
                    {move || {
                        let (done, all) = done.get();
                        (words.progress)(done, all)
                    }}
                </p>
                <progress
                    max=move || done.get().1.to_string()
                    prop:value=move || done.get().0.to_string()
                    aria-hidden="true"
                />
                <div class="decide-shown" role="group" aria-label=words.show>
                    <Part deciding part=Shown::All name=words.all test="queue-all" />
                    <Part deciding part=Shown::Left name=words.left test="queue-left" />
                    <Part deciding part=Shown::Decided name=words.decided test="queue-decided" />
                    <Part deciding part=Shown::Lacking name=words.lacking test="queue-lacking" />
                </div>
            </header>
            <div class="decide-rows" on:keydown=key>
                <Show when=move || !deciding.rows(false).is_empty()>
                    <h3>{move || (words.to_talk)(deciding.rows(false).len())}</h3>
                    <ul>
                        <For each=move || deciding.rows(false) let:id>
                            <Row deciding=deciding id=id />
                        </For>
                    </ul>
                </Show>
                <Show when=move || !deciding.rows(true).is_empty()>
                    <h3>{move || (words.agreed)(deciding.rows(true).len())}</h3>
                    <DecideAgreed deciding=deciding />
                    <ul>
                        <For each=move || deciding.rows(true) let:id>
                            <Row deciding=deciding id=id />
                        </For>
                    </ul>
                </Show>
                <Show when=move || !any.get()>
                    <p class="quiet" data-testid="queue-nothing">
                        {nothing}
                    </p>
                </Show>
            </div>
            <p class="hint for-keys">{words.keys}</p>
        </nav>
    }
}

#[component]
fn Part(deciding: Deciding, part: Shown, name: &'static str, test: &'static str) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            data-testid=test
            aria-pressed=move || if deciding.shown.get() == part { "true" } else { "false" }
            on:click=move |_| deciding.shown.set(part)
        >
            {name}
            " "
            <span class="tabular">{move || deciding.count(part)}</span>
        </button>
    }
}

/// One project of the queue.
#[component]
fn Row(deciding: Deciding, id: ProjectId) -> impl IntoView {
    let words = &text().decide.queue;
    let board = deciding.live.board;
    let card = board.card(id);
    let row = memo(move |_| deciding.row(id));
    let verdict = memo(move |_| row.with(|row| row.as_ref().and_then(|row| row.verdict)));
    let chosen = memo(move |_| deciding.chosen.get() == Some(id));
    // The chosen row is within reach of the Tab key; the first one, where none is.
    let reachable = memo(move |_| {
        let chosen = deciding.chosen.get();
        let shown = |id| deciding.rows(false).contains(&id) || deciding.rows(true).contains(&id);
        match chosen.filter(|id| shown(*id)) {
            Some(chosen) => chosen == id,
            None => deciding.rows(false).into_iter().chain(deciding.rows(true)).next() == Some(id),
        }
    });
    let says = move || {
        let Some(row) = row.get() else { return String::new() };
        let mut says: Vec<String> = Vec::new();
        if board.session.with(|session| session.focus == Some(id)) {
            says.push(words.spotlight_off.to_lowercase());
        }
        match row.verdict {
            Some(_) => {
                says.extend(row.found.map(|why| (words.why)(why).to_owned()));
                if row.against {
                    says.push(words.against.to_owned());
                }
                if row.lacks > 0 {
                    says.push((words.lacks)(row.lacks));
                }
            }
            None => {
                // That it was asked about says little where all of these were.
                let strong = row.whys.iter().filter(|why| **why != Why::Shortlist || row.whys.len() == 1);
                says.extend(strong.take(2).map(|why| (words.why)(*why).to_owned()));
                says.extend(row.room.map(|room| (words.room)(room).to_owned()));
            }
        }
        says.join(" · ")
    };
    let hands = move || card.map(|card| card.hands.get()).unwrap_or_default();
    view! {
        <li>
            <button
                type="button"
                class="decide-row"
                data-testid="queue-row"
                data-item=id.to_string()
                data-verdict=move || verdict.get().map(|verdict| verdict.as_str())
                aria-current=move || chosen.get().then_some("true")
                tabindex=move || if reachable.get() { "0" } else { "-1" }
                on:click=move |_| deciding.chosen.set(Some(id))
            >
                <i aria-hidden="true" />
                <span class="decide-name">
                    {move || card.map(|card| card.project.with(|project| project.name.clone()))}
                </span>
                <span class="decide-hands" aria-hidden="true">
                    {move || {
                        hands()
                            .into_iter()
                            .take(3)
                            .map(|hand| {
                                let colour = format!("var(--{})", faces::token(&hand.colour));
                                view! { <i style:--hand=colour title=hand.name /> }
                            })
                            .collect_view()
                    }}
                </span>
                <span class="decide-word">{move || verdict.get().map(verdict_name)}</span>
                <span class="decide-why">
                    {move || {
                        row.with(|row| row.as_ref().is_some_and(|row| row.lacks > 0 || row.against))
                            .then(|| Icon::Warning.into_render())
                    }}
                    {says}
                </span>
            </button>
        </li>
    }
}

/// Gives a row the focus once it is drawn.
pub(super) fn focus_row(id: ProjectId) {
    request_animation_frame(move || {
        if let Some(row) = dom::by_attribute("data-item", &id.to_string()) {
            dom::focus_quietly(&row);
            dom::bring_into_sight(&row);
        }
    });
}

/// Gives what is before the person the focus at its title, from where the keys go on to its form.
pub(super) fn focus_case(id: ProjectId) {
    request_animation_frame(move || {
        let case = dom::by_attribute("data-case", &id.to_string());
        let title = case.and_then(|case| case.query_selector("h2").ok().flatten());
        if let Some(title) = title.and_then(|title| title.dyn_into::<web_sys::HtmlElement>().ok()) {
            dom::focus_quietly(&title);
        }
    });
}
