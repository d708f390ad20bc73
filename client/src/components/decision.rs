//! What is decided of a project: verdict, owner, rationale. Kept by who decides; the others see it and why they
//! cannot change it.

use leptos::prelude::*;
use plumbline_shared::{board::Decision, ids::ProjectId, limits, words::Verdict};
use plumbline_sync::{Intent, Splice, Value};

use super::{PlainField, SharedText, Writing};
use crate::{desk::Desk, effect::memo, session::Live, text::text};

/// The verdicts, in the order in which they are offered.
pub(crate) const VERDICTS: [Verdict; 4] = [Verdict::Move, Verdict::Wait, Verdict::Stop, Verdict::Open];

/// A verdict as people say it.
pub(crate) fn verdict_name(verdict: Verdict) -> &'static str {
    let words = &text().open_card;
    match verdict {
        Verdict::Move => words.move_on,
        Verdict::Wait => words.wait,
        Verdict::Stop => words.stop,
        Verdict::Open => words.open,
    }
}

/// The decision about one project.
#[component]
pub(crate) fn DecisionOf(
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().open_card;
    let decision = memo(move |_| {
        live.board.written.track();
        live.board.board().decisions.get(&project).cloned().unwrap_or_default()
    });
    let denied = live.why_not(set(project, "verdict", Value::Null));
    let writing = Writing::Rationale(project);
    let unwritable = live.why_not(writing.intent(Splice { at: 0, remove: 0, insert: " ".to_owned() }));
    view! {
        <section class="decision" data-testid="decision">
            <h3>{words.decision}</h3>
            <p class="hint" data-testid="decision-denied">{denied}</p>
            <div class="verdicts" role="group" aria-label=words.verdict>
                {VERDICTS
                    .into_iter()
                    .map(|verdict| view! { <VerdictButton project verdict decision denied live /> })
                    .collect_view()}
            </div>
            <div class="decision-owner">
                <span class="field-name">{words.one_owner}</span>
                {move || match denied.get() {
                    Some(_) => {
                        let owner = decision.get().owner;
                        view! { <span>{if owner.is_empty() { words.nobody_yet.to_owned() } else { owner }}</span> }
                            .into_any()
                    }
                    None => view! { <Owner project decision live /> }.into_any(),
                }}
            </div>
            <SharedText
                writing
                label=words.rationale
                placeholder=words.rationale_placeholder
                name="rationale"
                denied=unwritable
            />
        </section>
    }
}

fn set(project: ProjectId, field: &str, value: Value) -> Intent {
    Intent::SetDecision { project, field: field.to_owned(), value }
}

#[component]
fn VerdictButton(
    project: ProjectId,
    verdict: Verdict,
    decision: Memo<Decision>,
    denied: Memo<Option<String>>,
    live: Live,
) -> impl IntoView {
    let words = &text().open_card;
    let is = memo(move |_| decision.with(|decision| decision.verdict) == Some(verdict));
    let says = match verdict {
        Verdict::Move => words.move_means,
        Verdict::Wait => words.wait_means,
        Verdict::Stop => words.stop_means,
        Verdict::Open => words.open_means,
    };
    let choose = move |_| {
        // Pressed again it is taken away: a verdict that was a slip is none.
        let value = if is.get_untracked() { Value::Null } else { verdict.as_str().into() };
        live.act(set(project, "verdict", value));
    };
    view! {
        <button
            type="button"
            class="verdict"
            data-testid=format!("verdict-{}", verdict.as_str())
            data-verdict=verdict.as_str()
            aria-pressed=move || if is.get() { "true" } else { "false" }
            disabled=move || denied.get().is_some()
            title=says
            on:click=choose
        >
            {verdict_name(verdict)}
        </button>
    }
}

/// One named owner: typed, or chosen from who is on the roster.
#[component]
fn Owner(project: ProjectId, decision: Memo<Decision>, live: Live) -> impl IntoView {
    let words = &text().open_card;
    let people = move || {
        live.board.roster.with(|roster| {
            roster
                .values()
                .filter(|person| person.role != plumbline_shared::words::Role::Observer)
                .map(|person| view! { <option value=person.name.clone() /> })
                .collect_view()
        })
    };
    view! {
        <PlainField
            name="decision-owner"
            label=words.one_owner
            placeholder=words.nobody_yet
            value=Signal::derive(move || decision.with(|decision| decision.owner.clone()))
            save=Callback::new(move |owner: String| live.act(set(project, "owner", owner.into())))
            most=limits::LINE
            list="people-here"
        />
        <datalist id="people-here">{move || people()}</datalist>
    }
}
