//! Who the sponsors of the portfolio are in the room: they sit out when it answers about their own projects.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::ParticipantId, messages::Command};

use crate::{
    api::{self, SponsorRow},
    components::{Show, changing},
    desk::Desk,
    effect::memo,
    session::Live,
    text::text,
};

/// The sponsors, each with a choice of the roster.
#[component]
pub(crate) fn Sponsors() -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().agenda.sponsors;
    let said = RwSignal::new(None::<Result<String, String>>);
    // Who sits out is the server's to say: it knows what was said, and who is called like a sponsor.
    let rows = RwSignal::new(None::<Vec<SponsorRow>>);
    let token = live.token();
    spawn_local(async move {
        match api::sponsors(live.id, &token).await {
            Ok(all) => drop(rows.try_set(Some(all))),
            Err(problem) => drop(said.try_set(Some(Err(problem.says)))),
        }
    });
    let list = move || {
        let all = rows.get()?;
        Some(if all.is_empty() {
            view! { <p class="hint">{words.none}</p> }.into_any()
        } else {
            all.into_iter()
                .map(|row| view! { <Sponsor live=live row=row said=said /> })
                .collect_view()
                .into_any()
        })
    };
    view! {
        <section class="sponsors" data-testid="sponsors">
            <h3>{words.title}</h3>
            <p class="hint">{words.hint}</p>
            <Show when=move || rows.with(Option::is_none) && said.with(Option::is_none)>
                <div class="skeleton row" aria-busy="true" />
            </Show>
            {changing(list)}
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
fn Sponsor(live: Live, row: SponsorRow, said: RwSignal<Option<Result<String, String>>>) -> impl IntoView {
    let words = &text().agenda.sponsors;
    let SponsorRow { sponsor, projects, participants } = row;
    let people = memo(move |_| {
        live.board
            .roster
            .with(|roster| roster.iter().map(|(id, person)| (*id, person.name.clone())).collect::<Vec<_>>())
    });
    // Several are one project's sponsors: that stays, unless somebody says otherwise.
    let several = participants.len() > 1;
    let chosen = RwSignal::new(participants.first().copied().filter(|_| !several));
    let touched = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let named = sponsor.clone();
    let save = move |_| {
        if busy.get_untracked() || !touched.get_untracked() {
            return;
        }
        busy.set(true);
        let participant = chosen.get_untracked();
        let sponsor = named.clone();
        let token = live.token();
        spawn_local(async move {
            let command = Command::Sponsor { sponsor: sponsor.clone(), participant };
            let answer = api::command(live.id, &token, command).await;
            if busy.try_set(false).is_some() {
                return;
            }
            touched.set(answer.is_err());
            let name = live.board.roster.with_untracked(|roster| {
                participant.and_then(|id| roster.get(&id)).map(|person| person.name.clone())
            });
            let words = &text().agenda.sponsors;
            let says = match name {
                Some(name) => (words.saved)(&sponsor, &name),
                None => (words.saved_nobody)(&sponsor),
            };
            said.set(Some(answer.map(|()| says).map_err(|problem| problem.says)));
        });
    };
    let choose = move |id: String| {
        chosen.set(id.parse::<ParticipantId>().ok());
        touched.set(true);
    };
    let (label, key) = ((words.who_is)(&sponsor), sponsor.clone());
    view! {
        <div class="sponsor" data-sponsor=key>
            <span class="sponsor-name">
                {sponsor} " " <small class="quiet">{(words.projects)(projects)}</small>
            </span>
            <select data-testid="sponsor-is" aria-label=label on:change:target=move |event| choose(event.target().value())>
                <Show when=move || several && !touched.get()>
                    <option value="several" selected=true disabled=true>
                        {words.several}
                    </option>
                </Show>
                <option value="" selected=move || chosen.get().is_none() && !several>
                    {words.nobody}
                </option>
                {move || {
                    people
                        .get()
                        .into_iter()
                        .map(|(id, name)| {
                            view! {
                                <option value=id.to_string() selected=move || chosen.get() == Some(id)>
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
                aria-disabled=move || (busy.get() || !touched.get()).then_some("true")
                on:click=save
            >
                {words.save}
            </button>
        </div>
    }
}
