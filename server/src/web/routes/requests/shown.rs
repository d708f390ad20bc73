//! A request as it is told, and what has become of it.

use plumbline_shared::ids::{ProjectId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    log::decisions::{Listed, Sought},
    web::{app::App, problem::AppError},
    workspace::intake::{Answer, Request},
};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RequestState)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::routes) enum Stands {
    /// No session has it, or one was closed without deciding on it.
    Waiting,
    /// It stands on a session's board.
    Taken,
    /// A session has decided on it.
    Decided,
    /// It is not done, without a session.
    Declined,
    /// It is the same as another one.
    Duplicate,
}

/// What was asked for, as it was written.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = RequestWords)]
pub(in crate::web::routes) struct Words {
    name: String,
    purpose: String,
    /// The pillar by its name; empty: none of them.
    pillar: String,
    measure: String,
    target: String,
    /// What stops or waits for it; `null`: nothing.
    instead: Option<InsteadPart>,
    owner: String,
    cost: Option<i64>,
    currency: String,
    people: Option<i64>,
    asked_by: String,
    /// In milliseconds since 1970.
    asked_at: u64,
}

/// What stops or waits.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = WhatStops)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct InsteadPart {
    pub(super) name: String,
    #[serde(default)]
    pub(super) reference: String,
}

/// Where it was taken.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = RequestTaken)]
pub(super) struct TakenPart {
    session: SessionId,
    project: ProjectId,
    /// The session's title; `null`: it was erased since.
    pub(super) title: Option<String>,
    /// In milliseconds since 1970.
    pub(super) at: u64,
    /// Whether that session was closed without deciding on it.
    pub(super) passed: bool,
}

/// What was said of it without a session.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = RequestAnswer)]
pub(super) struct AnswerPart {
    /// The number of the request that it is the same as; `null`: it was declined.
    pub(super) duplicate_of: Option<u64>,
    pub(super) by: String,
    pub(super) reason: String,
    /// In milliseconds since 1970.
    pub(super) at: u64,
}

/// A request as the holder of the workspace key sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkRequest)]
pub(in crate::web::routes) struct Shown {
    pub(super) number: u64,
    reference: String,
    state: Stands,
    #[serde(flatten)]
    words: Words,
    /// The boards that it was taken to, the last one last.
    taken: Vec<TakenPart>,
    answer: Option<AnswerPart>,
    /// What was decided about it, in short.
    decision: Option<Listed>,
}

/// What has become of a request.
pub(super) struct Fate {
    pub(super) stands: Stands,
    pub(super) taken: Vec<TakenPart>,
    pub(super) decision: Option<Listed>,
}

impl From<&Request> for Words {
    fn from(request: &Request) -> Self {
        let wanted = request.wanted.clone();
        Self {
            name: wanted.name,
            purpose: wanted.purpose,
            pillar: wanted.pillar,
            measure: wanted.measure,
            target: wanted.target,
            instead: wanted.instead.map(|it| InsteadPart { name: it.name, reference: it.reference }),
            owner: wanted.owner,
            cost: wanted.cost,
            currency: wanted.currency,
            people: wanted.people,
            asked_by: wanted.asked_by,
            asked_at: request.asked_at,
        }
    }
}

impl From<Answer> for AnswerPart {
    fn from(answer: Answer) -> Self {
        Self { duplicate_of: answer.duplicate_of, by: answer.by, reason: answer.reason, at: answer.at }
    }
}

impl Shown {
    pub(super) fn of(request: &Request, fate: Fate) -> Self {
        Self {
            number: request.number,
            reference: request.reference(),
            state: fate.stands,
            words: request.into(),
            taken: fate.taken,
            answer: request.answer.clone().map(AnswerPart::from),
            decision: fate.decision,
        }
    }
}

/// What has become of each.
pub(super) async fn fates(app: &App, requests: &[Request]) -> Result<Vec<Fate>, AppError> {
    let sought: Vec<Sought> = requests
        .iter()
        .map(|request| Sought {
            stood: request.taken.iter().map(|taken| (taken.session, taken.project)).collect(),
            reference: request.reference(),
            name: request.wanted.name.clone(),
        })
        .collect();
    let log = app.node.decisions();
    let outcomes = log.outcomes(app.node.store(), &sought).await?;
    let closed = log.closed_sessions(app.node.store()).await?;
    let fate = |(request, decision): (&Request, Option<Listed>)| {
        let taken = |taken: &crate::workspace::intake::Taken| TakenPart {
            session: taken.session,
            project: taken.project,
            title: app.workspace.get(taken.session).map(|record| record.title),
            at: taken.at,
            // A close that has decided on nothing at all leaves no decision, but its word to the request.
            passed: decision.is_none() && (taken.closed || closed.contains(&taken.session)),
        };
        let taken: Vec<TakenPart> = request.taken.iter().map(taken).collect();
        let stands = match (&decision, &request.answer) {
            (Some(_), _) => Stands::Decided,
            (None, Some(answer)) if answer.duplicate_of.is_some() => Stands::Duplicate,
            (None, Some(_)) => Stands::Declined,
            (None, None) if taken.iter().any(|taken| taken.title.is_some() && !taken.passed) => Stands::Taken,
            (None, None) => Stands::Waiting,
        };
        Fate { stands, taken, decision }
    };
    Ok(requests.iter().zip(outcomes).map(fate).collect())
}
