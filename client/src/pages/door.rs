//! Before a link is used that is good once: whose it is, who made it, and whether that is meant.
//!
//! Nothing is used up by looking: a program that reads links in mails opens none.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use super::cover::Seats;
use crate::{
    api::{self, Offered},
    components::Shell,
    navigate::{name_tab, take_out_secret},
    route::Route,
    storage::{self, Place},
    text::text,
};

/// What is known of the link.
#[derive(Clone, PartialEq)]
enum Known {
    Nothing,
    Good(Offered),
    Bad(String),
}

/// The page of a link that is good once.
#[component]
pub(super) fn DoorPage(
    /// The session.
    session: SessionId,
    /// What the link carries.
    link: String,
) -> impl IntoView {
    let words = &text().prepare.links.door;
    name_tab("");
    let known = RwSignal::new(Known::Nothing);
    let busy = RwSignal::new(false);
    let seats = use_context::<Seats>();
    let link = StoredValue::new(link);
    spawn_local(async move {
        let found = match api::offered(session, &link.get_value()).await {
            Ok(offered) => Known::Good(offered),
            Err(problem) => Known::Bad(problem.says),
        };
        known.try_set(found);
    });
    let go_on = move || {
        take_out_secret();
        if let Some(seats) = seats {
            seats.changed();
        }
    };
    let come_in = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::enter(session, &link.get_value()).await {
                Ok(token) => {
                    storage::take_seat(Place::new(session, token));
                    go_on();
                }
                Err(problem) => drop(known.try_set(Known::Bad(problem.says))),
            }
            busy.try_set(false);
        });
    };
    let join = move || {
        view! {
            <a class="button" href=Route::Join(None).path() data-testid="door-join">
                {text().workspace.join_with_code}
            </a>
        }
    };
    view! {
        <Shell narrow=true>
            <div class="door" data-testid="door">
                {move || match known.get() {
                    Known::Nothing => view! { <p class="lead" role="status">{words.looking}</p> }.into_any(),
                    Known::Good(Offered { name, made_by }) => {
                        let says = match &made_by {
                            Some(by) => (words.made)(&name, by),
                            None => (words.own)(&name),
                        };
                        view! {
                            <h1>{(words.title)(&name)}</h1>
                            <p class="lead">{says}</p>
                            <div class="actions">
                                <button
                                    type="button"
                                    class="button primary large"
                                    data-testid="door-in"
                                    aria-disabled=move || busy.get().then_some("true")
                                    on:click=come_in
                                >
                                    {words.come_in}
                                </button>
                                <a class="button" href=Route::Join(None).path() data-testid="door-not-me">
                                    {(words.not_me)(&name)}
                                </a>
                            </div>
                        }
                            .into_any()
                    }
                    Known::Bad(says) => {
                        let here = storage::places_in(session).into_iter().next();
                        let back = here.map(|place| {
                            let label = match place.name.as_str() {
                                "" => text().prepare.links.come_again.to_owned(),
                                name => (text().prepare.links.continue_as)(name),
                            };
                            view! {
                                <button
                                    type="button"
                                    class="button primary"
                                    data-testid="door-back"
                                    on:click=move |_| go_on()
                                >
                                    {label}
                                </button>
                            }
                        });
                        view! {
                            <h1>{words.no_good}</h1>
                            <p class="lead" role="alert" data-testid="door-says">{says}</p>
                            <div class="actions">{back}{join()}</div>
                        }
                            .into_any()
                    }
                }}
            </div>
        </Shell>
    }
}
