//! What is missing, each with a way to its field.

use leptos::prelude::*;
use plumbline_shared::deciding::{Need, missing};

use super::{fields::field_test, form::Made};
use crate::{components::Show, dom, effect::memo, format, text::text};

/// What one decision lacks.
#[component]
pub(super) fn Lacks(made: Made) -> impl IntoView {
    let words = &text().decide.form;
    let lacks = memo(move |_| {
        made.verdict()?;
        let room = made.room.get();
        Some(made.decision.with(|decision| missing(decision, room, format::today())))
    });
    view! {
        <Show when=move || lacks.with(Option::is_some)>
            <p class="decide-lacks" role="status" data-testid="decision-lacks">
                {move || {
                    let lacks = lacks.get().unwrap_or_default();
                    if lacks.is_empty() {
                        return words.complete.into_any();
                    }
                    let needs = lacks
                        .into_iter()
                        .map(|need| view! { <GoTo need=need go=Callback::new(move |()| go_to_field(need)) /> })
                        .collect_view();
                    view! {
                        {words.missing}
                        " "
                        {needs}
                    }
                        .into_any()
                }}
            </p>
        </Show>
    }
}

/// A need, as a button that leads to where it is filled.
#[component]
pub(super) fn GoTo(need: Need, go: Callback<()>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            data-testid="need"
            data-need=need.field()
            on:click=move |_| go.run(())
        >
            {(text().decide.form.need)(need)}
        </button>
    }
}

/// Gives the field of a need the focus, once it is drawn.
pub(super) fn go_to_field(need: Need) {
    // Two frames: in the first one the form is brought up to date.
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(field) = dom::by_attribute("data-testid", field_test(need.field())) {
                dom::focus_quietly(&field);
                dom::bring_into_sight(&field);
            }
        });
    });
}
