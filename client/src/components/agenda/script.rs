//! The facilitator's script of the current step: what to say, what to do, what if somebody objects, what if it is late.

use leptos::prelude::*;
use plumbline_shared::{
    agenda::{self, option},
    words::StepState,
};

use crate::{components::Show, effect::memo, session::Live, text::text};

/// The parts of a script: the option's name, and what it is called.
pub(super) fn parts() -> [(&'static str, &'static str); 4] {
    let words = &text().agenda.script;
    [
        (option::SAY, words.say),
        (option::TODO, words.todo),
        (option::OBJECTION, words.objection),
        (option::LATE, words.late),
    ]
}

/// The script of the step that the session stands at.
#[component]
pub(super) fn Script(live: Live) -> impl IntoView {
    let words = &text().agenda;
    let script = memo(move |_| {
        live.board.session.with(|session| {
            live.board.agenda.with(|agenda| {
                let step = agenda.iter().find(|step| Some(step.id) == session.step);
                let revealed = session.step_state == Some(StepState::Revealed);
                let text = |(name, _): (&str, &str)| {
                    step.map(|step| agenda::script(&step.options, name, revealed).to_owned())
                        .unwrap_or_default()
                };
                parts().map(text)
            })
        })
    });
    view! {
        <section class="agenda-script" aria-label=words.script.title data-testid="script">
            <Show
                when=move || script.with(|script| script.iter().any(|text| !text.is_empty()))
                fallback=move || view! { <p class="hint">{words.script.none}</p> }
            >
                {move || {
                    script
                        .get()
                        .into_iter()
                        .zip(parts())
                        .filter(|(says, _)| !says.is_empty())
                        .map(|(says, (name, heading))| {
                            view! {
                                <div class="script-part" data-part=name>
                                    <h2>{heading}</h2>
                                    <p>{says}</p>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </Show>
            <p class="hint">{words.console.clicker}</p>
        </section>
    }
}
