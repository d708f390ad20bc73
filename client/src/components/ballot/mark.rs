//! What was answered, in a few characters: beside a name, in a list.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, Item},
    words::Claim,
};

use super::{answering::Answering, words::colour_of};
use crate::{components::changing, effect::memo, text::text};

/// The answer to an item, and whether it has been received.
#[component]
pub(super) fn Mark(answering: Answering, item: Item) -> impl IntoView {
    let words = &text().ballot.way;
    let waits = item.clone();
    let of = item.clone();
    let line = memo(move |_| answering.sheet.with(|sheet| sheet.line(&of).cloned()));
    changing(move || {
        let line = line.get()?;
        if line.out {
            return Some(view! { <span class="mark-out">{answering.why_out(&item)}</span> }.into_any());
        }
        let answer = line.answer?;
        let unsourced = unsourced(&answer).then(|| view! { <small>{words.no_source}</small> });
        Some(
            view! {
                <span class="mark-answer" style:--c=colour_of(answering.live, &answer) data-testid="mark">
                    {answering.in_words(&answer)}
                    {unsourced}
                </span>
                <Unconfirmed answering=answering item=waits.clone() />
            }
            .into_any(),
        )
    })
}

/// Whether an answer claims a fact and does not say where it can be checked.
fn unsourced(answer: &Answer) -> bool {
    let Answer::Claims { claims, sources } = answer else { return false };
    let named = |claim: &Claim| sources.iter().any(|source| source.claim == *claim);
    claims.iter().any(|claim| claim.is_checked() && !named(claim))
}

/// A small sign while the answer to an item has not been received.
#[component]
pub(super) fn Unconfirmed(answering: Answering, item: Item) -> impl IntoView {
    let words = &text().ballot.way;
    let waits =
        memo(move |_| answering.sheet.with(|sheet| sheet.line(&item).is_some_and(|line| !line.confirmed)));
    changing(move || {
        waits.get().then(|| {
            view! { <span class="unconfirmed" role="img" data-testid="unconfirmed" aria-label=words.unconfirmed /> }
        })
    })
}
