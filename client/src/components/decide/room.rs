//! The room's private verdict beside the one that is set: it follows it, or goes against it and says why.

use leptos::prelude::*;
use plumbline_shared::{deciding::Evidence, words::Verdict};

use super::{
    deciding::heard,
    fields::{Field, place_of},
    form::Made,
};
use crate::{
    components::{Show, changing},
    effect::memo,
    text::text,
};

/// What the room said, and what that means for the verdict. Nothing where the room has no majority.
#[component]
pub(super) fn RoomSays(made: Made) -> impl IntoView {
    let words = &text().decide.form;
    let board = made.live.board;
    // The room's verdict, how many said so, and how many answered.
    let said = memo(move |_| {
        let known = heard(board);
        let evidence = Evidence::of(&known, made.project);
        let counts = evidence.verdicts()?;
        let room = evidence.room()?;
        let count = match room {
            Verdict::Move => counts.move_on,
            Verdict::Wait => counts.wait,
            Verdict::Stop | Verdict::Open => counts.stop,
        };
        Some((room, count, counts.move_on + counts.wait + counts.stop))
    });
    let against = memo(move |_| made.is_against());
    let means = move || match made.verdict() {
        None => words.possible,
        Some(Verdict::Open) => words.left_open,
        Some(_) if against.get() => words.goes_against,
        Some(_) => words.follows,
    };
    let open = memo(move |_| made.verdict() == Some(Verdict::Open));
    changing(move || {
        said.get().map(|(room, count, of)| {
            view! {
                <div class="decide-room" class:against=move || against.get() data-testid="room-says">
                    <p role="status">
                        <strong>{(words.room)(room, count, of)}</strong>
                        " "
                        {means}
                    </p>
                    <Show when=move || against.get() && !open.get()>
                        <div class="decide-fields">
                            <Field made at=place_of("override") />
                            <Field made at=place_of("decided_by") />
                        </div>
                    </Show>
                </div>
            }
        })
    })
}
