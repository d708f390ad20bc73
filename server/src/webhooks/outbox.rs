//! The running webhooks: their log, and its fold in memory. Who is told what is decided here; that it is sent is the
//! courier's work.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use plumbline_shared::day::Day;
use tokio::sync::{Mutex, Notify};
use uuid::Uuid;

use super::{
    entry::{Body, Content, EntryError, Off, Place},
    event::{Closing, Happened, Kind},
    secret::Secret,
    state::{Delivery, ENDPOINTS, Endpoint, Stage, State},
};
use crate::store::{Condition, LogId, Position, Store, StoreError};

/// Entries read at a time.
const PAGE: usize = 1_024;

/// After how many entries a snapshot is written.
const ENTRIES_PER_SNAPSHOT: u32 = 500;

/// The running webhooks.
#[derive(Default)]
pub struct Webhooks {
    state: RwLock<State>,
    /// Held by whoever appends.
    pen: Mutex<Pen>,
    /// Told when there is something to do.
    moved: Notify,
}

#[derive(Default)]
struct Pen {
    /// Whether everything in the store's log is in the state. Not before it was read, and not after an append of which
    /// the answer got lost.
    is_up: bool,
    /// Where the last entry stands.
    last: Position,
    /// Entries since the last snapshot.
    entries: u32,
    /// Whether something stands in the log that is to be forgotten: secrets, and addresses, which can hold some.
    owes: bool,
}

/// Why the webhooks cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Their log cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Their log is damaged, or a newer release's.
    #[error("the log of the webhooks cannot be read: {0}")]
    Entry(#[from] EntryError),
    /// There is no such endpoint.
    #[error("There is no such webhook. List them to see which there are.")]
    Unknown,
    /// There is no such delivery.
    #[error(
        "There is no such delivery, or it is not kept any more. List the deliveries to see which there are."
    )]
    NoDelivery,
    /// There are as many endpoints as there can be.
    #[error("A workspace has {ENDPOINTS} webhooks at most. Remove one that is not used any more.")]
    Many,
    /// It is turned off.
    #[error("This webhook is off. Turn it on first.")]
    IsOff,
}

/// What somebody wants an endpoint to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its address.
    pub url: String,
    /// What people call it.
    pub name: String,
    /// What it is told of.
    pub kinds: Vec<Kind>,
    /// How much.
    pub content: Content,
}

/// What somebody wants of an endpoint to be otherwise.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its address.
    pub url: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// What it is told of.
    pub kinds: Option<Vec<Kind>>,
    /// How much.
    pub content: Option<Content>,
    /// Whether anything is delivered to it.
    pub is_on: Option<bool>,
}

/// An endpoint, and how much is on its way.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is known of it.
    pub endpoint: Endpoint,
    /// How many deliveries wait.
    pub waiting: usize,
    /// How many were given up and are kept.
    pub failed: usize,
}

