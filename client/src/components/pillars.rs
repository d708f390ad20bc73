//! Writing the pillars: for a session that is about to be made, or live on its board.

use leptos::{ev, html, prelude::*};
use plumbline_shared::{board::Pillar, ids::PillarId, limits, schema::COLOURS};
use plumbline_sync::{Intent, Value};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{For, Icon, Show, pillar_form::PillarForm};
use crate::{
    desk::Desk,
    dom,
    effect::memo,
    session::{Live, pillar_colour},
    text::{prepare::Template, text},
    typed,
};

/// Pillars that can be written.
#[derive(Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "a handle, of which there is one in a dialog")]
pub(crate) enum PillarList {
    /// Of a session that is not made yet.
    Draft(RwSignal<Vec<Pillar>>),
    /// On a board.
    Live(Live),
}

impl PillarList {
    fn signal(self) -> RwSignal<Vec<Pillar>> {
        match self {
            Self::Draft(pillars) => pillars,
            Self::Live(live) => live.board.pillars,
        }
    }

    /// One of them as it is now; tracked.
    pub(super) fn get(self, id: PillarId) -> Option<Pillar> {
        self.signal().with(|pillars| pillars.iter().find(|pillar| pillar.id == id).cloned())
    }

    /// Adds those whose names are not there yet; gives how many that were.
    ///
    /// # Errors
    /// A sentence that says why not all were taken: there are too many of them, or the rules refuse one. Those
    /// before that one are there by then, and are known when the same is added again.
    pub(crate) fn add(self, pillars: Vec<Pillar>) -> Result<usize, String> {
        let before = self.signal().get_untracked();
        let known =
            |new: &Pillar| before.iter().any(|old| old.name.trim().eq_ignore_ascii_case(new.name.trim()));
        let new: Vec<Pillar> = pillars.into_iter().filter(|pillar| !known(pillar)).collect();
        if before.len() + new.len() > limits::PILLARS {
            return Err((text().prepare.pillars.full)(limits::PILLARS));
        }
        let count = new.len();
        for (at, mut pillar) in new.into_iter().enumerate() {
            COLOURS[(before.len() + at) % COLOURS.len()].clone_into(&mut pillar.colour);
            match self {
                Self::Draft(draft) => draft.update(|pillars| pillars.push(pillar)),
                Self::Live(live) => {
                    let id = pillar.id;
                    let texts = [
                        ("intent", Value::from(pillar.intent)),
                        ("goals", pillar.goals.into()),
                        ("measure", pillar.measure.into()),
                        ("rules_out", pillar.rules_out.into()),
                        ("owner", pillar.owner.into()),
                        ("colour", pillar.colour.into()),
                    ];
                    let empty = [Value::from(""), Value::List(Vec::new())];
                    let with = texts
                        .into_iter()
                        .filter(|(_, value)| !empty.contains(value))
                        .map(|(field, value)| (field.to_owned(), value))
                        .collect();
                    live.attempt(Intent::AddPillar { id, name: pillar.name, with })?;
                }
            }
        }
        Ok(count)
    }

    /// Sets a field, by its name in the schema.
    pub(super) fn set(self, id: PillarId, field: &str, text: String) {
        let lines = || typed::goals(text.lines());
        match self {
            Self::Live(live) => {
                let value = match field {
                    "goals" => lines().into(),
                    _ => Value::from(text.trim()),
                };
                live.act(Intent::EditPillar { id, field: field.to_owned(), value });
            }
            Self::Draft(draft) => draft.update(|pillars| {
                let Some(pillar) = pillars.iter_mut().find(|pillar| pillar.id == id) else { return };
                let place = match field {
                    "goals" => return pillar.goals = lines(),
                    "name" => &mut pillar.name,
                    "intent" => &mut pillar.intent,
                    "measure" => &mut pillar.measure,
                    "rules_out" => &mut pillar.rules_out,
                    "owner" => &mut pillar.owner,
                    _ => &mut pillar.colour,
                };
                text.trim().clone_into(place);
            }),
        }
    }

