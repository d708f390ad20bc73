//! The second beat: what the room agrees on, pile by pile.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    board::Pile,
    ids::ProjectId,
    readings::{Sorting, as_pile, placed},
};

use super::{
    Named, Told,
    place_agreed::{PlaceAgreed, to_place},
};
use crate::{
    components::{For, Show},
    desk::Desk,
    dom,
    effect::memo,
    text::text,
};

/// What is agreed.
#[component]
pub(super) fn Agreed(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let board = live.board;
    let words = &text().reveal.sorting;
    let count = memo(move |_| sorting.with(|sorting| sorting.agreed.len()));
    let left = to_place(desk, sorting);
    let piles = memo(move |_| {
        sorting.with(|sorting| {
            let mut piles: Vec<Pile> = Vec::new();
            for (_, choice) in &sorting.agreed {
                let pile = as_pile(*choice);
                if piles.last() != Some(&pile) {
                    piles.push(pile);
                }
            }
            piles
        })
    });
    let on = move |pile: Pile| {
        sorting.with(|sorting| {
            let on = sorting.agreed.iter().filter(|(_, choice)| as_pile(*choice) == pile);
            on.map(|(id, _)| *id).collect::<Vec<_>>()
        })
    };
    // "11 of 12" of those who put it anywhere.
    let share = move |project: ProjectId| {
        told.read(|round| {
            let counts = placed(round, &Item::project(project))?;
            let most = counts.piles().map(|(_, count)| count).max()?;
            Some((words.of_room)(most, counts.answered()))
        })
        .flatten()
    };
    view! {
        <div class="beat-head">
            <h3>{move || sorting.with(|of| (words.agreed_on)(of.agreed.len(), of.all()))}</h3>
            <Show when=move || live.drives()>
                <PlaceAgreed sorting=sorting />
            </Show>
        </div>
        <p class="hint">
            {move || if count.get() == 0 { words.agreed_none } else { words.agreed_means }}
        </p>
        <Show when=move || { count.get() > 0 && left.get() == 0 }>
            <p class="hint" data-testid="all-placed">{words.all_placed}</p>
        </Show>
        <div class="agreed-piles">
            <For each=move || piles.get() let:pile>
                // On a phone a long list would lie between the first beat and the third.
                <details class="agreed-pile" style:--c=move || board.pile_colour(pile) open=!dom::is_narrow()>
                    <summary>
                        {move || board.pile_name(pile)} " "
                        <span class="tabular">{move || on(pile).len()}</span>
                    </summary>
                    <ul>
                        <For each=move || on(pile) let:project>
                            <li>
                                <Named project=project />
                                <span class="tabular">{move || share(project)}</span>
                            </li>
                        </For>
                    </ul>
                </details>
            </For>
        </div>
    }
}
