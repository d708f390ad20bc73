//! What is known of a project: read by everybody, corrected by a facilitator and by who added it.

use leptos::prelude::*;
use plumbline_shared::{board::Project, ids::ProjectId, limits, words::Origin};
use plumbline_sync::{Intent, Value};

use super::{PlainField, changing, panel::origin_name};
use crate::{desk::Desk, effect::memo, format, session::CardView, text::text, typed::figure};

const ORIGINS: [Origin; 5] = [Origin::Planned, Origin::Legacy, Origin::Pet, Origin::New, Origin::Unknown];

/// A field of a project, with how it is read and set.
#[derive(Clone, Copy)]
struct Known {
    /// Its name in the schema.
    field: &'static str,
    /// The name by which tests know it.
    name: &'static str,
    label: &'static str,
    /// What stands in it, as it is typed.
    typed: fn(&Project) -> String,
    most: usize,
    /// Whether it is a figure.
    figure: bool,
}

/// The summary, as text or as a field.
#[component]
pub(crate) fn Summary(card: CardView, denied: Memo<Option<String>>) -> impl IntoView {
    let words = &text().card;
    let summary = Known {
        field: "summary",
        name: "edit-summary",
        label: words.summary,
        typed: |project| project.summary.clone(),
        most: limits::PARAGRAPH,
        figure: false,
    };
    changing(move || match denied.get() {
        None => view! { <div class="panel-summary">{editor(card, summary)}</div> }.into_any(),
        Some(_) => {
            let says = card.project.with(|project| project.summary.clone());
            let none = says.is_empty();
            view! {
                <p class="panel-summary" class:quiet=none>
                    {if none { words.no_summary.to_owned() } else { says }}
                </p>
            }
            .into_any()
        }
    })
}

/// All else that is known, in the order in which it is asked for.
#[component]
pub(crate) fn Details(card: CardView, denied: Memo<Option<String>>) -> impl IntoView {
    let words = &text().card;
    let board = Desk::used().live.board;
    let known = [
        Known {
            field: "name",
            name: "edit-name",
            label: text().open_card.name,
            typed: |project| project.name.clone(),
            most: limits::TITLE,
            figure: false,
        },
        Known {
            field: "sponsor",
            name: "edit-sponsor",
            label: words.sponsor,
            typed: |project| project.sponsor.clone(),
            most: limits::LINE,
            figure: false,
        },
        Known {
            field: "owner",
            name: "edit-owner",
            label: words.owner,
            typed: |project| project.owner.clone(),
            most: limits::LINE,
            figure: false,
        },
        Known {
            field: "cost",
            name: "edit-cost",
            label: words.cost,
            typed: |project| project.cost.map(format::plain).unwrap_or_default(),
            most: 20,
            figure: true,
        },
        Known {
            field: "people",
            name: "edit-people",
            label: words.people,
            typed: |project| project.people.map(format::plain).unwrap_or_default(),
            most: 20,
            figure: true,
        },
        Known {
            field: "reference",
            name: "edit-reference",
            label: words.reference,
            typed: |project| project.reference.clone(),
            most: limits::LINE,
            figure: false,
        },
    ];
    let shown = move |known: Known| {
        let project = card.project.get();
        let currency = board.session.with(|session| session.currency.clone());
        match known.field {
            // It stands above.
            "name" => String::new(),
            "cost" => project.cost.map(|cost| format::money(cost, &currency)).unwrap_or_default(),
            "people" => project.people.map(format::number).unwrap_or_default(),
            _ => (known.typed)(&project),
        }
    };
    let origin = move || card.project.with(|project| project.origin.unwrap_or(Origin::Unknown));
    let rows = move || {
        let may = denied.get().is_none();
        let mut rows: Vec<AnyView> = known
            .into_iter()
            .filter_map(|known| {
                if may {
                    return Some(row(known.label, editor(card, known).into_any()));
                }
                let says = shown(known);
                (!says.is_empty()).then(|| row(known.label, says.into_any()))
            })
            .collect();
        if may {
            rows.push(row(words.origin, view! { <OriginField card=card /> }.into_any()));
        } else if origin() != Origin::Unknown {
            rows.push(row(words.origin, origin_name(origin()).into_any()));
        }
        rows
    };
    let added_by = move || {
        let id = card.project.with(|project| project.added_by)?;
        let name = board.roster.with(|roster| roster.get(&id).map(|person| person.name.clone()))?;
        Some(row(words.added_by, name.into_any()))
    };
    let more = move || {
        let more = card.project.with(|project| project.more.clone());
        let more: Vec<_> = more
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(heading, value)| row_of(heading, value.into_any()))
            .collect();
        (!more.is_empty()).then(|| view! { <h3>{words.more}</h3> <dl class="facts">{more}</dl> })
    };
    view! {
        <section data-testid="facts">
            <h3>{text().open_card.details}</h3>
            <dl class="facts">
                {move || rows()}
                {move || added_by()}
            </dl>
        </section>
        <section>{move || more()}</section>
    }
}

