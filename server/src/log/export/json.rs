//! JSON for programs.

use std::collections::BTreeMap;

use plumbline_shared::board::Flags;
use serde::Serialize;

use super::amount::Amount;
use super::checkpoint::Checkpoint;
use super::record::{PillarLine, Record, Row};
use super::summary::Summary;
use crate::log::{
    chain::Hash,
    record::{Against, Asked, Change, Said, SignOff, Standing},
};

/// What the file is, for who finds it later.
const FORMAT: &str = "plumbline.decisions";
/// Rises when something that was there goes or changes its meaning; new fields do not raise it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct File<'r> {
    format: &'static str,
    version: u32,
    /// RFC 3339, UTC.
    exported_at: String,
    session: Session<'r>,
    /// The decision log, as far as it had come.
    log: Log,
    pillars: &'r [PillarLine],
    summary: &'r Summary,
    /// What it comes to, where the session is a checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<&'r Checkpoint>,
    projects: Vec<Project<'r>>,
}

#[derive(Serialize)]
struct Log {
    /// The hash of the last entry.
    head: Hash,
    entries: u64,
}

#[derive(Serialize)]
struct Session<'r> {
    title: &'r str,
    purpose: &'r str,
    rule: &'r str,
    decider: &'r str,
    currency: &'r str,
    closed: bool,
    /// What was asked about the session as a whole and revealed.
    evidence: &'r [Asked],
    sign_offs: &'r [SignOff],
    dissent: &'r [Said],
}

#[derive(Serialize)]
struct Project<'r> {
    id: &'r str,
    reference: &'r str,
    name: &'r str,
    summary: &'r str,
    /// The pile that most put it on when they first sorted alone, by its name.
    came_from: &'r str,
    /// `pillar`, `off` or `unsorted`.
    placement: &'static str,
    /// The pillar's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pillar_id: Option<&'r str>,
    /// The pile's name, for people.
    pile: &'r str,
    sponsor: &'r str,
    owner: &'r str,
    origin: Option<&'static str>,
    cost: Option<Amount>,
    people: Option<Amount>,
    /// Heading and text.
    more: &'r [(String, String)],
    /// Left out where nobody asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<&'r Flags>,
    /// What every revealed round came to, in counts.
    evidence: &'r [Asked],
    /// `null` if nothing was decided.
    decision: Option<Decision<'r>>,
}

#[derive(Serialize)]
struct Decision<'r> {
    verdict: Option<&'static str>,
    owner: &'r str,
    rationale: &'r str,
    #[serde(flatten)]
    further: &'r BTreeMap<String, String>,
    /// If it goes against the room's private verdict.
    against: Option<&'r Against>,
    /// The fields that it needs and does not have.
    missing: Vec<&'static str>,
    dissent: &'r [Said],
    sign_offs: &'r [SignOff],
    /// Where the log has it; `null` for what would be decided if the session were closed now.
    log: Option<Place<'r>>,
}

#[derive(Serialize)]
struct Place<'r> {
    number: u64,
    hash: Option<Hash>,
    #[serde(flatten)]
    standing: &'r Standing,
    changes: &'r [Change],
}

pub(super) fn render(record: &Record) -> Vec<u8> {
    let file = File {
        format: FORMAT,
        version: VERSION,
        exported_at: record.exported_at.to_string(),
        session: Session {
            title: &record.title,
            purpose: &record.purpose,
            rule: &record.rule,
            decider: &record.decider,
            currency: &record.currency,
            closed: record.closed,
            evidence: &record.asked,
            sign_offs: &record.sign_offs,
            dissent: &record.dissent,
        },
        log: Log { head: record.log.0, entries: record.log.1 },
        pillars: &record.pillars,
        summary: &record.summary,
        checkpoint: record.checkpoint.as_ref(),
        projects: record.rows.iter().map(|row| project(record, row)).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("texts and finite numbers are JSON");
    bytes.push(b'\n');
    bytes
}

fn project<'r>(record: &'r Record, row: &'r Row) -> Project<'r> {
    Project {
        id: &row.id,
        reference: &row.reference,
        name: &row.name,
        summary: &row.summary,
        came_from: &row.came_from,
        placement: row.pile.word(),
        pillar_id: row.pile.pillar(&record.pillars).map(|pillar| pillar.id.as_str()),
        pile: record.pile_name(row),
        sponsor: &row.sponsor,
        owner: &row.owner,
        origin: row.origin.map(|origin| origin.as_str()),
        cost: row.cost,
        people: row.people,
        more: &row.more,
        flags: (row.flags.count > 0).then_some(&row.flags),
        evidence: &row.evidence,
        decision: row.is_decided().then(|| Decision {
            verdict: row.verdict.map(|verdict| verdict.as_str()),
            owner: &row.decision_owner,
            rationale: &row.rationale,
            further: &row.decision,
            against: row.against.as_ref(),
            missing: row.missing.iter().map(|need| need.field()).collect(),
            dissent: &row.dissent,
            sign_offs: &row.sign_offs,
            log: row.decided.as_ref().filter(|decided| decided.hash.is_some()).map(|decided| Place {
                number: decided.record.number,
                hash: decided.hash,
                standing: &decided.standing,
                changes: &decided.changes,
            }),
        }),
    }
}
