//! Links beside the join link: to the own other device, and new ones in place of old; and whether a phone arrives.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::ParticipantId, limits};

use super::{Field, Icon, copyable::Copyable};
use crate::{
    api::{self, Rotated},
    effect::effect,
    session::Live,
    text::text,
};

/// Turns green when another device arrives while this is shown.
#[component]
pub(crate) fn PhoneTest(
    /// The session.
    live: Live,
) -> impl IntoView {
    let words = &text().prepare.links;
    let board = live.board;
    let joined =
        move || board.roster.with(|roster| roster.keys().copied().collect::<BTreeSet<ParticipantId>>());
    let here =
        move || board.others.with(|others| others.iter().map(|other| other.id).collect::<BTreeSet<_>>());
    let (joined_before, here_before) = untrack(|| (joined(), here()));
    let arrived = RwSignal::new(None::<String>);
    effect(move || {
        let new = joined().difference(&joined_before).chain(here().difference(&here_before)).next().and_then(
            |id| board.roster.with_untracked(|roster| roster.get(id).map(|person| person.name.clone())),
        );
        if arrived.with_untracked(Option::is_none) && new.is_some() {
            arrived.set(new);
        }
    });
    let state = move || if arrived.with(Option::is_some) { "arrived" } else { "waiting" };
    view! {
        <div class="phone-test" role="status" data-testid="phone-test" data-state=state>
            {move || if arrived.with(Option::is_some) { Icon::Check.into_render() } else { Icon::Phone.into_render() }}
            <p>
                <strong>{words.test}</strong>
                " "
                {move || arrived.get().map_or_else(|| words.test_hint.to_owned(), |name| (words.test_done)(&name))}
            </p>
        </div>
    }
}

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
        ("code", words.renew_code, words.renew_code_means),
        ("observer", words.renew_observer, words.renew_observer_means),
        ("facilitator", words.renew_facilitator, words.renew_facilitator_means),
    ];
    let renew = move |_| {
        let Some(which) = asking.get_untracked() else { return };
        asking.set(None);
        let token = live.token();
        spawn_local(async move {
            let answer = api::rotate(live.id, &token, all[which].0).await;
            if let Ok(Rotated { token: Some(new), .. }) = &answer {
                match all[which].0 {
                    // Whoever drives by the link that was just replaced goes on by the new one.
                    "facilitator" if token.starts_with(FACILITATOR) => live.admit_by(new.clone()),
                    "observer" => live.keep_observer_token(new.clone()),
                    _ => {}
                }
            }
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
                    .map(|(at, (what, label, means))| {
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
                                                    <Copyable value=url id="renewed-link" label=label />
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
