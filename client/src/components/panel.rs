//! The open card: what it is, and where it can be placed. Beside the board on a wide screen, a sheet on a phone.

use leptos::{html, prelude::*};
use plumbline_shared::{board::Project, words::Origin};

use super::{Icon, PlaceOn};
use crate::{desk::Desk, dom, format, session::CardView, text::text};

/// The origin as people say it.
pub(crate) fn origin_name(origin: Origin) -> &'static str {
    let words = &text().card;
    match origin {
        Origin::Planned => words.origin_planned,
        Origin::Legacy => words.origin_legacy,
        Origin::Pet => words.origin_pet,
        Origin::New => words.origin_new,
        Origin::Unknown => words.origin_unknown,
    }
}

/// The panel; empty while nothing is open.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    let desk = Desk::used();
    let card = Memo::new(move |_| {
        desk.live.board.shape.track();
        let id = desk.lead.get()?;
        desk.open.get().then(|| desk.live.board.card(id).map(|card| card.id)).flatten()
    });
    move || card.get().and_then(|id| desk.live.board.card(id)).map(|card| view! { <OpenCard card=card /> })
}

#[component]
fn OpenCard(card: CardView) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let words = &text().card;
    let project = card.project;
    let title = NodeRef::<html::H2>::new();
    Effect::new(move || {
        // A sheet covers what was touched, so it takes the focus; a panel beside the board does not steal it.
        if let Some(title) = title.get()
            && dom::is_narrow()
        {
            dom::focus_quietly(&title);
        }
    });
    let several = move || {
        let count = desk.selected.with(Vec::len);
        (count > 1).then(|| (words.selected)(count))
    };
    view! {
        <div class="sheet-backdrop" on:click=move |_| desk.close_card() />
        <aside class="panel" aria-label=words.panel data-testid="panel">
            <header class="panel-head">
                <div>
                    <p class="panel-pile" style:--c=move || board.pile_colour(card.pile.get())>
                        {move || board.pile_name(card.pile.get())}
                    </p>
                    <h2 node_ref=title tabindex="-1">
                        {move || project.with(|project| project.name.clone())}
                    </h2>
                </div>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text().general.close
                    data-testid="panel-close"
                    on:click=move |_| desk.close_card()
                >
                    {Icon::Close}
                </button>
            </header>
            <div class="panel-body">
                {move || {
                    let summary = project.with(|project| project.summary.clone());
                    if summary.is_empty() {
                        view! { <p class="quiet">{words.no_summary}</p> }.into_any()
                    } else {
                        view! { <p class="panel-summary">{summary}</p> }.into_any()
                    }
                }}
                <section class="panel-place">
                    <h3>{words.place_on}</h3>
                    <p class="hint">{several}</p>
                    <PlaceOn project=card.id lies_on=card.pile />
                </section>
                <dl class="facts">{move || facts(&project.get(), desk)}</dl>
                {move || {
                    let more = project.with(|project| project.more.clone());
                    (!more.is_empty())
                        .then(|| {
                            view! {
                                <h3>{words.more}</h3>
                                <dl class="facts">
                                    {more
                                        .into_iter()
                                        .filter(|(_, value)| !value.is_empty())
                                        .map(|(heading, value)| fact(heading, value))
                                        .collect_view()}
                                </dl>
                            }
                        })
                }}
            </div>
        </aside>
    }
}

fn fact(heading: String, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{heading}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// What is known of a project, in the order in which it is asked for.
fn facts(project: &Project, desk: Desk) -> impl IntoView + use<> {
    let words = &text().card;
    let board = desk.live.board;
    let currency = board.session.with(|session| session.currency.clone());
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let added_by = project
        .added_by
        .and_then(|id| board.roster.with(|roster| roster.get(&id).map(|person| person.name.clone())));
    [
        (words.sponsor, text(&project.sponsor)),
        (words.owner, text(&project.owner)),
        (
            words.origin,
            project
                .origin
                .filter(|origin| *origin != Origin::Unknown)
                .map(|origin| origin_name(origin).to_owned()),
        ),
        (words.cost, project.cost.map(|cost| format::money(cost, &currency))),
        (words.people, project.people.map(format::number)),
        (words.reference, text(&project.reference)),
        (words.added_by, added_by),
    ]
    .into_iter()
    .filter_map(|(heading, value)| value.map(|value| fact(heading.to_owned(), value)))
    .collect_view()
}
