//! What is fetched when it is needed, not when the page is opened: each function here stands, with all that only it
//! uses, in a module of its own, which the browser loads at its first call (`xtask/src/split.rs` takes them apart).
//!
//! - `session`: what a session shows beside its board: the steps of its agenda, the open card, what is discussed.
//!   Fetched ahead once the board is on the screen, so that it is there when the facilitator goes on, with or without a
//!   connection.
//! - `prepare`: what facilitators do before and beside a session. Fetched ahead for whoever drives.
//! - `record`: what a workspace keeps beyond its sessions: the decision log, a decision, the pillars, the requests for
//!   new work.
//! - `request`: the form by which somebody asks for new work, and what became of it, for who has no other business here.
//! - `beside`: what has a screen or a sheet of its own: the wall, and what is printed.
//!
//! The more names there are, the more modules: what two of them use and the first module does not is one of its own.

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use plumbline_shared::ids::{PillarId, SessionId};

use crate::{
    api::Invitation,
    components::{self, BoardDialog, Clock, PhoneTrial, Scene},
    pages,
    session::{CardView, Live},
};

/// A part of the page, or why it has not come.
pub(crate) type Part = Result<AnyView, SplitLoaderError>;

/// A scene of a session that is no board.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split, preload(session_ahead))]
pub(crate) fn scene(scene: Scene) -> Part {
    Ok(components::stage(scene))
}

/// An open card.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn open_card(card: CardView) -> Part {
    Ok(view! { <components::OpenCard card=card /> }.into_any())
}

/// The queue of what the room splits on, for who drives.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn queue() -> Part {
    Ok(view! { <components::QueueBar /> }.into_any())
}

/// A project in the spotlight.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn discussed(card: CardView) -> Part {
    Ok(view! { <components::Lit card=card /> }.into_any())
}

/// What folds out of the line that says where the session stands.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn more(dialog: RwSignal<Option<BoardDialog>>, clock: Clock) -> Part {
    Ok(view! { <components::More dialog=dialog clock=clock /> }.into_any())
}

/// What the board can be narrowed to.
#[wasm_split(session, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn choices(open: RwSignal<bool>) -> Part {
    Ok(view! { <components::Choices open=open /> }.into_any())
}

/// What is in a dialog of the facilitators.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split, preload(prepare_ahead))]
pub(crate) fn dialog(which: BoardDialog, dialog: RwSignal<Option<BoardDialog>>) -> Part {
    Ok(pages::dialog_content(which, dialog))
}

/// How others come into a session.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn share(invitation: RwSignal<Option<Invitation>>, trial: PhoneTrial) -> Part {
    Ok(view! { <pages::ShareHere invitation=invitation trial=trial /> }.into_any())
}

/// The facilitator's console.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn console(dialog: RwSignal<Option<BoardDialog>>) -> Part {
    Ok(view! { <components::Console dialog=dialog /> }.into_any())
}

/// When the session will end as it goes, and what to cut.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn advice(clock: Clock) -> Part {
    Ok(view! { <components::Advice clock=clock /> }.into_any())
}

/// The first page.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn workspace() -> Part {
    Ok(view! { <pages::WorkspacePage /> }.into_any())
}

/// Making a session.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn new_session() -> Part {
    Ok(view! { <pages::NewSessionPage /> }.into_any())
}

/// The decision log, and what of it is looked for.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn log(asked: String) -> Part {
    Ok(view! { <pages::LogPage asked=asked /> }.into_any())
}

/// The requests for new work, for who looks after them.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn requests() -> Part {
    Ok(view! { <pages::RequestsPage /> }.into_any())
}

/// The pillars over the sessions.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn pillars() -> Part {
    Ok(view! { <pages::PillarsPage /> }.into_any())
}

/// One pillar over the sessions.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn pillar(id: PillarId) -> Part {
    Ok(view! { <pages::PillarPage id=id /> }.into_any())
}

/// Asking for new work.
#[wasm_split(request, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn request() -> Part {
    Ok(view! { <pages::RequestPage /> }.into_any())
}

/// What has become of a request.
#[wasm_split(request, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn request_status() -> Part {
    Ok(view! { <pages::RequestStatusPage /> }.into_any())
}

/// Who outside is told what happens.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn webhooks() -> Part {
    Ok(view! { <pages::WebhooksPage /> }.into_any())
}

/// A decision of the log.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn decision(number: u64) -> Part {
    Ok(view! { <pages::DecisionPage number=number /> }.into_any())
}

/// The API keys.
#[wasm_split(record, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn api_keys() -> Part {
    Ok(view! { <pages::ApiKeysPage /> }.into_any())
}

/// A session on the projector.
#[wasm_split(beside, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn wall(session: SessionId) -> Part {
    Ok(view! { <pages::WallPage session=session /> }.into_any())
}

/// A session that is only shown.
#[wasm_split(prepare, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn watched(session: SessionId) -> Part {
    Ok(view! { <pages::WatchPage session=session /> }.into_any())
}

/// What a checkpoint has found, and what it comes to.
#[wasm_split(beside, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn checkpoint(live: Live) -> Part {
    Ok(view! { <components::CheckpointView live=live /> }.into_any())
}

/// What a checkpoint comes to, where it closes.
#[wasm_split(beside, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn checkpoint_report(live: Live) -> Part {
    Ok(view! { <components::CheckpointReport board=live.board /> }.into_any())
}

/// What is printed for a session.
#[wasm_split(beside, fallible, wasm_split_path = leptos::wasm_split)]
pub(crate) fn print(session: SessionId) -> Part {
    Ok(view! { <pages::PrintPage session=session /> }.into_any())
}

/// Fetches what a session will need, so that nobody waits for it, or stands without it when the connection is gone.
/// What fails here is fetched again when it is shown.
pub(crate) fn fetch_ahead(drives: bool) {
    leptos::task::spawn_local(async move {
        if drives {
            prepare_ahead().await.ok();
        }
        session_ahead().await.ok();
    });
}
