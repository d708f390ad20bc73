//! The first beat: how the room sorts the portfolio.

use leptos::prelude::*;
use plumbline_shared::{
    methods::{PileChoice, Share, StrategyShare, strategy_share},
    readings::{Sorting, as_pile, weighed},
};

use super::{
    Told,
    bars::{Bar, bars},
    choice_name, project_name,
};
use crate::{components::For, effect::memo, format, session::BoardView, text::text};

/// How many projects the room puts on each pile, as bars; with what lies between piles, is not known, or has too few
/// answers, where there is any. Tracked.
pub(crate) fn shape_bars(board: BoardView, sorting: &Sorting) -> Vec<Bar> {
    let words = &text().reveal.sorting;
    let pile = |choice: PileChoice, count: u32| Bar {
        name: choice_name(board, choice),
        colour: board.pile_colour(as_pile(choice)),
        count,
        says: String::new(),
    };
    let mut all: Vec<Bar> =
        sorting.pillars.iter().map(|(pillar, count)| pile(PileChoice::Pillar(*pillar), *count)).collect();
    all.push(pile(PileChoice::Off, sorting.off));
    let rest = [
        (words.tied_name, sorting.tied),
        (words.unknown_name, sorting.unknown),
        (words.few_name, sorting.few),
    ];
    for (name, count) in rest.into_iter().filter(|(_, count)| *count > 0) {
        all.push(Bar {
            name: name.to_owned(),
            colour: "var(--unsorted)".to_owned(),
            count,
            says: String::new(),
        });
    }
    all
}

/// The strategy's share by cost and by people, as far as either is known, before and after; tracked.
pub(crate) fn shares(told: Told) -> StrategyShare {
    let board = told.live.board;
    board.shape.track();
    told.read(|round| strategy_share(&weighed(round, &board.board()))).unwrap_or_default()
}

/// "58 % of the cost is on a pillar (known for 49 of 63 projects)", for what is known.
pub(crate) fn share_in_words(says: fn(&str, u32, u32) -> String, share: &Share) -> Option<String> {
    Some(says(&format::percent(share.before()?), share.known, share.of))
}

/// The shape.
#[component]
pub(super) fn Shape(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.sorting;
    let share = memo(move |_| shares(told));
    let now = move || {
        let (on, of, cost) =
            share.with(|share| (share.projects.on_after, share.projects.of, share.cost.after()));
        let cost = cost.map(format::percent);
        // Before anything is placed there is no after.
        (on > 0.0).then(|| (words.now_on_pillars)(on as u32, of, cost.as_deref()))
    };
    let dim = memo(move |_| sorting.with(|sorting| sorting.dim.clone()));
    view! {
        <h3>{words.shape}</h3>
        <div class="shape-told">
            <div class="reveal-says" data-testid="shape-words">
                <p class="reveal-lead">
                    {move || sorting.with(|of| (words.on_pillars)(of.on_pillars(), of.all()))}
                </p>
                <p>{move || sorting.with(|of| (words.on_none)(of.off))}</p>
                <p>{move || sorting.with(|of| (of.tied > 0).then(|| (words.tied)(of.tied)))}</p>
                <p>{move || share.with(|share| share_in_words(words.cost_share, &share.cost))}</p>
                <p>{move || share.with(|share| share_in_words(words.people_share, &share.people))}</p>
                <p data-testid="now-on-pillars">{now}</p>
            </div>
            {move || sorting.with(|sorting| bars(shape_bars(board, sorting), 0))}
        </div>
        {move || {
            let count = dim.with(Vec::len);
            (count > 0)
                .then(|| {
                    view! {
                        <details class="dim-list">
                            <summary>{(words.dim)(count)}</summary>
                            <ul class="name-list">
                                <For each=move || dim.get() let:id>
                                    <li>{move || project_name(board, id)}</li>
                                </For>
                            </ul>
                        </details>
                    }
                })
        }}
    }
}
