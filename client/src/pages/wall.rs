//! The projector's view: the shape of the portfolio, how to join, who is here, what was placed last. Readable from
//! the back of a room, and without a button.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{board::Pile, ids::SessionId};

use super::board::place;
use crate::{
    api::{self, Invitation},
    code,
    components::{Banner, Faces, For, OnWall, Shell, Show, WallNow, WallScene},
    desk::pile_key,
    effect::{effect, memo},
    format,
    navigate::name_tab,
    route::Route,
    session::{BoardView, Live},
    shape::Measure,
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
    let here = memo(move |_| board.others.with(Vec::len));
    view! {
        <div class="wall" class:scene=move || shows.get() != OnWall::Board data-testid="wall">
            <Banner live=live />
            <main id="content" class="wall-main">
                {move || match shows.get() {
                    OnWall::Board => view! { <BoardMain board=board /> }.into_any(),
                    shows => view! { <WallScene live=live shows=shows /> }.into_any(),
                }}
            </main>
            <aside class="wall-side">
                {move || match shows.get() {
                    OnWall::Board => view! { <BoardSide board=board /> }.into_any(),
                    _ => view! { <WallNow live=live /> }.into_any(),
                }}
                <section class="wall-here">
                    <p class="wall-says">{move || (words.here)(here.get())}</p>
                    <Faces live=live />
                </section>
                {move || {
                    invitation
                        .get()
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

/// The board, pile by pile.
#[component]
fn BoardMain(board: BoardView) -> impl IntoView {
    view! {
        <h1>{move || board.session.with(|session| session.title.clone())}</h1>
        <Show
            when=move || board.shape.with(|shape| shape.all().projects > 0)
            fallback=move || view! { <p class="wall-says">{text().wall.waiting}</p> }
        >
            <WallBars board=board />
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
        <Latest board=board />
    }
}

/// A row for each pile: its name, how many projects, what they cost.
#[component]
fn WallBars(board: BoardView) -> impl IntoView {
    let piles = board.piles_between(&[], &[Pile::Off, Pile::Unsorted]);
    let most = memo(move |_| {
        board.shape.with(|shape| {
            let pillars = shape.pillars.iter().map(|(_, heap)| heap.projects);
            pillars.chain([shape.off.projects, shape.unsorted.projects, 1]).max().unwrap_or(1)
        })
    });
    let heap = move |pile| board.shape.with(|shape| shape.heap(pile));
    let share = move |pile| {
        #[allow(clippy::cast_precision_loss, reason = "a board has at most a thousand projects")]
        let share = heap(pile).amount(Measure::Projects) / most.get() as f64;
        share.to_string()
    };
    let cost = move |pile| {
        let heap = heap(pile);
        (heap.cost_known > 0)
            .then(|| board.session.with(|session| format::short_money(heap.cost, &session.currency)))
    };
    view! {
        <ol class="wall-bars" aria-label=text().wall.shape>
            <For each=move || piles.get() let:pile>
                <li
                    data-pile-row=pile_key(pile)
                    class:off=pile == Pile::Off
                    class:unsorted=pile == Pile::Unsorted
                    style:--c=move || board.pile_colour(pile)
                >
                    <span class="wall-name">{move || board.pile_name(pile)}</span>
                    <span class="wall-track">
                        <i style:--share=move || share(pile) />
                    </span>
                    <span class="wall-count tabular">{move || heap(pile).projects}</span>
                    <span class="wall-cost tabular">{move || cost(pile)}</span>
                </li>
            </For>
        </ol>
    }
}

/// How many of the last placements there is room for.
const LATEST: usize = 2;

/// What was placed last.
#[component]
fn Latest(board: BoardView) -> impl IntoView {
    let rows = move || {
        board
            .latest
            .get()
            .into_iter()
            .take(LATEST)
            .filter_map(|(id, pile)| {
                Some((board.card(id)?.project.with(|project| project.name.clone()), pile))
            })
            .collect::<Vec<_>>()
    };
    view! {
        <Show when=move || board.latest.with(|latest| !latest.is_empty())>
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
