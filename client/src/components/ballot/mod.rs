//! Ballots: what is answered in private.

mod answering;
mod claims;
mod course;
mod dots;
mod mark;
mod overview;
mod pads;
mod paper;
mod paper_row;
mod promise;
mod review;
mod scale;
mod second;
mod states;
mod subject;
mod top;
mod words;
mod writing;

use leptos::prelude::*;
use plumbline_shared::{
    ids::StepId,
    results::Round,
    words::{Question, StepState},
};

use self::{
    answering::Answering,
    course::Course,
    dots::Dots,
    overview::Overview,
    promise::Promise,
    scale::Scales,
    states::{LooksOn, OnItsWay, Say, Sealed, TooLate, Waits},
    top::{Foot, Top},
    writing::Writings,
};
use crate::{
    components::changing,
    desk::Desk,
    effect::{effect, memo},
    session::Live,
    storage,
    text::text,
};

/// How far the ballot of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The session is closed.
    Closed,
    /// Who is here only looks on.
    LooksOn,
    /// The round has not been opened.
    Waits,
    /// It has, and the own ballot has not arrived.
    OnItsWay,
    /// The own ballot of that step and round; whether answers are taken.
    Asks(StepId, u32, bool),
}

impl Phase {
    /// What the session and the own ballot come to; tracked.
    fn of(live: Live) -> Self {
        let board = live.board;
        let (step, round, state, closed) = board.session.with(|session| {
            (session.step.unwrap_or_default(), session.round, session.step_state, session.closed)
        });
        let is_mine = board
            .own_ballot
            .with(|own| own.as_ref().is_some_and(|own| (own.step, own.round) == (step, round)));
        let is_shown = board
            .results
            .with(|results| results.get(&step).is_some_and(|results| results.rounds.contains_key(&round)));
        match state {
            _ if closed => Self::Closed,
            _ if live.looks_on() => Self::LooksOn,
            Some(StepState::Open | StepState::Sealed) if is_mine && is_shown => {
                Self::Asks(step, round, state == Some(StepState::Open))
            }
            Some(StepState::Open | StepState::Sealed) => Self::OnItsWay,
            _ => Self::Waits,
        }
    }
}

/// The own ballot of the current step, while it waits, is open or sealed.
#[component]
pub(crate) fn BallotView() -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    // A card that was open on the board has nothing to do with the answers, and its keys would place it.
    desk.clear();
    let phase = memo(move |_| Phase::of(live));
    say_changes(live, phase);
    let states = &text().ballot.states;
    let read = RwSignal::new(promise::has_read(live));
    changing(move || match phase.get() {
        Phase::Closed => {
            view! { <Say name="ballot-closed" title=states.closed_title says=states.closed /> }.into_any()
        }
        Phase::LooksOn => view! { <LooksOn live=live /> }.into_any(),
        Phase::Waits => view! { <Waits live=live /> }.into_any(),
        Phase::OnItsWay => view! { <OnItsWay live=live /> }.into_any(),
        Phase::Asks(step, number, open) => match round_of(live, step, number) {
            Some(round) => {
                let answering = Answering::of(live, step, number, round);
                view! { <Asked answering=answering open=open read=read /> }.into_any()
            }
            None => view! { <OnItsWay live=live /> }.into_any(),
        },
    })
}

fn round_of(live: Live, step: StepId, number: u32) -> Option<Round> {
    live.board.results.with_untracked(|results| results.get(&step)?.rounds.get(&number).cloned())
}

/// Says to screen readers that a round was opened or sealed. Where there is an agenda, its line says so.
fn say_changes(live: Live, phase: Memo<Phase>) {
    let before = StoredValue::new(phase.get_untracked());
    effect(move || {
        let words = &text().ballot.states;
        let now = phase.get();
        match (before.get_value(), now) {
            _ if live.board.agenda.with_untracked(|agenda| agenda.len() > 1) => {}
            (Phase::Asks(.., true), Phase::Asks(.., false)) => live.notices().say(words.said_sealed),
            (Phase::Waits | Phase::OnItsWay, Phase::Asks(.., true)) => live.notices().say(words.said_open),
            _ => {}
        }
        before.set_value(now);
    });
}

/// A round with a ballot of one's own.
#[component]
fn Asked(answering: Answering, open: bool, read: RwSignal<bool>) -> impl IntoView {
    let live = answering.live;
    let drives = live.me.get_untracked().role == plumbline_shared::words::Role::Facilitator;
    let takes_part =
        RwSignal::new(!drives || storage::read::<bool>(&overview::takes_part_key(answering)) == Some(true));
    let nothing = memo(move |_| answering.sheet.with(|sheet| sheet.lines.is_empty()));
    let all_out = memo(move |_| answering.sheet.with(|sheet| !sheet.lines.is_empty() && sheet.of_all() == 0));
    let states = &text().ballot.states;
    let begin = move |()| {
        promise::remember_read(live);
        read.set(true);
        promise::focus_heading();
    };
    changing(move || {
        if !takes_part.get() {
            return view! { <Overview answering=answering open=open takes_part=takes_part /> }.into_any();
        }
        if nothing.get() {
            return view! { <Say name="ballot-nothing" title=states.nothing_title says=states.nothing /> }
                .into_any();
        }
        if !open {
            return view! { <Sealed answering=answering /> }.into_any();
        }
        if !read.get() {
            return view! { <Promise begin=begin /> }.into_any();
        }
        let question = answering.question();
        let asks = match question {
            Question::Dots => view! { <Dots answering=answering /> }.into_any(),
            Question::Scale => view! { <Scales answering=answering /> }.into_any(),
            Question::Text => view! { <Writings answering=answering /> }.into_any(),
            _ => view! { <Course answering=answering /> }.into_any(),
        };
        view! {
            <section class="ballot" data-testid="ballot" data-question=question.as_str()>
                <Top answering=answering takes_part=takes_part drives=drives />
                <div class="ballot-body">
                    <TooLate answering=answering />
                    {move || all_out.get().then(|| view! { <p class="hint">{states.all_out}</p> })}
                    {asks}
                </div>
                <Foot answering=answering />
            </section>
        }
        .into_any()
    })
}
