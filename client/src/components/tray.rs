//! The unsorted cards: as much room as they need, and more for who wants it.

use leptos::{ev, html, prelude::*};
use plumbline_shared::{board::Pile, ids::ProjectId};
use plumbline_sync::Intent;
use uuid::Uuid;
use wasm_bindgen::JsCast;

use super::{
    BoardDialog, Empty, Icon, Show, cost_and_people,
    pile::{Cards, PileCount},
};
use crate::{
    desk::{Desk, TraySize, UNSORTED},
    effect::memo,
    text::text,
};

/// The lowest tray that somebody can draw, in pixels: its head and a row of small cards.
const LOWEST: f64 = 88.0;
/// What is left to the piles by the highest, in pixels.
const LEFT: f64 = 120.0;
/// How far an arrow key draws its edge, in pixels.
const KEY_STEP: f64 = 32.0;

/// The unsorted cards.
#[component]
pub(crate) fn Tray(
    /// Which of the board's dialogs is open.
    dialog: RwSignal<Option<BoardDialog>>,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let words = &text().board;
    let tray = NodeRef::<html::Section>::new();
    let cards = board.pile(Pile::Unsorted);
    let currency = Signal::derive(move || board.session.with(|session| session.currency.clone()));
    let name = Signal::derive(move || words.unsorted.to_owned());
    let sum = move || {
        let heap = board.shape.with(|shape| shape.unsorted);
        currency.with(|currency| cost_and_people(&heap, currency))
    };
    let none_at_all = memo(move |_| board.shape.with(|shape| shape.all().projects == 0));
    let is_empty = memo(move |_| cards.with(Vec::is_empty));
    let may_add = memo(move |_| {
        board.session.track();
        desk.live.me.track();
        desk.live.refused.track();
        let intent =
            Intent::AddProject { id: ProjectId(Uuid::nil()), name: "-".to_owned(), with: Vec::new() };
        desk.live.may(&intent)
    });
    // Whether this person cannot place anything, so that there is no use in saying how.
    let still = memo(move |_| {
        let (closed, locked) = board.session.with(|session| (session.closed, session.locked));
        closed || desk.live.looks_on() || (locked && !desk.live.drives())
    });
    let tall = move || desk.tray.get() == TraySize::Tall;
    let height = move || match desk.tray.get() {
        TraySize::Drawn(height) => Some(format!("{height}px")),
        _ => None,
    };
    view! {
        <section
            node_ref=tray
            class="tray"
            class:tall=tall
            class:drawn=move || matches!(desk.tray.get(), TraySize::Drawn(_))
            class:bare=move || is_empty.get()
            class:over=move || desk.over.get() == Some(Pile::Unsorted)
            data-testid="pile"
            data-pile=UNSORTED
            aria-labelledby="pile-unsorted"
            style:--drawn=height
        >
            <Edge tray=tray />
            <header class="tray-head">
                <h2 id="pile-unsorted">
                    <span class="pile-name">{words.unsorted}</span>
                    " "
                    <PileCount pile=Pile::Unsorted />
                </h2>
                <p class="pile-sum tabular">{sum}</p>
                <p class="hint">
                    {move || match (none_at_all.get(), is_empty.get(), still.get()) {
                        (true, ..) | (_, false, true) => ().into_any(),
                        (_, true, _) => words.unsorted_done.into_any(),
                        _ => {
                            view! {
                                <span class="for-keys">{words.unsorted_hint}</span>
                                <span class="for-touch">{words.unsorted_hint_touch}</span>
                            }
                                .into_any()
                        }
                    }}
                </p>
                <Show when=move || may_add.get()>
                    <button
                        type="button"
                        class="button small"
                        data-testid="add-project"
                        title=words.add_project_hint
                        on:click=move |_| dialog.set(Some(BoardDialog::AddProject))
                    >
                        {Icon::Add}
                        <span>{words.add_project}</span>
                    </button>
                </Show>
                <button
                    type="button"
                    class="icon-button tray-size"
                    data-testid="tray-size"
                    aria-pressed=move || if tall() { "true" } else { "false" }
                    aria-label=move || if tall() { words.shrink } else { words.enlarge }
                    title=move || if tall() { words.shrink } else { words.enlarge }
                    on:click=move |_| {
                        desk.tray.set(if tall() { TraySize::Fitting } else { TraySize::Tall });
                    }
                >
                    {move || if tall() { Icon::Shrink.into_render() } else { Icon::Enlarge.into_render() }}
                </button>
            </header>
            <Show
                when=move || none_at_all.get()
                fallback=move || view! { <Cards pile=Pile::Unsorted currency=currency name=name /> }
            >
                <NoProjects dialog=dialog may_add=may_add />
            </Show>
        </section>
    }
}

