//! Who is in the session, and what a facilitator does with them.

use leptos::{ev, prelude::*, task::spawn_local};
use plumbline_shared::{board::Person, ids::ParticipantId, limits, messages::Command, words::Role};
use plumbline_sync::Connection;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{Field, For, Show, Sponsors, copyable::Copyable, faces};
use crate::{
    api,
    desk::Desk,
    dom,
    effect::{effect, memo},
    session::Live,
    text::text,
    typed::initials,
};

/// A role as people call it, and what it is.
fn role_words(role: Role) -> (&'static str, &'static str) {
    let words = &text().prepare.people;
    match role {
        Role::Facilitator => (words.facilitator, words.facilitator_hint),
        Role::Scribe => (words.scribe, words.scribe_hint),
        Role::Decider => (words.decider, words.decider_hint),
        Role::Participant => (words.participant, words.participant_hint),
        Role::Observer => (words.observer, words.observer_hint),
    }
}

/// Gives commands from a dialog, and tells in it what came of them: a note at the page's edge would lie behind it.
#[derive(Clone, Copy)]
struct Desired {
    live: Live,
    busy: RwSignal<bool>,
    said: RwSignal<Option<Result<&'static str, String>>>,
}

impl Desired {
    fn give(self, command: Command, then: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        let token = self.live.token();
        spawn_local(async move {
            let answer = api::command(self.live.id, &token, command).await;
            self.busy.try_set(false);
            let done = answer.is_ok();
            let said = answer.map(|()| text().prepare.people.saved).map_err(|problem| problem.says);
            if self.said.try_set(Some(said)).is_none() && done {
                then();
            }
        });
    }
}

/// The roster, and the form of the one who is open.
#[component]
pub(crate) fn People() -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().prepare.people;
    let desired = Desired { live, busy: RwSignal::new(false), said: RwSignal::new(None) };
    let open = RwSignal::new(None::<ParticipantId>);
    let roster = live.board.roster;
    let here = memo(move |_| {
        let mut here: Vec<ParticipantId> =
            live.board.others.with(|others| others.iter().map(|other| other.id).collect());
        here.extend(live.me.get().participant);
        here
    });
    let ids = memo(move |_| {
        roster.with(|roster| {
            let mut people: Vec<_> =
                roster.iter().map(|(id, person)| (person.role, person.name.to_lowercase(), *id)).collect();
            people.sort();
            people.into_iter().map(|(_, _, id)| id).collect::<Vec<_>>()
        })
    });
    let away = memo(move |_| live.status.with(|status| status.connection != Connection::Live));
    let added = RwSignal::new(String::new());
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = added.get_untracked().trim().to_owned();
        if !name.is_empty() {
            desired.give(Command::Person { name }, move || added.set(String::new()));
        }
    };
    let clicked = move |event: ev::MouseEvent| {
        let row = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("[data-person]").ok().flatten());
        let id = row.and_then(|row| row.get_attribute("data-person")).and_then(|id| id.parse().ok());
        if let Some(id) = id {
            desired.said.set(None);
            open.update(|open| *open = (*open != Some(id)).then_some(id));
        }
    };
    let outcome = move || match desired.said.get() {
        None => ().into_any(),
        Some(Ok(says)) => {
            view! { <p class="hint done" role="status" data-testid="people-said">{says}</p> }.into_any()
        }
        Some(Err(says)) => {
            view! { <p class="problem" role="alert" data-testid="people-said">{says}</p> }.into_any()
        }
    };
    view! {
        <div class="people" data-testid="people">
            <p class="hint" data-testid="people-count">
                {move || (words.joined)(ids.with(Vec::len), here.with(Vec::len))}
            </p>
            <Show when=move || away.get()>
                <p class="problem" role="status">{words.offline}</p>
            </Show>
            {outcome}
            <ul class="people-list" on:click=clicked>
                <For each=move || ids.get() let:id>
                    <li>
                        {move || roster.with(|roster| roster.get(&id).cloned()).map(|person| {
                            let is_here = here.with(|here| here.contains(&id));
                            let own = live.me.get().participant == Some(id);
                            line(id, &person, is_here, own, open.get() == Some(id))
                        })}
                        <Show when=move || open.get() == Some(id)>
                            <PersonForm desired=desired id=id />
                        </Show>
                    </li>
                </For>
            </ul>
            <form class="people-add" novalidate on:submit=add>
                <Field label=words.add name="person-name" value=added hint=words.add_hint most=limits::NAME />
                <button type="submit" class="button" data-testid="person-add">
                    {words.add_button}
                </button>
            </form>
            <Sponsors />
        </div>
    }
}

