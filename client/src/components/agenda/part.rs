//! Whether a facilitator takes part in the ballots that they drive, and what they see where they do not.

use leptos::prelude::*;
use plumbline_shared::words::StepState;

use crate::{components::Show, desk::Desk, effect::memo, session::Live, storage, text::text};

/// Whether the facilitator of this page answers, too. A handle; remembered for the session by this browser.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    live: Live,
    chosen: RwSignal<bool>,
}

impl Part {
    /// As it was chosen last; not, before anybody has chosen: who drives has enough to do.
    pub(crate) fn provide(live: Live) {
        let chosen = storage::read(&key(live)).unwrap_or(false);
        provide_context(Self { live, chosen: RwSignal::new(chosen) });
    }

    /// The one of this page.
    pub(crate) fn used() -> Self {
        expect_context()
    }

    /// Whether this page answers; tracked. Who has answered does, whatever they chose.
    pub(crate) fn takes(self) -> bool {
        let has_answered =
            || self.live.board.own_ballot.with(|own| own.as_ref().is_some_and(|own| !own.answers.is_empty()));
        !self.live.drives() || self.chosen.get() || has_answered()
    }

    pub(super) fn choose(self, takes: bool) {
        self.chosen.set(takes);
        storage::write(&key(self.live), takes);
    }
}

fn key(live: Live) -> String {
    format!("plumbline.part.{}", live.id)
}

/// A ballot, before a facilitator who does not answer it: how far the room is, and nothing else, which is all there is.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().agenda.overview;
    let part = Part::used();
    let state =
        memo(move |_| live.board.session.with(|session| session.step_state).unwrap_or(StepState::Open));
    let progress = super::console::progress(live);
    view! {
        <section class="ballot-overview" data-testid="ballot-overview">
            <h2>{move || (words.title)(state.get())}</h2>
            {move || {
                let progress = progress.get().filter(|_| state.get() == StepState::Open)?;
                Some(
                    view! {
                        <p class="overview-done tabular">{(words.done)(progress.done, progress.of)}</p>
                        <meter
                            aria-label=(words.done)(progress.done, progress.of)
                            min="0"
                            max=progress.of.to_string()
                            value=progress.done.to_string()
                        />
                    },
                )
            }}
            <p class="hint">{words.told_coarsely}</p>
            <Show when=move || matches!(state.get(), StepState::Ready | StepState::Open)>
                <div class="actions">
                    <button type="button" class="button" data-testid="take-part" on:click=move |_| part.choose(true)>
                        {words.answer}
                    </button>
                </div>
                <p class="hint">{words.takes_part_hint}</p>
            </Show>
        </section>
    }
}
