//! The board.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use plumbline_shared::{
    board::Pile,
    ids::{ParticipantId, SessionId},
};
use plumbline_sync::Connection;

use super::{
    cover::{CoverPage, Seats},
    dialogs::Dialogs,
    door::DoorPage,
};
use crate::{
    api::{self, Invitation},
    components::{
        AgendaBar, Banner, BoardDialog, BoardHeader, Discussed, Empty, Filters, For, Icon, Later, Panel,
        PileColumn, PileTabs, Scene, SelectionBar, ShapeBar, Shell, Show, Tray, changing, sorts_together,
    },
    desk::{Desk, pile_of_key},
    drag::Hands,
    effect::{effect, memo},
    keys,
    navigate::{name_tab, secret, take_secret},
    notices::Tone,
    parts,
    route::{Route, Secret},
    session::Live,
    storage::{self, Place},
    text::text,
};

/// How long after the board has come the rest of the page is fetched.
const FETCH_AHEAD: Duration = Duration::from_millis(300);

/// The board of a session for who has a place in it; for everybody else, the way in.
#[component]
pub(crate) fn BoardPage(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    let seats = Seats::start();
    changing(move || {
        seats.track();
        if let Some(Secret::Once(link)) = secret() {
            return view! { <DoorPage session=session link=link /> }.into_any();
        }
        match place(session) {
            Some(place) if storage::covered(&place).is_some() => {
                view! { <CoverPage place=place /> }.into_any()
            }
            Some(place) => view! { <Session place=place /> }.into_any(),
            None => view! { <NoPlace /> }.into_any(),
        }
    })
}

/// The place that the address brings, or the one used last in this browser.
pub(crate) fn place(session: SessionId) -> Option<Place> {
    match take_secret() {
        Some(Secret::Token(token)) => {
            let known = storage::places_in(session).into_iter().find(|place| place.token == token);
            let place = known.unwrap_or_else(|| Place::new(session, token));
            storage::take_seat(place);
        }
        Some(Secret::Only(token)) => storage::alone::begin(session, token),
        _ => {}
    }
    storage::seat(session)
}

/// The way in, for who has no place in the session.
#[component]
pub(crate) fn NoPlace() -> impl IntoView {
    name_tab("");
    view! {
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
}

/// Tells everybody when somebody has come in by a link that somebody else made: it is for the room to say whether that is
/// who they say.
fn tell_who_was_let_in(live: Live) {
    let known = StoredValue::new(None::<Vec<ParticipantId>>);
    effect(move || {
        if !live.status.with(|status| status.synced) {
            return;
        }
        let let_in: Vec<(ParticipantId, String, String)> = live.board.roster.with(|roster| {
            let come = roster.iter().filter(|(_, person)| !person.let_in_by.is_empty());
            come.map(|(id, person)| (*id, person.name.clone(), person.let_in_by.clone())).collect()
        });
        // Whoever was let in before this page was opened stands in the list of people.
        let before = known.get_value();
        known.set_value(Some(let_in.iter().map(|(id, ..)| *id).collect()));
        let Some(before) = before else { return };
        for (id, name, by) in let_in {
            if !before.contains(&id) {
                live.notices().show(Tone::Warning, (text().prepare.people.let_in_now)(&name, &by));
            }
        }
    });
}

#[component]
fn Session(place: Place) -> impl IntoView {
    let token = place.token.clone();
    let live = Live::open(place);
    let desk = Desk::new(live);
    let dialog = RwSignal::new(None::<BoardDialog>);
    let invitation = RwSignal::new(None::<Invitation>);
    let synced = memo(move |_| live.status.get().synced);
    let current = RwSignal::new(Pile::Unsorted);
    keys::listen(desk, dialog);

    let session = live.id;
    spawn_local(async move {
        if let Ok(known) = api::invitation(session, &token).await {
            live.remember_code(&known.code);
            invitation.try_set(Some(known));
        }
    });
    tell_who_was_let_in(live);
    let called = memo(move |_| {
        let me = live.me.get().participant;
        let name = me.and_then(|me| {
            live.board.roster.with(|roster| roster.get(&me).map(|person| person.name.clone()))
        });
        (live.board.session.with(|session| session.title.clone()), name)
    });
    effect(move || {
        let (title, name) = called.get();
        name_tab(&title);
        if synced.get() {
            live.remember(title, name);
        }
    });

    // Once the board is drawn, and only then: whoever has just opened the link waits for that.
    effect(move || {
        if synced.get() {
            let drives = untrack(|| live.drives());
            // No idle callback: Safari has none.
            set_timeout(move || parts::fetch_ahead(drives), FETCH_AHEAD);
        }
    });

    let scene = Scene::current(live);
    let on_board = move || scene.get() == Scene::Board;
    // Of a board that is not here there is nothing to say: not that it is empty, either.
    let shape = move || {
        if synced.get() {
            view! {
                <div class="board-bar">
                    <ShapeBar board=live.board />
                    <Filters />
                </div>
                <PileTabs current=current />
                <Show when=move || live.drives() && sorts_together(live)>
                    <Later part=parts::queue />
                </Show>
                <Discussed />
            }
            .into_any()
        } else {
            view! {
                <div class="board-bar" aria-hidden="true">
                    <span class="skeleton bar-skeleton" />
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="session-page" class:compact=move || desk.compact.get() class:with-panel=move || desk.open.get()>
            <BoardHeader invitation=invitation dialog=dialog />
            <Banner live=live resume=move |()| dialog.set(Some(BoardDialog::Close)) />
            <Show when=move || synced.get()>
                <AgendaBar dialog=dialog />
            </Show>
            <Show when=on_board>{move || shape()}</Show>
            <main id="content" tabindex="-1" class="board-main">
                <Show when=move || synced.get() fallback=move || view! { <Waiting live=live /> }>
                    {move || match scene.get() {
                        Scene::Board => view! { <Board dialog=dialog current=current /> }.into_any(),
                        scene => view! { <Later part=move || parts::scene(scene) /> }.into_any(),
                    }}
                </Show>
                <Panel />
                <SelectionBar />
                <p id="card-keys" class="unseen">
                    {text().card.keys_hint}
                </p>
            </main>
        </div>
        <Dialogs dialog=dialog invitation=invitation />
    }
}

/// Piles and tray.
#[component]
fn Board(dialog: RwSignal<Option<BoardDialog>>, current: RwSignal<Pile>) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let root = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(root) = root.get() {
            Hands::listen(desk, &root);
        }
    });
    let pillars = memo(move |_| {
        board.pillars.with(|pillars| pillars.iter().map(|pillar| pillar.id).collect::<Vec<_>>())
    });
    // What is off strategy gets wider as it grows, in steps, so that columns do not move with every card.
    let off_width = move || match board.shape.with(|shape| shape.off.projects) {
        0..=14 => "2fr",
        15..=21 => "3fr",
        _ => "4fr",
    };
    // On a narrow screen the piles lie side by side, and this is how the one in sight is known.
    let scrolled = move |_| {
        if let Some(root) = root.get_untracked()
            && let Some(pile) = pile_in_sight(&root)
            && current.get_untracked() != pile
        {
            current.set(pile);
        }
    };
    view! {
        <div
            node_ref=root
            class="board"
            class:dragging=move || desk.dragging.get()
            data-testid="board"
            style:--off-width=off_width
            style:--pillars=move || pillars.with(|pillars| pillars.len().max(1)).to_string()
            on:scroll=scrolled
        >
            // It scrolls, and may have nothing in it that takes the focus.
            <div class="piles" role="group" tabindex="0" aria-label=text().board.piles>
                <Show when=move || !pillars.with(Vec::is_empty) fallback=move || view! { <NoPillars dialog=dialog /> }>
                    <For each=move || pillars.get() let:id>
                        <PileColumn pile=Pile::Pillar(id) />
                    </For>
                </Show>
                <PileColumn pile=Pile::Off />
            </div>
            <Tray dialog=dialog />
        </div>
    }
}