/// One person's line.
fn line(id: ParticipantId, person: &Person, here: bool, own: bool, open: bool) -> AnyView {
    let words = &text().prepare.people;
    let colour = format!("var(--{})", faces::token(&person.colour));
    let state = if here { words.here } else { words.away };
    let by = &person.let_in_by;
    let let_in = (!by.is_empty()).then(|| (words.let_in)(by));
    let name = if own { (text().board.you)(&person.name) } else { person.name.clone() };
    view! {
        <button
            type="button"
            class="person"
            data-testid="person"
            data-person=id.to_string()
            data-here=if here { "yes" } else { "no" }
            data-role=person.role.as_str()
            aria-expanded=if open { "true" } else { "false" }
        >
            <span class="face" style:--hand=colour aria-hidden="true">
                {initials(&person.name)}
            </span>
            <span class="person-name">
                <b>{name}</b>
                <small class="quiet">{person.function.clone()}</small>
                {let_in.map(|says| view! { <small class="quiet" data-testid="person-let-in">{says}</small> })}
            </span>
            <span class="person-role">{role_words(person.role).0}</span>
            <span class="person-here">{state}</span>
        </button>
    }
    .into_any()
}

/// What is about to be done and cannot be taken back.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Nothing,
    Remove,
    Merge(ParticipantId),
}

