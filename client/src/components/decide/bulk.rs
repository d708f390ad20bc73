//! What the room agrees to move, decided in one go, and taken back in one.

use leptos::prelude::*;
use plumbline_shared::{
    deciding::agreed_moves,
    ids::StepId,
    messages::{Command, Seen},
    words::{Status, Verdict},
};
use uuid::Uuid;

use super::deciding::{Deciding, watched};
use crate::{
    components::Show,
    effect::{effect, memo},
    text::text,
};

/// How many would be decided, the button that does it, and the one that takes it back.
#[component]
pub(super) fn DecideAgreed(deciding: Deciding) -> impl IntoView {
    let words = &text().decide.queue;
    let live = deciding.live;
    let waiting = memo(move |_| agreed_moves(&watched(live.board)).len());
    // What was decided in one go is proposed, and has a day for its measure.
    let proposed = memo(move |_| {
        let board = watched(live.board);
        let is = |decision: &&plumbline_shared::board::Decision| {
            let says = |field: &str| decision.more.get(field).map_or("", String::as_str);
            decision.verdict == Some(Verdict::Move)
                && says("status") == Status::Proposed.as_str()
                && !says("measure_due").is_empty()
        };
        board.decisions.values().filter(is).count()
    });
    let nobody = Seen { step: StepId(Uuid::nil()), round: 0 };
    let denied = live.why_not_command(Command::DecideAgreed { seen: nobody, undo: false });
    // Until it is answered the button waits: a second press would mean something else.
    let busy = RwSignal::new(false);
    effect(move || {
        if live.status.with(|status| status.unanswered == 0) {
            busy.set(false);
        }
    });
    let waits = move || busy.get() || denied.get().is_some();
    // A button that is disabled while it is pressed would lose the focus.
    let waits_said = move || waits().then_some("true");
    let give = move |undo: bool| {
        if untrack(waits) {
            return;
        }
        if let Some(seen) = live.seen() {
            live.command(Command::DecideAgreed { seen, undo });
            busy.set(true);
        }
    };
    view! {
        <Show when=move || live.drives()>
            <div class="decide-bulk">
                <Show when=move || { waiting.get() > 0 }>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="decide-agreed"
                        aria-disabled=waits_said
                        title=denied
                        on:click=move |_| give(false)
                    >
                        {move || (words.decide_agreed)(waiting.get())}
                    </button>
                    <p class="hint">{words.decide_agreed_means}</p>
                </Show>
                <Show when=move || { waiting.get() == 0 && proposed.get() > 0 }>
                    <p class="hint" role="status">
                        {move || (words.agreed_done)(proposed.get())}
                    </p>
                    <button
                        type="button"
                        class="button small"
                        data-testid="decide-agreed-undo"
                        aria-disabled=waits_said
                        title=move || denied.get().unwrap_or_else(|| words.take_back_means.to_owned())
                        on:click=move |_| give(true)
                    >
                        {words.take_back}
                    </button>
                </Show>
            </div>
        </Show>
    }
}
