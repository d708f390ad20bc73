//! Placing in one go what the room agrees on, and taking that back.

use leptos::prelude::*;
use plumbline_shared::{
    ids::StepId,
    messages::{Command, Seen},
    readings::Sorting,
};

use crate::{components::Show, desk::Desk, effect::memo, text::text};

/// How many cards that would place; tracked.
pub(super) fn to_place(desk: Desk, sorting: Memo<Sorting>) -> Memo<usize> {
    let board = desk.live.board;
    memo(move |_| {
        board.shape.track();
        let board = board.board();
        sorting.with(|sorting| sorting.to_place(&board).len())
    })
}

/// The button for whoever drives: it says how many, and afterwards offers to take it back.
#[component]
pub(super) fn PlaceAgreed(
    /// The round, as it is told.
    sorting: Memo<Sorting>,
) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().reveal.sorting;
    let count = to_place(desk, sorting);
    // Whether the rules would take it, whatever step was seen.
    let seen = Seen { step: StepId::default(), round: 0 };
    let denied = live.why_not_command(Command::PlaceAgreed { seen, undo: false });
    let hint = move || denied.get().unwrap_or_else(|| words.place_hint.to_owned());
    let give = move |undo: bool| {
        let Some(seen) = live.seen() else { return };
        let count = count.get_untracked();
        live.command(Command::PlaceAgreed { seen, undo });
        desk.placed_agreed.set((!undo).then_some(count));
    };
    view! {
        <div class="place-agreed">
            <Show when=move || { count.get() > 0 }>
                <button
                    type="button"
                    class="button"
                    data-testid="place-agreed"
                    disabled=move || denied.get().is_some()
                    title=hint
                    on:click=move |_| give(false)
                >
                    {move || (words.place)(count.get())}
                </button>
            </Show>
            {move || {
                desk.placed_agreed
                    .get()
                    .map(|placed| {
                        view! {
                            <p role="status" data-testid="placed-agreed">{(words.placed)(placed)}</p>
                            <button
                                type="button"
                                class="button small"
                                data-testid="take-agreed-back"
                                disabled=move || denied.get().is_some()
                                title=denied
                                on:click=move |_| give(true)
                            >
                                {words.take_back}
                            </button>
                        }
                    })
            }}
        </div>
    }
}
