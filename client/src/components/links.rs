//! Links beside the join link: to the own other device, for observers, and new ones in place of old.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::limits;

use super::{Field, copyable::Copyable};
use crate::{
    api::{self, Rotated},
    session::Live,
    text::text,
};

/// A personal link, made when it is asked for.
#[component]
pub(crate) fn OwnDevice(
    /// The session.
    live: Live,
) -> impl IntoView {
    let words = &text().prepare.links;
    let made = RwSignal::new(None::<Result<Rotated, String>>);
    let make = move |_| {
        let token = live.token();
        spawn_local(async move {
            let answer = api::personal_link(live.id, &token).await;
            made.try_set(Some(answer.map_err(|problem| problem.says)));
        });
    };
    view! {
        <section class="share-part">
            <h3>{words.device}</h3>
            <p class="hint">{words.device_hint}</p>
            {move || match made.get() {
                Some(Ok(link)) => {
                    view! {
                        <Copyable value=link.url id="personal-link" label=words.device />
                        {link
                            .picture
                            .map(|picture| {
                                view! {
                                    <div
                                        class="share-picture small"
                                        role="img"
                                        aria-label=words.device_qr
                                        inner_html=picture
                                    />
                                }
                            })}
                    }
                        .into_any()
                }
                failed => {
                    view! {
                        {failed
                            .and_then(Result::err)
                            .map(|says| view! { <p class="problem" role="alert">{says}</p> })}
                        <div>
                            <button type="button" class="button" data-testid="personal-link-make" on:click=make>
                                {words.device_make}
                            </button>
                        </div>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// A new link for observers, where this browser does not know the one that there is: of links only hashes are kept, so
/// nobody can be told an old one.
#[component]
pub(crate) fn ObserverLink(
    /// The session.
    live: Live,
    /// Called when there is a new one.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    let words = &text().prepare.links;
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let make = move |_| {
        if !asking.get_untracked() {
            return asking.set(true);
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let token = live.token();
        spawn_local(async move {
            let answer = api::rotate(live.id, &token, "observer").await;
            busy.try_set(false);
            match answer {
                Ok(Rotated { token: Some(new), .. }) => {
                    live.keep_observer_token(Some(new));
                    // The dialog may be closed meanwhile.
                    changed.try_run(());
                }
                Ok(_) => drop(refused.try_set(Some(text().errors.strange_answer.to_owned()))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    view! {
        <section class="share-part" data-testid="observer-new">
            <h3>{text().share.observer}</h3>
            <p class="hint">{words.no_observer_link}</p>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div>
                <button
                    type="button"
                    class="button"
                    class:danger=move || asking.get()
                    data-testid="observer-make"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=make
                >
                    {move || if asking.get() { words.observer_sure } else { words.observer_make }}
                </button>
            </div>
        </section>
    }
}

/// New code and links in place of old ones, each with what that means.
#[component]
pub(crate) fn Renew(
    /// The session.
    live: Live,
    /// Called when the code or the observers' link is another.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    let words = &text().prepare.links;
    let asking = RwSignal::new(None::<usize>);
    let made = RwSignal::new(None::<(usize, Result<String, String>)>);
    let all = [
        ("code", "renewed-code", words.renew_code, words.renew_code_means),
        ("observer", "renewed-observer", words.renew_observer, words.renew_observer_means),
        ("facilitator", "renewed-facilitator", words.renew_facilitator, words.renew_facilitator_means),
    ];
    let renew = move |_| {
        let Some(which) = asking.get_untracked() else { return };
        asking.set(None);
        let token = live.token();
        // Whoever drives by the link that is to be replaced goes on by the new one.
        let own = all[which].0 == "facilitator" && token.starts_with(FACILITATOR);
        live.renewing.set(own);
        spawn_local(async move {
            let answer = api::rotate(live.id, &token, all[which].0).await;
            if let Ok(Rotated { token: Some(new), .. }) = &answer {
                match all[which].0 {
                    _ if own => live.admit_by(new.clone()),
                    "observer" => live.keep_observer_token(Some(new.clone())),
                    _ => {}
                }
            }
            live.renewing.try_set(false);
            let shown_above = answer.is_ok() && all[which].0 != "facilitator";
            made.try_set(Some((which, answer.map(|link| link.url).map_err(|problem| problem.says))));
            if shown_above {
                // The dialog may be closed meanwhile.
                changed.try_run(());
            }
        });
    };
    view! {
        <details class="share-part renew" data-testid="renew">
            <summary>{words.renew}</summary>
            <p class="hint">{words.renew_hint}</p>
            <ul>
                {all
                    .into_iter()
                    .enumerate()
                    .map(|(at, (what, renewed, label, means))| {
                        let says = move || if asking.get() == Some(at) { words.renew_sure } else { words.renew_yes };
                        view! {
                            <li>
                                <div class="renew-line">
                                    <p>
                                        <strong>{label}</strong>
                                        <br />
                                        <span class="hint">{means}</span>
                                    </p>
                                    <button
                                        type="button"
                                        class="button"
                                        class:danger=move || asking.get() == Some(at)
                                        data-testid=format!("renew-{what}")
                                        aria-label=move || format!("{}: {label}", says())
                                        on:click=move |event| {
                                            if asking.get_untracked() == Some(at) {
                                                renew(event);
                                            } else {
                                                asking.set(Some(at));
                                            }
                                        }
                                    >
                                        {says}
                                    </button>
                                </div>
                                {move || {
                                    let (_, answer) = made.get().filter(|(which, _)| *which == at)?;
                                    Some(
                                        match answer {
                                            Ok(url) => {
                                                view! {
                                                    <p class="hint done" role="status">{words.renewed}</p>
                                                    <Copyable value=url id=renewed label=label />
                                                }
                                                    .into_any()
                                            }
                                            Err(says) => view! { <p class="problem" role="alert">{says}</p> }.into_any(),
                                        },
                                    )
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </details>
    }
}

/// Hands the session to somebody who comes by a link of their own.
#[component]
pub(crate) fn HandOver(
    /// The session.
    live: Live,
) -> impl IntoView {
    let words = &text().prepare.links;
    let name = RwSignal::new(String::new());
    let made = RwSignal::new(None::<Result<String, String>>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let called = name.get_untracked().trim().to_owned();
        if called.is_empty() {
            return;
        }
        let token = live.token();
        spawn_local(async move {
            let answer = api::hand_over(live.id, &token, &called).await;
            if answer.is_ok() {
                name.try_set(String::new());
            }
            made.try_set(Some(answer.map(|link| link.url).map_err(|problem| problem.says)));
        });
    };
    view! {
        <details class="share-part renew" data-testid="hand-over">
            <summary>{words.hand_over}</summary>
            <p class="hint">{words.hand_over_hint}</p>
            <form class="people-add" novalidate on:submit=submit>
                <Field label=words.hand_over_name name="hand-over-name" value=name most=limits::NAME />
                <button type="submit" class="button" data-testid="hand-over-submit">
                    {words.device_make}
                </button>
            </form>
            {move || match made.get() {
                None => ().into_any(),
                Some(Ok(url)) => {
                    view! { <Copyable value=url id="hand-over-link" label=words.hand_over /> }.into_any()
                }
                Some(Err(says)) => view! { <p class="problem" role="alert">{says}</p> }.into_any(),
            }}
        </details>
    }
}

/// How facilitators' tokens begin.
const FACILITATOR: &str = "pf_";
