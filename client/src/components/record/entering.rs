//! Entering what happened to a decision: for good, with a word about that, and without losing anything that was typed.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{day::Day, limits};
use uuid::Uuid;

use super::doing::{AskedDone, Doing};
use crate::{
    api::{self, Problem},
    components::{Field, Show},
    effect::memo,
    format,
    notices::{Notices, Tone},
    record::{NewEntry, Shown, Status},
    storage,
    text::{record::record, text},
};

/// What somebody enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Done,
    Told,
    Status(Status),
}

impl What {
    fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Told => "told",
            Self::Status(status) => status.as_str(),
        }
    }
}

/// What is typed. A handle.
#[derive(Clone, Copy)]
struct Typed {
    what: RwSignal<Option<What>>,
    by: RwSignal<String>,
    reason: RwSignal<String>,
    successor: RwSignal<String>,
    told_by: RwSignal<String>,
    told_on: RwSignal<String>,
    done: Doing,
    busy: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
    notices: Notices,
    /// By which the server knows a repetition, as long as the same is said.
    attempt: StoredValue<(String, Uuid)>,
}

/// What can be entered about a decision as it stands.
#[component]
pub(crate) fn Entering(
    /// The decision as it stands; it may be another after an entry.
    shown: Signal<Option<Shown>>,
    /// Something was entered, or it turned out that it stands otherwise.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    let words = &record().entering;
    let typed = Typed {
        what: RwSignal::new(None),
        by: RwSignal::default(),
        reason: RwSignal::default(),
        successor: RwSignal::default(),
        told_by: RwSignal::default(),
        told_on: RwSignal::new(format::today().to_string()),
        done: Doing::new(),
        busy: RwSignal::new(false),
        refused: RwSignal::new(None),
        notices: Notices::used(),
        attempt: StoredValue::new((String::new(), Uuid::nil())),
    };
    let offers = memo(move |_| {
        shown.with(|shown| {
            let Some(shown) = shown.as_ref().filter(|shown| shown.holds()) else { return Vec::new() };
            let statuses = shown.may_become().into_iter().map(What::Status);
            [What::Done, What::Told].into_iter().chain(statuses).collect()
        })
    });
    // What cannot follow any more is not offered, and what was typed for it stays.
    let chosen = memo(move |_| typed.what.get().filter(|what| offers.with(|offers| offers.contains(what))));
    let choice = move |what: What| {
        let says = match what {
            What::Done => words.done,
            What::Told => words.told,
            What::Status(status) => (words.status)(status),
        };
        view! {
            <label>
                <input
                    type="radio"
                    name="entering"
                    data-testid=format!("enter-{}", what.key())
                    prop:checked=move || chosen.get() == Some(what)
                    on:change=move |_| {
                        typed.refused.set(None);
                        typed.what.set(Some(what));
                    }
                />
                <span>{says}</span>
            </label>
        }
    };
    let choices = move || offers.get().into_iter().map(choice).collect_view();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(what) = chosen.get_untracked() {
            enter(typed, what, shown, changed);
        }
    };
    view! {
        <Show when=move || offers.with(|offers| !offers.is_empty())>
            <form class="decision-enter" novalidate data-testid="decision-enter" on:submit=submit>
                <h3>{words.title}</h3>
                <fieldset class="decision-choices">
                    <legend class="unseen">{words.title}</legend>
                    {move || choices()}
                </fieldset>
                {move || chosen.get().map(|what| view! { <Asked typed=typed what=what shown=shown /> })}
                <p class="problem" role="alert" data-testid="enter-refused" hidden=move || typed.refused.get().is_none()>
                    {move || typed.refused.get()}
                </p>
            </form>
        </Show>
        <Show when=move || shown.with(|shown| shown.as_ref().is_some_and(|shown| !shown.holds()))>
            <p class="hint" data-testid="decision-over">{words.over}</p>
        </Show>
    }
}

