//! A checkpoint: which row of the new portfolio is which earlier project, what was found, and what it comes to.

mod comes_to;
mod found;
mod likenesses;

use std::sync::Arc;

use leptos::prelude::*;
use plumbline_shared::board::Board;

pub(crate) use found::{CheckpointReport, WallFound};
use likenesses::Likenesses;

use crate::{
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
            <CheckpointReport board=board />
        </div>
    }
}
