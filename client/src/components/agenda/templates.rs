//! Choosing how a session goes, before there is one.

use leptos::{prelude::*, task::spawn_local};

use crate::{agenda::template::Template, api, text::text};

/// The templates, to be chosen from. A handle.
#[derive(Clone, Copy)]
pub(crate) struct TemplateChoice {
    /// What the server has; none while it has not answered.
    all: RwSignal<Option<Vec<Template>>>,
    /// The template's id; empty: an open board.
    pub(crate) chosen: RwSignal<String>,
    failed: RwSignal<bool>,
}

impl TemplateChoice {
    /// Asks the server; the first of its templates is chosen.
    pub(crate) fn new() -> Self {
        let choice =
            Self { all: RwSignal::new(None), chosen: RwSignal::default(), failed: RwSignal::new(false) };
        spawn_local(async move {
            let answer = api::templates().await;
            choice.failed.try_set(answer.is_err());
            let all = answer.unwrap_or_default();
            let first = all.first().map(|template| template.id.clone());
            // Whoever was faster than the server has chosen the open board.
            if let Some(first) =
                first.filter(|_| choice.all.try_with_untracked(Option::is_none) == Some(true))
            {
                choice.chosen.try_set(first);
            }
            choice.all.try_set(Some(all));
        });
        choice
    }
}

/// The choice.
#[component]
pub(crate) fn ChooseTemplate(choice: TemplateChoice) -> impl IntoView {
    let words = &text().agenda.templates;
    let offer = move |id: String, title: String, facts: String, says: String, steps: String| {
        let (own, chosen) = (id.clone(), choice.chosen);
        let key = id.clone();
        view! {
            <label class="template">
                <input
                    type="radio"
                    name="template"
                    data-testid="template"
                    data-template=key
                    prop:checked=move || chosen.with(|chosen| *chosen == own)
                    on:change=move |_| chosen.set(id.clone())
                />
                <span class="template-body">
                    <span class="template-head">
                        <b>{title}</b>
                        <span class="hint tabular">{facts}</span>
                    </span>
                    <span class="template-says">{says}</span>
                    {(!steps.is_empty()).then(|| view! { <span class="template-steps hint">{steps}</span> })}
                </span>
            </label>
        }
    };
    view! {
        <div class="templates" role="radiogroup" aria-label=words.title>
            {move || match choice.all.get() {
                None => {
                    view! {
                        <div class="skeleton row" aria-busy="true" />
                        <div class="skeleton row" aria-hidden="true" />
                    }
                        .into_any()
                }
                Some(all) => {
                    all.into_iter()
                        .map(|template| {
                            let facts = (words.facts)(template.minutes, template.steps.len());
                            offer(template.id, template.title, facts, template.summary, template.steps.join(" · "))
                        })
                        .collect_view()
                        .into_any()
                }
            }}
            {offer(
                String::new(),
                words.open_board.to_owned(),
                String::new(),
                words.open_board_says.to_owned(),
                String::new(),
            )}
        </div>
        {move || choice.failed.get().then(|| view! { <p class="problem" role="status">{words.failed}</p> })}
    }
}
