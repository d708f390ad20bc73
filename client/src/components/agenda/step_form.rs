//! The form of one step: what is done in it, what it asks, and the facilitator's script.

use leptos::{ev, prelude::*};
use plumbline_shared::{
    agenda::{Options, option, subjects_of},
    board::Step,
    ids::{ProjectId, StepId},
    limits,
    words::{Question, StepState, Subjects},
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    editor::{Editing, KINDS, asks, kind_of, kind_options},
    script,
};
use crate::{
    agenda::options::{self, REVEALED},
    components::Show,
    effect::memo,
    text::text,
};

/// What each text of the script is called, in the order of [`REVEALED`].
fn script_labels() -> [&'static str; 5] {
    let [say, todo, objection, late] = script::parts().map(|(_, label)| label);
    [text().agenda.edit.now, say, todo, objection, late]
}

/// The form. Each field is kept when it is left.
#[component]
pub(super) fn StepForm(editing: Editing, id: StepId) -> impl IntoView {
    let words = &text().agenda.edit;
    let live = editing.live;
    let step = memo(move |_| editing.step(id));
    // What is being typed, until its field is left: a dialog that is closed tells nobody.
    let pending = StoredValue::new(None::<(String, String)>);
    let set = move |field: &str, typed: &str| {
        let Some(step) = step.get_untracked() else { return };
        match field {
            "title" if typed.trim().is_empty() => {}
            "title" => {
                editing.set(id, "title", typed.trim());
            }
            "does" => {
                let Some((kind, question, _)) = typed.parse::<usize>().ok().and_then(|at| KINDS.get(at))
                else {
                    return;
                };
                if step.kind != *kind {
                    editing.set(id, "kind", kind.as_str());
                }
                if step.question != *question {
                    editing.set(id, "question", question.map(|question| question.as_str()));
                }
                // What belongs to the question that it asked goes with it.
                let step = Step { kind: *kind, question: *question, ..step };
                editing.set_options(&step, &step.options);
            }
            name => {
                let texts: Vec<String> = if name == option::STATEMENT {
                    typed.lines().map(str::to_owned).collect()
                } else {
                    vec![typed.to_owned()]
                };
                editing.set_options(&step, &options::with(&step.options, name, &texts));
            }
        }
    };
    let keep = move || {
        if let Some((field, value)) = pending.try_update_value(Option::take).flatten() {
            set(&field, &value);
        }
    };
    let typing = move |event: ev::Event| {
        if let Some(field) = field_of(&event) {
            // What was typed elsewhere is not lost with it.
            if pending.with_value(|old| old.as_ref().is_some_and(|(other, _)| *other != field)) {
                keep();
            }
            pending.set_value(Some((field, event_target_value(&event))));
        }
    };
    let change = move |event: ev::Event| {
        // The row's own fields are the list's.
        event.stop_propagation();
        if let Some(field) = field_of(&event) {
            pending.set_value(Some((field, event_target_value(&event))));
            keep();
        }
    };
    on_cleanup(keep);
    let asked = memo(move |_| step.with(|step| step.as_ref().and_then(asks)));
    let under_way = memo(move |_| {
        live.board.session.with(|session| {
            let state = session.step_state.unwrap_or(StepState::Open);
            session.step == Some(id) && state != StepState::Ready
        })
    });
    let one = move |name: &'static str| {
        Signal::derive(move || {
            step.with(|step| step.as_ref().map(|step| step.option(name).to_owned()).unwrap_or_default())
        })
    };
    let title = Signal::derive(move || {
        step.with(|step| step.as_ref().map(|step| step.title.clone()).unwrap_or_default())
    });
    let chosen = untrack(|| step.with(|step| step.as_ref().and_then(kind_of)));
    view! {
        <div class="step-form" on:change=change on:input=typing data-testid="step-form">
            <Show when=move || under_way.get() && asked.get().is_some()>
                <p class="hint">{words.under_way}</p>
            </Show>
            <div class="field-row">
                {line("title", words.name, "", title, limits::TITLE, false)}
                <div class="field">
                    <label for="step-does">{words.does_label}</label>
                    <select id="step-does" data-testid="step-does" data-field="does">
                        {kind_options(chosen)}
                    </select>
                </div>
            </div>
            {move || asked.get().map(|question| view! { <Asked editing=editing id=id question=question /> })}
            {line(option::NOW, words.now, words.now_hint, one(option::NOW), limits::LINE, false)}
            <details class="step-script">
                <summary>{words.script}</summary>
                {script::parts()
                    .into_iter()
                    .map(|(name, label)| line(name, label, "", one(name), limits::PARAGRAPH, true))
                    .collect_view()}
            </details>
            <Show when=move || asked.get().is_some()>
                <details class="step-script" data-testid="step-revealed">
                    <summary>{words.script_revealed}</summary>
                    {number(option::REVEAL, words.reveal, one(option::REVEAL), 0, 1_440)}
                    {REVEALED
                        .into_iter()
                        .zip(script_labels())
                        .map(|(name, label)| {
                            let long = name != REVEALED[0];
                            let most = if long { limits::PARAGRAPH } else { limits::LINE };
                            line(name, label, "", one(name), most, long)
                        })
                        .collect_view()}
                </details>
            </Show>
        </div>
    }
}

