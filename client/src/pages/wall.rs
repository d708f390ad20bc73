//! The projector's view: the board as it changes, how to join, who is here, what was placed last. Readable from the
//! back of a room, and without a button.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{board::Pile, ids::SessionId, sorted::sort};

use super::board::place;
use crate::{
    api::{self, Invitation},
    code,
    components::{Banner, OnWall, Shell, Show, WallFound, WallNow, WallPiles, WallScene},
    effect::{effect, memo},
    navigate::name_tab,
    route::Route,
    session::{BoardView, Live},
    storage::Place,
    text::text,
};

/// The wall of a session.
#[component]
pub(crate) fn WallPage(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    match place(session) {
        Some(place) => view! { <Wall place=place /> }.into_any(),
        None => view! {
            <Shell narrow=true>
                <h1>{text().workspace.no_key_title}</h1>
                <p class="lead">{text().workspace.join_hint}</p>
                <div class="actions">
                    <a class="button primary large" href=Route::Join(None).path()>
                        {text().workspace.join_with_code}
                    </a>
                </div>
            </Shell>
        }
        .into_any(),
    }
}

#[component]
fn Wall(place: Place) -> impl IntoView {
    let token = place.token.clone();
    let live = Live::open(place);
    let board = live.board;
    let words = &text().wall;
    let invitation = RwSignal::new(None::<Invitation>);
    let picture = RwSignal::new(None::<String>);
    let session = live.id;
    spawn_local(async move {
        if let Ok(known) = api::invitation(session, &token).await {
            let reachable = known.reachable;
            invitation.try_set(Some(known));
            if reachable && let Ok(svg) = api::join_picture(session, &token).await {
                picture.try_set(Some(svg));
            }
        }
    });
    effect(move || name_tab(&board.session.with(|session| session.title.clone())));
    let shows = OnWall::current(live);
    // Who is here, those who have joined last first: whoever has just come looks for their name.
    let here = memo(move |_| {
        board.others.with(|others| {
            let mut here: Vec<_> = others.iter().map(|other| (other.id, other.name.clone())).collect();
            sort(&mut here, |a, b| b.0.cmp(&a.0));
            here.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        })
    });
    let closed = memo(move |_| board.session.with(|session| session.closed));
    let synced = memo(move |_| live.status.with(|status| status.synced));
    view! {
        <div class="wall" class:scene=move || shows.get() != OnWall::Board data-testid="wall">
            <Banner live=live />
            <main id="content" class="wall-main">
                {move || match (synced.get(), shows.get()) {
                    (false, _) => view! { <NotHere live=live /> }.into_any(),
                    (true, OnWall::Board) => view! { <BoardMain board=board /> }.into_any(),
                    (true, shows) => view! { <WallScene live=live shows=shows /> }.into_any(),
                }}
            </main>
            <aside class="wall-side">
                {move || match (synced.get(), shows.get()) {
                    (false, _) => ().into_any(),
                    (true, OnWall::Board) => view! { <BoardSide board=board /> }.into_any(),
                    (true, shows) => view! { <WallNow live=live shows=shows /> }.into_any(),
                }}
                <Show when=move || synced.get()>
                    <section class="wall-here">
                        <p class="wall-says">{move || (words.here)(here.with(Vec::len))}</p>
                        <ul class="wall-line" data-testid="wall-people">
                            {move || {
                                let names = here.get().into_iter().take(NAMES);
                                names.map(|name| view! { <li><span>{name}</span></li> }).collect_view()
                            }}
                        </ul>
                    </section>
                </Show>
                {move || {
                    invitation
                        .get()
                        .filter(|_| !closed.get())
                        .map(|invitation| {
                            view! {
                                <section class="wall-join">
                                    <div
                                        class="share-picture"
                                        role="img"
                                        aria-label=text().share.qr
                                        hidden=move || picture.get().is_none()
                                        inner_html=move || picture.get().unwrap_or_default()
                                    />
                                    <div>
                                        <p class="wall-says">{words.join_at} " " <b>{code::door(&invitation.join_url).to_owned()}</b></p>
                                        <p class="wall-code tabular">{code::grouped(&invitation.code)}</p>
                                    </div>
                                </section>
                            }
                        })
                }}
            </aside>
        </div>
    }
}

/// In place of a board that is on its way, or will not come: what it is called, as far as that is known.
#[component]
fn NotHere(live: Live) -> impl IntoView {
    let title = move || {
        let known = live.board.session.with(|session| session.title.clone());
        match (known.is_empty(), live.refused.get()) {
            (false, _) => known,
            (true, false) => text().board.loading.to_owned(),
            (true, true) => text().general.name.to_owned(),
        }
    };
    view! {
        <h1>{title}</h1>
        <Show when=move || !live.refused.get()>
            <div class="skeleton wall-skeleton" role="status" aria-busy="true" data-testid="loading">
                <p class="unseen">{text().board.loading}</p>
            </div>
        </Show>
    }
}

/// The board, pile by pile.
#[component]
fn BoardMain(board: BoardView) -> impl IntoView {
    view! {
        <h1>{move || board.session.with(|session| session.title.clone())}</h1>
        <Show
            when=move || board.shape.with(|shape| shape.all().projects > 0)
            fallback=move || view! { <p class="wall-says">{text().wall.waiting}</p> }
        >
            <WallPiles board=board />
        </Show>
    }
}

/// Beside the board: how much of it stands on a pillar, and what was placed last.
#[component]
fn BoardSide(board: BoardView) -> impl IntoView {
    let words = &text().wall;
    let counts = memo(move |_| {
        board.shape.with(|shape| {
            (shape.on_pillars().projects, shape.off.projects, shape.unsorted.projects, shape.all().projects)
        })
    });
    view! {
        <section>
            <p class="wall-number tabular">
                <b>{move || counts.get().0}</b>
                " "
                <span>{move || (words.of)(counts.get().3)}</span>
            </p>
            <p class="wall-says">{words.stand_on_pillar}</p>
            <p class="wall-says">{move || (words.stand_on_none)(counts.get().1)}</p>
            <p class="wall-says quiet">{move || (words.not_sorted)(counts.get().2)}</p>
        </section>
        <WallFound board=board />
        <Latest board=board />
    }
}

/// More names of people than this have no room in one line.
const NAMES: usize = 6;
/// More of the last placements than this have no room, whatever else is shown.
const LATEST: usize = 5;

/// What was placed last.
#[component]
fn Latest(board: BoardView) -> impl IntoView {
    let rows = move || {
        board
            .latest
            .get()
            .into_iter()
            .filter(|(_, pile)| *pile != Pile::Unsorted)
            .take(LATEST)
            .filter_map(|(id, pile)| {
                Some((board.card(id)?.project.with(|project| project.name.clone()), pile))
            })
            .collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !rows().is_empty()>
            <section class="wall-latest">
                <h2>{text().wall.latest}</h2>
                <ul>
                    {move || {
                        rows()
                            .into_iter()
                            .map(|(name, pile)| {
                                view! {
                                    <li style:--c=move || board.pile_colour(pile)>
                                        <strong>{name}</strong>
                                        <span>{move || board.pile_name(pile)}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
}
