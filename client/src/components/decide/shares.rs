//! How much of the portfolio is on the strategy: when the room first sorted alone, now, and without what stops.

use leptos::prelude::*;
use plumbline_shared::{deciding::shares, methods::Share};

use super::deciding::watched;
use crate::{components::Show, effect::memo, format, session::BoardView, text::text};

/// A row for projects, cost and people: three shares and how far the figures are known.
#[component]
pub(super) fn Shares(board: BoardView) -> impl IntoView {
    let words = &text().decide.close;
    let all = memo(move |_| shares(&watched(board)));
    let rows = move || {
        let Some((all, going_on)) = all.get() else { return Vec::new() };
        let capacity = &text().decide.capacity;
        [
            (words.share_projects, all.projects, going_on.projects, None),
            (words.share_cost, all.cost, going_on.cost, Some(capacity.cost_known)),
            (words.share_people, all.people, going_on.people, Some(capacity.people_known)),
        ]
        .into_iter()
        .filter(|(_, all, ..)| all.known > 0)
        .map(|(name, all, going_on, coverage)| {
            let known = coverage.filter(|_| all.known < all.of).map(|told| told(all.known, all.of));
            row(name, &all, &going_on, known)
        })
        .collect()
    };
    view! {
        <Show when=move || all.with(Option::is_some)>
            <section class="close-shares" data-testid="shares">
                <h3>{words.share}</h3>
                <table>
                    <thead>
                        <tr>
                            <td />
                            <th scope="col">{words.share_alone}</th>
                            <th scope="col">{words.share_now}</th>
                            <th scope="col">{words.share_going_on}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows()}</tbody>
                </table>
            </section>
        </Show>
    }
}

fn row(name: &'static str, all: &Share, going_on: &Share, known: Option<String>) -> AnyView {
    let cell = |share: Option<f64>| {
        let says = share.map_or_else(|| "–".to_owned(), format::percent);
        let part = share.unwrap_or(0.0).to_string();
        view! {
            <td class="tabular" style:--share=part>
                {says}
                <i aria-hidden="true" />
            </td>
        }
    };
    view! {
        <tr>
            <th scope="row">
                {name}
                {known.map(|known| view! { <span class="quiet">{known}</span> })}
            </th>
            {cell(all.before())}
            {cell(all.after())}
            {cell(going_on.after())}
        </tr>
    }
    .into_any()
}
