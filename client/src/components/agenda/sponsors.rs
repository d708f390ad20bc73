//! Who the sponsors of the portfolio are in the room: they sit out when it answers about their own projects.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::ParticipantId, messages::Command};

use crate::{api, desk::Desk, effect::memo, session::Live, text::text};

/// The sponsors, each with a choice of the roster.
#[component]
pub(crate) fn Sponsors() -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().agenda.sponsors;
    let said = RwSignal::new(None::<Result<String, String>>);
    let mut sponsors = BTreeMap::<String, usize>::new();
    for project in live.board.board().projects.values() {
        let sponsor = project.sponsor.trim();
        if !sponsor.is_empty() {
            *sponsors.entry(sponsor.to_owned()).or_default() += 1;
        }
    }
    let none = sponsors.is_empty();
    view! {
        <section class="sponsors" data-testid="sponsors">
            <h3>{words.title}</h3>
            <p class="hint">{if none { words.none } else { words.hint }}</p>
            {sponsors
                .into_iter()
                .map(|(sponsor, projects)| view! { <Sponsor live=live sponsor=sponsor projects=projects said=said /> })
                .collect_view()}
            <p role="status" data-testid="sponsors-said">
                {move || {
                    said.get()
                        .map(|said| match said {
                            Ok(says) => view! { <span class="hint done">{says}</span> }.into_any(),
                            Err(says) => view! { <span class="error">{says}</span> }.into_any(),
                        })
                }}
            </p>
        </section>
    }
}

#[component]
fn Sponsor(
    live: Live,
    sponsor: String,
    projects: usize,
    said: RwSignal<Option<Result<String, String>>>,
) -> impl IntoView {
    let words = &text().agenda.sponsors;
    let people = memo(move |_| {
        live.board
            .roster
            .with(|roster| roster.iter().map(|(id, person)| (*id, person.name.clone())).collect::<Vec<_>>())
    });
    let lower = sponsor.to_lowercase();
    // As the server has it, as long as nobody says otherwise: whoever is called like the sponsor.
    let alike = memo(move |_| {
        people.with(|people| people.iter().find(|(_, name)| name.to_lowercase() == lower).map(|(id, _)| *id))
    });
    let chosen = RwSignal::new(None::<Option<ParticipantId>>);
    let busy = RwSignal::new(false);
    let wanted = move || chosen.get().unwrap_or_else(|| alike.get());
    let named = sponsor.clone();
    let save = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let participant = untrack(wanted);
        let sponsor = named.clone();
        let token = live.token();
        spawn_local(async move {
            let command = Command::Sponsor { sponsor: sponsor.clone(), participant };
            let answer = api::command(live.id, &token, command).await;
            busy.try_set(false);
            let name = live.board.roster.with_untracked(|roster| {
                participant.and_then(|id| roster.get(&id)).map(|person| person.name.clone())
            });
            let words = &text().agenda.sponsors;
            let says = match name {
                Some(name) => (words.saved)(&sponsor, &name),
                None => (words.saved_nobody)(&sponsor),
            };
            said.try_set(Some(answer.map(|()| says).map_err(|problem| problem.says)));
        });
    };
    let (label, key) = ((words.who_is)(&sponsor), sponsor.clone());
    view! {
        <div class="sponsor" data-sponsor=key>
            <span class="sponsor-name">
                {sponsor} <small class="quiet">{(words.projects)(projects)}</small>
            </span>
            <select
                data-testid="sponsor-is"
                aria-label=label
                on:change:target=move |event| chosen.set(Some(event.target().value().parse().ok()))
            >
                <option value="" selected=move || wanted().is_none()>
                    {words.nobody}
                </option>
                {move || {
                    people
                        .get()
                        .into_iter()
                        .map(|(id, name)| {
                            view! {
                                <option value=id.to_string() selected=move || wanted() == Some(id)>
                                    {name}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <button
                type="button"
                class="button"
                data-testid="sponsor-save"
                aria-disabled=move || busy.get().then_some("true")
                on:click=save
            >
                {words.save}
            </button>
        </div>
    }
}
