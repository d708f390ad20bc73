//! A checkpoint: which row of the new portfolio is which earlier project, what was found, and what it comes to.

mod comes_to;
mod found;
mod likenesses;

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::board::Board;

pub(crate) use found::{CheckpointReport, WallFound, comes_to_in_order};
use likenesses::Likenesses;

use crate::{
    api,
    components::{Show, TakeRequests},
    effect::memo,
    format,
    session::{BoardView, Live},
    text::text,
};

/// The board, tracked in all that a checkpoint tells.
fn watched(board: BoardView) -> Arc<Board> {
    board.written.track();
    board.results.track();
    board.agenda.track();
    board.shape.track();
    board.session.track();
    board.board()
}

/// Whether the session is a checkpoint; tracked.
pub(crate) fn is_checkpoint(board: BoardView) -> bool {
    board.session.with(|session| session.earlier.is_some())
}

/// The requests for new work that wait, where there are any: they come onto this board as they would onto another.
#[component]
fn Requested(live: Live) -> impl IntoView {
    let waiting = RwSignal::new(0_usize);
    let look = move || {
        let token = live.token();
        spawn_local(async move {
            // Without an answer nothing is offered here; the menu has it, too.
            if let Ok(all) = api::offered_requests(live.id, &token).await {
                waiting.try_set(all.iter().filter(|it| !it.on_board && !it.elsewhere).count());
            }
        });
    };
    if live.drives() {
        look();
    }
    view! {
        <Show when=move || { live.drives() && waiting.get() > 0 }>
            <details class="checkpoint-list" data-testid="checkpoint-requests">
                <summary>
                    <span>{text().checkpoint.requests}</span>
                    <b class="tabular">{move || waiting.get()}</b>
                </summary>
                <TakeRequests done=move |()| look() />
            </details>
        </Show>
    }
}

/// All of it.
#[component]
pub(crate) fn CheckpointView(live: Live) -> impl IntoView {
    let words = &text().checkpoint;
    let board = live.board;
    let about = memo(move |_| {
        board.session.with(|session| {
            let earlier = session.earlier.as_ref()?;
            Some((words.looks_back)(&earlier.title, &format::day(earlier.closed_at)))
        })
    });
    let imported = memo(move |_| {
        board
            .session
            .with(|session| session.earlier.as_ref().is_some_and(|earlier| earlier.imported_at.is_some()))
    });
    view! {
        <div class="checkpoint" data-testid="checkpoint">
            <p class="lead">{about}</p>
            <p class="hint" hidden=move || imported.get()>
                {words.import_first}
            </p>
            <Likenesses live=live />
            <Requested live=live />
            <CheckpointReport board=board />
        </div>
    }
}
