//! Whoever carries deliveries out: looks what is new and what waits, sends it, and enters what came of it.
//!
//! All that it knows is in the log: it can be ended at any moment, and the next one goes on. What had been sent and was not
//! entered is sent again, under the same id.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use plumbline_shared::{day::Day, ids::SessionId};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    address::Allowed,
    body::Sources,
    call::{Answer, Caller, NoAnswer},
    entry::{Attempt, Body, Off, Then},
    event::Happened,
    gather::gather,
    outbox::{OutboxError, Shown},
    schedule::Schedule,
    state::{Delivery, Endpoint, Stage},
};
use crate::{clock, live::Node, log::decisions::LogError};

/// How many attempts at one endpoint are under way at a time. There are [`super::ENDPOINTS`] of them, so that this bounds the
/// whole, too, and one that hangs takes nobody else's turn.
const AT_A_TIME: usize = 2;

/// How often it is looked whether there is something to do that nobody has told of: a day that has come.
const LOOK: Duration = Duration::from_secs(20);

/// How long what could not be saved or read waits before it is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// How long one node delivers for all, from the last time that it said so.
const HELD: Duration = Duration::from_secs(15);

/// How long attempts that are under way have left when the server stops.
const LAST: Duration = Duration::from_secs(2);

/// How deliveries are made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where they may go beside what is public.
    pub allowed: Allowed,
    /// When what was not taken is tried again.
    pub schedule: Schedule,
    /// How many days later it is than the clock says: for tests, which have no days to wait.
    pub days_ahead: u16,
}

impl Options {
    /// The day that it is, by the clock of Greenwich.
    pub fn today(&self) -> Day {
        Day::of(clock::now()).plus(i32::from(self.days_ahead))
    }
}

/// The title of a session that is still there.
pub type Titles = Box<dyn Fn(SessionId) -> Option<String> + Send + Sync>;

/// Whoever carries deliveries out.
pub struct Courier {
    node: Arc<Node>,
    options: Options,
    caller: Caller,
    base: Option<String>,
    titles: Titles,
}

/// What is under way: the deliveries of each endpoint.
type UnderWay = BTreeMap<Uuid, BTreeSet<u64>>;

impl Courier {
    /// A courier for what happens here. `base` is the address under which people reach the server, without a slash at its
    /// end.
    pub fn new(node: Arc<Node>, options: Options, base: Option<String>, titles: Titles) -> Arc<Self> {
        let caller = Caller::new(options.allowed.clone());
        Arc::new(Self { node, options, caller, base, titles })
    }

