//! The words of the webhooks, as the server has them.

use plumbline_shared::json::Json;
use uuid::Uuid;

use crate::take::Take;

/// What a webhook can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A session was closed.
    SessionClosed,
    /// A decision came into the log.
    DecisionLogged,
    /// An entry says something of a decision.
    DecisionChanged,
    /// A day has come.
    DecisionDue,
    /// A test.
    Test,
}

impl EventKind {
    /// Those that can be chosen.
    pub(crate) const CHOSEN: [Self; 4] =
        [Self::SessionClosed, Self::DecisionLogged, Self::DecisionChanged, Self::DecisionDue];

    /// Its name on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SessionClosed => "session.closed",
            Self::DecisionLogged => "decision.logged",
            Self::DecisionChanged => "decision.changed",
            Self::DecisionDue => "decision.due",
            Self::Test => "webhook.test",
        }
    }
}

impl Take for EventKind {
    fn take(json: &Json) -> Option<Self> {
        let name = json.text()?;
        Self::CHOSEN.into_iter().chain([Self::Test]).find(|kind| kind.as_str() == name)
    }
}

/// How a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HookState {
    /// It takes what it is sent.
    On,
    /// It does not at the moment.
    Failing,
    /// Nothing is sent to it.
    Off,
}

impl HookState {
    /// Its name on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Failing => "failing",
            Self::Off => "off",
        }
    }
}

impl Take for HookState {
    fn take(json: &Json) -> Option<Self> {
        [Self::On, Self::Failing, Self::Off].into_iter().find(|state| json.text() == Some(state.as_str()))
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// It waits for its next attempt.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
    /// What it told does not hold any more.
    Lapsed,
}

impl DeliveryState {
    /// Its name on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Lapsed => "lapsed",
        }
    }
}

impl Take for DeliveryState {
    fn take(json: &Json) -> Option<Self> {
        let all = [Self::Waiting, Self::Delivered, Self::Failed, Self::Lapsed];
        all.into_iter().find(|state| json.text() == Some(state.as_str()))
    }
}

impl Take for Uuid {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(|text| Self::try_parse(text).ok())
    }
}
