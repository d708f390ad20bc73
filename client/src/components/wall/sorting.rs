//! A round of sorting on the wall, in its beats.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    board::Pile,
    ids::ProjectId,
    readings::{Sorting, as_pile, placed},
    words::Beat,
};

use super::turning;
use crate::{
    components::{
        For, Show,
        reveal::{
            Columns, HeatRow, Told, bars, beat, both, focus, heat_head, project_name, shape_bars,
            share_in_words, shares,
        },
    },
    effect::memo,
    paging::{page, pages},
    text::text,
};

/// So many rows can be read from the back of a room.
const ROWS: usize = 8;
/// How many pillars have a column of their own on the wall.
const PILLARS: usize = 8;
/// How many rows of two rounds there is room for.
const BOTH: usize = 4;
/// How many lines there are for what is agreed.
const LINES: usize = 18;

/// The beat that is before everybody. Where something that splits is talked about, that is where.
#[component]
pub(super) fn WallSorting(told: Told) -> impl IntoView {
    let live = told.live;
    let sorting = told.sorting(RwSignal::new(false));
    let lit = focus(live);
    let shown = memo(move |_| {
        let split = |id: ProjectId| sorting.with(|sorting| sorting.contested.contains(&id));
        match beat(live) {
            _ if lit.get().is_some_and(split) => Beat::Splits,
            Beat::Beside if told.last_two().is_none() => Beat::Shape,
            beat => beat,
        }
    });
    super::changing(move || match shown.get() {
        Beat::Shape => view! { <Shape told=told sorting=sorting /> }.into_any(),
        Beat::Agreed => view! { <Agreed told=told sorting=sorting /> }.into_any(),
        Beat::Splits => view! { <Splits told=told sorting=sorting /> }.into_any(),
        Beat::Beside => view! { <Both told=told /> }.into_any(),
    })
}

#[component]
fn Shape(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let words = &text().reveal.sorting;
    let share = memo(move |_| shares(told));
    view! {
        <div class="wall-scene" data-testid="wall-beat" data-shows=Beat::Shape.as_str()>
            <h1>{move || sorting.with(|of| (words.on_pillars)(of.on_pillars(), of.all()))}</h1>
            <p class="wall-lead">{move || sorting.with(|of| (words.on_none)(of.off))}</p>
            {move || sorting.with(|sorting| bars(shape_bars(told.live.board, sorting), 0))}
            <p class="wall-says">
                {move || share.with(|share| share_in_words(words.cost_share, &share.cost))}
            </p>
        </div>
    }
}

#[component]
fn Agreed(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.sorting;
    let piles = memo(move |_| {
        sorting.with(|sorting| {
            let mut piles: Vec<(Pile, Vec<ProjectId>)> = Vec::new();
            for (id, choice) in &sorting.agreed {
                let pile = as_pile(*choice);
                match piles.last_mut() {
                    Some((last, on)) if *last == pile => on.push(*id),
                    _ => piles.push((pile, vec![*id])),
                }
            }
            piles
        })
    });
    // Each pile has its name, and as many lines of projects as there is room for.
    let lines = move || (LINES / piles.with(Vec::len).max(1)).saturating_sub(1).max(1);
    let rows = move || {
        piles
            .get()
            .into_iter()
            .map(|(pile, on)| {
                let count = on.len();
                let names = on.into_iter().map(|id| view! { <li>{move || project_name(board, id)}</li> });
                view! {
                    <li style:--c=move || board.pile_colour(pile)>
                        <b>{move || board.pile_name(pile)}</b>
                        <span class="tabular">{count}</span>
                        <ul class="wall-names">{names.collect_view()}</ul>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="wall-scene" data-testid="wall-beat" data-shows=Beat::Agreed.as_str()>
            <h1>{move || sorting.with(|of| (words.agreed_on)(of.agreed.len(), of.all()))}</h1>
            <ul class="wall-agreed" style:--lines=move || lines().to_string()>{rows}</ul>
            <Show when=move || piles.with(Vec::is_empty)>
                <p class="wall-says">{words.agreed_none}</p>
            </Show>
        </div>
    }
}

#[component]
fn Splits(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.sorting;
    let columns = memo(move |_| {
        // Who does not know it stands with the room's words: a column more would make all of them narrower.
        told.read(|round| Columns { unknown: false, ..Columns::of(round, PILLARS) }).unwrap_or_default()
    });
    let lit = focus(told.live);
    let held = memo(move |_| {
        let lit = lit.get()?;
        sorting.with(|of| of.contested.iter().position(|id| *id == lit)).map(|at| at / ROWS)
    });
    let count = memo(move |_| sorting.with(|of| pages(of.contested.len(), ROWS)));
    let at = turning(count, held);
    let rows = memo(move |_| sorting.with(|of| page(&of.contested, ROWS, at.get())));
    let counts = move |id: ProjectId| {
        told.read(|round| placed(round, &Item::project(id)).cloned()).flatten().unwrap_or_default()
    };
    view! {
        <div class="wall-scene" data-testid="wall-beat" data-shows=Beat::Splits.as_str()>
            <h1 class="wall-corner">
                {move || sorting.with(|of| (words.split_on)(of.contested.len(), of.all()))} " "
                <Show when=move || { count.get() > 1 }>
                    <span class="wall-page tabular">
                        {move || (text().reveal.wall.page)(at.get() + 1, count.get())}
                    </span>
                </Show>
            </h1>
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || view! { <p class="wall-lead">{words.split_none}</p> }
            >
                <table class="heat-map wall-heat" data-testid="wall-heat">
                    <thead>{move || columns.with(|columns| heat_head(board, columns))}</thead>
                    <tbody>
                        <For each=move || rows.get() let:id>
                            <tr data-row=id.to_string() class:lit=move || lit.get() == Some(id)>
                                <th scope="row"><span>{move || project_name(board, id)}</span></th>
                                {move || view! { <HeatRow board=board columns=columns.get() counts=counts(id) /> }}
                            </tr>
                        </For>
                    </tbody>
                </table>
            </Show>
        </div>
    }
}

/// The last two rounds.
#[component]
pub(super) fn Both(told: Told) -> impl IntoView {
    let words = &text().reveal.beside;
    let two = memo(move |_| told.last_two());
    let compared = memo(move |_| two.get().and_then(|two| both(told, two)).unwrap_or_default());
    let count = memo(move |_| compared.with(|both| pages(both.rows.len(), BOTH)));
    let at = turning(count, memo(|_| None));
    let rows = move || {
        let (first, second) = two.get().unwrap_or_default();
        let round = text().reveal.round;
        compared
            .with(|both| page(&both.rows, BOTH, at.get()))
            .into_iter()
            .map(|row| {
                view! {
                    <li>
                        <b>{row.name}</b>
                        <span>{format!("{}: {}", round(first), row.before)}</span>
                        <span>{format!("{}: {}", round(second), row.after)}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="wall-scene" data-testid="wall-beat" data-shows=Beat::Beside.as_str()>
            <h1>{move || two.get().map(|(first, second)| (words.title)(first, second))}</h1>
            <p class="wall-says">{move || compared.with(|both| both.says.join(" "))}</p>
            <ul class="wall-both">{rows}</ul>
            <p class="wall-says">{words.never}</p>
        </div>
    }
}
