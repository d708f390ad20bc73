//! What was decided about something that came onto boards from elsewhere: a request.

use std::collections::BTreeSet;

use plumbline_shared::{
    ids::{ProjectId, SessionId},
    methods::plain,
};

use super::{DecisionLog, Index, Listed, LogError};
use crate::{
    log::record::Status,
    store::{Position, Store},
};

/// Something that stands, or stood, on boards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// On which, and as which project.
    pub stood: Vec<(SessionId, ProjectId)>,
    /// What it is called by there.
    pub reference: String,
    /// Its name.
    pub name: String,
}

impl DecisionLog {
    /// What holds of each of these, if anything: the last decision about it that was not taken back.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn outcomes(
        &self,
        store: &dyn Store,
        sought: &[Sought],
    ) -> Result<Vec<Option<Listed>>, LogError> {
        self.catch_up(store).await?;
        let index = self.read();
        Ok(sought.iter().map(|sought| index.outcome(sought).cloned()).collect())
    }

    /// The sessions that have decided anything, the last one that was closed first.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn closed_sessions(&self, store: &dyn Store) -> Result<Vec<SessionId>, LogError> {
        Ok(self.closes(store).await?.into_iter().rev().map(|(_, session)| session).collect())
    }

    /// The last close of each session that has decided anything, the first one first.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn closes(&self, store: &dyn Store) -> Result<Vec<(Position, SessionId)>, LogError> {
        self.catch_up(store).await?;
        let index = self.read();
        let mut closes: Vec<_> = index.closes.iter().map(|(session, at)| (*at, *session)).collect();
        closes.sort_unstable();
        Ok(closes)
    }
}

impl Index {
    /// The last decision about it. A board that it was brought to knows it as the same project; where a later session
    /// imported the portfolio anew, it has the reference and one of the names that it had before: a reference alone may
    /// be somebody else's number.
    fn outcome(&self, sought: &Sought) -> Option<&Listed> {
        if sought.stood.is_empty() {
            return None;
        }
        let of = |place: &(SessionId, ProjectId)| self.listed(*self.latest.get(place)?);
        let mut found: Vec<&Listed> = sought.stood.iter().filter_map(of).collect();
        let names: BTreeSet<String> =
            found.iter().map(|listed| plain(&listed.project)).chain([plain(&sought.name)]).collect();
        let first = found.iter().map(|listed| listed.number).min();
        if let Some(first) = first {
            let later = self.latest.values().filter(|number| **number > first);
            found.extend(later.filter_map(|number| self.listed(*number)).filter(|listed| {
                listed.reference == sought.reference && names.contains(&plain(&listed.project))
            }));
        }
        let decided =
            |listed: &&Listed| listed.verdict.is_some() && listed.standing.status != Status::Reversed;
        found.into_iter().filter(decided).max_by_key(|listed| listed.number)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use plumbline_shared::words::Verdict;

    use super::*;
    use crate::{
        log::record::{
            Closed, Says,
            tests::{EVENING, closed, id},
        },
        store::SqliteStore,
    };

    /// Two sessions that decide about the same two projects, the second one under other ids, as when a portfolio is
    /// imported anew.
    #[tokio::test]
    async fn the_last_decision_about_it_counts_and_nobody_elses() {
        let data = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(data.path()).unwrap();
        let log = DecisionLog::default();
        let first = Closed { session: id(0x60), ..closed(EVENING) };
        log.log(&store, &first).await.unwrap();
        let mut second = Closed { session: id(0x61), ..closed(EVENING + 9) };
        let pledge = second.board.projects.remove(&id(0x11)).unwrap();
        let mut decision = second.board.decisions.remove(&id(0x11)).unwrap();
        decision.verdict = Some(Verdict::Stop);
        second.board.projects.insert(id(0x99), pledge.clone());
        second.board.decisions.insert(id(0x99), decision);
        log.log(&store, &second).await.unwrap();
        let sought = |session: u128, project: u128, reference: &str, name: &str| Sought {
            stood: vec![(id(session), id(project))],
            reference: reference.to_owned(),
            name: name.to_owned(),
        };
        let asked = [
            sought(0x60, 0x11, &pledge.reference, "City  PLEDGE"),
            // The number is theirs, the name is another's.
            sought(0x60, 0x10, &pledge.reference, "Something else"),
            sought(0x77, 0x11, &pledge.reference, "City pledge"),
            Sought { stood: Vec::new(), reference: pledge.reference.clone(), name: "City pledge".to_owned() },
        ];
        let found = log.outcomes(&store, &asked).await.unwrap();
        let told: Vec<_> =
            found.iter().map(|found| found.as_ref().map(|it| (it.session_id, it.verdict))).collect();
        assert_eq!(told[0], Some((id(0x61), Some(Verdict::Stop))));
        assert_eq!(told[1].map(|(session, _)| session), Some(id(0x60)));
        assert_eq!(told[2..], [None, None]);
        // Taken back: what was decided before holds again.
        let number = found[0].as_ref().unwrap().number;
        let reversed = Says::Status { status: Status::Reversed, reason: String::new(), superseded_by: None };
        log.change(&store, number, "Ana", reversed, EVENING + 20).await.unwrap();
        let found = log.outcomes(&store, &asked[..1]).await.unwrap();
        assert_eq!(found[0].as_ref().unwrap().session_id, id(0x60));
        assert_eq!(log.closed_sessions(&store).await.unwrap(), [id(0x61), id(0x60)]);
    }
}
