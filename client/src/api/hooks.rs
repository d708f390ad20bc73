//! Webhooks, and what became of their deliveries.

use plumbline_shared::json::Json;
use uuid::Uuid;

pub(crate) use crate::hooks::{DeliveryState, EventKind, HookState};

use super::{Body, Problem, answered, ask};
use crate::take::{Take, taken};

taken! {
    /// A webhook.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Hook {
        /// Its id.
        pub(crate) id: Uuid,
        /// Where deliveries go.
        pub(crate) url: String,
        /// What people call it.
        pub(crate) name: String,
        /// What it is told of.
        pub(crate) events: Vec<EventKind>,
        /// How much: `thin` or `everyone`.
        pub(crate) content: String,
        /// How it stands.
        pub(crate) state: HookState,
        /// Why it is off.
        pub(crate) off: Option<TurnedOff>,
        /// Since when it has taken nothing.
        pub(crate) failing_since: Option<String>,
        /// When it last took something.
        pub(crate) taken_at: Option<String>,
        /// Until when its old secret signs, too.
        pub(crate) both_until: Option<String>,
        /// How many deliveries wait.
        pub(crate) waiting: usize,
        /// How many were given up.
        pub(crate) failed: usize,
        /// Its secret, where it was just made.
        pub(crate) secret: Option<String>,
    }

    /// Why a webhook is off.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct TurnedOff {
        /// `by_hand`, `gone` or `failing`.
        pub(crate) why: String,
        /// Since when.
        pub(crate) since: String,
    }

    /// The webhooks.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct HookPage {
        /// All of them: a workspace has no more than a page takes.
        pub(crate) items: Vec<Hook>,
    }

    /// Deliveries, a page of them.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct DeliveryPage {
        /// The newest first.
        pub(crate) items: Vec<Delivery>,
        /// Where the next page begins, if there is one.
        pub(crate) next: Option<String>,
    }

    /// One attempt.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Attempt {
        /// When it began.
        pub(crate) at: String,
        /// How long it took.
        pub(crate) took_ms: u64,
        /// The status that was answered.
        pub(crate) status: Option<u64>,
        /// What went wrong where nothing was.
        pub(crate) trouble: Option<String>,
        /// The beginning of the answer, or the trouble in words.
        pub(crate) answer: String,
    }

    /// How much is delivered again.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Replayed {
        /// So many.
        pub(crate) replayed: usize,
    }
}

/// A delivery.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Delivery {
    /// Its number.
    pub(crate) id: u64,
    /// The event's id.
    pub(crate) event: String,
    /// What it tells of.
    pub(crate) kind: EventKind,
    /// The decision that it is about.
    pub(crate) decision: Option<u64>,
    /// When it was put on its way.
    pub(crate) made_at: String,
    /// Where it stands.
    pub(crate) state: DeliveryState,
    /// When its next attempt comes.
    pub(crate) next_at: Option<String>,
    /// How many attempts there were.
    pub(crate) tries: u64,
    /// The last of them, the oldest first.
    pub(crate) attempts: Vec<Attempt>,
}

impl Take for Delivery {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            id: Take::take(json.get("id"))?,
            event: Take::take(json.get("event"))?,
            kind: Take::take(json.get("type"))?,
            decision: Take::take(json.get("decision"))?,
            made_at: Take::take(json.get("made_at"))?,
            state: Take::take(json.get("state"))?,
            next_at: Take::take(json.get("next_at"))?,
            tries: Take::take(json.get("tries"))?,
            attempts: Take::take(json.get("attempts"))?,
        })
    }
}

/// What a webhook is to be; what is not said stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct HookWish {
    /// Its address.
    pub(crate) url: Option<String>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// What it is told of.
    pub(crate) events: Option<Vec<EventKind>>,
    /// How much.
    pub(crate) content: Option<&'static str>,
    /// Whether it is on.
    pub(crate) on: Option<bool>,
}

impl HookWish {
    fn body(self) -> Body {
        let events =
            self.events.map(|kinds| Json::List(kinds.into_iter().map(|kind| kind.as_str().into()).collect()));
        Body::Json(Json::sparse(vec![
            ("url", self.url.into()),
            ("name", self.name.into()),
            ("events", events.into()),
            ("content", self.content.into()),
            ("on", self.on.into()),
        ]))
    }
}

/// All webhooks.
pub(crate) async fn hooks(key: &str) -> Result<HookPage, Problem> {
    answered(ask("GET", "/api/webhooks?limit=200", Some(key), Body::None).await?).await
}

/// Makes a webhook; it comes with its secret.
pub(crate) async fn make_hook(key: &str, wish: HookWish) -> Result<Hook, Problem> {
    answered(ask("POST", "/api/webhooks", Some(key), wish.body()).await?).await
}

/// Makes a webhook otherwise.
pub(crate) async fn alter_hook(key: &str, id: Uuid, wish: HookWish) -> Result<Hook, Problem> {
    answered(ask("PATCH", &format!("/api/webhooks/{id}"), Some(key), wish.body()).await?).await
}

/// Takes a webhook away.
pub(crate) async fn remove_hook(key: &str, id: Uuid) -> Result<(), Problem> {
    ask("DELETE", &format!("/api/webhooks/{id}"), Some(key), Body::None).await.map(|_| ())
}

/// Gives a webhook another secret, with which it comes.
pub(crate) async fn rotate_hook(key: &str, id: Uuid) -> Result<Hook, Problem> {
    answered(ask("POST", &format!("/api/webhooks/{id}/rotate"), Some(key), Body::None).await?).await
}

/// Sends a test.
pub(crate) async fn test_hook(key: &str, id: Uuid) -> Result<Delivery, Problem> {
    answered(ask("POST", &format!("/api/webhooks/{id}/test"), Some(key), Body::None).await?).await
}

/// Deliveries of a webhook, one page of them, of one state or of all.
pub(crate) async fn deliveries(
    key: &str,
    id: Uuid,
    state: Option<DeliveryState>,
    cursor: Option<&str>,
) -> Result<DeliveryPage, Problem> {
    let state = state.map(|state| format!("&state={}", state.as_str())).unwrap_or_default();
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let path = format!("/api/webhooks/{id}/deliveries?limit=20{state}{cursor}");
    answered(ask("GET", &path, Some(key), Body::None).await?).await
}

/// Delivers once more.
pub(crate) async fn replay(key: &str, id: Uuid, delivery: u64) -> Result<Delivery, Problem> {
    let path = format!("/api/webhooks/{id}/deliveries/{delivery}/replay");
    answered(ask("POST", &path, Some(key), Body::None).await?).await
}

/// Delivers everything once more that was given up.
pub(crate) async fn replay_failed(key: &str, id: Uuid) -> Result<Replayed, Problem> {
    answered(ask("POST", &format!("/api/webhooks/{id}/replay"), Some(key), Body::None).await?).await
}
