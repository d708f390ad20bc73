//! A project that is missing, brought to a board while it is in use.

use leptos::prelude::*;
use plumbline_shared::{ids::ProjectId, limits};
use plumbline_sync::{Intent, Value};
use uuid::Uuid;

use super::Field;
use crate::{desk::Desk, text::text, typed::figure};

/// A form for a project that is missing.
#[component]
pub(crate) fn AddProject(
    /// Called when it is done, or not wanted.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let desk = Desk::used();
    let words = &text().card;
    let name = RwSignal::new(String::new());
    let summary = RwSignal::new(String::new());
    let sponsor = RwSignal::new(String::new());
    let cost = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let name_error = Signal::derive(move || {
        (tried.get() && name.with(|name| name.trim().is_empty())).then(|| words.name_missing.to_owned())
    });
    let cost_error = Signal::derive(move || {
        (tried.get() && figure(&cost.get()).is_err()).then(|| words.not_a_number.to_owned())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(cost) = figure(&cost.get_untracked()) else { return };
        if name_error.get_untracked().is_some() {
            return;
        }
        let mut with: Vec<(String, Value)> = Vec::new();
        for (field, value) in [("summary", summary), ("sponsor", sponsor)] {
            let value = value.get_untracked().trim().to_owned();
            if !value.is_empty() {
                with.push((field.to_owned(), value.into()));
            }
        }
        if let Some(cost) = cost {
            with.push(("cost".to_owned(), cost.into()));
        }
        let id = ProjectId(Uuid::now_v7());
        let name = name.get_untracked().trim().to_owned();
        if desk.live.act(Intent::AddProject { id, name, with }) {
            done.run(());
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <p class="hint">{text().board.add_project_hint}</p>
            <Field label=words.name name="project-name" value=name error=name_error focus=true />
            <div class="field">
                <label for="project-summary">
                    {words.summary} <span class="quiet">" " {text().general.optional}</span>
                </label>
                <textarea
                    id="project-summary"
                    data-testid="project-summary"
                    rows="3"
                    maxlength=limits::PARAGRAPH.to_string()
                    prop:value=summary
                    on:input:target=move |event| summary.set(event.target().value())
                />
            </div>
            <div class="field-row">
                <Field label=words.sponsor name="project-sponsor" value=sponsor optional=true />
                <Field
                    label=words.cost
                    name="project-cost"
                    value=cost
                    error=cost_error
                    mode="decimal"
                    most=20
                    optional=true
                />
            </div>
            <div class="actions end">
                <button type="button" class="button" on:click=move |_| done.run(())>
                    {text().general.cancel}
                </button>
                <button type="submit" class="button primary" data-testid="project-submit">
                    {text().board.add}
                </button>
            </div>
        </form>
    }
}
