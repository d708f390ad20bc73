//! The portfolio's shape, always in sight: projects, cost and people on each pillar, off strategy and unsorted, and
//! how far the figures are known.

use leptos::{ev, html, prelude::*};
use plumbline_shared::board::Pile;
use wasm_bindgen::JsCast;

use super::{For, Icon, Show, shape_figures::ShapeFigures};
use crate::{
    effect::memo,
    format,
    session::BoardView,
    shape::{Heap, Measure},
    text::text,
};

/// The currency of the session's costs; tracked.
pub(super) fn currency(board: BoardView) -> String {
    board.session.with(|session| session.currency.clone())
}

/// An amount of `measure`, as people read it.
pub(super) fn told(measure: Measure, amount: f64, currency: &str) -> String {
    match measure {
        Measure::Projects | Measure::People => format::number(amount),
        Measure::Cost => format::short_money(amount, currency),
    }
}

/// What a heap costs and how many people work on it, as far as either is known: `£43.4M · 82 people`.
pub(crate) fn cost_and_people(heap: &Heap, currency: &str) -> Option<String> {
    let cost = (heap.cost_known > 0).then(|| format::short_money(heap.cost, currency));
    let people =
        (heap.people_known > 0).then(|| (text().board.people)(heap.people, &format::number(heap.people)));
    let known: Vec<String> = cost.into_iter().chain(people).collect();
    (!known.is_empty()).then(|| known.join(" · "))
}

/// Three bars with what they say in words, and a button that shows all figures, pile by pile. On a narrow screen the
/// words of all three, and the first bar.
#[component]
pub(crate) fn ShapeBar(
    /// The board.
    board: BoardView,
) -> impl IntoView {
    let words = &text().board;
    let open = RwSignal::new(false);
    let section = NodeRef::<html::Section>::new();
    let button = NodeRef::<html::Button>::new();
    // A click anywhere else closes the figures.
    let elsewhere = window_event_listener(ev::pointerdown, move |event| {
        let inside = section.get_untracked().is_some_and(|section| {
            section.contains(event.target().and_then(|target| target.dyn_into().ok()).as_ref())
        });
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || elsewhere.remove());
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                button.focus().ok();
            }
        }
    };
    view! {
        <section node_ref=section class="shape" aria-label=words.shape data-testid="shape" on:keydown=key>
            <Bar board=board measure=Measure::Projects />
            <Bar board=board measure=Measure::Cost />
            <Bar board=board measure=Measure::People />
            <button
                node_ref=button
                type="button"
                class="icon-button"
                class:active=move || open.get()
                data-testid="figures-open"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=words.figures
                title=words.figures
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {Icon::Figures}
            </button>
            <Show when=move || open.get()>
                <ShapeFigures board=board />
            </Show>
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
    let told = move |amount: f64| told(measure, amount, &currency(board));
    let known = memo(move |_| board.shape.with(|shape| shape.all().known(measure)));
    let summary = memo(move |_| {
        board.shape.with(move |shape| {
            let (all, on) = (shape.all(), shape.on_pillars());
            match measure {
                Measure::Projects if all.projects == 0 => vec![words.shape_none.to_owned()],
                Measure::Projects => vec![
                    (words.on_pillar)(on.projects, all.projects),
                    (words.counted_off)(shape.off.projects),
                    (words.counted_unsorted)(shape.unsorted.projects),
                ],
                _ if all.known(measure) == 0 => {
                    let unknown =
                        if measure == Measure::Cost { words.cost_unknown } else { words.people_unknown };
                    vec![unknown.to_owned()]
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
                    parts
                }
            }
        })
    });
    // A line breaks between the parts; the title stays with the first.
    let parts = move || {
        let part = |(at, says): (usize, String)| {
            let title = (at == 0).then(|| view! { <strong>{title}</strong> " " });
            view! { <span>{title} {says}</span> }
        };
        summary.get().into_iter().enumerate().map(part).collect_view()
    };
    let piles = memo(move |_| {
        let pillars = board.shape.with(|shape| shape.pillars.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        pillars.into_iter().map(Pile::Pillar).chain([Pile::Off, Pile::Unsorted]).collect::<Vec<_>>()
    });
    let amount = move |pile| board.shape.with(|shape| shape.heap(pile).amount(measure));
    view! {
        <div class="bar" class:unknown=move || known.get() == 0 data-measure=title>
            <p class="bar-text tabular" data-testid="shape-says">
                {parts}
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