#[component]
fn NoProjects(dialog: RwSignal<Option<BoardDialog>>, may_add: Memo<bool>) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().board;
    let says = Signal::derive(move || {
        (if live.drives() { words.no_projects_mine } else { words.no_projects_theirs }).to_owned()
    });
    view! {
        <Empty title=words.no_projects_title says=says>
            <Show when=move || live.drives()>
                <button
                    type="button"
                    class="button primary"
                    data-testid="import"
                    on:click=move |_| dialog.set(Some(BoardDialog::Import))
                >
                    {Icon::Import}
                    <span>{words.import}</span>
                </button>
            </Show>
            <Show when=move || may_add.get()>
                <button type="button" class="button" on:click=move |_| dialog.set(Some(BoardDialog::AddProject))>
                    {Icon::Add}
                    <span>{words.add_project}</span>
                </button>
            </Show>
        </Empty>
    }
}

/// The tray's upper edge, by which it can be drawn higher and lower, with the pointer or with arrow keys.
#[component]
fn Edge(tray: NodeRef<html::Section>) -> impl IntoView {
    let desk = Desk::used();
    // Where the pointer took the edge: its height on the screen, and the tray's height then.
    let taken = StoredValue::new(None::<(f64, f64)>);
    let height = move || tray.get_untracked().map(|tray| tray.get_bounding_client_rect().height());
    // How much of the board the tray has, in per cent, for who cannot see it.
    let share = RwSignal::new(50.0);
    let room = move || {
        tray.get_untracked()
            .and_then(|tray| tray.parent_element())
            .map_or(600.0, |board| board.get_bounding_client_rect().height())
    };
    let measure = move || {
        if let Some(height) = height() {
            share.set((height / room().max(1.0) * 100.0).round());
        }
    };
    let draw = move |wanted: f64| {
        desk.tray.set(TraySize::Drawn(wanted.clamp(LOWEST, (room() - LEFT).max(LOWEST)).round()));
        request_animation_frame(measure);
    };
    let down = move |event: ev::PointerEvent| {
        if let (Some(height), Some(edge)) =
            (height(), event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()))
        {
            edge.set_pointer_capture(event.pointer_id()).ok();
            taken.set_value(Some((f64::from(event.client_y()), height)));
            event.prevent_default();
        }
    };
    let moved = move |event: ev::PointerEvent| {
        if let Some((from, height)) = taken.get_value() {
            draw(height + from - f64::from(event.client_y()));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowUp" => KEY_STEP,
            "ArrowDown" => -KEY_STEP,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(height) = height() {
            draw(height + step);
        }
    };
    view! {
        <div
            class="tray-edge"
            role="separator"
            aria-orientation="horizontal"
            aria-label=text().board.resize
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || share.get().to_string()
            tabindex="0"
            on:focus=move |_| measure()
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| taken.set_value(None)
            on:pointercancel=move |_| taken.set_value(None)
            on:dblclick=move |_| desk.tray.set(TraySize::Fitting)
            on:keydown=key
        />
    }
}
