//! What a delivery says: JSON, the same for one event however often it is sent, as far as everybody may know no more of it
//! by then.
//!
//! An event goes to others: to a channel, a ticket system, a mailbox. So it tells what has happened, to what, and where to
//! look; what was private, counted or said unsigned is in none, and of a stop nothing before those whom it concerns know.

use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};
use serde_json::{Value, json};

use super::{
    entry::Content,
    event::{Closing, Due, Happened, moment},
};
use crate::{
    log::{
        chain,
        decisions::{DUE, DecisionLog, Listed, LogError},
        record::{Change, Record, Says},
    },
    store::Store,
};

/// What bodies are made of.
pub(super) struct Sources<'s> {
    pub(super) store: &'s dyn Store,
    pub(super) decisions: &'s DecisionLog,
    /// The address under which people reach the server.
    pub(super) base: Option<&'s str>,
    /// The title of a session that is still there.
    pub(super) title: &'s (dyn Fn(SessionId) -> Option<String> + Send + Sync),
}

/// The JSON Schemas of the bodies, by their names as files.
pub const SCHEMAS: [(&str, &str); 5] = [
    ("session.closed.json", include_str!("../../schemas/webhooks/session.closed.json")),
    ("decision.logged.json", include_str!("../../schemas/webhooks/decision.logged.json")),
    ("decision.changed.json", include_str!("../../schemas/webhooks/decision.changed.json")),
    ("decision.due.json", include_str!("../../schemas/webhooks/decision.due.json")),
    ("webhook.test.json", include_str!("../../schemas/webhooks/webhook.test.json")),
];

impl Sources<'_> {
    /// The body that tells of this; none if it does not hold any more.
    ///
    /// # Errors
    /// When the decision log cannot be read, or is not what was written.
    pub(super) async fn body(
        &self,
        happened: &Happened,
        content: Content,
    ) -> Result<Option<Value>, LogError> {
        let is_open = content == Content::Everyone;
        let (timestamp, data) = match happened {
            Happened::Closed(Closing { session, at, .. }) => {
                let title = is_open.then(|| (self.title)(*session)).flatten();
                let data = json!({
                    "session": session,
                    "api": format!("/api/sessions/{session}"),
                    "url": self.url(&format!("/log?session={session}")),
                    "public": title.map(|title| json!({ "title": title })),
                });
                (moment(*at), data)
            }
            Happened::Logged { decision, .. } => {
                let Some(record) = self.record(*decision).await? else { return Ok(None) };
                let listed = self.decisions.listed(*decision);
                let mut data = self.about(listed.as_ref(), *decision, record.session.id, is_open);
                data["supersedes"] = json!(record.supersedes);
                (record.decided_on, data)
            }
            Happened::Changed { decision, entry, .. } => {
                let (Some(change), Some(listed)) =
                    (self.change(*entry).await?, self.decisions.listed(*decision))
                else {
                    return Ok(None);
                };
                let mut data = self.about(Some(&listed), *decision, listed.session_id, is_open);
                data["entry"] = json!(entry);
                if let Some(public) = data["public"].as_object_mut() {
                    let says = match change.says {
                        Says::Status { status, superseded_by, .. } => {
                            json!({ "status": status, "superseded_by": superseded_by })
                        }
                        Says::Told { .. } => json!("told"),
                        Says::Done { what, done_on, next_review, .. } => {
                            json!({ "done": what, "done_on": done_on, "next_review": next_review })
                        }
                        Says::Confirmed { .. } => json!("confirmed"),
                    };
                    public.insert("change".to_owned(), says);
                }
                (change.changed_on, data)
            }
            Happened::Due(due) => {
                let listed = self.decisions.listed(due.decision);
                let Some(listed) = listed.filter(|listed| is_due(listed, due)) else { return Ok(None) };
                let mut data = self.about(Some(&listed), due.decision, listed.session_id, is_open);
                data["day"] = json!(Day(due.day).to_string());
                // That something ends tells that it is a stop.
                data["what"] = json!(DUE.get(usize::from(due.what)).filter(|_| is_told(&listed)));
                (format!("{}T00:00:00Z", Day(due.day)), data)
            }
            Happened::Test { at, .. } => {
                let sentence = "This is a test. Whoever signs it can send you what happens in Plumbline.";
                (moment(*at), json!({ "message": sentence }))
            }
        };
        Ok(Some(json!({ "type": happened.kind(), "timestamp": timestamp, "data": data })))
    }

    /// What is told of every decision.
    fn about(&self, listed: Option<&Listed>, number: u64, session: SessionId, is_open: bool) -> Value {
        let public = listed.filter(|listed| is_open && is_told(listed)).map(public);
        json!({
            "decision": number,
            "session": session,
            "api": format!("/api/decisions/{number}"),
            "url": self.url(&format!("/log/{number}")),
            "public": public,
        })
    }

    fn url(&self, path: &str) -> Option<String> {
        self.base.map(|base| format!("{base}{path}"))
    }

    async fn record(&self, number: u64) -> Result<Option<Record>, LogError> {
        let entry = self.decisions.entry(self.store, number).await?;
        Ok(entry.and_then(|entry| match entry.content {
            chain::Content::Decision(record) => Some(*record),
            chain::Content::Change(_) => None,
        }))
    }

    async fn change(&self, number: u64) -> Result<Option<Change>, LogError> {
        let entry = self.decisions.entry(self.store, number).await?;
        Ok(entry.and_then(|entry| match entry.content {
            chain::Content::Change(change) => Some(change),
            chain::Content::Decision(_) => None,
        }))
    }
}

/// Whether that day still is one by which something is to be done.
fn is_due(listed: &Listed, due: &Due) -> bool {
    let day = DUE.get(usize::from(due.what)).and_then(|name| listed.due_for(name));
    listed.holds() && day == Some(Day(due.day))
}

/// Whether everybody may know of it, as on the page for everyone: a stop only once those whom it concerns have been told, and
/// of what was taken back nothing.
fn is_told(listed: &Listed) -> bool {
    match listed.verdict {
        Some(Verdict::Stop) => listed.standing.told.is_some(),
        Some(_) => true,
        None => false,
    }
}

/// What everybody may know of a decision.
fn public(listed: &Listed) -> Value {
    json!({
        "project": listed.project,
        "reference": listed.reference,
        "verdict": listed.verdict,
        "status": listed.standing.status,
        "superseded_by": listed.standing.superseded_by,
        "owner": listed.owner,
        "pillar": listed.to,
        "days": listed.days,
        "decided_by_session": listed.session,
    })
}
