//! The fields of one pillar.

use leptos::{ev, html, prelude::*};
use plumbline_shared::{ids::PillarId, limits, schema::COLOURS};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    PillarList,
    following::{follow, write},
};
use crate::{dom, effect::effect, text::text};

/// The form: each field is kept when it is left, and follows what others set while it has not the focus.
#[component]
pub(super) fn PillarForm(list: PillarList, id: PillarId) -> impl IntoView {
    let words = &text().prepare.pillars;
    // Characters of the name, as it stands in its field.
    let typed = RwSignal::new(0);
    let empty = RwSignal::new(false);
    // What is being typed, until its field is left: a dialog that is closed tells nobody.
    let pending = StoredValue::new(None::<(String, String)>);
    let typing = move |event: ev::Event| {
        let Some(field) = field_of(&event) else { return };
        let value = event_target_value(&event);
        if field == "name" {
            typed.set(value.chars().count());
        }
        pending.set_value(Some((field, value)));
    };
    let keep = move || {
        let pending = pending.try_update_value(Option::take).flatten();
        if let Some((field, value)) =
            pending.filter(|(field, value)| field != "name" || !value.trim().is_empty())
        {
            list.set(id, &field, value);
        }
    };
    let change = move |event: ev::Event| {
        let Some(field) = field_of(&event) else { return };
        let value = event_target_value(&event);
        let nameless = field == "name" && value.trim().is_empty();
        empty.set(nameless);
        pending.set_value((!nameless).then_some((field, value)));
        if nameless {
            let name = untrack(|| list.get(id)).map(|pillar| pillar.name).unwrap_or_default();
            write(&event_target::<Element>(&event), &name);
            typed.set(name.chars().count());
        }
        keep();
    };
    on_cleanup(keep);
    let value = move |field: &'static str| {
        Signal::derive(move || {
            let pillar = list.get(id);
            pillar
                .map(|pillar| match field {
                    "name" => pillar.name,
                    "intent" => pillar.intent,
                    "goals" => pillar.goals.join("\n"),
                    "measure" => pillar.measure,
                    "rules_out" => pillar.rules_out,
                    _ => pillar.owner,
                })
                .unwrap_or_default()
        })
    };
    let name = value("name");
    effect(move || {
        let length = name.with(|name| name.chars().count());
        let written = dom::focused().and_then(|field| field.get_attribute("data-field"));
        if written.as_deref() != Some("name") {
            typed.set(length);
        }
    });
    // One line or several.
    let field = move |name: &'static str, label: &'static str, rows: u32, hint: Option<&'static str>| {
        let (line, lines) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
        let element = move || {
            let line = line.try_get().flatten().map(|line| Element::from((*line).clone()));
            line.or_else(|| lines.try_get().flatten().map(|lines| Element::from((*lines).clone())))
        };
        let left = follow(element, value(name));
        let key = format!("pillar-{name}");
        let hint_key = format!("{key}-hint");
        let most = if name == "name" { limits::TITLE } else { limits::LINE }.to_string();
        let input = if rows > 1 {
            view! {
                <textarea
                    node_ref=lines
                    id=key.clone()
                    data-testid=key.clone()
                    data-field=name
                    rows=rows.to_string()
                    maxlength=(name != "goals").then_some(most)
                    aria-describedby=hint_key.clone()
                    on:blur=left
                />
            }
            .into_any()
        } else {
            view! {
                <input
                    node_ref=line
                    id=key.clone()
                    data-testid=key.clone()
                    data-field=name
                    type="text"
                    autocomplete="off"
                    maxlength=most
                    aria-describedby=hint_key.clone()
                    on:blur=left
                />
            }
            .into_any()
        };
        view! {
            <div class="field">
                <label for=key>{label}</label>
                {input}
                <p class="hint" id=hint_key>
                    {move || match (name, empty.get()) {
                        ("name", true) => words.name_missing.to_owned(),
                        ("name", false) => (words.length)(typed.get(), limits::TITLE),
                        _ => hint.unwrap_or_default().to_owned(),
                    }}
                </p>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="pillar-form" on:change=change on:input=typing>
            {field("name", words.name, 1, None)} {field("intent", words.intent, 2, None)}
            {field("goals", words.goals, 3, Some(words.goals_hint))}
            {field("measure", words.measure, 1, None)} {field("rules_out", words.rules_out, 2, None)}
            <div class="field-row">
                {field("owner", words.owner, 1, None)} <fieldset class="swatches">
                    <legend>{words.colour}</legend>
                    {COLOURS
                        .iter()
                        .enumerate()
                        .map(|(at, colour)| {
                            let chosen = move || list.get(id).is_some_and(|pillar| pillar.colour == *colour);
                            view! {
                                <label style:--c=format!("var(--{colour})")>
                                    <input
                                        type="radio"
                                        name=format!("colour-{id}")
                                        value=*colour
                                        data-field="colour"
                                        aria-label=(words.colour_of)(at + 1)
                                        prop:checked=chosen
                                    />
                                    <span />
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
            </div>
        </div>
    }
}

/// The field of the schema that an event is about.
fn field_of(event: &ev::Event) -> Option<String> {
    event.target()?.dyn_into::<Element>().ok()?.get_attribute("data-field")
}
