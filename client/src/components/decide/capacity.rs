//! What stops free and what moves take, live.

use leptos::prelude::*;
use plumbline_shared::{
    deciding::{Load, capacity},
    words::Verdict,
};

use super::deciding::watched;
use crate::{effect::memo, format, session::BoardView, text::text};

/// One line: moves, stops, waits.
#[component]
pub(super) fn CapacityLine(board: BoardView) -> impl IntoView {
    let words = &text().decide.capacity;
    let all = memo(move |_| capacity(&watched(board)));
    let part = move |verdict: Verdict, name: &'static str, load: Load| {
        view! {
            <div class="decide-load" data-verdict=verdict.as_str()>
                <dt>{name}</dt>
                <dd class="tabular">{move || told(&load, board)}</dd>
            </div>
        }
        .into_any()
    };
    view! {
        <dl class="decide-capacity" aria-label=words.title data-testid="capacity">
            {move || {
                let all = all.get();
                [
                    part(Verdict::Stop, words.stops, all.stops),
                    part(Verdict::Move, words.moves, all.moves),
                    part(Verdict::Wait, words.waits, all.waits),
                ]
                    .into_iter()
                    .collect_view()
            }}
        </dl>
    }
}

/// A load in words, with how far its figures are known.
pub(super) fn told(load: &Load, board: BoardView) -> AnyView {
    let words = &text().decide.capacity;
    if load.projects == 0 {
        return view! { <span class="quiet">{words.nothing}</span> }.into_any();
    }
    let mut says = vec![(words.projects)(load.projects)];
    let mut known = Vec::new();
    if load.people_known > 0 {
        says.push((words.people)(&format::number(load.people)));
    }
    if load.cost_known > 0 {
        says.push(board.session.with(|session| format::short_money(load.cost, &session.currency)));
    }
    if load.people_known < load.projects {
        known.push((words.people_known)(load.people_known, load.projects));
    }
    if load.cost_known < load.projects {
        known.push((words.cost_known)(load.cost_known, load.projects));
    }
    view! {
        <strong>{says.join(" · ")}</strong>
        " "
        <span class="quiet">{known.join(", ")}</span>
    }
    .into_any()
}