impl Webhooks {
    /// Reads what there is.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn open(&self, store: &dyn Store) -> Result<(), OutboxError> {
        let mut pen = self.pen.lock().await;
        self.read_on(store, &mut pen).await
    }

    /// All endpoints, the oldest first.
    pub fn endpoints(&self) -> Vec<Shown> {
        let state = self.read();
        state.endpoints().map(|endpoint| shown(&state, endpoint)).collect()
    }

    /// One endpoint.
    pub fn endpoint(&self, id: Uuid) -> Option<Shown> {
        let state = self.read();
        state.endpoint(id).map(|endpoint| shown(&state, endpoint))
    }

    /// The deliveries of an endpoint, the newest first, from the one before `before`.
    pub fn deliveries(
        &self,
        endpoint: Uuid,
        before: Option<u64>,
        only: impl Fn(&Delivery) -> bool,
        most: usize,
    ) -> Vec<Delivery> {
        let state = self.read();
        let earlier = |delivery: &&Delivery| before.is_none_or(|before| delivery.number < before);
        state.of(endpoint).filter(earlier).filter(|delivery| only(delivery)).take(most).cloned().collect()
    }

    /// Makes an endpoint, which is told what happens from now on, and of what is due from `today` on.
    ///
    /// # Errors
    /// When it cannot be saved, or there are too many.
    pub async fn make(
        &self,
        store: &dyn Store,
        wanted: Wanted,
        entries: u64,
        today: Day,
    ) -> Result<Shown, OutboxError> {
        let (id, secret) = (Uuid::now_v7(), Secret::fresh());
        self.change(store, |state| {
            if state.endpoints().count() >= ENDPOINTS {
                return Err(OutboxError::Many);
            }
            let closes = state.closes().len() as u64;
            let place = Place { entry: entries, closes, day: today.plus(-1).0 };
            let Wanted { url, name, kinds, content } = wanted;
            Ok(vec![Body::Made { id, url, name, kinds, content, secret, place }])
        })
        .await?;
        self.endpoint(id).ok_or(OutboxError::Unknown)
    }

    /// Makes an endpoint otherwise.
    ///
    /// # Errors
    /// When it cannot be saved, or there is no such endpoint.
    pub async fn alter(&self, store: &dyn Store, id: Uuid, change: Change) -> Result<Shown, OutboxError> {
        self.change(store, |state| {
            let endpoint = state.endpoint(id).ok_or(OutboxError::Unknown)?;
            let mut bodies = Vec::new();
            let Change { url, name, kinds, content, is_on } = change;
            if url.is_some() || name.is_some() || kinds.is_some() || content.is_some() {
                bodies.push(Body::Changed { id, url, name, kinds, content });
            }
            match is_on {
                Some(true) if endpoint.off.is_some() => bodies.push(Body::Turned { id, off: None }),
                Some(false) if endpoint.off.is_none() => {
                    bodies.push(Body::Turned { id, off: Some(Off::ByHand) });
                }
                _ => {}
            }
            Ok(bodies)
        })
        .await?;
        self.endpoint(id).ok_or(OutboxError::Unknown)
    }

    /// Gives an endpoint another secret; until a moment, in milliseconds since 1970, deliveries are signed by both.
    ///
    /// # Errors
    /// When it cannot be saved, or there is no such endpoint.
    pub async fn rotate(&self, store: &dyn Store, id: Uuid, until: u64) -> Result<Shown, OutboxError> {
        let secret = Secret::fresh();
        self.change(store, |state| {
            state.endpoint(id).ok_or(OutboxError::Unknown)?;
            Ok(vec![Body::Rotated { id, secret, until }])
        })
        .await?;
        self.endpoint(id).ok_or(OutboxError::Unknown)
    }

    /// Takes an endpoint away, with its secret, its address and its deliveries.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn remove(&self, store: &dyn Store, id: Uuid) -> Result<(), OutboxError> {
        self.change(store, |state| {
            state.endpoint(id).ok_or(OutboxError::Unknown)?;
            Ok(vec![Body::Removed { id }])
        })
        .await
    }

    /// A test to an endpoint.
    ///
    /// # Errors
    /// When it cannot be saved, there is no such endpoint, or it is off.
    pub async fn test(&self, store: &dyn Store, id: Uuid, now: u64) -> Result<Delivery, OutboxError> {
        let happened = Happened::Test { id: Uuid::now_v7(), at: now };
        self.change(store, |state| {
            is_on(state, id)?;
            Ok(vec![Body::Added { id, happened: happened.clone() }])
        })
        .await?;
        let state = self.read();
        let made = state.of(id).find(|delivery| delivery.happened == happened);
        made.cloned().ok_or(OutboxError::NoDelivery)
    }

    /// Delivers again, whatever became of it before: one that waits is left as it is.
    ///
    /// # Errors
    /// When it cannot be saved, there is no such delivery of that endpoint, or that is off.
    pub async fn replay(&self, store: &dyn Store, id: Uuid, number: u64) -> Result<Delivery, OutboxError> {
        self.change(store, |state| {
            is_on(state, id)?;
            let delivery = state.delivery(number).filter(|delivery| delivery.endpoint == id);
            delivery.ok_or(OutboxError::NoDelivery)?;
            Ok(vec![Body::Replayed { deliveries: vec![number] }])
        })
        .await?;
        self.read().delivery(number).cloned().ok_or(OutboxError::NoDelivery)
    }

    /// Delivers again what was given up since a moment, in milliseconds since 1970. Returns how much that is.
    ///
    /// # Errors
    /// When it cannot be saved, there is no such endpoint, or it is off.
    pub async fn replay_failed(&self, store: &dyn Store, id: Uuid, since: u64) -> Result<usize, OutboxError> {
        let mut count = 0;
        self.change(store, |state| {
            is_on(state, id)?;
            let failed = state.of(id).filter(|delivery| delivery.stage == Stage::Failed);
            let deliveries: Vec<u64> =
                failed.filter(|delivery| delivery.made_at >= since).map(|delivery| delivery.number).collect();
            count = deliveries.len();
            Ok(if deliveries.is_empty() { Vec::new() } else { vec![Body::Replayed { deliveries }] })
        })
        .await?;
        Ok(count)
    }

    /// A session was closed: whoever asks for that is told. Where nobody could ask, nothing is kept of it.
    ///
    /// # Errors
    /// When it cannot be saved; it may be called again, and tells nothing twice.
    pub async fn closed(&self, store: &dyn Store, closing: Closing) -> Result<(), OutboxError> {
        self.change(store, |state| {
            let nobody = state.endpoints().next().is_none();
            let known = nobody || state.closes().contains(&closing);
            Ok(if known { Vec::new() } else { vec![Body::Closed(closing)] })
        })
        .await
    }

    /// The closes of sessions that are kept.
    pub(super) fn closes(&self) -> Vec<Closing> {
        self.read().closes().to_vec()
    }

    /// The deliveries of an endpoint that wait, the oldest first.
    pub(super) fn waiting(&self, endpoint: Uuid) -> Vec<Delivery> {
        self.read().waiting(endpoint).cloned().collect()
    }

    /// A delivery by its number.
    pub(super) fn delivery(&self, number: u64) -> Option<Delivery> {
        self.read().delivery(number).cloned()
    }

    /// Waits until something was entered.
    pub(super) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Enters what the courier has to say.
    pub(super) async fn enter(&self, store: &dyn Store, body: Body) -> Result<(), OutboxError> {
        self.change(store, |_| Ok(vec![body])).await
    }

    /// Forgets what is not to be kept: begins the log anew with what is known now.
    pub(super) async fn tidy(&self, store: &dyn Store) -> Result<(), OutboxError> {
        let mut pen = self.pen.lock().await;
        self.read_on(store, &mut pen).await?;
        if pen.owes { self.forget(store, &mut pen).await } else { Ok(()) }
    }

    /// Appends what is to be entered by what is known, then applies it: one at a time, so that the state is that of the
    /// log.
    async fn change(
        &self,
        store: &dyn Store,
        decide: impl FnOnce(&State) -> Result<Vec<Body>, OutboxError>,
    ) -> Result<(), OutboxError> {
        let mut pen = self.pen.lock().await;
        self.read_on(store, &mut pen).await?;
        let bodies = decide(&self.read())?;
        if bodies.is_empty() {
            return Ok(());
        }
        // Until the answer is here nobody knows whether it is in the log.
        pen.is_up = false;
        let bytes = bodies.iter().map(Body::to_bytes).collect();
        let positions = match store.shared() {
            None => store.append(&LogId::webhooks(), bytes).await?,
            Some(_) => {
                let behind = Condition::Last(pen.last);
                let appended = store.append_if(&LogId::webhooks(), behind, bytes).await?;
                appended.ok_or_else(|| StoreError::Unreachable {
                    place: "the store".to_owned(),
                    what: "another server was first; try again".to_owned(),
                })?
            }
        };
        for (position, body) in positions.into_iter().zip(bodies) {
            self.take(&mut pen, position, body);
        }
        pen.is_up = true;
        self.moved.notify_one();
        // What is entered is entered: that something could not be tidied is nobody's who asked for it.
        if pen.owes {
            if let Err(error) = self.forget(store, &mut pen).await {
                tracing::warn!(%error, "what is to be forgotten of a webhook is still in the files, and is tried again");
            }
        } else if pen.entries >= ENTRIES_PER_SNAPSHOT {
            let bytes = self.read().snapshot();
            match store.snapshot(&LogId::webhooks(), pen.last, bytes).await {
                Ok(_) => pen.entries = 0,
                Err(error) => tracing::warn!(%error, "no snapshot of the webhooks could be written"),
            }
        }
        Ok(())
    }

    fn take(&self, pen: &mut Pen, position: Position, body: Body) {
        let forgets = match &body {
            Body::Changed { url, .. } => url.is_some(),
            Body::Removed { .. } | Body::Forgot { .. } => true,
            _ => false,
        };
        pen.owes |= forgets;
        pen.entries += 1;
        pen.last = position;
        self.state.write().unwrap_or_else(PoisonError::into_inner).apply(position, body);
    }

    async fn forget(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), OutboxError> {
        let bytes = self.read().snapshot();
        store.begin_anew(&LogId::webhooks(), pen.last, bytes).await?;
        (pen.owes, pen.entries) = (false, 0);
        Ok(())
    }

    /// Takes into the state what it does not know yet.
    async fn read_on(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), OutboxError> {
        if store.shared().is_some() {
            // Others append, too, and have it begin anew.
            pen.is_up = false;
            let holds = match pen.last {
                Position::ZERO => true,
                last => {
                    store.append_if(&LogId::webhooks(), Condition::Holds(last), Vec::new()).await?.is_some()
                }
            };
            if !holds {
                *self.state.write().unwrap_or_else(PoisonError::into_inner) = State::default();
                *pen = Pen::default();
            }
        }
        if pen.is_up {
            return Ok(());
        }
        if pen.last == Position::ZERO
            && let Some((at, bytes)) = store.snapshots(&LogId::webhooks()).await?.into_iter().next()
        {
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = State::restore(&bytes)?;
            pen.last = at;
        }
        loop {
            let page = store.read(&LogId::webhooks(), pen.last, PAGE).await?;
            if page.is_empty() {
                pen.is_up = true;
                return Ok(());
            }
            for stored in page {
                self.take(pen, stored.position, Body::from_bytes(&stored.bytes)?);
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Nothing that is done under this lock panics halfway.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shown(state: &State, endpoint: &Endpoint) -> Shown {
    Shown {
        waiting: state.waiting_count(endpoint.id),
        failed: state.failed_count(endpoint.id),
        endpoint: endpoint.clone(),
    }
}

fn is_on(state: &State, id: Uuid) -> Result<(), OutboxError> {
    let endpoint = state.endpoint(id).ok_or(OutboxError::Unknown)?;
    if endpoint.off.is_some() { Err(OutboxError::IsOff) } else { Ok(()) }
}