/// What can be done with one person.
#[component]
fn PersonForm(desired: Desired, id: ParticipantId) -> impl IntoView {
    let words = &text().prepare.people;
    let live = desired.live;
    let person = move |id: ParticipantId| live.board.roster.with_untracked(|roster| roster.get(&id).cloned());
    let called = move |id| person(id).map(|person| person.name).unwrap_or_default();
    let name = RwSignal::new(called(id));
    let role = memo(move |_| {
        live.board.roster.with(|roster| roster.get(&id).map_or(Role::Participant, |person| person.role))
    });
    // Chosen in a list, and done by the button beside it: arrow keys alone go through a list and change nothing.
    let wanted = RwSignal::new(role.get_untracked());
    let other = RwSignal::new(None::<ParticipantId>);
    effect(move || wanted.set(role.get()));
    let asking = RwSignal::new(Asking::Nothing);
    let ask = move |what: Asking| {
        let to = match (what, asking.get_untracked()) {
            (Asking::Nothing, Asking::Merge(_)) => "person-same-submit",
            (Asking::Nothing, _) => "person-remove",
            _ => "person-sure",
        };
        asking.set(what);
        request_animation_frame(move || {
            if let Some(button) = dom::by_attribute("data-testid", to) {
                button.focus().ok();
            }
        });
    };
    let link = RwSignal::new(None::<String>);
    let own = live.me.get_untracked().participant == Some(id);
    let others: Vec<(ParticipantId, String)> = live.board.roster.with_untracked(|roster| {
        roster
            .iter()
            .filter(|(other, _)| **other != id)
            .map(|(other, person)| (*other, person.name.clone()))
            .collect()
    });
    let rename = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_owned();
        if !name.is_empty() && name != called(id) {
            desired.give(Command::Rename { participant: id, name }, || ());
        }
    };
    let name_as = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = wanted.get_untracked();
        if wanted != role.get_untracked() {
            desired.give(Command::Name { participant: id, role: wanted }, || ());
        }
    };
    let same_as = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(into) = other.get_untracked() {
            ask(Asking::Merge(into));
        }
    };
    let sure = move |_| match asking.get_untracked() {
        Asking::Remove => desired.give(Command::Remove { participant: id }, || ()),
        Asking::Merge(into) => desired.give(Command::Merge { from: id, into }, || ()),
        Asking::Nothing => {}
    };
    let new_link = move |_| {
        let token = live.token();
        spawn_local(async move {
            match api::rotate(live.id, &token, &id.to_string()).await {
                Ok(made) => drop(link.try_set(Some(made.url))),
                Err(problem) => drop(desired.said.try_set(Some(Err(problem.says)))),
            }
        });
    };
    view! {
        <div class="people-form" data-testid="person-form">
            <form class="people-pair" on:submit=rename>
                <div class="field">
                    <label for="person-rename">{words.name}</label>
                    <input
                        id="person-rename"
                        data-testid="person-rename"
                        type="text"
                        autocomplete="off"
                        maxlength=limits::NAME.to_string()
                        prop:value=name
                        on:input:target=move |event| name.set(event.target().value())
                    />
                </div>
                <button type="submit" class="button" data-testid="person-rename-submit">
                    {words.rename}
                </button>
            </form>
            <form class="people-pair" on:submit=name_as>
                <div class="field">
                    <label for="person-role">{words.role}</label>
                    <select
                        id="person-role"
                        data-testid="person-role"
                        aria-describedby="person-role-hint"
                        prop:value=move || wanted.get().as_str()
                        on:change=move |event| {
                            if let Some(role) = Role::parse(&event_target_value(&event)) {
                                wanted.set(role);
                            }
                        }
                    >
                        {Role::ALL
                            .iter()
                            .map(|choice| {
                                view! {
                                    <option value=choice.as_str() selected=wanted.get_untracked() == *choice>
                                        {role_words(*choice).0}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <button
                    type="submit"
                    class="button"
                    data-testid="person-role-submit"
                    aria-disabled=move || (wanted.get() == role.get()).then_some("true")
                >
                    {move || (words.make)(role_words(wanted.get()).0)}
                </button>
                <p class="hint" id="person-role-hint">
                    {move || role_words(wanted.get()).1}
                </p>
            </form>
            {(!own)
                .then(|| {
                    view! {
                        <form class="people-pair" on:submit=same_as>
                            <div class="field">
                                <label for="person-same">{words.same_as}</label>
                                <select
                                    id="person-same"
                                    data-testid="person-same"
                                    on:change=move |event| {
                                        other.set(event_target_value(&event).parse().ok());
                                        asking.set(Asking::Nothing);
                                    }
                                >
                                    <option value="">{words.choose}</option>
                                    {others
                                        .into_iter()
                                        .map(|(other, name)| {
                                            view! { <option value=other.to_string()>{name}</option> }
                                        })
                                        .collect_view()}
                                </select>
                            </div>
                            <button
                                type="submit"
                                class="button"
                                data-testid="person-same-submit"
                                aria-disabled=move || other.get().is_none().then_some("true")
                            >
                                {words.merge_with}
                            </button>
                        </form>
                        <div class="actions">
                            <button type="button" class="button" data-testid="person-link" on:click=new_link>
                                {words.own_link}
                            </button>
                            <button
                                type="button"
                                class="button danger"
                                data-testid="person-remove"
                                on:click=move |_| ask(Asking::Remove)
                            >
                                {words.remove}
                            </button>
                        </div>
                        <p class="hint">{(words.own_link_hint)(&called(id))}</p>
                    }
                })}
            {move || {
                link.get()
                    .map(|url| {
                        let label = (words.own_link_label)(&called(id));
                        view! { <Copyable value=url id="person-url" label=label /> }
                    })
            }}
            {move || {
                let (says, yes) = match asking.get() {
                    Asking::Nothing => return None,
                    Asking::Remove => ((words.remove_ask)(&called(id)), words.remove_yes),
                    Asking::Merge(into) => ((words.merge_ask)(&called(id), &called(into)), words.merge),
                };
                Some(
                    view! {
                        <div class="sure" role="group" aria-label=yes>
                            <p>{says}</p>
                            <div class="actions">
                                <button type="button" class="button danger" data-testid="person-sure" on:click=sure>
                                    {yes}
                                </button>
                                <button type="button" class="button" on:click=move |_| ask(Asking::Nothing)>
                                    {text().general.cancel}
                                </button>
                            </div>
                        </div>
                    },
                )
            }}
        </div>
    }
}