/// The pile whose column fills most of a narrow screen.
fn pile_in_sight(board: &web_sys::HtmlElement) -> Option<Pile> {
    let frame = board.get_bounding_client_rect();
    let middle = frame.left() + frame.width() / 2.0;
    let columns = board.query_selector_all("[data-pile]").ok()?;
    (0..columns.length()).find_map(|at| {
        let column: web_sys::Element = wasm_bindgen::JsCast::dyn_into(columns.item(at)?).ok()?;
        let rect = column.get_bounding_client_rect();
        (rect.left() <= middle && middle < rect.right())
            .then(|| column.get_attribute("data-pile").and_then(|key| pile_of_key(&key)))
            .flatten()
    })
}

#[component]
fn NoPillars(dialog: RwSignal<Option<BoardDialog>>) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().board;
    let says = Signal::derive(move || {
        (if live.drives() { words.no_pillars_mine } else { words.no_pillars_theirs }).to_owned()
    });
    view! {
        <div class="no-pillars">
            <Empty title=words.no_pillars_title says=says>
                <Show when=move || live.drives()>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="add-pillars"
                        on:click=move |_| dialog.set(Some(BoardDialog::Pillars))
                    >
                        {Icon::Add}
                        <span>{words.add_pillars}</span>
                    </button>
                </Show>
            </Empty>
        </div>
    }
}

/// In place of a board that is not here: its shape while it is on its way, and nothing when it will not come. What
/// to do then stands in the banner.
#[component]
fn Waiting(live: Live) -> impl IntoView {
    changing(move || {
        let refused = live.status.with(|status| matches!(status.connection, Connection::Refused { .. }));
        if refused { ().into_any() } else { view! { <Skeleton /> }.into_any() }
    })
}

/// The shape of a board.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="board board-skeleton" role="status" aria-busy="true" data-testid="loading">
            <p class="unseen">{text().board.loading}</p>
            <div class="piles">
                {(0..7).map(|_| view! { <div class="skeleton pile-skeleton" /> }).collect_view()}
            </div>
            <div class="skeleton tray-skeleton" />
        </div>
    }
}
