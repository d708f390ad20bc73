//! One card. There may be hundreds: it listens to nothing itself (the board does, for all of them), and it has few
//! effects, each of which touches one thing.

use leptos::prelude::*;

use super::{Icon, verdict_name};
use crate::{
    format,
    session::{CardView, Hand, Marks},
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
    let arrived = card.arrived.get_untracked();
    let class = move || {
        let held = card.hands.with(|hands| hands.iter().any(|hand| hand.holds));
        match (card.selected.get(), held, arrived) {
            (false, false, false) => "card",
            (true, false, _) => "card selected",
            (false, true, _) => "card held",
            (true, true, _) => "card selected held",
            (false, false, true) => "card arrived",
        }
    };
    let face = move || {
        let (name, sponsor, cost) = card.project.with(|project| {
            let who = if project.sponsor.is_empty() { &project.owner } else { &project.sponsor };
            let cost = project.cost.map(|cost| currency.with(|currency| format::short_money(cost, currency)));
            (project.name.clone(), who.clone(), cost)
        });
        view! {
            <span class="card-name">{name}</span>
            <span class="unseen">{(text().card.lies_on)(&pile_name.get())}</span>
            <span class="card-facts tabular">
                <span class="card-sponsor">{sponsor}</span>
                {written(card.marks.get())}
                <span class="card-cost">{cost}</span>
            </span>
        }
    };
    view! {
        <li class=class data-testid="card" data-project=card.id.to_string() hidden=move || !card.shown.get()>
            <button
                type="button"
                class="card-face"
                tabindex=move || if card.tab_stop.get() { "0" } else { "-1" }
                aria-pressed=move || if card.selected.get() { "true" } else { "false" }
                aria-describedby="card-keys"
            >
                {face}
            </button>
            {move || {
                let hands = card.hands.get();
                (!hands.is_empty())
                    .then(|| {
                        let tags = hands.into_iter().map(|hand| view! { <Tag hand=hand /> }).collect_view();
                        view! { <span class="hands">{tags}</span> }
                    })
            }}
        </li>
    }
}

/// What has been written on it: verdict, flags, notes.
fn written(marks: Marks) -> Option<AnyView> {
    if marks == Marks::default() {
        return None;
    }
    let words = &text().open_card;
    let flag = match (marks.flags, marks.own_flag) {
        (0, false) => None,
        (0, true) => Some((String::new(), words.flagged_own.to_owned())),
        (count, _) => Some((count.to_string(), (words.flagged)(count))),
    };
    let note = (marks.notes > 0).then(|| (marks.notes.to_string(), (words.noted)(marks.notes)));
    let sign = |class: &'static str, (shown, says): (String, String)| {
        view! {
            <span class=class title=says.clone()>
                <span aria-hidden="true">{shown}</span>
                <span class="unseen">{format!(", {says}")}</span>
            </span>
        }
    };
    let claims = &text().reveal.claims;
    let marks = view! {
        <span class="card-marks">
            {marks
                .gone
                .then(|| {
                    view! {
                        <span class="card-gone" title=text().checkpoint.gone_says data-testid="card-gone">
                            {text().checkpoint.gone}
                        </span>
                    }
                })}
            {marks
                .hobby
                .then(|| {
                    view! {
                        <span class="card-hobby" title=claims.mark_says data-testid="card-hobby">
                            {Icon::Hobby}
                            {claims.mark}
                        </span>
                    }
                })}
            {flag.map(|flag| sign("card-flag", flag))}
            {note.map(|note| sign("card-noted", note))}
            {marks
                .verdict
                .map(|verdict| {
                    view! {
                        <span class="card-verdict" data-verdict=verdict.as_str()>
                            {verdict_name(verdict)}
                        </span>
                    }
                })}
        </span>
    };
    Some(marks.into_any())
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
