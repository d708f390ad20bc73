//! Requests for new work: who asks, who looks after them, and the session that takes them.

use plumbline_shared::{ids::SessionId, json::Json, words::Verdict};

use super::{Body, Problem, answered, ask};
use crate::{
    request::{Draft, Stands},
    take::{Take, taken},
};

taken! {
    /// What the form offers.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct RequestForm {
        /// Whether requests are taken.
        pub(crate) open: bool,
        /// The pillars of the strategy.
        pub(crate) pillars: Vec<FormPillar>,
        /// The projects of the portfolio, if they are named.
        pub(crate) projects: Vec<Instead>,
        /// The currency of costs.
        pub(crate) currency: String,
    }

    /// A pillar on the form.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct FormPillar {
        /// Its name.
        pub(crate) name: String,
        /// What it is meant to bring about.
        pub(crate) intent: String,
    }

    /// A project that stops or waits.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Instead {
        /// Its name.
        pub(crate) name: String,
        /// What the organisation calls it by.
        pub(crate) reference: String,
    }

    /// A request that has arrived.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct ArrivedRequest {
        /// What it is called by.
        pub(crate) reference: String,
        /// The link at which its author sees what becomes of it.
        pub(crate) url: String,
    }

    /// What was asked for.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Asked {
        pub(crate) reference: String,
        pub(crate) name: String,
        pub(crate) purpose: String,
        pub(crate) pillar: String,
        pub(crate) measure: String,
        pub(crate) target: String,
        pub(crate) instead: Option<Instead>,
        pub(crate) owner: String,
        pub(crate) cost: Option<f64>,
        pub(crate) currency: String,
        pub(crate) people: Option<f64>,
        pub(crate) asked_by: String,
        /// In milliseconds since 1970.
        pub(crate) asked_at: u64,
    }

    /// The session that has a request.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct TakenTo {
        /// Its title; none: it was erased since.
        pub(crate) title: Option<String>,
        /// When it was taken, in milliseconds since 1970.
        pub(crate) at: u64,
        /// Whether the session was closed without deciding.
        pub(crate) passed: bool,
    }

    /// What was said of a request without a session, as its author sees it.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Said {
        /// The request that it is the same as.
        pub(crate) same_as: Option<String>,
        /// Where that one stands.
        pub(crate) same_stands: Option<Stands>,
        pub(crate) by: String,
        pub(crate) reason: String,
        /// In milliseconds since 1970.
        pub(crate) at: u64,
    }

    /// What was decided, as everybody may see it.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct DecidedRequest {
        pub(crate) verdict: Option<Verdict>,
        pub(crate) status: String,
        /// RFC 3339.
        pub(crate) decided_on: String,
        pub(crate) session: String,
        pub(crate) owner: String,
        pub(crate) rationale: String,
        pub(crate) fields: Fields,
    }

    /// What was said of a request, for who looks after it.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Answered {
        /// The number of the request that it is the same as.
        pub(crate) duplicate_of: Option<u64>,
        pub(crate) by: String,
        pub(crate) reason: String,
        /// In milliseconds since 1970.
        pub(crate) at: u64,
    }

    /// A decision in short.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct OutcomeRow {
        pub(crate) number: u64,
        pub(crate) verdict: Option<Verdict>,
        pub(crate) session: String,
        /// RFC 3339.
        pub(crate) decided_on: String,
    }

    /// The way in.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct IntakeState {
        /// Whether requests are taken.
        pub(crate) open: bool,
        /// Whether the form names the projects of the portfolio.
        pub(crate) names: bool,
        /// Whether there is a link.
        pub(crate) made: bool,
        /// The link; none where it cannot be shown again.
        pub(crate) url: Option<String>,
        /// The same as a picture: SVG.
        pub(crate) picture: Option<String>,
        /// How many requests wait.
        pub(crate) waiting: usize,
    }

    /// One page of requests.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct RequestPage {
        /// The requests of this page.
        pub(crate) items: Vec<RequestRow>,
        /// Where the next page begins, if there is one.
        pub(crate) next: Option<String>,
    }

    /// What a session took.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct TookRequests {
        pub(crate) taken: Vec<TookOne>,
        pub(crate) left: Vec<LeftOne>,
    }

    /// A request that stands on the board.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct TookOne {
        pub(crate) number: u64,
    }

    /// A request that was left, and why.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct LeftOne {
        pub(crate) number: u64,
        pub(crate) reason: String,
    }
}

/// A request as its author sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestStatus {
    pub(crate) asked: Asked,
    pub(crate) stands: Stands,
    pub(crate) taken: Option<TakenTo>,
    pub(crate) answer: Option<Said>,
    pub(crate) decided: Option<DecidedRequest>,
}

/// A request as its keeper sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestRow {
    pub(crate) number: u64,
    pub(crate) asked: Asked,
    pub(crate) stands: Stands,
    pub(crate) taken: Vec<TakenTo>,
    pub(crate) answer: Option<Answered>,
    pub(crate) decision: Option<OutcomeRow>,
}