    /// Delivers until `stop`; then ends what is under way, as far as that takes a moment.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut attempts: JoinSet<(Uuid, u64)> = JoinSet::new();
        let mut under_way = UnderWay::new();
        loop {
            let wait = match self.look(&mut attempts, &mut under_way).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::error!(%error, "webhooks cannot be delivered at the moment");
                    AGAIN
                }
            };
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = attempts.join_next() => match ended {
                    Ok((endpoint, number)) => {
                        under_way.entry(endpoint).or_default().remove(&number);
                    }
                    Err(error) => {
                        // A fault of ours: which one it was nobody knows any more, so that all are looked at again.
                        tracing::error!(%error, "a delivery ended without a word");
                        attempts.shutdown().await;
                        under_way.clear();
                        tokio::time::sleep(AGAIN).await;
                    }
                },
                () = self.node.webhooks().moved() => {}
                () = self.node.decisions().grown() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        let rest = async { while attempts.join_next().await.is_some() {} };
        // What does not end in time is sent again by whoever comes next.
        let _ = tokio::time::timeout(LAST, rest).await;
    }

    /// Puts on its way what is new, begins what is to be tried now, and says how long there is nothing else to do.
    async fn look(
        self: &Arc<Self>,
        attempts: &mut JoinSet<(Uuid, u64)>,
        under_way: &mut UnderWay,
    ) -> Result<Duration, LogError> {
        let (store, webhooks) = (self.node.store(), self.node.webhooks());
        let mut wait = LOOK;
        if let Some(shared) = store.shared() {
            wait = wait.min(HELD / 3);
            // Of several nodes one delivers, until it does not say any more that it does. What two send is sent under one id.
            if !shared.hold("courier", HELD).await? {
                return Ok(wait);
            }
            if let Err(error) = webhooks.open(store).await {
                tracing::error!(%error, "the webhooks cannot be read at the moment");
                return Ok(AGAIN);
            }
        }
        for Shown { endpoint, waiting, .. } in webhooks.endpoints() {
            match self.prepare(&endpoint, waiting).await {
                Ok(true) => wait = Duration::ZERO,
                Ok(false) => {}
                Err(Unready::Log(error)) => return Err(error),
                Err(Unready::Outbox(error)) => {
                    tracing::error!(%error, "what is new for a webhook could not be saved");
                    wait = wait.min(AGAIN);
                }
            }
            if endpoint.off.is_some() {
                continue;
            }
            let now = clock::now();
            let mine = under_way.entry(endpoint.id).or_default();
            for delivery in webhooks.waiting(endpoint.id) {
                let Stage::Waiting { at } = delivery.stage else { continue };
                if mine.contains(&delivery.number) {
                    continue;
                }
                if at > now {
                    wait = wait.min(Duration::from_millis(at - now));
                } else if mine.len() < AT_A_TIME {
                    mine.insert(delivery.number);
                    let courier = Arc::clone(self);
                    let (id, number) = (endpoint.id, delivery.number);
                    attempts.spawn(async move {
                        courier.deliver(id, number).await;
                        (id, number)
                    });
                }
            }
        }
        if let Err(error) = webhooks.tidy(store).await {
            tracing::warn!(%error, "what is to be forgotten of a webhook is still in the files");
        }
        Ok(wait)
    }

    /// Enters what is new for an endpoint, and that its secret before is not used any more. Says whether there may be more
    /// that is new.
    async fn prepare(&self, endpoint: &Endpoint, waiting: usize) -> Result<bool, Unready> {
        let (store, webhooks) = (self.node.store(), self.node.webhooks());
        let id = endpoint.id;
        if endpoint.before.as_ref().is_some_and(|(_, until)| *until <= clock::now()) {
            webhooks.enter(store, Body::Forgot { id }).await?;
        }
        let (closes, today) = (webhooks.closes(), self.options.today());
        let news = gather(self.node.decisions(), store, endpoint, waiting, &closes, today).await?;
        let Some(news) = news else { return Ok(false) };
        webhooks
            .enter(store, Body::Gathered { id, from: endpoint.place, to: news.to, happened: news.happened })
            .await?;
        Ok(true)
    }

    /// One attempt at a delivery, to its end in the log.
    async fn deliver(&self, id: Uuid, number: u64) {
        let webhooks = self.node.webhooks();
        let (Some(Shown { endpoint, .. }), Some(delivery)) =
            (webhooks.endpoint(id), webhooks.delivery(number))
        else {
            return;
        };
        let Some(said) = self.attempt(&endpoint, &delivery).await else { return };
        // It has been sent. As long as that is not entered, it must not be sent again by this process.
        while let Err(error) = webhooks.enter(self.node.store(), said.clone()).await {
            tracing::error!(%error, "what came of a delivery is not saved yet");
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Sends a delivery; what is to be entered of it. Nothing, if it could not even be written.
    async fn attempt(&self, endpoint: &Endpoint, delivery: &Delivery) -> Option<Body> {
        let sources = Sources {
            store: self.node.store(),
            decisions: self.node.decisions(),
            base: self.base.as_deref(),
            title: &*self.titles,
        };
        let number = delivery.number;
        let body = match sources.body(&delivery.happened, endpoint.content).await {
            Ok(Some(body)) => body.to_string().into_bytes(),
            Ok(None) => return Some(Body::Lapsed { delivery: number }),
            Err(error @ LogError::Broken { .. }) => {
                tracing::error!(%error, "an event cannot be told");
                return Some(Body::Lapsed { delivery: number });
            }
            Err(error) => {
                tracing::error!(%error, "an event cannot be told at the moment");
                tokio::time::sleep(AGAIN).await;
                return None;
            }
        };
        let (at, began) = (clock::now(), Instant::now());
        let headers = signed(endpoint, &delivery.happened, at, &body);
        let said = self.caller.post(&endpoint.url, headers, body).await;
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let chance = getrandom::u32().unwrap_or_default();
        Some(self.judge(endpoint, delivery, said, (at, took), chance))
    }

    /// What follows upon an answer, or upon none.
    fn judge(
        &self,
        endpoint: &Endpoint,
        delivery: &Delivery,
        said: Result<Answer, NoAnswer>,
        (at, took): (u64, u64),
        chance: u32,
    ) -> Body {
        let schedule = self.options.schedule;
        let wish = said.as_ref().ok().and_then(|answer| answer.retry_after);
        let status = said.as_ref().ok().map(|answer| answer.status);
        let is_taken = status.is_some_and(|status| (200..300).contains(&status));
        let then = match schedule.after(delivery.failed + 1, wish, chance) {
            _ if is_taken => Then::Delivered,
            Some(wait) => Then::Again { at: (at + took).saturating_add(milliseconds(wait)) },
            None => Then::GivenUp,
        };
        let off = match status {
            Some(410) => Some(Off::Gone),
            _ if is_taken => None,
            _ => {
                let since = endpoint.failing_since.unwrap_or(at);
                let is_over = at.saturating_sub(since) >= milliseconds(schedule.patience());
                is_over.then_some(Off::Failing)
            }
        };
        if let Some(off) = off {
            tracing::warn!(webhook = %endpoint.id, ?off, "a webhook is turned off");
        }
        let attempt = match said {
            Ok(answer) => {
                Attempt { at, took, status: Some(answer.status), trouble: None, answer: answer.text }
            }
            Err(none) => Attempt { at, took, status: None, trouble: Some(none.trouble), answer: none.words },
        };
        Body::Tried { delivery: delivery.number, before: delivery.tries, attempt, then, off }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What names and signs a delivery.
fn signed(endpoint: &Endpoint, happened: &Happened, now: u64, body: &[u8]) -> HeaderMap {
    let (id, seconds) = (happened.id(), now / 1_000);
    let mut signatures = endpoint.secret.sign(&id, seconds, body);
    if let Some((before, _)) = endpoint.before.as_ref().filter(|(_, until)| *until > now) {
        signatures.push(' ');
        signatures.push_str(&before.sign(&id, seconds, body));
    }
    let mut headers = HeaderMap::new();
    for (name, text) in
        [("webhook-id", id), ("webhook-timestamp", seconds.to_string()), ("webhook-signature", signatures)]
    {
        let value = HeaderValue::try_from(text).expect("letters, digits and signs of base64 are a header's");
        headers.insert(HeaderName::from_static(name), value);
    }
    headers
}

/// Why nothing new is put on its way.
#[derive(Debug, thiserror::Error)]
enum Unready {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}
