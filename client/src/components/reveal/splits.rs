//! The third beat: where the room splits, project by pillar, what splits on the strategy itself first.

use leptos::{ev, prelude::*};
use plumbline_shared::{
    answer::Item,
    ids::{PillarId, ProjectId},
    methods::{PileChoice, PileCounts},
    readings::{Signs, Sorting, columns, on, placed},
    results::Round,
};
use wasm_bindgen::JsCast;

use super::{Named, Told, choice_name, focus, one_split::OneSplit, talk_about};
use crate::{
    components::{For, Icon, Show},
    desk::Desk,
    dom,
    effect::memo,
    session::BoardView,
    text::text,
};

/// How many pillars have a column of their own on a page.
const PILLARS: usize = 12;

/// The columns of a heat map.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    /// The pillars that have one, in their order.
    pub(crate) pillars: Vec<PillarId>,
    /// Whether a last one sums up the others.
    pub(crate) rest: bool,
    /// Whether somebody does not know something.
    pub(crate) unknown: bool,
}

impl Columns {
    /// Those of a round, with at most so many pillars.
    pub(crate) fn of(round: &Round, most: usize) -> Self {
        let (pillars, rest) = columns(round, most);
        let unknown = |item: &Item| placed(round, item).is_some_and(|counts| counts.unknown > 0);
        Self { pillars, rest, unknown: round.items.iter().any(unknown) }
    }
}

/// One cell of the heat map: the number, and the warmer the more of the room it is.
fn cell(count: u32, of: u32, colour: String, name: &str) -> AnyView {
    if count == 0 {
        return view! { <td class="heat none"><span class="unseen">"0"</span></td> }.into_any();
    }
    let share = f64::from(count) / f64::from(of.max(1));
    let says = (text().reveal.sorting.cell)(count, name);
    view! {
        <td class="heat" style:--c=colour style:--v=share.to_string() title=says>
            {count}
        </td>
    }
    .into_any()
}

/// The head of the heat map; tracked.
pub(crate) fn heat_head(board: BoardView, columns: &Columns) -> AnyView {
    let words = &text().reveal.sorting;
    let pillar = |id: &PillarId| {
        let choice = PileChoice::Pillar(*id);
        let colour = board.pile_colour(plumbline_shared::board::Pile::Pillar(*id));
        view! { <th scope="col" style:--c=colour><span>{choice_name(board, choice)}</span></th> }
    };
    view! {
        <tr>
            <th scope="col" class="heat-project">{words.project}</th>
            <th scope="col" class="heat-room">{words.room}</th>
            <th scope="col" style:--c="var(--off)"><span>{words.off}</span></th>
            {columns.pillars.iter().map(pillar).collect_view()}
            {columns.rest.then(|| view! { <th scope="col"><span>{words.others}</span></th> })}
            {columns.unknown.then(|| view! { <th scope="col"><span>{words.unknown}</span></th> })}
        </tr>
    }
    .into_any()
}

/// What a row says of one project, behind its name; tracked.
#[component]
pub(crate) fn HeatRow(
    /// The board, for names and colours.
    board: BoardView,
    /// The columns.
    columns: Columns,
    /// How many put it where.
    counts: PileCounts,
) -> impl IntoView {
    super::changing(move || {
        let words = &text().reveal.sorting;
        let answered = counts.answered();
        let of = answered + counts.unknown;
        let signs = Signs::of(&counts);
        let pillar = |id: &PillarId| {
            let colour = board.pile_colour(plumbline_shared::board::Pile::Pillar(*id));
            cell(on(&counts, *id), of, colour, &choice_name(board, PileChoice::Pillar(*id)))
        };
        let shown: u32 = columns.pillars.iter().map(|id| on(&counts, *id)).sum();
        let rest = (answered - counts.off).saturating_sub(shown);
        view! {
            <td class="heat-room tabular">
                <span>{(words.off_on)(counts.off, answered - counts.off)}</span>
                {(!columns.unknown && counts.unknown > 0)
                    .then(|| view! { <small>{(words.know_not)(counts.unknown)}</small> })}
                {signs
                    .two_camps
                    .then(|| {
                        view! {
                            <span class="camps-mark" title=words.two_camps>
                                {Icon::Camps}
                                <span class="unseen">{format!(", {}", words.two_camps)}</span>
                            </span>
                        }
                    })}
            </td>
            {cell(counts.off, of, "var(--off)".to_owned(), words.off)}
            {columns.pillars.iter().map(pillar).collect_view()}
            {columns.rest.then(|| cell(rest, of, "var(--p8)".to_owned(), words.others))}
            {columns
                .unknown
                .then(|| {
                    let name = if signs.dim { words.dim_mark } else { words.unknown };
                    cell(counts.unknown, of, "var(--unsorted)".to_owned(), name)
                })}
        }
    })
}