    /// Puts one before another, or at the end.
    fn shift(self, id: PillarId, before: Option<PillarId>) {
        match self {
            Self::Live(live) => drop(live.act(Intent::ShiftPillar { id, before })),
            Self::Draft(draft) => draft.update(|pillars| {
                let Some(from) = pillars.iter().position(|pillar| pillar.id == id) else { return };
                let pillar = pillars.remove(from);
                let to = before.and_then(|before| pillars.iter().position(|other| other.id == before));
                pillars.insert(to.unwrap_or(pillars.len()), pillar);
            }),
        }
    }

    fn remove(self, id: PillarId) -> bool {
        match self {
            Self::Live(live) => live.act(Intent::RemovePillar { id }),
            Self::Draft(draft) => {
                draft.update(|pillars| pillars.retain(|pillar| pillar.id != id));
                true
            }
        }
    }

    /// Brings back what was just removed from place `at`.
    fn restore(self, at: usize, pillar: Pillar) {
        match self {
            Self::Live(live) => live.undo(),
            Self::Draft(draft) => draft.update(|pillars| pillars.insert(at.min(pillars.len()), pillar)),
        }
    }
}

/// What a template comes to.
fn from_template(template: &Template) -> Vec<Pillar> {
    let texts = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    template
        .pillars
        .iter()
        .map(|pillar| Pillar {
            id: PillarId(Uuid::now_v7()),
            name: pillar.name.to_owned(),
            intent: pillar.intent.to_owned(),
            goals: texts(pillar.goals),
            measure: pillar.measure.to_owned(),
            rules_out: pillar.rules_out.to_owned(),
            owner: String::new(),
            colour: String::new(),
            order: String::new(),
        })
        .collect()
}

/// What was typed or pasted, as pillars.
pub(crate) fn from_typed(typed: &str) -> Vec<Pillar> {
    typed::pillars(typed)
        .into_iter()
        .map(|row| Pillar {
            id: PillarId(Uuid::now_v7()),
            name: row.name,
            intent: row.intent,
            goals: row.goals,
            measure: row.measure,
            rules_out: row.rules_out,
            owner: row.owner,
            colour: String::new(),
            order: String::new(),
        })
        .collect()
}

/// The pillar and the deed that an event in its row is about.
fn meant(event: &ev::Event) -> Option<(PillarId, String)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let row = target.closest("[data-pillar]").ok()??;
    let deed = target.closest("[data-deed]").ok()?.and_then(|at| at.get_attribute("data-deed"));
    Some((row.get_attribute("data-pillar")?.parse().ok()?, deed.unwrap_or_default()))
}

