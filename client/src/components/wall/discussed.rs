//! The project that everybody talks about, on the wall.

use leptos::prelude::*;
use plumbline_shared::{methods::PileCounts, readings::Signs};

use crate::{
    components::{
        Icon,
        reveal::{bars, camps_mark, evidence_of, facts, focus, pile_bars},
        verdict_name,
    },
    effect::memo,
    session::{CardView, Live},
    text::text,
};

/// How many reasons of flags there is room for.
const REASONS: usize = 2;
/// How many piles there is room for.
const PILES: usize = 5;

/// The project in the spotlight.
#[component]
pub(super) fn WallDiscussed(live: Live) -> impl IntoView {
    let lit = focus(live);
    super::changing(move || {
        lit.get().and_then(|id| live.board.card(id)).map(|card| view! { <Lit live=live card=card /> })
    })
}

#[component]
fn Lit(live: Live, card: CardView) -> impl IntoView {
    let board = live.board;
    let words = &text().reveal;
    let evidence = memo(move |_| evidence_of(board, card.id));
    let marks = card.marks;
    let flags = move || {
        board.flagged.track();
        let flags = board.board().flags.get(&card.id).cloned().filter(|flags| flags.count > 0)?;
        let reasons = flags.reasons.into_iter().filter(|why| !why.is_empty()).take(REASONS);
        let reasons = reasons.map(|why| view! { <li>{why}</li> }).collect_view();
        Some(view! {
            <p class="wall-flagged">{(words.queue.flags)(flags.count)}</p>
            <ul class="wall-reasons">{reasons}</ul>
        })
    };
    view! {
        <div class="wall-scene wall-discussed" data-testid="wall-discussed" data-item=card.id.to_string()>
            <p class="wall-says">{words.queue.discussed}</p>
            <h1>{move || card.project.with(|project| project.name.clone())}</h1>
            <p class="wall-says">
                {move || facts(card, &board.session.with(|session| session.currency.clone()))}
                {move || marks.get().verdict.map(|verdict| format!(" · {}", verdict_name(verdict)))}
            </p>
            {move || {
                board
                    .session
                    .with(|session| session.focus_only)
                    .then(|| view! { <p class="wall-only">{Icon::Lock} {words.queue.only_says}</p> })
            }}
            {move || {
                evidence
                    .get()
                    .sorted
                    .map(|sorted| {
                        let shown = sorted.counts.map(|counts| {
                            view! { <Sorted live=live counts=counts /> }.into_any()
                        });
                        view! {
                            <h2>{sorted.title}</h2>
                            {shown.unwrap_or_else(|| view! { <p class="wall-says">{sorted.says}</p> }.into_any())}
                            {sorted.heard.map(|heard| view! { <p class="wall-says quiet">{heard}</p> })}
                        }
                    })
            }}
            {flags}
            {move || {
                evidence
                    .get()
                    .lines
                    .into_iter()
                    .map(|(title, says)| {
                        view! { <p class="wall-evidence"><b>{title}</b> " " {says}</p> }
                    })
                    .collect_view()
            }}
        </div>
    }
}

#[component]
fn Sorted(live: Live, counts: PileCounts) -> impl IntoView {
    let words = &text().reveal.sorting;
    let signs = Signs::of(&counts);
    let of = counts.answered() + counts.unknown;
    view! {
        {super::changing(move || {
            let mut all = pile_bars(live.board, &counts);
            all.truncate(PILES);
            bars(all, of)
        })}
        {signs.two_camps.then(camps_mark)}
        {signs.dim.then(|| view! { <p class="wall-says">{words.dim_mark}</p> })}
    }
}
