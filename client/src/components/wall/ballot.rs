//! A ballot on the wall: what is asked, how many are done, and what is promised.

use leptos::prelude::*;
use plumbline_shared::{
    ids::StepId,
    words::{Question, StepState},
};

use crate::{effect::memo, session::Live, text::text};

/// What is asked, in the usual words.
fn usual(question: Question, budget: u32) -> String {
    let asks = &text().ballot.asks;
    match question {
        Question::Placement => format!("{} {}", asks.placement, asks.placement_hint),
        Question::Hobby => format!("{} {}", asks.hobby, asks.hobby_hint),
        Question::Verdict => asks.verdict.to_owned(),
        Question::Dots => format!("{} {}", asks.dots, (text().reveal.wall.dots_each)(budget)),
        Question::Scale => asks.scale.to_owned(),
        Question::Text => asks.text.to_owned(),
    }
}

/// A ballot that is ready, open or sealed.
#[component]
pub(super) fn WallBallot(live: Live, step: StepId) -> impl IntoView {
    let board = live.board;
    let words = &text().reveal.wall;
    let state = memo(move |_| board.session.with(|session| session.step_state.unwrap_or(StepState::Open)));
    let title = move || super::step_title(live);
    // What the round that is open asks; before that, what the step will.
    let asks = memo(move |_| {
        let round = board.session.with(|session| session.round);
        let frozen = board.results.with(|all| {
            let round = all.get(&step)?.rounds.get(&round)?;
            Some((round.question, round.prompt.clone(), round.budget, Some(round.items.len())))
        });
        frozen.or_else(|| {
            board.agenda.with(|agenda| {
                let step = agenda.iter().find(|known| known.id == step)?;
                let question = step.question?;
                let options = plumbline_shared::agenda::Options::read(question, &step.options);
                Some((question, options.prompt, options.budget, None))
            })
        })
    });
    let progress = memo(move |_| {
        let round = board.session.with(|session| session.round);
        board.progress.get().filter(|of| of.step == step && of.round == round).map(|of| (of.done, of.of))
    });
    let says = move || match state.get() {
        StepState::Ready => words.ready,
        StepState::Open | StepState::Revealed => words.open,
        StepState::Sealed => words.sealed,
    };
    let asked = move || {
        asks.get().map(|(question, prompt, budget, items)| {
            let ask = if prompt.is_empty() { usual(question, budget) } else { prompt };
            let about_projects = !matches!(question, Question::Scale | Question::Text);
            let items = items.filter(|_| about_projects).map(|items| (words.items)(items));
            view! {
                <p class="wall-ask">{ask}</p>
                {items.map(|items| view! { <p class="wall-says">{items}</p> })}
            }
        })
    };
    let done = move || {
        let (done, of) = progress.get().filter(|(_, of)| *of > 0 && state.get() != StepState::Ready)?;
        let share = f64::from(done) / f64::from(of);
        let track = (done > 0).then(|| {
            view! {
                <div class="wall-track" aria-hidden="true">
                    <i style:--share=share.to_string() />
                </div>
            }
        });
        Some(view! {
            {track}
            <p class="wall-lead">{(text().ballot.way.room)(done, of)}</p>
        })
    };
    view! {
        <div class="wall-scene wall-ballot" data-testid="wall-ballot" data-state=move || state.get().as_str()>
            <h1>{title}</h1>
            {asked}
            <div class="wall-progress">
                <p class="wall-lead">{says}</p>
                {done}
            </div>
            <p class="wall-promise">{text().ballot.promise.private} " " {words.promise}</p>
        </div>
    }
}
