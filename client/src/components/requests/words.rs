//! What was asked for, as it is shown wherever a request is.

use leptos::prelude::*;

use crate::{api::Asked, format, text::requests::requests};

/// One line of a list of facts; nothing where there is nothing to say.
pub(crate) fn fact(name: &'static str, says: &str) -> Option<AnyView> {
    let says = says.trim().to_owned();
    (!says.is_empty()).then(|| {
        view! {
            <div class="ask-fact">
                <dt>{name}</dt>
                <dd>{says}</dd>
            </div>
        }
        .into_any()
    })
}

/// What was asked for.
#[component]
pub(crate) fn AskedWords(
    /// By whom, and what.
    asked: Asked,
) -> impl IntoView {
    let words = &requests().asked;
    let or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
    let instead = asked.instead.map(|it| match it.reference.as_str() {
        "" => it.name,
        reference => format!("{} ({reference})", it.name),
    });
    let facts = [
        (words.purpose, asked.purpose),
        (words.pillar, or(asked.pillar, words.none)),
        (words.measure, asked.measure),
        (words.target, asked.target),
        (words.instead, instead.unwrap_or_else(|| words.nothing.to_owned())),
        (words.owner, asked.owner),
        (words.cost, asked.cost.map(|cost| format::money(cost, &asked.currency)).unwrap_or_default()),
        (words.people, asked.people.map(format::number).unwrap_or_default()),
    ];
    view! {
        <dl class="ask-facts">
            {facts.into_iter().map(|(name, says)| fact(name, &says)).collect_view()}
        </dl>
        <p class="hint">{(words.by)(&asked.asked_by, &format::day(asked.asked_at))}</p>
    }
}
