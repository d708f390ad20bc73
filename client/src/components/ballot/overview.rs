//! A ballot as a facilitator sees it: how far the room is, paper that is typed in, and whether they take part.

use leptos::prelude::*;

use super::{answering::Answering, paper::PaperBallot, states::TooLate};
use crate::{
    components::{Dialog, Show},
    effect::memo,
    storage,
    text::text,
};

/// Where it is remembered that a facilitator takes part.
pub(super) fn takes_part_key(answering: Answering) -> String {
    format!("plumbline.takes-part.{}", answering.live.id)
}

/// The overview.
#[component]
pub(super) fn Overview(
    answering: Answering,
    /// Whether answers are taken.
    open: bool,
    /// Whether the facilitator answers, too.
    takes_part: RwSignal<bool>,
) -> impl IntoView {
    let words = &text().ballot.states;
    let live = answering.live;
    let progress = live.board.progress;
    let room = move || progress.get().map(|progress| (text().ballot.way.room)(progress.done, progress.of));
    let share = move || match progress.get() {
        Some(progress) if progress.of > 0 => {
            format!("{}%", 100 * progress.done.min(progress.of) / progress.of)
        }
        _ => "0%".to_owned(),
    };
    let own = memo(move |_| answering.sheet.with(|sheet| (sheet.answered(), sheet.of_all())));
    let paper = RwSignal::new(false);
    let take_part = move |_| {
        takes_part.set(true);
        storage::write(&takes_part_key(answering), true);
        super::promise::focus_heading();
    };
    let withdraw = move |_| {
        let answered = answering.sheet.with_untracked(|sheet| {
            let lines = sheet.lines.iter().filter(|line| line.answer.is_some());
            lines.map(|line| line.item.clone()).collect::<Vec<_>>()
        });
        for item in answered {
            answering.cast(item, None);
        }
        live.notices().say(words.withdrawn);
    };
    let title = if open { words.drives_title } else { words.sealed_title };
    view! {
        <section class="ballot-say overview" data-testid="ballot-overview">
            <h2 tabindex="-1" data-testid="ballot-heading">
                {title}
            </h2>
            <p class="ballot-question">{answering.prompt()}</p>
            {open
                .then(|| {
                    view! {
                        <div class="room-progress" role="status" data-testid="ballot-progress">
                            <span class="bar" aria-hidden="true">
                                <i style:width=share />
                            </span>
                            <p>{room}</p>
                        </div>
                    }
                })}
            <p class="hint">{if open { words.drives } else { words.drives_sealed }}</p>
            <TooLate answering=answering />
            <Show when=move || { own.get().0 > 0 }>
                <p data-testid="own-progress">{move || (words.drives_answered)(own.get().0, own.get().1)}</p>
            </Show>
            {open
                .then(|| {
                    view! {
                        <div class="actions">
                            <button type="button" class="button large" data-testid="takes-part" on:click=take_part>
                                {move || if own.get().0 > 0 { words.goes_on } else { words.takes_part }}
                            </button>
                            <Show when=move || { own.get().0 > 0 }>
                                <button type="button" class="button large" data-testid="withdraw" on:click=withdraw>
                                    {words.withdraw}
                                </button>
                            </Show>
                            <button
                                type="button"
                                class="button large"
                                data-testid="paper-open"
                                on:click=move |_| paper.set(true)
                            >
                                {text().ballot.paper.open}
                            </button>
                        </div>
                        <Dialog open=paper title=text().ballot.paper.title.to_owned() wide=true>
                            <PaperBallot answering=answering />
                        </Dialog>
                    }
                })}
        </section>
    }
}
