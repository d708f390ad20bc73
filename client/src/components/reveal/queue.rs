//! What is talked about, one contested project after the other, each with its share of the time that is left: the bar
//! of whoever drives, while the board is sorted together.

use leptos::prelude::*;
use plumbline_shared::{
    board::Pile,
    ids::{ProjectId, StepId},
    messages::{Command, Seen},
};

use super::{
    clock, focus, last_sorting,
    place_agreed::{PlaceAgreed, to_place},
    project_name, spotlight,
    told::sorts_together,
};
use crate::{
    components::{Icon, Show},
    desk::Desk,
    effect::{effect, memo},
    session::Live,
    talk::{self, Turn},
    text::text,
    ticking::ticking,
};

/// The bar; nothing where nobody has sorted alone, or for who does not drive.
#[component]
pub(crate) fn QueueBar() -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let by_cost = RwSignal::new(false);
    let sorting = last_sorting(live, by_cost);
    let to_place = to_place(desk, sorting);
    let queue = memo(move |_| sorting.with(|sorting| sorting.contested.clone()));
    let shown = move || {
        live.drives()
            && sorts_together(live)
            && (queue.with(|queue| !queue.is_empty())
                || to_place.get() > 0
                || desk.placed_agreed.get().is_some())
    };
    view! {
        <Show when=shown>
            <section class="queue" aria-label=text().reveal.queue.title data-testid="talk">
                <PlaceAgreed sorting=sorting />
                <Show when=move || queue.with(|queue| !queue.is_empty())>
                    <Queue queue=queue by_cost=by_cost />
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Queue(queue: Memo<Vec<ProjectId>>, by_cost: RwSignal<bool>) -> impl IntoView {
    let live = Desk::used().live;
    let board = live.board;
    let words = &text().reveal.queue;
    let lit = focus(live);
    let waits = memo(move |_| {
        board.shape.track();
        let board = board.board();
        let unplaced = |id: &ProjectId| board.pile(*id) == Pile::Unsorted;
        queue.with(|queue| queue.iter().copied().filter(unplaced).collect::<Vec<_>>())
    });
    let held_only = RwSignal::new(false);
    let only = memo(move |_| {
        lit.get().map_or(held_only.get(), |_| board.session.with(|session| session.focus_only))
    });
    let seen = Seen { step: StepId::default(), round: 0 };
    let denied = live.why_not_command(Command::Focus { seen, project: None, only: false });
    let closed = memo(move |_| denied.get().is_some());
    let go_to = move |project: Option<ProjectId>| {
        held_only.set(only.get_untracked());
        spotlight(live, project, only.get_untracked());
    };
    let next = memo(move |_| queue.with(|queue| waits.with(|waits| talk::next(queue, waits, lit.get()))));
    let before = memo(move |_| queue.with(|queue| talk::previous(queue, lit.get())));
    let set_only = move |on: bool| {
        held_only.set(on);
        if let (Some(project), Some(seen)) = (lit.get_untracked(), live.seen()) {
            live.command(Command::Focus { seen, project: Some(project), only: on });
        }
    };
    let says = move || {
        let (left, all) = (waits.with(Vec::len), queue.with(Vec::len));
        if left == 0 { (words.all_placed)(all) } else { (words.left)(left, all) }
    };
    let choices = move || {
        let waits = waits.get();
        let option = |(at, id): (usize, ProjectId)| {
            let placed = if waits.contains(&id) { String::new() } else { format!(", {}", words.placed_mark) };
            let says = format!("{}. {}{placed}", at + 1, project_name(board, id));
            view! {
                <option value=id.to_string() selected=move || lit.get() == Some(id)>
                    {says}
                </option>
            }
        };
        queue.get().into_iter().enumerate().map(option).collect_view()
    };
    let step = move |name: &'static str, says: &'static str, to: Memo<Option<ProjectId>>, icon: Icon| {
        view! {
            <button
                type="button"
                class="icon-button"
                data-testid=name
                aria-label=says
                title=move || denied.get().unwrap_or_else(|| says.to_owned())
                disabled=move || to.get().is_none() || closed.get()
                on:click=move |_| go_to(to.get_untracked())
            >
                {icon}
            </button>
        }
    };
    view! {
        <p class="queue-left tabular" data-testid="talk-left">{says}</p>
        <div class="queue-way">
            {step("talk-previous", text().reveal.sorting.previous, before, Icon::Back)}
            <select
                class="queue-choice"
                aria-label=words.choose
                data-testid="talk-choice"
                disabled=move || closed.get()
                on:change:target=move |event| go_to(event.target().value().parse().ok())
            >
                <option value="" selected=move || lit.get().is_none()>{words.choose}</option>
                {choices}
            </select>
            {step("talk-next", text().reveal.sorting.next, next, Icon::Next)}
        </div>
        <Times live=live waits=waits />
        <label class="tick" title=words.only_means>
            <input
                type="checkbox"
                data-testid="talk-only"
                prop:checked=move || only.get()
                disabled=move || closed.get()
                on:change:target=move |event| set_only(event.target().checked())
            />
            <span>{words.only}</span>
        </label>
        <label class="tick queue-cost">
            <input
                type="checkbox"
                data-testid="talk-by-cost"
                prop:checked=move || by_cost.get()
                on:change:target=move |event| by_cost.set(event.target().checked())
            />
            <span>{text().reveal.sorting.by_cost}</span>
        </label>
        <Show when=move || lit.get().is_some()>
            <button
                type="button"
                class="icon-button"
                data-testid="talk-end"
                aria-label=text().reveal.spotlight_off
                title=text().reveal.spotlight_off
                disabled=move || closed.get()
                on:click=move |_| go_to(None)
            >
                {Icon::Close}
            </button>
        </Show>
    }
}

/// The time for each project, and what is left of it for this one; nothing where the step has no time set.
#[component]
fn Times(live: Live, waits: Memo<Vec<ProjectId>>) -> impl IntoView {
    let words = &text().reveal.queue;
    let lit = focus(live);
    let clocked = ticking(live);
    let deadline = memo(move |_| live.board.session.with(|session| session.deadline));
    let turn = RwSignal::new(None::<Turn>);
    // A turn begins as the spotlight comes to a project: its share is that of this moment.
    effect(move || {
        let (project, deadline) = (lit.get(), deadline.get());
        let now = live.server_now();
        let kept = turn.with_untracked(|turn| turn.as_ref().map(|turn| (turn.project, turn.deadline)));
        if kept != project.map(|project| (project, deadline)) {
            let waits = waits.get_untracked();
            turn.set(project.map(|project| Turn::begin(project, deadline, now, &waits)));
        }
    });
    let each = move || {
        let share = talk::share(deadline.get()?, clocked.get(), waits.with(Vec::len))?;
        Some((words.each)(&clock(share / 1_000)))
    };
    let this_one = move || {
        turn.with(|turn| {
            let left = turn.as_ref()?.left(clocked.get())?;
            let seconds = left.unsigned_abs() / 1_000;
            let over = left < 0;
            let says = if over { (words.over)(&clock(seconds)) } else { (words.this_one)(&clock(seconds)) };
            Some(view! { <b class:over=over>{says}</b> })
        })
    };
    view! {
        <p class="queue-times tabular" data-testid="talk-times">
            {move || each()}
            " "
            {move || this_one()}
        </p>
    }
}
