//! The fields of a decision, each by what the schema has there.

use leptos::prelude::*;
use plumbline_shared::{
    day::Day,
    deciding::EVERY,
    limits,
    schema::{RECORD_SINCE, Root, Shape},
    words::{Role, Status, StopKind, Verdict},
};

use super::form::{Made, asked};
use crate::{
    components::{For, PlainField, Show},
    effect::memo,
    format,
    notices::Tone,
    text::text,
};

/// Every field, with the name by which tests know it. Their place in this list is what rows are known by.
const FIELDS: [(&str, &str); 23] = [
    ("owner", "decision-owner"),
    ("coalition", "decision-coalition"),
    ("kind", "decision-kind"),
    ("ends", "decision-ends"),
    ("first_step", "decision-first_step"),
    ("first_step_due", "decision-first_step_due"),
    ("frees", "decision-frees"),
    ("trigger", "decision-trigger"),
    ("expires", "decision-expires"),
    ("measure", "decision-measure"),
    ("measure_due", "decision-measure_due"),
    ("obstacles", "decision-obstacles"),
    ("decided_by", "decision-decided_by"),
    ("decide_by", "decision-decide_by"),
    ("override", "decision-override"),
    ("outcome", "decision-outcome"),
    ("scope", "decision-scope"),
    ("assumptions", "decision-assumptions"),
    ("review", "decision-review"),
    ("alternatives", "decision-alternatives"),
    ("consulted", "decision-consulted"),
    ("informed", "decision-informed"),
    ("effective", "decision-effective"),
];

/// What a decision may have and does not need: asked for behind a fold.
const FURTHER: [&str; 4] = ["outcome", "scope", "assumptions", "review"];

/// The places in [`FIELDS`] of what `verdict` asks for, before the fold or behind it. `rules`: the version by which the
/// session goes; what came with a later one it would refuse.
fn places(verdict: Option<Verdict>, further: bool, rules: u32) -> Vec<u32> {
    let every = if further && verdict.is_some() && rules >= RECORD_SINCE { EVERY } else { &[] };
    let names = asked(verdict).iter().filter(|name| FURTHER.contains(name) == further);
    names.chain(every).filter_map(|name| place(name)).collect()
}

fn place(name: &str) -> Option<u32> {
    FIELDS.iter().position(|(known, _)| *known == name).map(|at| at as u32)
}

/// The place of a field that is asked for outside of the order.
pub(super) fn place_of(name: &str) -> usize {
    place(name).unwrap_or_default() as usize
}

/// The name by which tests, and links from what is missing, know a field.
pub(super) fn field_test(name: &str) -> &'static str {
    place(name).map_or("verdict-move", |at| FIELDS[at as usize].1)
}

/// What the verdict needs, and behind a fold what it may have.
#[component]
pub(super) fn Fields(made: Made) -> impl IntoView {
    let words = &text().decide.form;
    let verdict = memo(move |_| made.verdict());
    let rules = made.live.rules;
    view! {
        <div class="decide-fields">
            <For each=move || places(verdict.get(), false, rules.get()) let:at>
                <Field made at=at as usize />
            </For>
            <Accepted made />
        </div>
        <Show when=move || !places(verdict.get(), true, rules.get()).is_empty()>
            <details class="decide-further">
                <summary data-testid="decision-further">{words.more}</summary>
                <div class="decide-fields">
                    <For each=move || places(verdict.get(), true, rules.get()) let:at>
                        <Field made at=at as usize />
                    </For>
                </div>
            </details>
        </Show>
    }
}

