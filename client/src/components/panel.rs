//! The open card: what it is, and where it can be placed. Beside the board on a wide screen, a sheet on a phone.

use leptos::{html, prelude::*};
use plumbline_shared::words::Origin;
use plumbline_sync::{Intent, Value};

use super::{
    CardNotes, DecisionOf, EvidenceOf, Hobby, Icon, Later, PlaceOn, ShiftInPile, changing,
    details::{Details, Summary},
};
use crate::{
    desk::Desk,
    dom,
    effect::{effect, memo},
    parts,
    session::CardView,
    text::text,
};

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
    let card = memo(move |_| {
        desk.live.board.shape.track();
        let id = desk.lead.get()?;
        desk.open.get().then(|| desk.live.board.card(id).map(|card| card.id)).flatten()
    });
    changing(move || {
        let card = card.get().and_then(|id| desk.live.board.card(id));
        card.map(|card| view! { <Later part=move || parts::open_card(card) /> })
    })
}

/// The card that is open.
#[component]
pub(crate) fn OpenCard(card: CardView) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let words = &text().card;
    let project = card.project;
    let title = NodeRef::<html::H2>::new();
    let edit = Intent::EditProject { id: card.id, field: "summary".to_owned(), value: Value::Null };
    let denied = desk.live.why_not(edit);
    effect(move || {
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
                <Summary card=card denied=denied />
                <section class="panel-place">
                    <h3>{words.place_on}</h3>
                    <p class="hint">{move || several()}</p>
                    <PlaceOn project=card.id lies_on=card.pile />
                    <ShiftInPile card=card />
                </section>
                <EvidenceOf board=board project=card.id />
                <Hobby project=card.id />
                <DecisionOf project=card.id />
                <CardNotes project=card.id />
                <Details card=card denied=denied />
            </div>
        </aside>
    }
}
