//! At a checkpoint: what was decided before, and that it still holds, in one tap.

use leptos::prelude::*;
use plumbline_shared::{
    checkpoint::{Again, HOLDS, again},
    day::Day,
    words::Verdict,
};

use super::form::{Made, verdict_name};
use crate::{effect::memo, format, text::text};

/// The earlier decision, with what can be said to it at once.
#[component]
pub(super) fn Before(made: Made) -> impl IntoView {
    let words = &text().checkpoint;
    let board = made.live.board;
    let project = made.project;
    let earlier = memo(move |_| {
        board.written.track();
        board.board().earlier.get(&project).filter(|earlier| earlier.number > 0).cloned()
    });
    let stands = memo(move |_| made.decision.with(|now| again(earlier.get().as_ref(), Some(now))));
    let says = move || {
        let earlier = earlier.get()?;
        let verdict = earlier.verdict?;
        let day = |text: &str| Day::parse(text).map(format::calendar_day).unwrap_or_default();
        let until = match verdict {
            Verdict::Stop => earlier.field("ends"),
            Verdict::Wait => earlier.field("expires"),
            Verdict::Move => earlier.field("measure_due"),
            Verdict::Open => earlier.field("decide_by"),
        };
        let mut parts = vec![(words.decided_before)(verdict_name(verdict), &day(&earlier.decided_on))];
        if !earlier.owner.is_empty() {
            parts.push(earlier.owner.clone());
        }
        if Day::parse(until).is_some() {
            parts.push((text().decide.close.until)(&day(until)));
        }
        Some(parts.join(" · "))
    };
    let expired = memo(move |_| {
        earlier.with(|earlier| {
            let wait = earlier.as_ref().filter(|earlier| earlier.verdict == Some(Verdict::Wait));
            wait.and_then(|earlier| Day::parse(earlier.field("expires")))
                .is_some_and(|expires| expires < format::today())
        })
    });
    let holds = memo(move |_| stands.get() == Again::Holds);
    view! {
        {move || {
            earlier
                .get()
                .map(|_| {
                    view! {
                        <div class="before" data-testid="decided-before">
                            <p>{says}</p>
                            <div class="actions">
                                <button
                                    type="button"
                                    class="button small"
                                    data-testid="still-holds"
                                    aria-pressed=move || if holds.get() { "true" } else { "false" }
                                    disabled=move || {
                                        made.denied.get().is_some()
                                            || !matches!(stands.get(), Again::Untouched | Again::Holds)
                                    }
                                    on:click=move |_| {
                                        made.write(
                                            HOLDS,
                                            if holds.get_untracked() { String::new() } else { "yes".to_owned() },
                                        );
                                    }
                                >
                                    {words.holds}
                                </button>
                                {move || {
                                    (expired.get() && stands.get() == Again::Untouched)
                                        .then(|| {
                                            view! {
                                                <button
                                                    type="button"
                                                    class="button small"
                                                    data-testid="becomes-stop"
                                                    disabled=move || made.denied.get().is_some()
                                                    on:click=move |_| {
                                                        made.write("verdict", Verdict::Stop.as_str().to_owned());
                                                    }
                                                >
                                                    {words.becomes_stop}
                                                </button>
                                            }
                                        })
                                }}
                                <span class="hint" role="status">
                                    {move || (words.stands)(stands.get())}
                                </span>
                            </div>
                        </div>
                    }
                })
        }}
    }
}
