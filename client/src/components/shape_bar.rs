//! The portfolio's shape, always in sight: projects, cost and people on each pillar, off strategy and unsorted, and
//! how far the figures are known.

use leptos::prelude::*;
use plumbline_shared::board::Pile;

use super::For;
use crate::{effect::memo, format, session::BoardView, shape::Measure, text::text};

/// Three bars. On a narrow screen the first, and the others on demand.
#[component]
pub(crate) fn ShapeBar(
    /// The board.
    board: BoardView,
) -> impl IntoView {
    let more = RwSignal::new(false);
    view! {
        <section class="shape" class:more=move || more.get() aria-label=text().board.shape data-testid="shape">
            <Bar board=board measure=Measure::Projects />
            <Bar board=board measure=Measure::Cost />
            <Bar board=board measure=Measure::People />
            <button
                type="button"
                class="shape-more"
                aria-expanded=move || if more.get() { "true" } else { "false" }
                aria-label=text().board.shape_more
                on:click=move |_| more.update(|more| *more = !*more)
            />
        </section>
    }
}

/// One measure over all piles.
#[component]
pub(crate) fn Bar(
    /// The board.
    board: BoardView,
    /// What is measured.
    measure: Measure,
) -> impl IntoView {
    let words = &text().board;
    let title = match measure {
        Measure::Projects => words.shape_projects,
        Measure::Cost => words.shape_cost,
        Measure::People => words.shape_people,
    };
    let told = move |amount: f64| match measure {
        Measure::Projects | Measure::People => format::number(amount),
        Measure::Cost => board.session.with(|session| format::short_money(amount, &session.currency)),
    };
    let known = memo(move |_| board.shape.with(|shape| shape.all().known(measure)));
    let summary = move || {
        board.shape.with(move |shape| {
            let (all, on) = (shape.all(), shape.on_pillars());
            match measure {
                Measure::Projects if all.projects == 0 => words.shape_none.to_owned(),
                Measure::Projects => {
                    let mut parts = vec![(words.on_pillar)(on.projects, all.projects)];
                    parts.push((words.counted_off)(shape.off.projects));
                    parts.push((words.counted_unsorted)(shape.unsorted.projects));
                    parts.join(" · ")
                }
                _ if all.known(measure) == 0 => {
                    (if measure == Measure::Cost { words.cost_unknown } else { words.people_unknown })
                        .to_owned()
                }
                _ => {
                    let (whole, part) = (all.amount(measure), on.amount(measure));
                    let mut parts = vec![told(whole)];
                    if whole > 0.0 {
                        parts.push((words.share_on_pillar)(&format::percent(part / whole)));
                    }
                    if all.known(measure) < all.projects {
                        let coverage =
                            if measure == Measure::Cost { words.cost_known } else { words.people_known };
                        parts.push(coverage(all.known(measure), all.projects));
                    }
                    parts.join(" · ")
                }
            }
        })
    };
    let piles = memo(move |_| {
        let pillars = board.shape.with(|shape| shape.pillars.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        pillars.into_iter().map(Pile::Pillar).chain([Pile::Off, Pile::Unsorted]).collect::<Vec<_>>()
    });
    let amount = move |pile| board.shape.with(|shape| shape.heap(pile).amount(measure));
    view! {
        <div class="bar" class:unknown=move || known.get() == 0 data-measure=title>
            <p class="bar-text">
                <strong>{title}</strong>
                " "
                <span class="tabular">{summary}</span>
            </p>
            <div class="bar-parts" aria-hidden="true">
                <For each=move || piles.get() let:pile>
                    <i
                        style:--c=move || board.pile_colour(pile)
                        style:flex-grow=move || amount(pile).to_string()
                        class:none=move || amount(pile) <= 0.0
                        class:unsorted=pile == Pile::Unsorted
                        class:off=pile == Pile::Off
                        title=move || (words.part)(&board.pile_name(pile), &told(amount(pile)))
                    />
                </For>
            </div>
        </div>
    }
}