/// The list, the form of the one that is open, and the ways to add.
#[component]
pub(crate) fn Pillars(
    /// The pillars.
    list: PillarList,
    /// What is typed to be added: whoever makes the session adds what was not added yet.
    typed: RwSignal<String>,
    /// What is told of the last thing that was done.
    #[prop(optional)]
    said: RwSignal<String>,
) -> impl IntoView {
    let words = &text().prepare.pillars;
    let open = RwSignal::new(None::<PillarId>);
    // What was removed, for as long as that is the last thing done: on a board the undo takes back whatever was last.
    let removed = RwSignal::new(None::<(usize, Pillar)>);
    let over = RwSignal::new(None::<PillarId>);
    let dragged = StoredValue::new(None::<PillarId>);
    let pillars = list.signal();
    let ids = memo(move |_| pillars.with(|all| all.iter().map(|pillar| pillar.id).collect::<Vec<_>>()));
    let root = NodeRef::<html::Ol>::new();

    let again = move |id: PillarId, deed: &'static str| {
        // A row that changes its place loses the focus on its way.
        request_animation_frame(move || {
            let Some(row) = dom::by_attribute("data-pillar", &id.to_string()) else { return };
            let find = |deed: &str| row.query_selector(&format!("[data-deed={deed}]:not(:disabled)"));
            let button = find(deed).ok().flatten().or_else(|| find("open").ok().flatten());
            if let Some(button) = button.and_then(|at| at.dyn_into::<HtmlElement>().ok()) {
                button.focus().ok();
            }
        });
    };
    let forget = move || {
        removed.set(None);
        said.set(String::new());
    };
    let clicked = move |event: ev::MouseEvent| {
        let Some((id, deed)) = meant(&event) else { return };
        let all = ids.get_untracked();
        let Some(at) = all.iter().position(|other| *other == id) else { return };
        match deed.as_str() {
            "open" => open.update(|open| *open = (*open != Some(id)).then_some(id)),
            "up" if at > 0 => {
                list.shift(id, Some(all[at - 1]));
                again(id, "up");
            }
            "down" if at + 1 < all.len() => {
                list.shift(id, all.get(at + 2).copied());
                again(id, "down");
            }
            "remove" => {
                let pillar = untrack(|| list.get(id));
                if let (Some(pillar), true) = (pillar, list.remove(id)) {
                    said.set(match list {
                        PillarList::Draft(_) => (words.removed)(&pillar.name),
                        PillarList::Live(_) => (words.taken_off)(&pillar.name),
                    });
                    removed.set(Some((at, pillar)));
                    open.set(None);
                    return;
                }
            }
            _ => return,
        }
        forget();
    };
    let bring_back = move |_| {
        if let Some((at, pillar)) = removed.get_untracked() {
            let id = pillar.id;
            list.restore(at, pillar);
            forget();
            again(id, "remove");
        }
    };
    let add = move |new: Vec<Pillar>| {
        removed.set(None);
        let added = list.add(new);
        let all = added.is_ok();
        said.set(match added {
            Err(why) => why,
            Ok(0) => words.template_known.to_owned(),
            Ok(count) => (words.template_added)(count),
        });
        all
    };
    let add_typed = move |_| {
        let new = typed.with_untracked(|typed| from_typed(typed));
        if !new.is_empty() && add(new) {
            typed.set(String::new());
        }
    };
    let to_add = memo(move |_| typed.with(|typed| typed::pillars(typed).len()));
    view! {
        <div class="pillars" data-testid="pillars">
            <p class="hint" data-testid="pillars-count">
                {move || match ids.with(Vec::len) {
                    0 => words.none.to_owned(),
                    n => (words.counted)(n, limits::PILLARS),
                }}
            </p>
            <ol
                class="pillar-list"
                node_ref=root
                on:click=clicked
                on:dragstart=move |event| {
                    dragged.set_value(meant(&event).map(|(id, _)| id));
                }
                on:dragover=move |event| {
                    if dragged.get_value().is_some() {
                        event.prevent_default();
                        over.set(meant(&event).map(|(id, _)| id));
                    }
                }
                on:dragend=move |_| {
                    dragged.set_value(None);
                    over.set(None);
                }
                on:drop=move |event| {
                    event.prevent_default();
                    if let (Some(id), Some((at, _))) = (dragged.get_value(), meant(&event)) {
                        let all = ids.get_untracked();
                        let place = |id| all.iter().position(|other| *other == id).unwrap_or_default();
                        // From above it goes behind the one on which it was dropped, from below before it.
                        let before = if place(id) < place(at) {
                            all.get(place(at) + 1).copied()
                        } else {
                            Some(at)
                        };
                        if id != at {
                            list.shift(id, before);
                            forget();
                        }
                    }
                }
            >
                <For each=move || ids.get() let:id>
                    <li
                        class="pillar-row"
                        class:over=move || over.get() == Some(id)
                        data-pillar=id.to_string()
                        style:--c=move || pillars.with(|pillars| pillar_colour(pillars, id))
                    >
                        {move || {
                            let pillar = list.get(id)?;
                            let goals = pillar.goals.len();
                            let name = pillar.name;
                            let is_open = open.get() == Some(id);
                            let (first, last) = ids.with(|ids| (ids.first() == Some(&id), ids.last() == Some(&id)));
                            Some(
                                view! {
                                    <div class="pillar-line">
                                        <span class="pillar-grip" draggable="true" aria-hidden="true" />
                                        <button
                                            type="button"
                                            class="pillar-name"
                                            data-deed="open"
                                            data-testid="pillar"
                                            aria-expanded=if is_open { "true" } else { "false" }
                                        >
                                            <span>{name.clone()}</span>
                                            {(goals > 0)
                                                .then(|| view! { <small class="quiet">{(words.goals_counted)(goals)}</small> })}
                                        </button>
                                        <button
                                            type="button"
                                            class="icon-button"
                                            data-deed="up"
                                            disabled=first
                                            aria-label=(words.up)(&name)
                                        >
                                            {Icon::Up}
                                        </button>
                                        <button
                                            type="button"
                                            class="icon-button"
                                            data-deed="down"
                                            disabled=last
                                            aria-label=(words.down)(&name)
                                        >
                                            {Icon::Down}
                                        </button>
                                        <button
                                            type="button"
                                            class="icon-button"
                                            data-deed="remove"
                                            aria-label=(words.remove)(&name)
                                        >
                                            {Icon::Bin}
                                        </button>
                                    </div>
                                },
                            )
                        }}
                        <Show when=move || open.get() == Some(id)>
                            <PillarForm list=list id=id />
                        </Show>
                    </li>
                </For>
            </ol>
            <p class="pillar-said" role="status" data-testid="pillars-said">
                {move || said.get()} " "
                <Show when=move || removed.with(Option::is_some)>
                    <button type="button" class="button small" data-testid="pillar-undo" on:click=bring_back>
                        {text().board.undo}
                    </button>
                </Show>
            </p>
            <div class="field">
                <label for="pillars-lines">{words.add}</label>
                <textarea
                    id="pillars-lines"
                    data-testid="pillars-lines"
                    rows="3"
                    aria-describedby="pillars-lines-hint"
                    placeholder=words.add_placeholder
                    prop:value=typed
                    on:input:target=move |event| typed.set(event.target().value())
                />
                <p class="hint" id="pillars-lines-hint">{words.add_hint}</p>
            </div>
            <div class="actions pillar-ways">
                <button
                    type="button"
                    class="button"
                    data-testid="pillars-submit"
                    aria-disabled=move || (to_add.get() == 0).then_some("true")
                    on:click=add_typed
                >
                    {move || match to_add.get() {
                        0 => words.add.to_owned(),
                        n => (words.add_counted)(n),
                    }}
                </button>
                <span class="pillar-templates" role="group" aria-labelledby="pillar-templates">
                    <span class="hint" id="pillar-templates">
                        {words.templates}
                    </span>
                    {words
                        .all
                        .iter()
                        .map(|template| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    data-testid="pillars-template"
                                    on:click=move |_| {
                                        add(from_template(template));
                                    }
                                >
                                    {template.label}
                                </button>
                            }
                        })
                        .collect_view()}
                </span>
            </div>
        </div>
    }
}

/// The pillars of the board that is open.
#[component]
pub(crate) fn EditPillars(
    /// Called when it is done.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let list = PillarList::Live(Desk::used().live);
    let (typed, said) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let close = move |_| {
        // What stands in the field was meant, even if nobody pressed the button.
        let new = typed.with_untracked(|typed| from_typed(typed));
        if new.is_empty() {
            return done.run(());
        }
        match list.add(new) {
            Ok(_) => done.run(()),
            Err(why) => said.set(why),
        }
    };
    view! {
        <Pillars list=list typed=typed said=said />
        <div class="actions end">
            <button type="button" class="button primary" data-testid="pillars-done" on:click=close>
                {text().prepare.pillars.done}
            </button>
        </div>
    }
}
