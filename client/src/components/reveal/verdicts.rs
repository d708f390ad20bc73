//! Verdicts: counts in words, and the room's verdict or none.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    ids::ProjectId,
    methods::{VerdictCounts, room_verdict},
    results::Counts,
    words::Verdict,
};

use super::{Named, Told, words};
use crate::{components::For, effect::memo, text::text};

/// What was answered of one project; tracked.
pub(crate) fn counts_of(told: Told, project: ProjectId) -> Option<VerdictCounts> {
    match told.item(&Item::project(project))?.counts {
        Some(Counts::Verdict(counts)) => Some(counts),
        _ => None,
    }
}

/// The projects of the round by the room's verdict: move, wait, stop, then those without one, then those that are not
/// told; each in the order in which they were asked. Tracked.
pub(crate) fn by_verdict(told: Told) -> Vec<ProjectId> {
    told.live.board.shape.track();
    let mut rows: Vec<(usize, ProjectId)> = told
        .read(|round| {
            let there = |id: &ProjectId| told.live.board.card(*id).is_some();
            round.items.iter().filter_map(Item::as_project).filter(there).collect::<Vec<_>>()
        })
        .unwrap_or_default()
        .into_iter()
        .map(|id| {
            let place = match counts_of(told, id).as_ref().map(room_verdict) {
                Some(Some(Verdict::Move)) => 0,
                Some(Some(Verdict::Wait)) => 1,
                Some(Some(Verdict::Stop)) => 2,
                Some(Some(Verdict::Open) | None) => 3,
                None => 4,
            };
            (place, id)
        })
        .collect();
    plumbline_shared::sorted::sort(&mut rows, |a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, id)| id).collect()
}

/// How many projects the room would move, wait with and stop, and for how many it has no majority; tracked.
pub(crate) fn summary(told: Told, rows: &[ProjectId]) -> Vec<(Verdict, String)> {
    let words = &text().reveal.verdict;
    let rooms: Vec<Option<Verdict>> =
        rows.iter().map(|id| counts_of(told, *id).as_ref().and_then(room_verdict)).collect();
    let count = |wanted: Option<Verdict>| rooms.iter().filter(|verdict| **verdict == wanted).count();
    let mut sums: Vec<(Verdict, String)> = [Verdict::Move, Verdict::Wait, Verdict::Stop]
        .into_iter()
        .map(|verdict| (verdict, count(Some(verdict))))
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| (verdict, (words.summary)(verdict, count)))
        .collect();
    let without = count(None);
    if without > 0 {
        sums.push((Verdict::Open, (words.undecided)(without)));
    }
    sums
}

/// The counts as one bar of as many parts.
pub(crate) fn parts(counts: &VerdictCounts) -> AnyView {
    let parts =
        words::by_verdict(counts).into_iter().filter(|(_, count)| *count > 0).map(|(verdict, count)| {
            view! { <i style:--c=words::verdict_colour(verdict) style:flex-grow=count.to_string() /> }
        });
    view! { <span class="parts" aria-hidden="true">{parts.collect_view()}</span> }.into_any()
}

/// What the room would do.
#[component]
pub(super) fn Verdicts(told: Told) -> impl IntoView {
    let words = &text().reveal.verdict;
    let rows = memo(move |_| by_verdict(told));
    view! {
        <ul class="sums" data-testid="verdict-summary">
            {move || {
                rows.with(|rows| summary(told, rows))
                    .into_iter()
                    .map(|(verdict, says)| {
                        view! { <li style:--c=words::verdict_colour(verdict)>{says}</li> }
                    })
                    .collect_view()
            }}
        </ul>
        <p class="hint">{words.majority}</p>
        <ol class="told-list">
            <For each=move || rows.get() let:project>
                <Row told=told project=project />
            </For>
        </ol>
    }
}

#[component]
fn Row(told: Told, project: ProjectId) -> impl IntoView {
    let words = &text().reveal.verdict;
    let row = move || {
        let of = told.item(&Item::project(project))?;
        let counts = counts_of(told, project);
        let room = counts.as_ref().map(|counts| match room_verdict(counts) {
            Some(verdict) => {
                let says = (words.room)(verdict);
                view! { <span class="tag" style:--c=words::verdict_colour(verdict)>{says}</span> }.into_any()
            }
            None => view! { <span class="tag quiet">{words.no_majority}</span> }.into_any(),
        });
        Some(view! {
            <div class="told-head">
                <Named project=project />
                {room}
            </div>
            {counts.as_ref().map(parts)}
            <p class="told-words tabular">{counts.as_ref().map_or_else(|| text().reveal.too_few.to_owned(), words::verdicts)}</p>
            {words::heard(&of, told.usual()).map(|says| view! { <p class="hint">{says}</p> })}
        })
    };
    view! { <li class="told" data-testid="told" data-item=project.to_string()>{row}</li> }
}