/// Where the room splits: a table, or on a phone one project at a time.
#[component]
pub(super) fn Splits(told: Told, sorting: Memo<Sorting>, by_cost: RwSignal<bool>) -> impl IntoView {
    let words = &text().reveal.sorting;
    let count = memo(move |_| sorting.with(|sorting| sorting.contested.len()));
    let narrow = narrow();
    view! {
        <div class="beat-head">
            <h3>{move || sorting.with(|of| (words.split_on)(of.contested.len(), of.all()))}</h3>
            <Show when=move || { count.get() > 1 }>
                <label class="tick">
                    <input
                        type="checkbox"
                        data-testid="by-cost"
                        prop:checked=move || by_cost.get()
                        on:change:target=move |event| by_cost.set(event.target().checked())
                    />
                    <span>{words.by_cost}</span>
                </label>
            </Show>
        </div>
        <p class="hint">{move || if count.get() == 0 { words.split_none } else { words.split_order }}</p>
        <Show when=move || { count.get() > 0 }>
            <Show when=move || narrow.get() fallback=move || view! { <Table told=told sorting=sorting /> }>
                <OneSplit told=told sorting=sorting />
            </Show>
        </Show>
    }
}

/// Whether the window is as narrow as a phone, now and as it is turned.
fn narrow() -> RwSignal<bool> {
    let narrow = RwSignal::new(dom::is_narrow());
    let resized = window_event_listener(ev::resize, move |_| {
        let is = dom::is_narrow();
        if narrow.get_untracked() != is {
            narrow.set(is);
        }
    });
    on_cleanup(move || resized.remove());
    narrow
}

#[component]
fn Table(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let desk = Desk::used();
    let board = told.live.board;
    let columns = memo(move |_| told.read(|round| Columns::of(round, PILLARS)).unwrap_or_default());
    let rows = memo(move |_| sorting.with(|sorting| sorting.contested.clone()));
    let lit = focus(told.live);
    let counts = move |id: ProjectId| {
        told.read(|round| placed(round, &Item::project(id)).cloned()).flatten().unwrap_or_default()
    };
    // A click anywhere on a row is one on its name.
    let clicked = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(target) = target else { return };
        let on_button = target.closest("button").ok().flatten().is_some();
        let row = target.closest("[data-row]").ok().flatten();
        let id = row.and_then(|row| row.get_attribute("data-row")).and_then(|id| id.parse().ok());
        if let (false, Some(id)) = (on_button, id) {
            talk_about(desk, id);
        }
    };
    view! {
        <div class="heat-scroll" role="group" tabindex="0" aria-label=text().reveal.sorting.splits>
            <table class="heat-map" data-testid="heat-map" on:click=clicked>
                <thead>{move || columns.with(|columns| heat_head(board, columns))}</thead>
                <tbody>
                    <For each=move || rows.get() let:id>
                        <tr data-row=id.to_string() data-testid="heat-row" class:lit=move || lit.get() == Some(id)>
                            <th scope="row">
                                <Named project=id />
                            </th>
                            {move || view! { <HeatRow board=board columns=columns.get() counts=counts(id) /> }}
                        </tr>
                    </For>
                </tbody>
            </table>
        </div>
    }
}
