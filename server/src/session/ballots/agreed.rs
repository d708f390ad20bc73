//! What the room agrees on, done in one go: and taken back in one, as far as nobody has gone on from it.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use minicbor::{Decode, Encode};
use plumbline_shared::{
    board::Placement,
    deciding::agreed_moves,
    ids::ProjectId,
    messages::Seen,
    order,
    policy::PILES_SINCE,
    schema::Root,
    words::{OFF, Question, Status, Verdict},
};

use super::{About, subjects::last_sorting};
use crate::session::{Effect, Session, guard::Path, refusal::Refusal};

/// In how many days a decision that was taken in bulk needs its measure.
const MEASURE_DUE: i64 = 7;

/// A pile and an order in it.
type Place = (String, String);

/// What was done in one go last.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Agreed {
    /// What was placed: the project, its place before, its place since.
    #[n(0)]
    placed: Vec<(About, Option<Place>, Place)>,
    /// What was decided: the project, and the fields that were written.
    #[n(1)]
    decided: Vec<(About, Vec<(String, String)>)>,
}

impl Session {
    /// Places the projects on which the last revealed sort agrees, where they do not lie there already; or takes that
    /// back.
    pub(in crate::session) fn place_agreed(
        &mut self,
        seen: &Seen,
        undo: bool,
    ) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        let board = self.board();
        if undo {
            let placed = std::mem::take(&mut self.ballots.agreed.placed);
            let stands = |project: ProjectId, since: &Place| {
                let now = board.placements.get(&project);
                now.is_some_and(|now| (&now.pile, &now.order) == (&since.0, &since.1))
            };
            // Where it was there may be no pillar any more: then it is better off where it is.
            let is_gone = |pile: &str| {
                self.rules >= PILES_SINCE
                    && pile != OFF
                    && !board.pillars.iter().any(|pillar| pillar.id.to_string() == pile)
            };
            let back: Vec<_> = placed
                .iter()
                .filter(|(About(project), before, since)| {
                    stands(*project, since) && before.as_ref().is_none_or(|(pile, _)| !is_gone(pile))
                })
                .collect();
            self.write(|writer| {
                for (About(project), before, _) in back {
                    match before {
                        Some((pile, order)) => writer.place(&project.to_string(), pile, order),
                        None => writer.take_away(Root::Placements, &project.to_string()),
                    }
                }
            });
            return Ok(Vec::new());
        }
        if board.last_round(Question::Placement).is_none() {
            return Err(Refusal::new(
                "not_revealed",
                "No sort has been revealed yet: there is nothing agreed.",
            ));
        }
        let mut ends: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for Placement { pile, order } in board.placements.values() {
            let end = ends.entry(pile.clone()).or_default();
            if *order > *end {
                end.clone_from(order);
            }
        }
        let mut placed = Vec::new();
        let sorting = last_sorting(&board).unwrap_or_default();
        for (project, pile) in sorting.to_place(&board) {
            let Some(key) = pile.key() else { continue };
            let end = ends.get(&key).filter(|end| !end.is_empty());
            let order = order::between(end.map(String::as_str), None);
            ends.insert(key.clone(), order.clone());
            let before = board.placements.get(&project).map(|old| (old.pile.clone(), old.order.clone()));
            placed.push((About(project), before, (key, order)));
        }
        self.write(|writer| {
            for (About(project), _, (pile, order)) in &placed {
                writer.place(&project.to_string(), pile, order);
            }
        });
        self.ballots.agreed.placed = placed;
        Ok(Vec::new())
    }

    /// Decides to move what the room agrees to move; or takes that back.
    pub(in crate::session) fn decide_agreed(
        &mut self,
        seen: &Seen,
        undo: bool,
    ) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        let board = self.board();
        if undo {
            let decided = std::mem::take(&mut self.ballots.agreed.decided);
            let field = |project: ProjectId, name: &str| {
                let decision = board.decisions.get(&project)?;
                Some(match name {
                    "verdict" => decision.verdict?.as_str().to_owned(),
                    "owner" => decision.owner.clone(),
                    name => decision.more.get(name)?.clone(),
                })
            };
            let untouched = |(About(project), fields): &&(About, Vec<(String, String)>)| {
                fields.iter().all(|(name, value)| field(*project, name).as_ref() == Some(value))
            };
            self.write(|writer| {
                for (About(project), fields) in decided.iter().filter(untouched) {
                    let key = project.to_string();
                    for (name, _) in fields {
                        let keys = vec![key.as_str().into(), name.as_str().into()];
                        writer.restore(&Path { root: Root::Decisions.name().into(), keys }, None);
                    }
                }
            });
            return Ok(Vec::new());
        }
        let due = self.day_in(MEASURE_DUE);
        let decided: Vec<(About, Vec<(String, String)>)> = agreed_moves(&board)
            .into_iter()
            .filter_map(|id| {
                let project = board.projects.get(&id)?;
                let owner = if project.owner.is_empty() { &project.sponsor } else { &project.owner };
                let mut fields = vec![
                    ("verdict".to_owned(), Verdict::Move.as_str().to_owned()),
                    ("status".to_owned(), Status::Proposed.as_str().to_owned()),
                    ("measure_due".to_owned(), due.clone()),
                ];
                if !owner.is_empty() {
                    fields.push(("owner".to_owned(), owner.clone()));
                }
                Some((About(id), fields))
            })
            .collect();
        self.write(|writer| {
            for (About(project), fields) in &decided {
                for (name, value) in fields {
                    writer.field(Root::Decisions, &project.to_string(), name, value.as_str().into());
                }
            }
        });
        self.ballots.agreed.decided = decided;
        Ok(Vec::new())
    }

    /// The calendar day in so many days, in universal time.
    fn day_in(&self, days: i64) -> String {
        let now = i64::try_from(self.clock).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
        let day = now.and_then(|now| now.checked_add(SignedDuration::from_hours(24 * days)).ok());
        day.map(|day| day.to_zoned(TimeZone::UTC).date().to_string()).unwrap_or_default()
    }
}
