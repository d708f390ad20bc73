//! The board on the wall, as it changes: every pile with its figures and the names of the cards that came to it last.

use leptos::prelude::*;
use plumbline_shared::board::Pile;

use super::{For, Show, cost_and_people, faces};
use crate::{desk::pile_key, effect::memo, session::BoardView, shape::Measure, text::text};

/// So many piles have room one below the other; one more has it if they lie closer, and more than that lie in two
/// columns.
const ROOMY: usize = 8;
/// More piles than this have no room for names of cards.
const NAMED: usize = 16;
/// More names than this no row has room for.
const NAMES: usize = 6;

/// A name on a pile.
#[derive(Clone, PartialEq)]
struct Name {
    says: String,
    /// Whose hand holds the card over the pile, and that person's colour.
    held: Option<(String, String)>,
    /// Whether it is the card that came last of all.
    newest: bool,
}

/// The piles, each with its name, how many projects, what they cost and how many people work on them.
#[component]
pub(crate) fn WallPiles(
    /// The board.
    board: BoardView,
) -> impl IntoView {
    let piles = board.piles_between(&[], &[Pile::Off, Pile::Unsorted]);
    let count = memo(move |_| piles.with(Vec::len));
    let class = move || match count.get() {
        0..=ROOMY => "wall-piles",
        n if n == ROOMY + 1 => "wall-piles dense",
        _ => "wall-piles crowded",
    };
    let most = memo(move |_| {
        board.shape.with(|shape| {
            let pillars = shape.pillars.iter().map(|(_, heap)| heap.projects);
            pillars.chain([shape.off.projects, shape.unsorted.projects, 1]).max().unwrap_or(1)
        })
    });
    let heap = move |pile| board.shape.with(|shape| shape.heap(pile));
    let share = move |pile| {
        #[allow(clippy::cast_precision_loss, reason = "a board has at most a thousand projects")]
        let share = heap(pile).amount(Measure::Projects) / most.get() as f64;
        share.to_string()
    };
    let known = move |pile| board.session.with(|session| cost_and_people(&heap(pile), &session.currency));
    view! {
        <ol
            class=class
            aria-label=text().wall.shape
            style:--rows=move || count.get().div_ceil(2).to_string()
        >
            <For each=move || piles.get() let:pile>
                <li
                    data-pile-row=pile_key(pile)
                    data-testid="wall-pile"
                    class:off=pile == Pile::Off
                    class:unsorted=pile == Pile::Unsorted
                    style:--c=move || board.pile_colour(pile)
                >
                    <span class="wall-name" data-testid="wall-name">{move || board.pile_name(pile)}</span>
                    <span class="wall-known tabular" data-testid="wall-known">{move || known(pile)}</span>
                    <span class="wall-count tabular">{move || heap(pile).projects}</span>
                    <span class="wall-track">
                        <i style:--share=move || share(pile) />
                    </span>
                    <Show when=move || count.get() <= NAMED>
                        <Names board=board pile=pile />
                    </Show>
                </li>
            </For>
        </ol>
    }
}

/// The names on one pile: cards that somebody holds over it, then those that came last, then the rest from its end. A
/// row shows as many as there is room for, each of them whole.
#[component]
fn Names(board: BoardView, pile: Pile) -> impl IntoView {
    let cards = board.pile(pile);
    let names = memo(move |_| {
        let name = |id| board.card(id).map(|card| card.project.with(|project| project.name.clone()));
        let held = board.hovering.with(|hovering| {
            let over = hovering.iter().filter(|(over, ..)| *over == pile);
            over.map(|(_, id, hand)| (*id, hand.clone())).collect::<Vec<_>>()
        });
        let (recent, newest) = board.latest.with(|latest| {
            let here = latest.iter().filter(|(_, on)| *on == pile).map(|(id, _)| *id);
            (here.collect::<Vec<_>>(), latest.first().map(|(id, _)| *id))
        });
        let mut ids = recent;
        // What is unsorted lies there since the beginning: only what came to it meanwhile is something that happens.
        if pile != Pile::Unsorted {
            let rest: Vec<_> =
                cards.with(|cards| cards.iter().rev().filter(|id| !ids.contains(id)).copied().collect());
            ids.extend(rest);
        }
        let in_hand = held.iter().filter_map(|(id, hand)| {
            let held = Some((hand.name.clone(), hand.colour.clone()));
            Some(Name { says: name(*id)?, held, newest: false })
        });
        let lying = ids
            .into_iter()
            .filter(|id| held.iter().all(|(other, _)| other != id))
            .filter_map(|id| Some(Name { says: name(id)?, held: None, newest: Some(id) == newest }));
        in_hand.chain(lying).take(NAMES).collect::<Vec<_>>()
    });
    let shown = move || {
        names
            .get()
            .into_iter()
            .map(|Name { says, held, newest }| {
                let colour = held.as_ref().map(|(_, colour)| format!("var(--{})", faces::token(colour)));
                let by = held.map(|(by, _)| view! { <b>{by}</b> });
                let class = match (&by, newest) {
                    (Some(_), _) => "held",
                    (None, true) => "newest",
                    _ => "",
                };
                view! {
                    <li class=class style:--hand=colour>
                        <span>{says}</span>
                        {by}
                    </li>
                }
            })
            .collect_view()
    };
    // It is there without names, too, so that nothing moves when the first one comes.
    view! {
        <ul class="wall-line" data-testid="wall-cards">
            {shown}
        </ul>
    }
}
