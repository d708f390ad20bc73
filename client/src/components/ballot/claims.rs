//! The four questions: tick what is true, one tap for nothing. Claims of fact name their source.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, Item, Source},
    limits,
    methods::{Thresholds, is_contested},
    results::Counts,
    words::{Claim, Question},
};

use super::{answering::Answering, words::claim_words};
use crate::{effect::memo, text::text};

/// What is asked of an item. Whether it is tied to the strategy is asked only where the last sort did not settle it.
pub(super) fn asked(answering: Answering, item: &Item) -> Vec<Claim> {
    let board = answering.live.board.board();
    let settled = board.last_round(Question::Placement).is_some_and(|(_, round, _)| {
        match round.of(item).and_then(|tally| tally.counts.as_ref()) {
            Some(Counts::Placement(piles)) => {
                piles.answered() >= 2 && !is_contested(piles, &Thresholds::default())
            }
            _ => false,
        }
    });
    Claim::ALL.iter().copied().filter(|claim| !settled || *claim != Claim::Strategy).collect()
}

/// What is ticked in an answer.
pub(super) fn ticked(answer: Option<&Answer>) -> (Vec<Claim>, Vec<Source>) {
    match answer {
        Some(Answer::Claims { claims, sources }) => (claims.clone(), sources.clone()),
        _ => (Vec::new(), Vec::new()),
    }
}

/// Ticks a claim, or takes the tick away. What nobody ticks any more is not answered: that nothing is true is said by a
/// tap of its own.
pub(super) fn toggle(answering: Answering, claim: Claim) {
    let Some(item) = answering.current.get_untracked() else { return };
    let answer = untrack(|| answering.answer(&item));
    let (mut claims, mut sources) = ticked(answer.as_ref());
    if claims.contains(&claim) {
        claims.retain(|other| *other != claim);
        sources.retain(|source| source.claim != claim);
    } else {
        claims.push(claim);
        claims.sort();
    }
    answering.cast(item, (!claims.is_empty()).then_some(Answer::Claims { claims, sources }));
}

/// The answer that nothing is true.
pub(super) fn nothing() -> Answer {
    Answer::Claims { claims: Vec::new(), sources: Vec::new() }
}

/// The claims as boxes to tick, and one button for none of them.
#[component]
pub(super) fn ClaimPad(answering: Answering) -> impl IntoView {
    let words = &text().ballot.asks;
    let asked =
        memo(move |_| answering.current.get().map(|item| asked(answering, &item)).unwrap_or_default());
    let none = move || answering.current_answer() == Some(nothing());
    view! {
        <div class="pad claims-pad" role="group" aria-label=text().ballot.way.answers>
            {move || {
                asked.get().into_iter().enumerate().map(|(at, claim)| row(answering, at, claim)).collect_view()
            }}
            <button
                type="button"
                class="choice off"
                data-testid="answer"
                data-answer="nothing"
                style:--c="var(--hobby)"
                aria-pressed=move || if none() { "true" } else { "false" }
                on:click=move |event| answering.answer_and_go_on(nothing(), event.detail())
            >
                <span class="choice-says">{words.none_true}</span>
                <kbd class="for-keys" aria-hidden="true">"0"</kbd>
            </button>
        </div>
    }
}

fn row(answering: Answering, at: usize, claim: Claim) -> AnyView {
    let is_ticked = memo(move |_| ticked(answering.current_answer().as_ref()).0.contains(&claim));
    view! {
        <label class="choice claim" style:--c="var(--ink)">
            <input
                type="checkbox"
                data-testid="claim"
                data-claim=claim.as_str()
                prop:checked=move || is_ticked.get()
                on:change=move |_| toggle(answering, claim)
            />
            <span class="choice-says">{claim_words(claim)}</span>
            <kbd class="for-keys" aria-hidden="true">{(at + 1).to_string()}</kbd>
        </label>
        {move || (claim.is_checked() && is_ticked.get()).then(|| source(answering, claim))}
    }
    .into_any()
}

/// Where a claim can be checked.
fn source(answering: Answering, claim: Claim) -> impl IntoView {
    let words = &text().ballot.asks;
    let asks = if claim == Claim::Revenue { words.source_of_revenue } else { words.source_of_required };
    let item = answering.current.get_untracked();
    let (_, sources) = ticked(untrack(|| answering.current_answer()).as_ref());
    let stands = sources.into_iter().find(|source| source.claim == claim).map(|source| source.text);
    let of = item.clone();
    let save = move |typed: String| {
        let Some(item) = of.clone() else { return };
        let (claims, mut sources) = ticked(untrack(|| answering.answer(&item)).as_ref());
        let typed = typed.trim().to_owned();
        sources.retain(|source| source.claim != claim);
        if !typed.is_empty() {
            sources.push(Source { claim, text: typed });
        }
        if claims.contains(&claim) {
            answering.cast(item, Some(Answer::Claims { claims, sources }));
        }
    };
    let id = format!("source-{claim}");
    view! {
        <div class="field source-field">
            <label for=id.clone()>{asks}</label>
            <input
                id=id.clone()
                type="text"
                autocomplete="off"
                maxlength=limits::SOURCE.to_string()
                data-testid=id.clone()
                aria-describedby=format!("{id}-hint")
                value=stands
                on:change:target=move |event| save(event.target().value())
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        event_target::<web_sys::HtmlElement>(&event).blur().ok();
                        answering.go_on();
                    }
                }
            />
            <p class="hint" id=format!("{id}-hint")>
                {words.source_hint}
            </p>
        </div>
    }
}
