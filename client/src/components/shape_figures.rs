//! All figures of the portfolio's shape as a table: projects, cost and people of each pile, and how far they are known.

use leptos::prelude::*;
use plumbline_shared::board::Pile;

use super::{
    For,
    shape_bar::{currency, told},
};
use crate::{
    effect::memo,
    session::BoardView,
    shape::{Heap, Measure},
    text::text,
};

/// The table, in a region of its own, since it scrolls where there are many pillars.
#[component]
pub(super) fn ShapeFigures(board: BoardView) -> impl IntoView {
    let words = &text().board;
    let piles = board.piles_between(&[], &[Pile::Off, Pile::Unsorted]);
    let all = memo(move |_| board.shape.with(|shape| shape.all()));
    view! {
        <div class="figures" role="region" tabindex="0" aria-label=words.figures data-testid="figures">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{words.pile}</th>
                        <th scope="col">{words.shape_projects}</th>
                        <th scope="col">{words.shape_cost}</th>
                        <th scope="col">{words.shape_people}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || piles.get() let:pile>
                        {row(
                            board,
                            Signal::derive(move || board.pile_name(pile)),
                            Signal::derive(move || board.pile_colour(pile)),
                            memo(move |_| board.shape.with(|shape| shape.heap(pile))),
                        )}
                    </For>
                </tbody>
                <tfoot>
                    {row(
                        board,
                        Signal::derive(move || words.all_piles.to_owned()),
                        Signal::derive(|| "transparent".to_owned()),
                        all,
                    )}
                </tfoot>
            </table>
        </div>
    }
}

fn row(board: BoardView, name: Signal<String>, colour: Signal<String>, heap: Memo<Heap>) -> AnyView {
    view! {
        <tr style:--c=colour>
            <th scope="row">{name}</th>
            <td>{move || heap.get().projects}</td>
            <td>{figure(board, heap, Measure::Cost)}</td>
            <td>{figure(board, heap, Measure::People)}</td>
        </tr>
    }
    .into_any()
}

/// An amount, and for how many of how many projects it is known, unless that is all of them.
fn figure(board: BoardView, heap: Memo<Heap>, measure: Measure) -> AnyView {
    let words = &text().board;
    let says = move || {
        let heap = heap.get();
        let known = heap.known(measure);
        let amount = (known > 0).then(|| told(measure, heap.amount(measure), &currency(board)));
        let covers = (known < heap.projects).then(|| match known {
            0 => words.figure_unknown.to_owned(),
            known => (words.figure_known)(known, heap.projects),
        });
        view! {
            {amount}
            " "
            {covers.map(|covers| view! { <small class="quiet">{covers}</small> })}
        }
    };
    view! { {says} }.into_any()
}
