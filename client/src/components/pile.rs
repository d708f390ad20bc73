//! A pile: its head, and its cards in their order.

use leptos::prelude::*;
use plumbline_shared::board::Pile;

use super::{Card, For, cost_and_people};
use crate::{
    desk::{Desk, Filter, pile_key},
    effect::memo,
    text::text,
};

/// Keys `1` to `9`, and no more, place on a pillar.
const NUMBERED: usize = 9;

/// The column of a pillar, or of what is off strategy.
#[component]
pub(crate) fn PileColumn(
    /// Which pile.
    pile: Pile,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let words = &text().board;
    let at = memo(move |_| match pile {
        Pile::Pillar(id) => board.pillars.with(|pillars| pillars.iter().position(|pillar| pillar.id == id)),
        _ => None,
    });
    let key = move || match (pile, at.get()) {
        (Pile::Off, _) => Some("0".to_owned()),
        (_, Some(at)) if at < NUMBERED => Some((at + 1).to_string()),
        _ => None,
    };
    let note = move || match pile {
        Pile::Pillar(id) => board.pillars.with(|pillars| {
            pillars
                .iter()
                .find(|pillar| pillar.id == id)
                .map(|pillar| {
                    if pillar.rules_out.is_empty() {
                        pillar.intent.clone()
                    } else {
                        (words.rules_out)(&pillar.rules_out)
                    }
                })
                .unwrap_or_default()
        }),
        _ => words.off_hint.to_owned(),
    };
    let currency = Signal::derive(move || board.session.with(|session| session.currency.clone()));
    let sum = move || {
        let heap = board.shape.with(|shape| shape.heap(pile));
        currency.with(|currency| cost_and_people(&heap, currency))
    };
    let name = Signal::derive(move || board.pile_name(pile));
    let heading = format!("pile-{}", pile_key(pile));
    let labelled = heading.clone();
    view! {
        <section
            class="pile"
            class:off=pile == Pile::Off
            class:over=move || desk.over.get() == Some(pile)
            data-testid="pile"
            data-pile=pile_key(pile)
            aria-labelledby=labelled
            style:--c=move || board.pile_colour(pile)
        >
            <header class="pile-head">
                <h2 id=heading title=name>
                    {name}
                </h2>
                {move || key().map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
                <p class="pile-sum tabular">
                    <span>{sum}</span>
                    <PileCount pile=pile />
                </p>
                <p class="pile-note" title=note>
                    {note}
                </p>
            </header>
            <Cards pile=pile currency=currency name=name />
        </section>
    }
}

/// How many cards lie on a pile; how many of them are shown, where that is another number.
#[component]
pub(crate) fn PileCount(
    /// Which pile.
    pile: Pile,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let cards = board.pile(pile);
    let count = move || {
        // Not the cards themselves: those come onto the page in slices.
        let all = board.shape.with(|shape| shape.heap(pile).projects);
        if desk.filter.with(Filter::is_open) {
            return all.to_string();
        }
        let shown = cards.with(|cards| {
            cards.iter().filter(|id| board.card(**id).is_some_and(|card| card.shown.get())).count()
        });
        (text().board.shown_of)(shown, all)
    };
    view! { <span class="pile-count tabular">{move || count()}</span> }
}

/// The cards of a pile.
#[component]
pub(crate) fn Cards(
    /// Which pile.
    pile: Pile,
    /// The currency of the session's costs.
    currency: Signal<String>,
    /// The pile's name.
    name: Signal<String>,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let cards = board.pile(pile);
    let words = &text().board;
    let nothing = move || {
        if board.shape.with(|shape| shape.heap(pile).projects == 0) {
            return (pile != Pile::Unsorted).then_some(words.nothing_here);
        }
        let hidden = !desk.filter.with(Filter::is_open)
            && cards
                .with(|cards| !cards.iter().any(|id| board.card(*id).is_some_and(|card| card.shown.get())));
        hidden.then_some(words.nothing_matches)
    };
    view! {
        <ul class="cards" role="list">
            <For each=move || cards.get() let:id>
                {board.card(id).map(|card| view! { <Card card=card currency=currency pile_name=name /> })}
            </For>
        </ul>
        <Hovering pile=pile />
        {move || nothing().map(|says| view! { <p class="nothing">{says}</p> })}
    }
}

/// The cards that others hold over a pile, at its foot: nothing on the pile makes way for them.
#[component]
fn Hovering(pile: Pile) -> impl IntoView {
    let board = Desk::used().live.board;
    let here = memo(move |_| {
        board.hovering.with(|all| {
            all.iter()
                .filter(|(over, ..)| *over == pile)
                .filter_map(|(_, id, hand)| {
                    let name = board.card(*id)?.project.with_untracked(|project| project.name.clone());
                    Some((name, hand.clone()))
                })
                .collect::<Vec<_>>()
        })
    });
    move || {
        let here = here.get();
        (!here.is_empty()).then(|| {
            view! {
                <div class="hovering" aria-hidden="true" data-testid="hovering">
                    {here
                        .into_iter()
                        .map(|(name, hand)| {
                            let colour = format!("var(--{})", super::faces::token(&hand.colour));
                            view! {
                                <div class="card hovering-card" style:--hand=colour>
                                    <span class="card-name">{name}</span>
                                    <span class="hand">{hand.name}</span>
                                </div>
                            }
                        })
                        .collect_view()}
                </div>
            }
        })
    }
}