/// What an entry needs.
#[component]
fn Asked(typed: Typed, what: What, shown: Signal<Option<Shown>>) -> impl IntoView {
    let words = &record().entering;
    let successor = (what == What::Status(Status::Superseded)).then(|| {
        let offers = shown.with_untracked(|shown| {
            let later =
                shown.as_ref().map(|shown| shown.successors().into_iter().cloned().collect::<Vec<_>>());
            later.unwrap_or_default()
        });
        if let ([only], true) = (offers.as_slice(), typed.successor.with_untracked(String::is_empty)) {
            typed.successor.set(only.number.to_string());
        }
        let offers = offers.into_iter().map(|of| {
            let says = format!("{} · {}", of.session, (record().log.verdict)(of.verdict));
            view! { <option value=of.number.to_string()>{says}</option> }
        });
        view! {
            <div class="field">
                <label for="enter-successor">{words.successor}</label>
                <input
                    id="enter-successor"
                    data-testid="enter-successor"
                    inputmode="numeric"
                    autocomplete="off"
                    list="enter-successors"
                    aria-describedby="enter-successor-hint"
                    prop:value=typed.successor
                    on:input:target=move |event| typed.successor.set(event.target().value())
                />
                <datalist id="enter-successors">{offers.collect_view()}</datalist>
                <p class="hint" id="enter-successor-hint">{words.successor_says}</p>
            </div>
        }
    });
    let fields = match what {
        What::Done => view! { <AskedDone doing=typed.done shown=shown /> }.into_any(),
        What::Told => view! {
            <Field label=words.told_by value=typed.told_by name="enter-told_by" most=limits::LINE />
            <div class="field">
                <label for="enter-told_on">{words.told_on}</label>
                <input
                    id="enter-told_on"
                    type="date"
                    data-testid="enter-told_on"
                    max=format::today().to_string()
                    prop:value=typed.told_on.get_untracked()
                    on:input:target=move |event| typed.told_on.set(event.target().value())
                />
            </div>
        }
        .into_any(),
        What::Status(_) => view! {
            {successor}
            <div class="field wide">
                <label for="enter-reason">{words.reason}</label>
                <textarea
                    id="enter-reason"
                    rows="3"
                    data-testid="enter-reason"
                    maxlength=limits::PARAGRAPH.to_string()
                    prop:value=typed.reason.get_untracked()
                    on:input:target=move |event| typed.reason.set(event.target().value())
                />
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="decision-enter-fields">
            {fields}
            <Field label=words.by value=typed.by name="enter-by" most=limits::LINE hint=words.by_says optional=true />
        </div>
        <p class="hint">{words.for_good}</p>
        <div class="actions">
            <button type="submit" class="button primary" data-testid="enter-submit" disabled=move || typed.busy.get()>
                {move || if typed.busy.get() { words.entering } else { words.enter }}
            </button>
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    typed.refused.set(None);
                    typed.what.set(None);
                }
            >
                {text().general.cancel}
            </button>
        </div>
    }
}

/// What is typed as an entry, or what is missing for it.
fn read(typed: Typed, what: What) -> Result<NewEntry, &'static str> {
    let words = &record().entering;
    let line = |of: RwSignal<String>| of.with_untracked(|text| text.trim().to_owned());
    let by = line(typed.by);
    match what {
        What::Done => typed.done.read(by).map(NewEntry::Done),
        What::Told => {
            let told_by = line(typed.told_by);
            let told_on = Day::parse(&line(typed.told_on)).ok_or(words.told_on_missing)?;
            if told_by.is_empty() {
                return Err(words.told_by_missing);
            }
            if told_on > format::today() {
                return Err(words.told_on_later);
            }
            Ok(NewEntry::Told { told_by, told_on, by })
        }
        What::Status(status) => {
            let successor = match status {
                Status::Superseded => {
                    let number = line(typed.successor);
                    Some(number.trim_start_matches('#').parse().map_err(|_| words.successor_missing)?)
                }
                _ => None,
            };
            let reason = line(typed.reason);
            if status == Status::Reversed && reason.is_empty() {
                return Err(words.reason_missing);
            }
            Ok(NewEntry::Status { status, reason, superseded_by: successor, by })
        }
    }
}

fn enter(typed: Typed, what: What, shown: Signal<Option<Shown>>, changed: Callback<()>) {
    let number = shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.record.number));
    let (Some(number), Some(key)) = (number, storage::workspace_key()) else { return };
    if typed.busy.get_untracked() {
        return;
    }
    let entry = match read(typed, what) {
        Ok(entry) => entry,
        Err(says) => return typed.refused.set(Some(says.to_owned())),
    };
    // Whoever presses again because no answer came enters it once.
    let said = format!("{number} {entry:?}");
    if typed.attempt.with_value(|(before, _)| *before != said) {
        typed.attempt.set_value((said, Uuid::now_v7()));
    }
    let attempt = typed.attempt.with_value(|(_, attempt)| *attempt);
    typed.busy.set(true);
    typed.refused.set(None);
    spawn_local(async move {
        let answer = api::enter_change(&key, number, &entry, attempt).await;
        typed.busy.try_set(false);
        match answer {
            Ok(entered) => {
                typed.notices.show(Tone::Plain, (record().entering.entered)(entered.number));
                for text in [typed.reason, typed.successor, typed.told_by] {
                    text.try_set(String::new());
                }
                typed.done.empty();
                typed.what.try_set(None);
                changed.try_run(());
            }
            Err(Problem { status, says, .. }) => {
                typed.refused.try_set(Some(says));
                // What was answered is over: pressing again is another attempt.
                if status != 0 {
                    typed.attempt.try_set_value((String::new(), Uuid::nil()));
                }
                // Somebody else has entered something meanwhile: it is shown as it stands now.
                if status == 409 {
                    changed.try_run(());
                }
            }
        }
    });
}
