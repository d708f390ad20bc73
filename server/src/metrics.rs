//! What the server counts of its own work, for Prometheus.
//!
//! Numbers alone: no session, no person, no token is a label. Labels are our own words (codes of refusals, close codes,
//! patterns of routes), so that their number is bounded whatever is sent.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use plumbline_shared::wire::CloseCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

use crate::{session::RULES, web::problem::AppError};

/// The smallest time that is told apart, in seconds, and how often it is doubled: up to 6.5 seconds.
const SHORTEST: f64 = 0.000_1;
const DOUBLINGS: u16 = 17;

/// The media type of OpenMetrics, which Prometheus asks for first.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A reason, by its short name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// A WebSocket's close code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Closed {
    code: u16,
}

/// A queue, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queue {
    queue: &'static str,
}

/// A call: the route by its pattern, never the path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

/// An answer to a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// Of which release this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    rules: u32,
}

/// Makes the histograms of a family.
#[derive(Clone)]
struct Times;

impl MetricConstructor<Histogram> for Times {
    fn new_metric(&self) -> Histogram {
        times()
    }
}

fn times() -> Histogram {
    Histogram::new(exponential_buckets(SHORTEST, 2.0, DOUBLINGS))
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    connections: Gauge,
    sessions: Gauge,
    entries: Counter,
    frames_refused: Family<Code, Counter>,
    taken_back: Family<Code, Counter>,
    closed: Family<Closed, Counter>,
    saving: Histogram,
    not_saved: Counter,
    fan_out: Histogram,
    stuck: Gauge,
    waiting: Family<Queue, Gauge>,
    answers: Family<Answered, Counter>,
    answering: Family<Route, Histogram, Times>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("plumbline");
        let connections = Gauge::default();
        registry.register("connections", "Sockets that take part in a session", connections.clone());
        let sessions = Gauge::default();
        registry.register("sessions_running", "Sessions in memory", sessions.clone());
        let entries = Counter::default();
        registry.register("entries", "Entries applied, of all sessions", entries.clone());
        let frames_refused = Family::default();
        let help = "Changes and messages that were refused, by reason";
        registry.register("refusals", help, Family::clone(&frames_refused));
        let taken_back = Family::default();
        let help = "Changes that were accepted and taken back at once, since only the moment spoke against them, by reason";
        registry.register("compensations", help, Family::clone(&taken_back));
        let closed = Family::default();
        registry.register("closed", "Sockets that the server has closed, by code", Family::clone(&closed));
        let saving = times();
        let help = "From handing entries to the store until they are durable, repeated attempts included";
        registry.register_with_unit("save", help, Unit::Seconds, saving.clone());
        let not_saved = Counter::default();
        registry.register("save_failures", "Attempts to save that have failed", not_saved.clone());
        let fan_out = times();
        let help = "From a change being durable until it waits on every connection's own queue";
        registry.register_with_unit("fan_out", help, Unit::Seconds, fan_out.clone());
        let stuck = Gauge::default();
        registry.register("sessions_not_saving", "Sessions of which nothing can be saved now", stuck.clone());
        let waiting = Family::default();
        let help = "What waits: requests in the inboxes of sessions and for their rounds, connections that are behind, \
                    closes of which the decisions are not in the log yet";
        registry.register("waiting", help, Family::clone(&waiting));
        let answers = Family::default();
        registry.register("http_requests", "Calls answered", Family::clone(&answers));
        let answering = Family::new_with_constructor(Times);
        let help = "From a call's head being read until its answer's head is there";
        registry.register_with_unit("http_request", help, Unit::Seconds, Family::clone(&answering));
        let build = Build { version: env!("CARGO_PKG_VERSION"), rules: *RULES.end() };
        registry.register("build", "The release, and the version of its rules", Info::new(build));
        Self {
            registry,
            connections,
            sessions,
            entries,
            frames_refused,
            taken_back,
            closed,
            saving,
            not_saved,
            fan_out,
            stuck,
            waiting,
            answers,
            answering,
        }
    }
}

impl Metrics {
    /// Something was refused.
    pub(crate) fn refused(&self, code: &'static str) {
        self.frames_refused.get_or_create(&Code { code }).inc();
    }

    /// A change was taken back at once.
    pub(crate) fn taken_back(&self, code: &'static str) {
        self.taken_back.get_or_create(&Code { code }).inc();
    }

    /// The server has closed a socket.
    pub(crate) fn closed(&self, code: CloseCode) {
        self.closed.get_or_create(&Closed { code: code.number() }).inc();
    }