/// A request that a session can take.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfferedRequest {
    pub(crate) number: u64,
    pub(crate) asked: Asked,
    /// Whether it stands on this board.
    pub(crate) on_board: bool,
    /// Whether another session has it.
    pub(crate) elsewhere: bool,
}

/// Further fields of a decision, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Take for Fields {
    fn take(json: &Json) -> Option<Self> {
        let Json::Object(members) = json else { return None };
        let text = |(name, value): &(String, Json)| Some((name.clone(), value.string()?));
        members.iter().map(text).collect::<Option<_>>().map(Self)
    }
}

impl Take for RequestStatus {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            asked: Take::take(json)?,
            stands: Take::take(json.get("state"))?,
            taken: Take::take(json.get("taken"))?,
            answer: Take::take(json.get("answer"))?,
            decided: Take::take(json.get("decided"))?,
        })
    }
}

impl Take for RequestRow {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            number: Take::take(json.get("number"))?,
            asked: Take::take(json)?,
            stands: Take::take(json.get("state"))?,
            taken: Take::take(json.get("taken"))?,
            answer: Take::take(json.get("answer"))?,
            decision: Take::take(json.get("decision"))?,
        })
    }
}

impl Take for OfferedRequest {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            number: Take::take(json.get("number"))?,
            asked: Take::take(json)?,
            on_board: Take::take(json.get("on_board"))?,
            elsewhere: Take::take(json.get("elsewhere"))?,
        })
    }
}

taken! {
    #[derive(Clone, Debug)]
    struct OfferedPage {
        items: Vec<OfferedRequest>,
    }
}

/// What the form offers to who comes by the intake link.
pub(crate) async fn request_form(link: &str) -> Result<RequestForm, Problem> {
    answered(ask("GET", "/api/intake/form", Some(link), Body::None).await?).await
}

/// Sends a request.
pub(crate) async fn send_request(
    link: &str,
    draft: &Draft,
    reference: &str,
    currency: &str,
) -> Result<ArrivedRequest, Problem> {
    let body = Body::Json(draft.sent(reference, currency));
    answered(ask("POST", "/api/intake/requests", Some(link), body).await?).await
}

/// What became of a request.
pub(crate) async fn request_status(token: &str) -> Result<RequestStatus, Problem> {
    answered(ask("GET", "/api/intake/status", Some(token), Body::None).await?).await
}

/// The way in.
pub(crate) async fn intake(key: &str) -> Result<IntakeState, Problem> {
    answered(ask("GET", "/api/intake", Some(key), Body::None).await?).await
}

/// Changes something about the way in; `what` is `open`, `names` or `renew`.
pub(crate) async fn set_intake(key: &str, what: &str, to: bool) -> Result<IntakeState, Problem> {
    let body = Body::Json(Json::object(vec![(what, Json::Bool(to))]));
    answered(ask("POST", "/api/intake", Some(key), body).await?).await
}

/// The requests, those that stand so or all, one page of them.
pub(crate) async fn requests(
    key: &str,
    stands: Option<Stands>,
    cursor: Option<&str>,
) -> Result<RequestPage, Problem> {
    let state = stands.map(|stands| format!("&state={}", stands.as_str())).unwrap_or_default();
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    answered(ask("GET", &format!("/api/requests?limit=50{state}{cursor}"), Some(key), Body::None).await?)
        .await
}

/// Says something of a request without a session.
pub(crate) async fn answer_request(
    key: &str,
    number: u64,
    answer: &str,
    by: &str,
    reason: &str,
    of: Option<u64>,
) -> Result<RequestRow, Problem> {
    #[allow(clippy::cast_precision_loss, reason = "a number that is counted up from one")]
    let of = of.map_or(Json::Null, |of| Json::Number(of as f64));
    let body = Json::sparse(vec![
        ("answer", answer.into()),
        ("by", by.into()),
        ("reason", reason.into()),
        ("of", of),
    ]);
    answered(ask("POST", &format!("/api/requests/{number}/answer"), Some(key), Body::Json(body)).await?).await
}

/// Erases a request for good.
pub(crate) async fn erase_request(key: &str, number: u64) -> Result<(), Problem> {
    ask("DELETE", &format!("/api/requests/{number}"), Some(key), Body::None).await.map(drop)
}

/// The requests that a session can take, or has.
pub(crate) async fn offered_requests(
    session: SessionId,
    token: &str,
) -> Result<Vec<OfferedRequest>, Problem> {
    let path = format!("/api/sessions/{session}/requests");
    let page: OfferedPage = answered(ask("GET", &path, Some(token), Body::None).await?).await?;
    Ok(page.items)
}

/// Takes requests onto a session's board.
pub(crate) async fn take_requests(
    session: SessionId,
    token: &str,
    numbers: &[u64],
) -> Result<TookRequests, Problem> {
    #[allow(clippy::cast_precision_loss, reason = "numbers that are counted up from one")]
    let numbers = Json::List(numbers.iter().map(|number| Json::Number(*number as f64)).collect());
    let body = Body::Json(Json::object(vec![("numbers", numbers)]));
    answered(ask("POST", &format!("/api/sessions/{session}/requests"), Some(token), body).await?).await
}
