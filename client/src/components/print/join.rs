//! The sheet by which people join: a picture to scan, an address, a code.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Invitation},
    code,
    session::Live,
    text::text,
};

/// The sheet.
#[component]
pub(crate) fn JoinSheet(
    /// The session.
    live: Live,
) -> impl IntoView {
    let words = &text().decide.print;
    let invitation = RwSignal::new(None::<Result<Invitation, String>>);
    let picture = RwSignal::new(None::<String>);
    let token = live.token();
    spawn_local(async move {
        let answer = api::invitation(live.id, &token).await;
        let reachable = answer.as_ref().is_ok_and(|invitation| invitation.reachable);
        invitation.try_set(Some(answer.map_err(|problem| problem.says)));
        if reachable && let Ok(svg) = api::join_picture(live.id, &token).await {
            picture.try_set(Some(svg));
        }
    });
    view! {
        <article class="print-sheet print-join" data-testid="print-join">
            <p class="print-kind">{move || live.board.session.with(|session| session.title.clone())}</p>
            <h2>{words.join_title}</h2>
            {move || match invitation.get() {
                None => view! { <p aria-busy="true">"…"</p> }.into_any(),
                Some(Err(says)) => {
                    view! {
                        <p class="problem" role="alert">
                            {words.join_missing}
                            " "
                            {says}
                        </p>
                    }
                        .into_any()
                }
                Some(Ok(invitation)) => {
                    let hint = (!invitation.reachable)
                        .then(|| {
                            let says = invitation.hint.clone();
                            let says = says.unwrap_or_else(|| text().share.unreachable.to_owned());
                            view! { <p class="problem">{says}</p> }
                        });
                    view! {
                        <div
                            class="print-picture"
                            role="img"
                            aria-label=text().share.qr
                            inner_html=move || picture.get().unwrap_or_default()
                        />
                        <p>{if invitation.reachable { words.join_scan } else { words.join_open }}</p>
                        <p class="print-door">{code::door(&invitation.join_url).to_owned()} "/join"</p>
                        <p>{words.join_type}</p>
                        <p class="print-code tabular">{code::grouped(&invitation.code)}</p>
                        <p>{words.join_private}</p>
                        {hint}
                    }
                        .into_any()
                }
            }}
        </article>
    }
}
