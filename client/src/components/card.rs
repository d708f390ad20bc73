//! One card. There may be hundreds: it listens to nothing itself (the board does, for all of them), and each of its
//! signals touches one thing.

use leptos::prelude::*;

use super::{Show, verdict_name};
use crate::{
    format,
    session::{CardView, Hand},
    text::text,
    typed::initials,
};

/// A card, as an item of its pile's list.
#[component]
pub(crate) fn Card(
    /// Its signals.
    card: CardView,
    /// The currency of the session's costs.
    currency: Signal<String>,
    /// The name of the pile, for who cannot see where the card lies.
    pile_name: Signal<String>,
) -> impl IntoView {
    let name = move || card.project.with(|project| project.name.clone());
    let sponsor = move || {
        card.project.with(|project| {
            let who = if project.sponsor.is_empty() { &project.owner } else { &project.sponsor };
            who.clone()
        })
    };
    let cost = move || {
        card.project.with(|project| project.cost).map(|cost| format::short_money(cost, &currency.get()))
    };
    let marks = move || {
        let marks = card.marks.get();
        let verdict = marks.verdict.map(|verdict| {
            view! {
                <span class="card-verdict" data-verdict=verdict.as_str()>
                    {verdict_name(verdict)}
                </span>
            }
        });
        let words = &text().open_card;
        let notes = (marks.notes > 0).then(|| {
            let says = (words.noted)(marks.notes);
            let heard = says.clone();
            view! {
                <span class="card-noted" title=says>
                    <span aria-hidden="true">{marks.notes}</span>
                    <span class="unseen">{heard}</span>
                </span>
            }
        });
        (verdict, notes)
    };
    let arrived = card.arrived.get_untracked();
    view! {
        <li
            class="card"
            class:selected=move || card.selected.get()
            class:held=move || card.hands.with(|hands| hands.iter().any(|hand| hand.holds))
            class:arrived=arrived
            data-testid="card"
            data-project=card.id.to_string()
            hidden=move || !card.shown.get()
        >
            <button
                type="button"
                class="card-face"
                tabindex=move || if card.tab_stop.get() { "0" } else { "-1" }
                aria-pressed=move || if card.selected.get() { "true" } else { "false" }
                aria-describedby="card-keys"
            >
                <span class="card-name">{name}</span>
                <span class="unseen">{move || (text().card.lies_on)(&pile_name.get())}</span>
                <span class="card-facts tabular">
                    <span class="card-sponsor">{sponsor}</span>
                    {marks}
                    <span class="card-cost">{cost}</span>
                </span>
            </button>
            <Show when=move || card.hands.with(|hands| !hands.is_empty())>
                <span class="hands">
                    {move || card.hands.get().into_iter().map(|hand| view! { <Tag hand=hand /> }).collect_view()}
                </span>
            </Show>
        </li>
    }
}

/// Whose hand is on the card.
#[component]
fn Tag(hand: Hand) -> impl IntoView {
    let colour = format!("var(--{})", super::faces::token(&hand.colour));
    let says = if hand.holds { hand.name.clone() } else { initials(&hand.name) };
    view! {
        <span class="hand" class:holds=hand.holds style:--hand=colour title=hand.name.clone()>
            {says}
        </span>
    }
}
