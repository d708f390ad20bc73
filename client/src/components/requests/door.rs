//! The way in for requests: its link, and whether they are taken.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, IntakeState},
    components::Copyable,
    storage,
    text::requests::requests,
};

/// The way in.
#[component]
pub(crate) fn Door(
    /// As it is.
    intake: RwSignal<Option<IntakeState>>,
) -> impl IntoView {
    let words = &requests().page;
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let sure = RwSignal::new(false);
    let set = move |what: &'static str, to: bool| {
        let Some(key) = storage::workspace_key() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        sure.set(false);
        spawn_local(async move {
            let answer = api::set_intake(&key, what, to).await;
            busy.try_set(false);
            match answer {
                Ok(now) => drop(intake.try_set(Some(now))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    let renew = move |_| if sure.get_untracked() { set("renew", true) } else { sure.set(true) };
    let shown = move |now: IntakeState| {
        if !now.made {
            return view! {
                <p>{words.never}</p>
                <div class="actions">
                    <button type="button" class="button primary" data-testid="intake-make" on:click=move |_| set("open", true)>
                        {words.make}
                    </button>
                </div>
            }
            .into_any();
        }
        let open = now.open;
        view! {
            <p class="ask-door-state" data-testid="intake-state" data-open=open.to_string()>
                <b>{if open { words.open } else { words.closed }}</b>
            </p>
            {match now.url {
                Some(url) => {
                    view! {
                        <Copyable value=url id="intake-link" label=words.link />
                        {now
                            .picture
                            .map(|picture| {
                                view! {
                                    <div
                                        class="share-picture small"
                                        data-testid="intake-picture"
                                        role="img"
                                        aria-label=words.picture
                                        inner_html=picture
                                    />
                                }
                            })}
                        <p class="hint">{words.link_says}</p>
                    }
                        .into_any()
                }
                None => view! { <p class="hint">{words.not_shown}</p> }.into_any(),
            }}
            <label class="ask-choice">
                <input
                    type="checkbox"
                    data-testid="intake-names"
                    prop:checked=now.names
                    on:change:target=move |event| set("names", event.target().checked())
                />
                <span class="ask-choice-text">
                    <b>{words.names}</b>
                    <span class="ask-choice-says">{words.names_says}</span>
                </span>
            </label>
            <div class="actions">
                <button type="button" class="button" data-testid="intake-switch" on:click=move |_| set("open", !open)>
                    {if open { words.close_it } else { words.open_it }}
                </button>
                <button
                    type="button"
                    class="button"
                    class:danger=move || sure.get()
                    data-testid="intake-renew"
                    on:click=renew
                >
                    {move || if sure.get() { words.renew_sure } else { words.renew }}
                </button>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="ask-door" aria-labelledby="ask-door-title">
            <h2 id="ask-door-title">{words.door}</h2>
            {move || match intake.get() {
                Some(now) => shown(now),
                None => view! { <div class="skeleton row" aria-hidden="true" /> }.into_any(),
            }}
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
        </section>
    }
}
