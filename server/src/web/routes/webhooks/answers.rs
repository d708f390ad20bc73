//! Webhooks and deliveries as they are answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    log::record::stamp,
    store::Position,
    webhooks::{self, Content, Kind, Off, Shown, Trouble},
};

/// A webhook.
#[derive(Serialize, ToSchema)]
pub(in crate::web::routes) struct Webhook {
    pub(super) id: Uuid,
    /// Where deliveries go.
    url: String,
    /// What people call it.
    name: String,
    /// What it is told of.
    events: Vec<Kind>,
    /// How much it is told.
    content: Content,
    /// Whether it is `on`, `failing` or `off`.
    state: State,
    /// Why and since when it is off.
    #[schema(required = true)]
    off: Option<TurnedOff>,
    /// Since when it has taken nothing of what it was sent.
    #[schema(required = true)]
    failing_since: Option<String>,
    /// When it last took something.
    #[schema(required = true)]
    taken_at: Option<String>,
    /// When it was entered.
    made_at: String,
    /// Until when deliveries are signed by the secret before, too.
    #[schema(required = true)]
    both_until: Option<String>,
    /// How many deliveries wait.
    waiting: usize,
    /// How many were given up and can be delivered again.
    failed: usize,
}

/// How a webhook stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookState)]
enum State {
    /// It takes what it is sent.
    On,
    /// It has not taken what it was sent last.
    Failing,
    /// Nothing is sent to it.
    Off,
}

/// Why a webhook is off.
#[derive(Serialize, ToSchema)]
struct TurnedOff {
    why: Off,
    since: String,
}

/// A webhook with its secret, which is told once.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookWithSecret)]
pub(in crate::web::routes) struct WithSecret {
    #[serde(flatten)]
    webhook: Webhook,
    /// What deliveries are signed with: `whsec_…`.
    secret: String,
}

impl Webhook {
    pub(super) fn of(shown: Shown) -> Self {
        let Shown { endpoint, waiting, failed } = shown;
        let state = match (&endpoint.off, endpoint.failing_since) {
            (Some(_), _) => State::Off,
            (None, Some(_)) => State::Failing,
            (None, None) => State::On,
        };
        Self {
            id: endpoint.id,
            url: endpoint.url,
            name: endpoint.name,
            events: endpoint.kinds,
            content: endpoint.content,
            state,
            off: endpoint.off.map(|(why, since)| TurnedOff { why, since: moment(since) }),
            failing_since: endpoint.failing_since.map(moment),
            taken_at: endpoint.taken_at.map(moment),
            made_at: moment(endpoint.made_at),
            both_until: endpoint.before.map(|(_, until)| moment(until)),
            waiting,
            failed,
        }
    }
}

impl WithSecret {
    pub(super) fn of(shown: Shown) -> Self {
        Self { secret: shown.endpoint.secret.reveal(), webhook: Webhook::of(shown) }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryState)]
pub(in crate::web::routes) enum Stage {
    /// It waits for its next attempt.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
    /// What it told does not hold any more, and it was not sent.
    Lapsed,
}

impl Stage {
    pub(super) fn of(stage: webhooks::Stage) -> Self {
        match stage {
            webhooks::Stage::Waiting { .. } => Self::Waiting,
            webhooks::Stage::Delivered => Self::Delivered,
            webhooks::Stage::Failed => Self::Failed,
            webhooks::Stage::Lapsed => Self::Lapsed,
        }
    }
}

/// A delivery.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(in crate::web::routes) struct Delivery {
    /// Its number.
    pub(super) id: u64,
    /// The event's id, `webhook-id`.
    event: String,
    r#type: Kind,
    /// The decision that it is about.
    #[schema(required = true)]
    decision: Option<u64>,
    /// When it was put on its way.
    made_at: String,
    state: Stage,
    /// When the next attempt comes.
    #[schema(required = true)]
    next_at: Option<String>,
    /// How many there were.
    tries: u32,
    /// The last of them, the oldest first.
    attempts: Vec<Attempt>,
}

/// One attempt.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
struct Attempt {
    at: String,
    took_ms: u64,
    /// The status that was answered.
    #[schema(required = true)]
    status: Option<u16>,
    /// What went wrong where nothing was.
    #[schema(required = true)]
    trouble: Option<Trouble>,
    /// The beginning of the answer, or the trouble in words.
    answer: String,
}

impl Delivery {
    pub(super) fn of(delivery: webhooks::Delivery) -> Self {
        let next_at = match delivery.stage {
            webhooks::Stage::Waiting { at } => Some(moment(at)),
            _ => None,
        };
        let attempts = delivery.attempts.into_iter().map(|attempt| Attempt {
            at: moment(attempt.at),
            took_ms: attempt.took,
            status: attempt.status,
            trouble: attempt.trouble,
            answer: attempt.answer,
        });
        Self {
            id: delivery.number,
            event: delivery.happened.id(),
            r#type: delivery.happened.kind(),
            decision: delivery.happened.decision(),
            made_at: moment(delivery.made_at),
            state: Stage::of(delivery.stage),
            next_at,
            tries: delivery.tries,
            attempts: attempts.collect(),
        }
    }
}

fn moment(at: u64) -> String {
    stamp(Position { at, n: 0 })
}
