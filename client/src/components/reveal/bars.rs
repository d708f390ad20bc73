//! Counts as bars, each with its name and its number: the words are the finding, the bars are for the eye.

use leptos::prelude::*;
use plumbline_shared::{methods::PileCounts, readings::as_pile};

use super::words::choice_name;
use crate::{session::BoardView, text::text};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    /// What it is of.
    pub(crate) name: String,
    /// Its colour, as CSS writes it.
    pub(crate) colour: String,
    /// How much.
    pub(crate) count: u32,
    /// What stands behind the number.
    pub(crate) says: String,
}

/// Bars of which the longest takes the whole width, unless `of` is more.
pub(crate) fn bars(bars: Vec<Bar>, of: u32) -> AnyView {
    let most = bars.iter().map(|bar| bar.count).chain([of, 1]).max().unwrap_or(1);
    let rows = bars.into_iter().map(|bar| {
        let share = f64::from(bar.count) / f64::from(most);
        view! {
            <li style:--c=bar.colour class:none=bar.count == 0>
                <span class="bars-name">{bar.name}</span>
                <span class="bars-track" aria-hidden="true">
                    <i style:--share=share.to_string() />
                </span>
                <b class="tabular">{bar.count}</b>
                {(!bar.says.is_empty()).then(|| view! { <span class="bars-says">{bar.says}</span> })}
            </li>
        }
    });
    view! { <ul class="bars">{rows.collect_view()}</ul> }.into_any()
}

/// Where people put one project, the fullest pile first, and how many do not know it; tracked.
pub(crate) fn pile_bars(board: BoardView, counts: &PileCounts) -> Vec<Bar> {
    let order = counts.in_words_order();
    let bar = |name: String, colour: String, count: u32| Bar { name, colour, count, says: String::new() };
    let mut all: Vec<Bar> = order
        .piles
        .iter()
        .map(|(choice, count)| bar(choice_name(board, *choice), board.pile_colour(as_pile(*choice)), *count))
        .collect();
    if order.unknown > 0 {
        all.push(bar(text().reveal.sorting.unknown.to_owned(), "var(--unsorted)".to_owned(), order.unknown));
    }
    all
}

/// Where people put one project.
#[component]
pub(crate) fn PileBars(
    /// The board, for the names of pillars.
    board: BoardView,
    /// How many put it where.
    counts: PileCounts,
    /// Of how many people: what a whole bar would be.
    of: u32,
) -> impl IntoView {
    super::changing(move || bars(pile_bars(board, &counts), of))
}
