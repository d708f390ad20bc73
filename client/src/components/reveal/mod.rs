//! What a round came to, for the room: counts and words, and for sorting three beats.

mod agreed;
mod answers;
mod bars;
mod beside;
mod claims;
mod detail;
mod discussed;
mod dots;
mod evidence;
mod one_split;
mod place_agreed;
mod queue;
mod scale;
mod shape;
mod sorting;
mod splits;
mod told;
mod verdicts;
mod words;

use leptos::prelude::*;
use plumbline_shared::{
    ids::{ProjectId, StepId},
    messages::Command,
    words::Question,
};

pub(crate) use bars::{Bar, PileBars, bars, pile_bars};
pub(crate) use beside::both;
pub(crate) use claims::{by_claims, summary as claims_summary, tested_now};
pub(crate) use discussed::{Discussed, Lit, facts};
pub(crate) use dots::ranks;
pub(crate) use evidence::{EvidenceOf, evidence_of};
pub(crate) use queue::QueueBar;
pub(crate) use scale::{columns, middle, number_columns, word_rows};
pub(crate) use shape::{shape_bars, share_in_words, shares};
pub(crate) use splits::{Columns, HeatRow, heat_head};
pub(crate) use told::{Told, beat, focus, last_sorting, sorts_together};
pub(crate) use verdicts::{by_verdict, counts_of, parts, summary as verdict_sums};
pub(crate) use words::{
    choice_name, claims as claims_in_words, clock, item_name, outcome_colour, project_name, verdict_colour,
    verdicts as verdicts_in_words,
};

use super::{Icon, Show, changing};
use crate::{desk::Desk, effect::memo, session::Live, text::text};

/// What the current step came to.
#[component]
pub(crate) fn RevealView() -> impl IntoView {
    let live = Desk::used().live;
    let step = memo(move |_| live.board.session.with(|session| session.step));
    changing(move || step.get().map(|step| view! { <StepView step=step /> }))
}

#[component]
fn StepView(step: StepId) -> impl IntoView {
    let told = Told::of(Desk::used().live, step);
    let words = &text().reveal;
    let question = memo(move |_| told.question());
    let side_by_side = RwSignal::new(false);
    let two = memo(move |_| told.last_two());
    let answered = move || {
        let (eligible, answered, on_paper) = told
            .read(|round| round.tally.as_ref().map(|of| (of.eligible, of.answered, of.on_paper)))
            .flatten()?;
        Some((words.answered)(answered, eligible, on_paper))
    };
    let title = move || question.get().map(|question| (words.title)(question));
    let prompt = move || told.read(|round| round.prompt.clone()).filter(|prompt| !prompt.is_empty());
    let asked = memo(move |_| told.read(|round| !round.items.is_empty()).unwrap_or_default());
    view! {
        // It scrolls, and may have nothing in it that takes the focus.
        <section
            class="reveal"
            tabindex="0"
            aria-label=title
            data-testid="reveal"
            data-question=move || question.get().map(Question::as_str)>
            <header class="reveal-head">
                <div>
                    <h2 tabindex="-1">{title}</h2>
                    {move || prompt().map(|prompt| view! { <p class="reveal-prompt">{prompt}</p> })}
                    <p class="hint tabular" data-testid="answered">{answered}</p>
                </div>
                <Show when=move || two.get().is_some()>
                    <Rounds told=told side_by_side=side_by_side />
                </Show>
            </header>
            {move || match (question.get(), two.get().filter(|_| side_by_side.get())) {
                (None, _) => view! { <p class="reveal-none">{words.not_revealed}</p> }.into_any(),
                (Some(_), _) if !asked.get() => {
                    view! { <p class="reveal-none">{words.nothing_asked}</p> }.into_any()
                }
                (Some(_), Some(two)) => view! { <beside::Beside told=told two=two /> }.into_any(),
                (Some(Question::Placement), None) => view! { <sorting::Beats told=told /> }.into_any(),
                (Some(Question::Hobby), None) => view! { <claims::Claims told=told /> }.into_any(),
                (Some(Question::Verdict), None) => view! { <verdicts::Verdicts told=told /> }.into_any(),
                (Some(Question::Dots), None) => view! { <dots::Dots told=told /> }.into_any(),
                (Some(Question::Scale), None) => view! { <scale::Scales told=told /> }.into_any(),
                (Some(Question::Text), None) => view! { <answers::Answers told=told /> }.into_any(),
            }}
        </section>
    }
}

/// Which round is looked at: one of them, or the last two side by side.
#[component]
fn Rounds(told: Told, side_by_side: RwSignal<bool>) -> impl IntoView {
    let words = &text().reveal;
    let shown = memo(move |_| told.round.with(|round| round.as_ref().map(|(number, _)| *number)));
    let choice = move |says: String, name: &'static str, on: Memo<bool>, pick: Callback<()>| {
        view! {
            <button
                type="button"
                data-testid=name
                aria-pressed=move || if on.get() { "true" } else { "false" }
                on:click=move |_| pick.run(())
            >
                {says}
            </button>
        }
    };
    let choices = move || {
        let rounds = told.revealed.get().into_iter().map(|number| {
            let on = memo(move |_| shown.get() == Some(number) && !side_by_side.get());
            let pick = Callback::new(move |()| {
                side_by_side.set(false);
                told.picked.set(Some(number));
            });
            choice((words.round)(number), "round", on, pick)
        });
        rounds.collect_view()
    };
    let both = memo(move |_| side_by_side.get());
    view! {
        <div class="choice-row" role="group" aria-label=words.rounds data-testid="rounds">
            {choices}
            {choice(
                words.side_by_side.to_owned(),
                "side-by-side",
                both,
                Callback::new(move |()| side_by_side.set(true)),
            )}
        </div>
    }
}

/// Puts a project into the spotlight, for everybody, or takes the spotlight away.
pub(crate) fn spotlight(live: Live, project: Option<ProjectId>, only: bool) {
    if let Some(seen) = live.seen() {
        live.command(Command::Focus { seen, project, only });
    }
}

/// Begins to talk about a project: whoever drives shows it to everybody, everybody else opens its card.
fn talk_about(desk: Desk, project: ProjectId) {
    let live = desk.live;
    if untrack(|| live.drives()) {
        let only = live.board.session.with_untracked(|session| session.focus_only);
        spotlight(live, Some(project), only);
    }
    desk.open_card(project);
}

/// The name of a project, to be talked about; marked while it is in the spotlight.
#[component]
fn Named(project: ProjectId) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let lit = focus(desk.live);
    let says = move || if desk.live.drives() { text().reveal.talk_about } else { text().reveal.open_card };
    view! {
        <button
            type="button"
            class="named"
            data-testid="named"
            data-item=project.to_string()
            title=says
            on:click=move |_| talk_about(desk, project)
        >
            <span>{move || project_name(board, project)}</span>
            {move || (lit.get() == Some(project)).then(lit_mark)}
        </button>
    }
}

/// The mark of what has two camps, with its word.
pub(crate) fn camps_mark() -> AnyView {
    view! { <p class="camps-mark">{Icon::Camps} <span>{text().reveal.sorting.two_camps}</span></p> }
        .into_any()
}

/// The mark of what is in the spotlight.
fn lit_mark() -> AnyView {
    view! {
        <span class="lit-mark" title=text().reveal.spotlight>
            {Icon::Spot}
            <span class="unseen">{format!(", {}", text().reveal.spotlight)}</span>
        </span>
    }
    .into_any()
}