/// One field: its name, and what stands in it, to be changed by who may.
#[component]
pub(super) fn Field(made: Made, at: usize) -> impl IntoView {
    let words = &text().decide.form;
    let (name, test) = FIELDS[at];
    let shape = Root::Decisions.fields().iter().find(|(field, _)| *field == name).map(|(_, shape)| *shape);
    let long = matches!(shape, Some(Shape::Text(most)) if most > limits::LINE);
    let label = (words.field)(name);
    let says = Signal::derive(move || made.says(name));
    let save = Callback::new(move |text: String| made.write(name, text));
    let editor = move || match (name, shape) {
        ("kind", _) => view! { <KindField made label test /> }.into_any(),
        (_, Some(Shape::Day)) => view! { <DayField made name label test says /> }.into_any(),
        ("owner" | "decided_by", _) => view! {
            <PlainField
                name=test
                label=label
                placeholder=(words.example)(name)
                value=says
                save=save
                most=limits::LINE
                list="decision-people"
            />
            {(name == "owner").then(|| view! { <People made /> })}
        }
        .into_any(),
        _ => {
            let most = if long { limits::PARAGRAPH } else { limits::LINE };
            let example = (words.example)(name);
            view! {
                <PlainField name=test label=label placeholder=example value=says save=save most=most long=long />
            }
            .into_any()
        }
    };
    let read = move || {
        let says = says.get();
        match (name, shape) {
            ("kind", _) => StopKind::parse(&says).map(words.kind).unwrap_or_default().to_owned(),
            (_, Some(Shape::Day)) => Day::parse(&says).map(format::calendar_day).unwrap_or_default(),
            ("owner", _) if says.is_empty() => text().open_card.nobody_yet.to_owned(),
            _ => says,
        }
    };
    view! {
        <div class="decide-field" class:wide=long || name == "frees" data-field-of=name>
            <span class="field-name" aria-hidden="true">
                {label}
            </span>
            {move || match made.denied.get() {
                None => editor(),
                Some(_) => {
                    view! {
                        <p role="group" aria-label=label class="decide-read" data-testid=test>
                            {move || read()}
                        </p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Whether the owner has said yes: asked once there is one.
#[component]
fn Accepted(made: Made) -> impl IntoView {
    let words = &text().decide.form;
    let accepted = memo(move |_| made.says("status") == Status::Accepted.as_str());
    let asked = memo(move |_| {
        made.verdict().is_some_and(|verdict| verdict != Verdict::Open) && !made.says("owner").is_empty()
    });
    let choose = move |event| {
        let status = if event_target_checked(&event) { Status::Accepted } else { Status::Proposed };
        made.write("status", status.as_str().to_owned());
    };
    view! {
        <Show when=move || asked.get()>
            <label class="decide-accepted">
                <input
                    type="checkbox"
                    data-testid="decision-status"
                    disabled=move || made.denied.get().is_some()
                    prop:checked=move || accepted.get()
                    on:change=choose
                />
                <span>{words.accepted}</span>
            </label>
        </Show>
    }
}

/// A day of the calendar.
#[component]
fn DayField(
    made: Made,
    name: &'static str,
    label: &'static str,
    test: &'static str,
    says: Signal<String>,
) -> impl IntoView {
    let words = &text().decide.form;
    // Told only when the day itself is another: a property that is written again, with what it has, empties a day that is
    // half typed, and every field of the decision would write it.
    let says = memo(move |_| says.get());
    let changed = move |event: web_sys::Event| {
        let day = event_target_value(&event);
        // While a year is typed, each of its digits makes a day: of the year 2, 20 and 202.
        let whole = day.is_empty() || day.as_str() >= "2000";
        if whole && says.with_untracked(|before| *before != day) {
            made.write(name, day);
        }
    };
    let left = move |event: web_sys::FocusEvent| {
        let day = event_target_value(&event);
        if !day.is_empty() && day.as_str() < "2000" {
            made.live.notices().show(Tone::Warning, words.not_a_day);
        }
    };
    view! {
        <input
            type="date"
            class="plain-field tabular"
            data-testid=test
            aria-label=label
            max="9999-12-31"
            prop:value=move || says.get()
            on:change=changed
            on:blur=left
        />
    }
}

/// How a stop is carried out.
#[component]
fn KindField(made: Made, label: &'static str, test: &'static str) -> impl IntoView {
    let words = &text().decide.form;
    // As with days: what is written again closes a list that somebody has open.
    let chosen = memo(move |_| made.says("kind"));
    view! {
        <select
            class="plain-field"
            data-testid=test
            aria-label=label
            prop:value=move || chosen.get()
            on:change=move |event| {
                made.write("kind", event_target_value(&event));
            }
        >
            <option value="" selected=move || chosen.with(String::is_empty)>
                {words.no_kind}
            </option>
            {StopKind::ALL
                .iter()
                .map(|kind| {
                    let is = move || chosen.with(|chosen| chosen == kind.as_str());
                    view! {
                        <option value=kind.as_str() selected=is>
                            {(words.kind)(*kind)}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// Who may be named: who runs the project and who wants it, then who is on the roster.
#[component]
fn People(made: Made) -> impl IntoView {
    let board = made.live.board;
    let names = move || {
        let card = board.card(made.project);
        let of_project = card
            .map(|card| card.project.with(|project| vec![project.owner.clone(), project.sponsor.clone()]));
        let mut names = of_project.unwrap_or_default();
        board.roster.with(|roster| {
            let people = roster.values().filter(|person| person.role != Role::Observer);
            names.extend(people.map(|person| person.name.clone()));
        });
        let mut once: Vec<String> = Vec::new();
        for name in names {
            if !name.is_empty() && !once.contains(&name) {
                once.push(name);
            }
        }
        once.into_iter().map(|name| view! { <option value=name /> }).collect_view()
    };
    view! { <datalist id="decision-people">{move || names()}</datalist> }
}
