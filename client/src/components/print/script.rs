//! The facilitator's script: every step with its minutes, and what to say and to do in it.

use leptos::prelude::*;
use plumbline_shared::agenda::option;

use crate::{session::BoardView, text::text};

/// All steps of the agenda.
#[component]
pub(crate) fn PrintedScript(
    /// The board.
    board: BoardView,
) -> impl IntoView {
    let words = &text().decide.print;
    let rows = move || {
        let mut from = 0;
        let steps = board.agenda.get();
        if steps.is_empty() {
            return view! { <p>{words.no_agenda}</p> }.into_any();
        }
        steps
            .into_iter()
            .enumerate()
            .map(|(at, step)| {
                let to = from + step.minutes;
                let time = (words.from_to)(from, to);
                from = to;
                let parts = [
                    (option::NOW, words.now),
                    (option::SAY, words.say),
                    (option::TODO, words.todo),
                    (option::OBJECTION, words.objection),
                    (option::LATE, words.late),
                ];
                let parts = parts
                    .into_iter()
                    .filter(|(name, _)| !step.option(name).is_empty())
                    .map(|(name, heading)| {
                        view! {
                            <dt>{heading}</dt>
                            <dd>{step.option(name).to_owned()}</dd>
                        }
                    })
                    .collect_view();
                view! {
                    <section class="print-step" data-testid="print-step">
                        <h3>
                            <span>{at + 1} ". " {step.title.clone()}</span>
                            <span class="tabular">{(words.minutes)(step.minutes)} " · " {time}</span>
                        </h3>
                        <dl>{parts}</dl>
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    let about = move || {
        board.session.with(|session| {
            [session.purpose.clone(), session.decider.clone(), session.rule.clone()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        })
    };
    view! {
        <article class="print-sheet" data-testid="print-script">
            <h2>{move || board.session.with(|session| session.title.clone())}</h2>
            <p>{about}</p>
            {move || rows()}
        </article>
    }
}
