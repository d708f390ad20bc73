//! How others come in: link, code and picture; no picture that leads nowhere.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;

use super::{Icon, copyable::Copyable};
use crate::{
    api::{self, Invitation},
    code,
    navigate::address,
    route::Route,
    text::text,
};

/// The share panel of a session.
#[component]
pub(crate) fn Share(
    /// The session.
    session: SessionId,
    /// What admits this page to it.
    token: String,
    /// What admits observers, where it is known.
    observer_token: Option<String>,
    /// What else belongs between the ways in and the observers' link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let invitation = RwSignal::new(None::<Result<Invitation, String>>);
    let picture = RwSignal::new(None::<String>);
    spawn_local(async move {
        let answer = api::invitation(session, &token).await;
        let reachable = answer.as_ref().is_ok_and(|invitation| invitation.reachable);
        invitation.try_set(Some(answer.map_err(|problem| problem.says)));
        if reachable && let Ok(svg) = api::join_picture(session, &token).await {
            picture.try_set(Some(svg));
        }
    });
    let wall = observer_token.map(|token| address(&format!("{}#t={token}", Route::Wall(session).path())));
    view! {
        <div class="share" data-testid="share-panel">
            {move || match invitation.get() {
                None => {
                    view! {
                        <div class="skeleton share-skeleton" aria-busy="true" />
                    }
                        .into_any()
                }
                Some(Err(says)) => {
                    view! {
                        <p class="problem" role="alert">
                            {text().share.failed}
                            " "
                            {says}
                        </p>
                    }
                        .into_any()
                }
                Some(Ok(invitation)) => view! { <Ways invitation=invitation picture=picture /> }.into_any(),
            }}
            {children.map(|children| children())}
            {wall
                .map(|wall| {
                    view! {
                        <section class="share-observer">
                            <h3>{text().share.observer}</h3>
                            <Copyable value=wall.clone() id="observer-link" label=text().share.observer />
                            <p class="hint">
                                {text().share.observer_hint} " "
                                <a href=wall target="_blank" rel="noopener">
                                    {text().share.open_wall}
                                </a>
                            </p>
                        </section>
                    }
                })}
        </div>
    }
}

#[component]
fn Ways(invitation: Invitation, picture: RwSignal<Option<String>>) -> impl IntoView {
    let words = &text().share;
    let Invitation { join_url, code, reachable, hint, .. } = invitation;
    view! {
        <p class="hint">{words.intro}</p>
        <div class="share-ways" class:alone=!reachable>
            <div class="share-text">
                <section>
                    <h3>{words.code}</h3>
                    <p class="share-code tabular" data-testid="share-code">
                        {code::grouped(&code)}
                    </p>
                    <p class="hint">{(words.code_hint)(code::door(&join_url))}</p>
                </section>
                <section>
                    <h3>{words.link}</h3>
                    <Copyable value=join_url id="share-link" label=words.link />
                </section>
            </div>
            {if reachable {
                view! {
                    <div
                        class="share-picture"
                        role="img"
                        aria-label=words.qr
                        inner_html=move || picture.get().unwrap_or_default()
                    />
                }
                    .into_any()
            } else {
                view! {
                    <div class="share-alone">
                        {Icon::Warning} <div>
                            <strong>{words.unreachable_title}</strong>
                            <p>{hint.unwrap_or_else(|| words.unreachable.to_owned())}</p>
                        </div>
                    </div>
                }
                    .into_any()
            }}
        </div>
    }
}
