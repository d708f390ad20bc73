//! What a session is for, who decides, and by what rule: said before it begins.

use leptos::{ev, prelude::*};
use plumbline_shared::{limits, messages::Command};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{effect::memo, session::Live, text::text};

/// What is said about a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) purpose: String,
    pub(crate) decider: String,
    pub(crate) rule: String,
}

impl Said {
    /// Sets a field by its name; the others stay.
    pub(crate) fn set(&mut self, field: &str, typed: String) {
        match field {
            "purpose" => self.purpose = typed,
            "decider" => self.decider = typed,
            _ => self.rule = typed,
        }
    }

    /// The command that says all of it.
    pub(crate) fn command(self) -> Command {
        let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        Command::Describe {
            purpose: given(self.purpose),
            decider: given(self.decider),
            rule: given(self.rule),
        }
    }
}

/// The fields.
#[component]
pub(crate) fn About(
    /// What stands in them.
    #[prop(into)]
    said: Signal<Said>,
    /// Called with a field's name and what was typed, when the field is left.
    #[prop(into)]
    set: Callback<(String, String)>,
) -> impl IntoView {
    let words = &text().agenda.about;
    // What is being typed, until its field is left: a dialog that is closed tells nobody.
    let pending = StoredValue::new(None::<(String, String)>);
    let keep = move || {
        if let Some(typed) = pending.try_update_value(Option::take).flatten() {
            set.run(typed);
        }
    };
    let typed = move |event: &ev::Event| {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let field = field.and_then(|field| field.get_attribute("data-field"));
        pending.set_value(field.map(|field| (field, event_target_value(event))));
    };
    on_cleanup(keep);
    let field = move |name: &'static str,
                      label: &'static str,
                      placeholder: &'static str,
                      list: Option<&'static str>,
                      of: fn(&Said) -> &String| {
        let key = format!("about-{name}");
        // What another field comes to must not be written over what is being typed here.
        let value = memo(move |_| said.with(|said| of(said).clone()));
        view! {
            <div class="field">
                <label for=key.clone()>
                    {label} <span class="quiet">" " {text().general.optional}</span>
                </label>
                <input
                    id=key.clone()
                    data-testid=key
                    data-field=name
                    type="text"
                    autocomplete="off"
                    maxlength=limits::LINE.to_string()
                    placeholder=placeholder
                    list=list
                    prop:value=value
                />
            </div>
        }
        .into_any()
    };
    view! {
        <div
            class="about-fields"
            on:input=move |event| typed(&event)
            on:change=move |event| {
                typed(&event);
                keep();
            }
        >
            {field("purpose", words.purpose, words.purpose_placeholder, None, |said| &said.purpose)}
            {field("decider", words.decider, words.decider_placeholder, None, |said| &said.decider)}
                {field("rule", words.rule, words.rule_placeholder, Some("about-rules"), |said| &said.rule)}
            <datalist id="about-rules">
                {words.rules.iter().map(|rule| view! { <option value=*rule /> }).collect_view()}
            </datalist>
        </div>
    }
}

/// The same of the session that is open.
#[component]
pub(super) fn AboutLive(live: Live) -> impl IntoView {
    let words = &text().agenda.about;
    let said = Signal::derive(move || {
        live.board.session.with(|session| Said {
            purpose: session.purpose.clone(),
            decider: session.decider.clone(),
            rule: session.rule.clone(),
        })
    });
    let set = move |(field, typed): (String, String)| {
        let typed = Some(typed.trim().to_owned());
        let (mut purpose, mut decider, mut rule) = (None, None, None);
        match field.as_str() {
            "purpose" => purpose = typed,
            "decider" => decider = typed,
            _ => rule = typed,
        }
        live.command(Command::Describe { purpose, decider, rule });
    };
    view! {
        <section class="about">
            <h3>{words.title}</h3>
            <p class="hint">{words.hint}</p>
            <About said=said set=set />
        </section>
    }
}
