//! The project that everybody talks about, large, with what is known of it.

use leptos::prelude::*;

use super::{
    evidence::{evidence_of, sorted_alone},
    focus,
};
use crate::{
    components::{Icon, Later, changing},
    desk::Desk,
    effect::memo,
    format, parts,
    session::CardView,
    text::text,
};

/// The project in the spotlight; nothing where none is.
#[component]
pub(crate) fn Discussed() -> impl IntoView {
    let live = Desk::used().live;
    let lit = focus(live);
    changing(move || {
        let card = lit.get().and_then(|id| live.board.card(id));
        card.map(|card| view! { <Later part=move || parts::discussed(card) /> })
    })
}

/// "Chief executive · £3.1M · 14 people", as far as it is known; tracked.
pub(crate) fn facts(card: CardView, currency: &str) -> String {
    let words = &text().reveal.queue;
    card.project.with(|project| {
        let who = if project.sponsor.is_empty() { &project.owner } else { &project.sponsor };
        let mut facts: Vec<String> = Vec::new();
        facts.extend((!who.is_empty()).then(|| who.clone()));
        facts.extend(project.cost.map(|cost| format::short_money(cost, currency)));
        facts.extend(project.people.map(|people| (words.people)(&format::number(people))));
        facts.join(" · ")
    })
}

/// A project in the spotlight.
#[component]
pub(crate) fn Lit(card: CardView) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let board = live.board;
    let words = &text().reveal.queue;
    let only = memo(move |_| board.session.with(|session| session.focus_only));
    let facts = move || facts(card, &board.session.with(|session| session.currency.clone()));
    let evidence = memo(move |_| evidence_of(board, card.id));
    let flags = memo(move |_| {
        board.flagged.track();
        board.board().flags.get(&card.id).cloned().unwrap_or_default()
    });
    view! {
        <section class="discussed" aria-label=words.discussed data-testid="discussed" data-item=card.id.to_string()>
            <div class="discussed-what">
                <p class="discussed-now">{Icon::Spot} {words.discussed}</p>
                <h2>{move || card.project.with(|project| project.name.clone())}</h2>
                <p class="hint">{facts}</p>
                {move || only.get().then(|| view! { <p class="discussed-only" role="status">{Icon::Lock} {words.only_says}</p> })}
                <button
                    type="button"
                    class="button small"
                    data-testid="open-discussed"
                    on:click=move |_| desk.open_card(card.id)
                >
                    {text().reveal.open_card}
                </button>
            </div>
            {move || {
                evidence
                    .get()
                    .sorted
                    .map(|sorted| view! { <div class="discussed-alone">{sorted_alone(board, sorted)}</div> })
            }}
            {move || {
                let (flags, lines) = (flags.get(), evidence.get().lines);
                (flags.count > 0 || !lines.is_empty())
                    .then(|| {
                        let flagged = (flags.count > 0)
                            .then(|| {
                                let reasons = flags.reasons.into_iter().map(|why| view! { <li>{why}</li> });
                                view! {
                                    <h3 class="flag-count">{(words.flags)(flags.count)}</h3>
                                    <ul class="flag-reasons">{reasons.collect_view()}</ul>
                                }
                            });
                        let lines = lines
                            .into_iter()
                            .map(|(title, says)| view! { <h3>{title}</h3> <p class="tabular">{says}</p> });
                        view! { <div class="discussed-more">{flagged} {lines.collect_view()}</div> }
                    })
            }}
        </section>
    }
}