/// What the ballot of a step asks, and of what.
#[component]
fn Asked(editing: Editing, id: StepId, question: Question) -> impl IntoView {
    let words = &text().agenda.edit;
    let read = memo(move |_| {
        let step = editing.step(id);
        step.map(|step| Options::read(question, &step.options))
    });
    let about = memo(move |_| read.with(|read| read.as_ref().map(|read| read.subjects)));
    let value = move |of: fn(&Options) -> String| {
        Signal::derive(move || read.with(|read| read.as_ref().map(of).unwrap_or_default()))
    };
    let first = about.get_untracked();
    view! {
        <div class="field-row">
            <div class="field">
                <label for="step-subjects">{words.subjects}</label>
                <select id="step-subjects" data-testid="step-subjects" data-field=option::SUBJECTS>
                    {subjects_of(question)
                        .iter()
                        .map(|subjects| {
                            view! {
                                <option value=subjects.as_str() selected=first == Some(*subjects)>
                                    {(words.subject)(*subjects)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            {(question == Question::Scale && read.with_untracked(|read| read.as_ref().is_none_or(|read| read.words.is_empty())))
                .then(|| {
                    let one = read.with_untracked(|read| read.as_ref().is_some_and(|read| read.lowest == 1));
                    view! {
                        <div class="field">
                            <label for="step-lowest">{words.lowest}</label>
                            <select id="step-lowest" data-testid="step-lowest" data-field=option::LOWEST>
                                <option value="0" selected=!one>
                                    {words.lowest_zero}
                                </option>
                                <option value="1" selected=one>
                                    {words.lowest_one}
                                </option>
                            </select>
                        </div>
                    }
                })}
            {(question == Question::Dots)
                .then(|| {
                    view! {
                        {number(option::BUDGET, words.budget, value(|read| read.budget.to_string()), 1, limits::DOTS)}
                        {number(option::CAP, words.cap, value(|read| read.cap.to_string()), 1, limits::DOTS)}
                    }
                })}
        </div>
        <Show when=move || about.get() == Some(Subjects::Shortlist)>
            <Shortlist editing=editing id=id />
        </Show>
        <Show when=move || about.get() == Some(Subjects::Statements)>
            {line(
                option::STATEMENT,
                words.statements,
                words.statements_hint,
                value(|read| read.statements.join("\n")),
                limits::PARAGRAPH,
                true,
            )}
        </Show>
        {line(option::PROMPT, words.prompt, words.prompt_hint, value(|read| read.prompt.clone()), limits::LINE, false)}
        {matches!(question, Question::Placement | Question::Hobby | Question::Verdict)
            .then(|| {
                let half = move |event: ev::Event| {
                    event.stop_propagation();
                    let yes = event_target_checked(&event).then(|| "yes".to_owned());
                    if let Some(step) = untrack(|| editing.step(id)) {
                        let changed = options::with(&step.options, option::HALF, yes.as_slice());
                        editing.set_options(&step, &changed);
                    }
                };
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            data-testid="step-half"
                            prop:checked=move || read.with(|read| read.as_ref().is_some_and(|read| read.half))
                            on:change=half
                        />
                        <span>{words.half}</span>
                    </label>
                    <p class="hint">{words.half_hint}</p>
                }
            })}
    }
}

/// The projects of a shortlist, to be picked.
#[component]
fn Shortlist(editing: Editing, id: StepId) -> impl IntoView {
    let words = &text().agenda.edit;
    let board = editing.live.board;
    let picked = memo(move |_| {
        let step = editing.step(id);
        step.map(|step| Options::read(Question::Verdict, &step.options).shortlist).unwrap_or_default()
    });
    let sought = RwSignal::new(String::new());
    let mut all: Vec<(ProjectId, String)> =
        board.board().projects.iter().map(|(project, facts)| (*project, facts.name.clone())).collect();
    plumbline_shared::sorted::sort(&mut all, |(_, a), (_, b)| a.cmp(b));
    let pick = move |event: ev::Event| {
        event.stop_propagation();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let project = target.and_then(|target| target.get_attribute("value")).and_then(|id| id.parse().ok());
        let (Some(project), Some(step)) = (project, untrack(|| editing.step(id))) else { return };
        let mut list = picked.get_untracked();
        list.retain(|other| *other != project);
        if event_target_checked(&event) {
            list.push(project);
        }
        let ids: Vec<String> = list.iter().map(ToString::to_string).collect();
        editing.set_options(&step, &options::with(&step.options, option::SHORTLIST, &[ids.join(" ")]));
    };
    view! {
        <fieldset class="shortlist" data-testid="shortlist" on:change=pick on:input=|event| event.stop_propagation()>
            <legend>{words.shortlist}</legend>
            <p class="hint">{move || (words.shortlist_counted)(picked.with(Vec::len))}</p>
            <input
                type="search"
                aria-label=text().board.search
                placeholder=text().board.search
                prop:value=sought
                on:input:target=move |event| sought.set(event.target().value())
            />
            <div class="shortlist-all">
                {all
                    .into_iter()
                    .map(|(project, name)| {
                        let lower = name.to_lowercase();
                        view! {
                            <label
                                class="check"
                                hidden=move || sought.with(|sought| !lower.contains(&sought.trim().to_lowercase()))
                            >
                                <input
                                    type="checkbox"
                                    data-testid="shortlist-pick"
                                    value=project.to_string()
                                    prop:checked=move || picked.with(|picked| picked.contains(&project))
                                />
                                <span>{name}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

/// A field of one line, or of several.
fn line(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: Signal<String>,
    most: usize,
    long: bool,
) -> AnyView {
    let key = format!("step-{name}");
    let hint_key = format!("{key}-hint");
    let described = (!hint.is_empty()).then(|| hint_key.clone());
    let most = most.to_string();
    let field = if long {
        view! {
            <textarea
                id=key.clone()
                data-testid=key.clone()
                data-field=name
                rows="3"
                maxlength=most
                aria-describedby=described
                prop:value=value
            />
        }
        .into_any()
    } else {
        view! {
            <input
                id=key.clone()
                data-testid=key.clone()
                data-field=name
                type="text"
                autocomplete="off"
                maxlength=most
                aria-describedby=described
                prop:value=value
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=key>{label}</label>
            {field}
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="hint" id=hint_key>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

fn number(name: &'static str, label: &'static str, value: Signal<String>, least: u32, most: u32) -> AnyView {
    let key = format!("step-{name}");
    view! {
        <div class="field">
            <label for=key.clone()>{label}</label>
            <input
                id=key.clone()
                data-testid=key
                data-field=name
                type="number"
                inputmode="numeric"
                min=least.to_string()
                max=most.to_string()
                prop:value=value
            />
        </div>
    }
    .into_any()
}

/// The field that an event is about.
fn field_of(event: &ev::Event) -> Option<String> {
    event.target()?.dyn_into::<Element>().ok()?.get_attribute("data-field")
}
