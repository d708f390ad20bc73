//! The fold of the webhooks' log: the endpoints, how far each has been told, and what is on its way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use minicbor::{Decode, Encode};
use uuid::Uuid;

use super::{
    entry::{Attempt, Body, Content, EntryError, FORMAT, Off, Place, Then},
    event::{Closing, Happened, Kind},
    secret::Secret,
};
use crate::{session::codec, store::Position};

/// How many endpoints a workspace has at most.
pub const ENDPOINTS: usize = 20;

/// How many deliveries of an endpoint that are done with are kept, to be looked at and replayed.
pub const KEPT: usize = 500;

/// How many deliveries of an endpoint wait at a time. What is beyond that waits in the logs that it comes from.
pub const WAITING: usize = 1_000;

/// How many attempts of a delivery are kept.
const ATTEMPTS: usize = 20;

/// A receiver.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Endpoint {
    /// Its id.
    #[cbor(n(0), with = "codec::id")]
    pub id: Uuid,
    /// Its address.
    #[n(1)]
    pub url: String,
    /// What people call it.
    #[n(2)]
    pub name: String,
    /// What it is told of.
    #[n(3)]
    pub kinds: Vec<Kind>,
    /// How much it is told.
    #[n(4)]
    pub content: Content,
    /// What its deliveries are signed with.
    #[n(5)]
    pub secret: Secret,
    /// What they are signed with as well, until a moment in milliseconds since 1970.
    #[n(6)]
    pub before: Option<(Secret, u64)>,
    /// Whether nothing is delivered to it, why, and since when.
    #[n(7)]
    pub off: Option<(Off, u64)>,
    /// Since when it has taken nothing of what it was sent.
    #[n(8)]
    pub failing_since: Option<u64>,
    /// When it last took something.
    #[n(9)]
    pub taken_at: Option<u64>,
    /// When it was entered.
    #[n(10)]
    pub made_at: u64,
    /// How far it has been told.
    #[n(11)]
    pub place: Place,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Stage {
    /// It waits for its next attempt.
    #[n(0)]
    Waiting {
        /// When that is, in milliseconds since 1970.
        #[n(0)]
        at: u64,
    },
    /// It was taken.
    #[n(1)]
    Delivered,
    /// It was not, and is not tried any more.
    #[n(2)]
    Failed,
    /// What it told does not hold any more, and it was not sent.
    #[n(3)]
    Lapsed,
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Delivery {
    /// Its number in the workspace, ascending.
    #[n(0)]
    pub number: u64,
    /// Where to.
    #[cbor(n(1), with = "codec::id")]
    pub endpoint: Uuid,
    /// What it tells.
    #[n(2)]
    pub happened: Happened,
    /// When it was put on its way, in milliseconds since 1970.
    #[n(3)]
    pub made_at: u64,
    /// Where it stands.
    #[n(4)]
    pub stage: Stage,
    /// How many attempts there were.
    #[n(5)]
    pub tries: u32,
    /// How many have failed since it was last put on its way.
    #[n(6)]
    pub failed: u32,
    /// The last attempts, the oldest first.
    #[n(7)]
    pub attempts: VecDeque<Attempt>,
}

/// The state of the webhooks.
#[derive(Debug, Default, PartialEq)]
pub(super) struct State {
    endpoints: BTreeMap<Uuid, Endpoint>,
    closes: Vec<Closing>,
    deliveries: BTreeMap<u64, Delivery>,
    last_number: u64,
    /// The deliveries of each endpoint, and those of them that wait. Both follow from the deliveries.
    all: BTreeMap<Uuid, BTreeSet<u64>>,
    waiting: BTreeMap<Uuid, BTreeSet<u64>>,
}

/// The state as it stands in a snapshot.
#[derive(Encode, Decode)]
struct Whole {
    #[n(0)]
    endpoints: Vec<Endpoint>,
    #[n(1)]
    closes: Vec<Closing>,
    #[n(2)]
    deliveries: Vec<Delivery>,
    #[n(3)]
    last_number: u64,
}

impl State {
    /// The whole state: one byte for the format, then CBOR.
    pub(super) fn snapshot(&self) -> Vec<u8> {
        let whole = Whole {
            endpoints: self.endpoints.values().cloned().collect(),
            closes: self.closes.clone(),
            deliveries: self.deliveries.values().cloned().collect(),
            last_number: self.last_number,
        };
        let mut bytes = vec![FORMAT];
        minicbor::encode(&whole, &mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// Reads a state back.
    ///
    /// # Errors
    /// When the bytes are of another format, or damaged.
    pub(super) fn restore(bytes: &[u8]) -> Result<Self, EntryError> {
        let Some((&FORMAT, rest)) = bytes.split_first() else { return Err(EntryError::Format) };
        let whole: Whole = minicbor::decode(rest)?;
        let mut state = Self {
            endpoints: whole.endpoints.into_iter().map(|endpoint| (endpoint.id, endpoint)).collect(),
            closes: whole.closes,
            last_number: whole.last_number,
            ..Self::default()
        };
        for delivery in whole.deliveries {
            state.sort(delivery.number, delivery.endpoint, delivery.stage);
            state.deliveries.insert(delivery.number, delivery);
        }
        Ok(state)
    }

    pub(super) fn apply(&mut self, position: Position, body: Body) {
        let now = position.at;
        match body {
            Body::Made { id, url, name, kinds, content, secret, place } => {
                let endpoint = Endpoint {
                    id,
                    url,
                    name,
                    kinds,
                    content,
                    secret,
                    before: None,
                    off: None,
                    failing_since: None,
                    taken_at: None,
                    made_at: now,
                    place,
                };
                self.endpoints.entry(id).or_insert(endpoint);
            }
            Body::Changed { id, url, name, kinds, content } => {
                let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
                if url.as_ref().is_some_and(|url| *url != endpoint.url) {
                    // What the one at the other address did is not this one's.
                    endpoint.failing_since = None;
                }
                endpoint.url = url.unwrap_or_else(|| std::mem::take(&mut endpoint.url));
                endpoint.name = name.unwrap_or_else(|| std::mem::take(&mut endpoint.name));
                endpoint.kinds = kinds.unwrap_or_else(|| std::mem::take(&mut endpoint.kinds));
                endpoint.content = content.unwrap_or(endpoint.content);
            }
            Body::Turned { id, off: Some(off) } => self.turn_off(id, off, now),
            Body::Turned { id, off: None } => {
                let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
                if endpoint.off.take().is_none() {
                    return;
                }
                endpoint.failing_since = None;
                // It has all its attempts again.
                for number in self.waiting.get(&id).into_iter().flatten() {
                    if let Some(delivery) = self.deliveries.get_mut(number) {
                        (delivery.stage, delivery.failed) = (Stage::Waiting { at: now }, 0);
                    }
                }
            }
            Body::Rotated { id, secret, until } => {
                let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
                if endpoint.secret != secret {
                    endpoint.before = Some((std::mem::replace(&mut endpoint.secret, secret), until));
                }
            }
            Body::Forgot { id } => {
                if let Some(endpoint) = self.endpoints.get_mut(&id) {
                    endpoint.before = None;
                }
            }
            Body::Removed { id } => {
                self.endpoints.remove(&id);
                self.deliveries.retain(|_, delivery| delivery.endpoint != id);
                self.all.remove(&id);
                self.waiting.remove(&id);
            }
            Body::Closed(closing) => {
                if !self.closes.contains(&closing) {
                    self.closes.push(closing);
                }
            }
            Body::Gathered { id, from, to, happened } => {
                let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
                if endpoint.place != from {
                    return;
                }
                endpoint.place = to;
                for happened in happened {
                    self.send(id, happened, now);
                }
            }
            Body::Added { id, happened } => {
                let known = self.of(id).any(|delivery| delivery.happened == happened);
                if self.endpoints.contains_key(&id) && !known {
                    self.send(id, happened, now);
                }
            }
            Body::Tried { delivery, before, attempt, then, off } => {
                self.tried(delivery, before, attempt, then, off, now);
            }
            Body::Replayed { deliveries } => {
                for number in deliveries {
                    let Some(delivery) = self.deliveries.get_mut(&number) else { continue };
                    if !matches!(delivery.stage, Stage::Waiting { .. }) {
                        (delivery.stage, delivery.failed) = (Stage::Waiting { at: now }, 0);
                        let (endpoint, stage) = (delivery.endpoint, delivery.stage);
                        self.sort(number, endpoint, stage);
                    }
                }
            }
            Body::Lapsed { delivery: number } => {
                let Some(delivery) = self.deliveries.get_mut(&number) else { return };
                if matches!(delivery.stage, Stage::Waiting { .. }) {
                    delivery.stage = Stage::Lapsed;
                    let endpoint = delivery.endpoint;
                    self.sort(number, endpoint, Stage::Lapsed);
                }
            }
        }
    }

    fn tried(&mut self, number: u64, before: u32, attempt: Attempt, then: Then, off: Option<Off>, now: u64) {
        let Some(delivery) = self.deliveries.get_mut(&number) else { return };
        if delivery.tries != before {
            return;
        }
        delivery.tries += 1;
        let at = attempt.at;
        delivery.attempts.push_back(attempt);
        if delivery.attempts.len() > ATTEMPTS {
            delivery.attempts.pop_front();
        }
        delivery.failed += u32::from(then != Then::Delivered);
        delivery.stage = match then {
            Then::Delivered => Stage::Delivered,
            Then::Again { at } => Stage::Waiting { at },
            Then::GivenUp => Stage::Failed,
        };
        let (id, stage) = (delivery.endpoint, delivery.stage);
        self.sort(number, id, stage);
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            if then == Then::Delivered {
                (endpoint.failing_since, endpoint.taken_at) = (None, Some(at));
            } else {
                endpoint.failing_since.get_or_insert(at);
            }
        }
        if let Some(off) = off {
            self.turn_off(id, off, now);
        }
    }

    fn turn_off(&mut self, id: Uuid, off: Off, now: u64) {
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            endpoint.off.get_or_insert((off, now));
        }
    }

    fn send(&mut self, endpoint: Uuid, happened: Happened, now: u64) {
        self.last_number += 1;
        let number = self.last_number;
        let stage = Stage::Waiting { at: now };
        let delivery = Delivery {
            number,
            endpoint,
            happened,
            made_at: now,
            stage,
            tries: 0,
            failed: 0,
            attempts: VecDeque::new(),
        };
        self.deliveries.insert(number, delivery);
        self.sort(number, endpoint, stage);
    }

    /// Puts a delivery among those that wait or those that are done with, of which the oldest go.
    fn sort(&mut self, number: u64, endpoint: Uuid, stage: Stage) {
        let (all, waiting) =
            (self.all.entry(endpoint).or_default(), self.waiting.entry(endpoint).or_default());
        all.insert(number);
        if matches!(stage, Stage::Waiting { .. }) {
            waiting.insert(number);
            return;
        }
        waiting.remove(&number);
        if all.len() - waiting.len() > KEPT
            && let Some(oldest) = all.iter().find(|number| !waiting.contains(number)).copied()
        {
            all.remove(&oldest);
            self.deliveries.remove(&oldest);
        }
    }

    pub(super) fn endpoint(&self, id: Uuid) -> Option<&Endpoint> {
        self.endpoints.get(&id)
    }

    /// All endpoints, the oldest first.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.values()
    }

    pub(super) fn delivery(&self, number: u64) -> Option<&Delivery> {
        self.deliveries.get(&number)
    }

    /// The deliveries of an endpoint, the newest first.
    pub(super) fn of(&self, endpoint: Uuid) -> impl Iterator<Item = &Delivery> {
        let numbers = self.all.get(&endpoint).into_iter().flatten().rev();
        numbers.filter_map(|number| self.deliveries.get(number))
    }

    /// Those that wait, the oldest first.
    pub(super) fn waiting(&self, endpoint: Uuid) -> impl Iterator<Item = &Delivery> {
        let numbers = self.waiting.get(&endpoint).into_iter().flatten();
        numbers.filter_map(|number| self.deliveries.get(number))
    }

    pub(super) fn waiting_count(&self, endpoint: Uuid) -> usize {
        self.waiting.get(&endpoint).map_or(0, BTreeSet::len)
    }

    pub(super) fn failed_count(&self, endpoint: Uuid) -> usize {
        self.of(endpoint).filter(|delivery| delivery.stage == Stage::Failed).count()
    }

    /// The closes of sessions, the first one first.
    pub(super) fn closes(&self) -> &[Closing] {
        &self.closes
    }
}