    /// Entries have been applied.
    pub(crate) fn applied(&self, entries: usize) {
        self.entries.inc_by(u64::try_from(entries).unwrap_or(u64::MAX));
    }

    /// Something is durable now.
    pub(crate) fn saved(&self, took: Duration) {
        self.saving.observe(took.as_secs_f64());
    }

    /// An attempt to save has failed; whether it is repeated is another matter.
    pub(crate) fn not_saved(&self) {
        self.not_saved.inc();
    }

    /// A change has gone out.
    pub(crate) fn fanned_out(&self, took: Duration) {
        self.fan_out.observe(took.as_secs_f64());
    }

    /// Whether there are sessions of which nothing can be saved now.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.stuck.get() > 0
    }

    /// One session's share of what is there, from now on until it is dropped.
    pub(crate) fn share(&self) -> Share {
        let queue = |queue| Part::of((*self.waiting.get_or_create(&Queue { queue })).clone());
        let mut running = Part::of(self.sessions.clone());
        running.set(1);
        Share {
            connections: Part::of(self.connections.clone()),
            inbox: queue("inbox"),
            round: queue("round"),
            late: queue("late"),
            closes: queue("closes"),
            stuck: Part::of(self.stuck.clone()),
            _running: running,
        }
    }

    /// All of it as text.
    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// What one session adds to the gauges.
pub(crate) struct Share {
    /// Sockets.
    pub(crate) connections: Part,
    /// Requests that nobody has looked at.
    pub(crate) inbox: Part,
    /// Requests that wait for the round that is being saved.
    pub(crate) round: Part,
    /// Connections that are behind.
    pub(crate) late: Part,
    /// Closes that are not in the decision log.
    pub(crate) closes: Part,
    /// One, while it cannot save.
    pub(crate) stuck: Part,
    _running: Part,
}

/// A part of a gauge: it goes when it is dropped, however the session ends.
pub(crate) struct Part {
    whole: Gauge,
    own: i64,
}

impl Part {
    fn of(whole: Gauge) -> Self {
        Self { whole, own: 0 }
    }

    /// The part is this large now.
    pub(crate) fn set(&mut self, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        if count != self.own {
            self.whole.inc_by(count - self.own);
            self.own = count;
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.whole.dec_by(self.own);
    }
}

/// Counts and times a call. To be laid around the routes, so that their patterns are known.
pub async fn measure(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    metrics.answers.get_or_create(&Answered { method, route: route.clone(), status }).inc();
    metrics.answering.get_or_create(&Route { method, route }).observe(begun.elapsed().as_secs_f64());
    response
}

/// A method by its name, as far as it is one that we have: a client may invent others.
fn known(method: &axum::http::Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|name| method.as_str() == *name)
        .unwrap_or("other")
}

/// What `--metrics` listens with: `GET /metrics`, and nothing else.
pub fn router(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(answer)).with_state(metrics)
}

async fn answer(State(metrics): State<Arc<Metrics>>) -> Response {
    match metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => AppError::fault(error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_session_that_ends_takes_its_share_with_it() {
        let metrics = Metrics::default();
        let mut one = metrics.share();
        let mut other = metrics.share();
        one.connections.set(12);
        other.connections.set(3);
        one.connections.set(11);
        one.inbox.set(5);
        let text = metrics.text().unwrap();
        assert!(text.contains("plumbline_connections 14\n"), "{text}");
        assert!(text.contains("plumbline_sessions_running 2\n"), "{text}");
        assert!(text.contains("plumbline_waiting{queue=\"inbox\"} 5\n"), "{text}");
        drop(one);
        let text = metrics.text().unwrap();
        assert!(text.contains("plumbline_connections 3\n"), "{text}");
        assert!(text.contains("plumbline_sessions_running 1\n"), "{text}");
        assert!(text.contains("plumbline_waiting{queue=\"inbox\"} 0\n"), "{text}");
    }

    #[test]
    fn reasons_are_told_apart_by_their_codes() {
        let metrics = Metrics::default();
        metrics.refused("locked");
        metrics.refused("locked");
        metrics.refused("too_large");
        metrics.closed(CloseCode::TooSlow);
        metrics.saved(Duration::from_millis(3));
        let text = metrics.text().unwrap();
        assert!(text.contains("plumbline_refusals_total{code=\"locked\"} 2\n"), "{text}");
        assert!(text.contains("plumbline_refusals_total{code=\"too_large\"} 1\n"), "{text}");
        assert!(text.contains("plumbline_closed_total{code=\"4408\"} 1\n"), "{text}");
        assert!(text.contains("plumbline_save_seconds_bucket{le=\"0.0032\"} 1\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