fn row(heading: &'static str, value: AnyView) -> AnyView {
    row_of(heading.to_owned(), value)
}

fn row_of(heading: String, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{heading}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

fn edit(id: ProjectId, field: &str, value: Value) -> Intent {
    Intent::EditProject { id, field: field.to_owned(), value }
}

fn editor(card: CardView, known: Known) -> impl IntoView {
    let live = Desk::used().live;
    let board = live.board;
    let typed = Signal::derive(move || card.project.with(known.typed));
    // A figure is read with its currency and typed without.
    let shown = Signal::derive(move || match known.field {
        "cost" => {
            let currency = board.session.with(|session| session.currency.clone());
            let cost = card.project.with(|project| project.cost);
            cost.map(|cost| format::money(cost, &currency)).unwrap_or_default()
        }
        _ => typed.get(),
    });
    let save = move |typed: String| {
        let value = match (known.field, known.figure) {
            ("name", _) if typed.is_empty() => {
                live.notices().show(crate::notices::Tone::Warning, text().card.name_missing);
                return false;
            }
            (_, true) => match figure(&typed) {
                Ok(figure) => figure.into(),
                Err(()) => {
                    live.notices().show(crate::notices::Tone::Warning, text().card.not_a_number);
                    return false;
                }
            },
            _ => typed.into(),
        };
        live.act(edit(card.id, known.field, value))
    };
    view! {
        <PlainField
            name=known.name
            label=known.label
            value=shown
            typed=typed
            save=Callback::new(save)
            most=known.most
            long=known.field == "summary"
            mode=if known.figure { "decimal" } else { "text" }
            placeholder=if known.field == "summary" { text().card.summary } else { "–" }
        />
    }
}

#[component]
fn OriginField(card: CardView) -> impl IntoView {
    let live = Desk::used().live;
    let chosen = move |event: web_sys::Event| {
        let origin = Origin::parse(&event_target_value(&event));
        let value = origin.map_or(Value::Null, |origin| origin.as_str().into());
        live.act(edit(card.id, "origin", value));
    };
    // Told only when the origin itself is another: whatever else changes of the project would write it under the hand.
    let is = memo(move |_| card.project.with(|project| project.origin.unwrap_or(Origin::Unknown)));
    view! {
        <select
            class="plain-field"
            data-testid="edit-origin"
            aria-label=text().card.origin
            prop:value=move || is.get().as_str()
            on:change=chosen
        >
            {ORIGINS
                .map(|origin| {
                    let now = card.project.with_untracked(|project| project.origin.unwrap_or(Origin::Unknown));
                    view! {
                        <option value=origin.as_str() selected=now == origin>
                            {origin_name(origin)}
                        </option>
                    }
                })
                .into_iter()
                .collect_view()}
        </select>
    }
}
