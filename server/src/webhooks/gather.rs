//! What is new for an endpoint: read from logs that are there anyhow, between the place up to which it has been told and
//! their end.
//!
//! Nothing is put into an outbox beside what happens, so nothing can be missing there: the place moves on in the same entry
//! that puts the events on their way. A server that was killed in between derives the same events again, by the same names.

use plumbline_shared::day::Day;

use super::{
    entry::Place,
    event::{Closing, Due, Happened, Kind, Mark},
    state::{Endpoint, WAITING},
};
use crate::{
    log::{
        chain::{Content, Entry},
        decisions::{DecisionLog, DueDay, LogError},
    },
    store::Store,
};

/// How many entries of the decision log are looked through at a time.
const BATCH: usize = 200;

/// What is new for an endpoint, and the place that it comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct News {
    pub(super) to: Place,
    pub(super) happened: Vec<Happened>,
}

/// What is new for an endpoint on this day; none if nothing has moved on, or if too much waits for it already.
pub(super) async fn gather(
    decisions: &DecisionLog,
    store: &dyn Store,
    endpoint: &Endpoint,
    waiting: usize,
    closes: &[Closing],
    today: Day,
) -> Result<Option<News>, LogError> {
    if endpoint.off.is_some() || waiting >= WAITING {
        return Ok(None);
    }
    let from = endpoint.place;
    let entries = decisions.after(store, from.entry, BATCH).await?;
    let to = Place {
        entry: from.entry + entries.len() as u64,
        closes: (closes.len() as u64).max(from.closes),
        day: today.0.max(from.day),
    };
    if to == from {
        return Ok(None);
    }
    // The days that have come for what had been told, and for what is new those that are past already, too.
    let mut due = decisions.days_due(1..=from.entry, Some(Day(from.day)), Day(to.day));
    due.extend(decisions.days_due(from.entry + 1..=to.entry, None, Day(to.day)));
    let new = closes.get(usize::try_from(from.closes).unwrap_or(usize::MAX)..).unwrap_or_default();
    let mut happened: Vec<Happened> = new.iter().copied().map(Happened::Closed).collect();
    happened.extend(entries.iter().flatten().map(of_entry));
    happened.extend(due.into_iter().map(of_day));
    happened.retain(|happened| is_asked(&endpoint.kinds, happened));
    Ok(Some(News { to, happened }))
}

fn is_asked(kinds: &[Kind], happened: &Happened) -> bool {
    kinds.contains(&happened.kind())
}

fn of_entry(entry: &Entry) -> Happened {
    let mark = Mark(entry.hash.mark());
    match &entry.content {
        Content::Decision(record) => Happened::Logged { decision: record.number, mark },
        Content::Change(change) => {
            Happened::Changed { decision: change.decision, entry: change.number, mark }
        }
    }
}

fn of_day(due: DueDay) -> Happened {
    let DueDay { decision, session, what, day } = due;
    Happened::Due(Due { decision, what, day: day.0, session })
}
