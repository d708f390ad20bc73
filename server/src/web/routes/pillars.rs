//! Line of sight: the pillars of the workspace over its sessions.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::ids::{PillarId, SessionId};

use crate::{
    log::sight::{One, Past, Sight, one, sight},
    session::Session,
    store::{LogId, Position},
    web::{app::App, body::Json, problem::AppError, target::Path},
};

/// How many sessions are looked at, the newest ones: each is read as a whole.
const SESSIONS: usize = 40;

/// Shows the pillars of the workspace over its sessions.
///
/// In whole counts: what stood on each pillar after each session that was closed, and what became of the projects from one
/// to the next. Of a session that was erased only what was decided is known.
#[utoipa::path(
    get, path = "/api/pillars", tag = "Pillars", security(("workspace_key" = [])),
    responses((status = 200, description = "The pillars.", body = Sight)),
)]
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Sight>, AppError> {
    app.workspace_only(&headers)?;
    let (pasts, left_out) = pasts(&app).await?;
    Ok(Json(Sight { left_out, ..sight(&pasts) }))
}

/// Shows one pillar over the sessions.
///
/// As it was last said, what stands on it, and how far the rooms agreed on that. It is found by its id in any session that
/// had it.
#[utoipa::path(
    get, path = "/api/pillars/{id}", tag = "Pillars",
    params(("id" = PillarId, Path, description = "The pillar, by its id in any session.")),
    security(("workspace_key" = [])),
    responses(
        (status = 200, description = "The pillar.", body = One),
        (status = 404, description = "- `no_such_pillar`: no session that was closed has it."),
    ),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<One>, AppError> {
    app.workspace_only(&headers)?;
    let (pasts, left_out) = pasts(&app).await?;
    let found = id.parse::<PillarId>().ok().and_then(|id| one(&pasts, id));
    let told = found.ok_or_else(|| {
        let detail =
            "No session that was closed has a pillar with this id. List the pillars to see which there are.";
        AppError::not_found("no_such_pillar", detail)
    })?;
    Ok(Json(One { left_out, ..told }))
}

/// What was made of sessions lately, as long as nothing has come to their logs and nothing to what they have decided: a
/// session that is closed is read once, and not with every look at the pillars.
#[derive(Default)]
pub struct Pasts(Mutex<HashMap<SessionId, (Known, Option<Past>)>>);

/// What a past was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    /// When it was closed.
    at: u64,
    /// The last entry of its log.
    last: Position,
    /// What stands of its decisions.
    decided: u64,
    /// Whether it is there, and was not erased.
    there: bool,
}

impl Pasts {
    /// What was made of a session, if it was made of this; within that nothing, where there is nothing to tell of it.
    fn get(&self, session: SessionId, known: Known) -> Option<Option<Past>> {
        let pasts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pasts.get(&session).filter(|(of, _)| *of == known).map(|(_, past)| past.clone())
    }

    fn keep(&self, session: SessionId, known: Known, past: Option<Past>) {
        let mut pasts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that are older than any that is told are never asked for again.
        if pasts.len() >= 2 * SESSIONS {
            pasts.clear();
        }
        pasts.insert(session, (known, past));
    }
}

/// The sessions that were closed, the first one first; and how many older ones there are beside them. Demonstrations are
/// none: nothing of them is decided.
async fn pasts(app: &App) -> Result<(Vec<Past>, usize), AppError> {
    let (log, store) = (app.node.decisions(), app.node.store());
    let closes = log.closes(store).await?;
    let mut all: Vec<(u64, _)> = closes.iter().map(|(at, session)| (at.at, *session)).collect();
    // One that was closed without a decision is in no log: its last entry tells when.
    for record in app.workspace.list(None, SESSIONS).into_iter().filter(|record| !record.demonstration) {
        if all.iter().all(|(_, session)| *session != record.session) {
            let last = store.last(&LogId::session(record.session.0)).await?;
            all.push((last.at, record.session));
        }
    }
    all.sort_unstable();
    let mut pasts = Vec::new();
    let mut left_out = 0;
    for (at, session) in all.into_iter().rev() {
        if pasts.len() == SESSIONS {
            left_out += 1;
            continue;
        }
        let there = app.workspace.get(session).is_some();
        let known = Known {
            at,
            last: if there { store.last(&LogId::session(session.0)).await? } else { Position::ZERO },
            decided: log.mark_of(session),
            there,
        };
        if let Some(past) = app.pasts.get(session, known) {
            pasts.extend(past);
            continue;
        }
        let (decided, _, _) = log.of_session(store, session).await?;
        let board = if there { Some(app.session(session)?.ask(Session::board).await?) } else { None };
        let past = match board.filter(|board| board.session.closed) {
            Some(board) => Some(Past::of_board(session, at, &board, &decided)),
            // It was never closed, or nothing that it decided holds.
            None if decided.is_empty() => None,
            None => Some(Past::of_decisions(session, at, !there, &decided)),
        };
        let past = past.filter(|past| !past.projects.is_empty());
        app.pasts.keep(session, known, past.clone());
        pasts.extend(past);
    }
    pasts.reverse();
    Ok((pasts, left_out))
}
