//! What a session comes to at its end: what is due when, and how much more of the portfolio is on the strategy.

use crate::{
    board::{Board, Pile},
    day::Day,
    deciding::{Evidence, missing::fields},
    ids::ProjectId,
    methods::{PileChoice, StrategyShare, Weighed, modal_pile, strategy_share},
    sorted::sort,
    words::{Question, Verdict},
};

/// A day that a decision names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The day.
    pub day: Day,
    /// The project.
    pub project: ProjectId,
    /// The field of the decision that names it, by its name in the schema: it says what is due.
    pub field: &'static str,
}

/// Every day that the decisions name, the first one first: as far as their verdicts have a place for it.
#[must_use]
pub fn dues(board: &Board) -> Vec<Due> {
    let mut dues = Vec::new();
    for (project, decision) in &board.decisions {
        let Some(verdict) = decision.verdict else { continue };
        for field in fields(verdict) {
            // A text that only looks like a day is none.
            let is_day = matches!(
                *field,
                "ends" | "first_step_due" | "expires" | "measure_due" | "decide_by" | "review"
            );
            let day = decision.more.get(*field).filter(|_| is_day).and_then(|text| Day::parse(text));
            dues.extend(day.map(|day| Due { day, project: *project, field }));
        }
    }
    sort(&mut dues, Ord::cmp);
    dues
}

/// The strategy's share of the portfolio: of all projects, and of those that are not stopped. Before is the room's own
/// choice when it first sorted alone, after is where the projects stand now. None where nobody has sorted alone.
#[must_use]
pub fn shares(board: &Board) -> Option<(StrategyShare, StrategyShare)> {
    let evidence = Evidence::of_all(board);
    let first = |evidence: &Evidence<'_>| {
        let counts = evidence.rounds(Question::Placement).next()?.placement()?;
        modal_pile(counts)
    };
    let sorted = evidence.values().any(|evidence| evidence.rounds(Question::Placement).next().is_some());
    let stops = |id: &ProjectId| {
        board.decisions.get(id).is_some_and(|decision| decision.verdict == Some(Verdict::Stop))
    };
    let weigh = |(id, project)| {
        let evidence: &Evidence<'_> = evidence.get(id)?;
        let project: &crate::board::Project = project;
        let after = match evidence.pile {
            Pile::Pillar(pillar) => Some(PileChoice::Pillar(pillar)),
            Pile::Off => Some(PileChoice::Off),
            Pile::Unsorted => None,
        };
        Some((
            stops(id),
            Weighed { before: first(evidence), after, cost: project.cost, people: project.people },
        ))
    };
    let all: Vec<(bool, Weighed)> = board.projects.iter().filter_map(weigh).collect();
    let of = |goes_on: bool| -> Vec<Weighed> {
        all.iter().filter(|(stops, _)| !(goes_on && *stops)).map(|(_, weighed)| weighed.clone()).collect()
    };
    sorted.then(|| (strategy_share(&of(false)), strategy_share(&of(true))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deciding::room::Room;

    #[test]
    fn the_days_come_in_their_order_and_only_those_that_the_verdict_has() {
        let mut room = Room::with_projects(3);
        room.decide(0, Verdict::Stop);
        room.write(0, "ends", "2027-03-31");
        room.write(0, "first_step_due", "2026-12-10");
        room.write(0, "expires", "2026-12-01");
        room.write(0, "frees", "2026-12-02");
        room.decide(1, Verdict::Wait);
        room.write(1, "expires", "2027-01-31");
        room.write(2, "ends", "2026-12-03");
        let told: Vec<_> = dues(&room.board).iter().map(|due| (due.day.to_string(), due.field)).collect();
        let told: Vec<_> = told.iter().map(|(day, field)| (day.as_str(), *field)).collect();
        assert_eq!(
            told,
            [("2026-12-10", "first_step_due"), ("2027-01-31", "expires"), ("2027-03-31", "ends")]
        );
    }

    #[test]
    fn the_share_goes_from_the_first_sort_alone_to_where_the_projects_stand() {
        let mut room = Room::with_projects(4);
        assert_eq!(shares(&room.board), None);
        let sort = room.step(Question::Placement);
        room.sorted(sort, 1, &[(0, 1, 11), (1, 12, 0), (2, 11, 1), (3, 6, 6)]);
        room.sorted(sort, 2, &[(3, 0, 12)]);
        room.place(0, Some(0));
        room.place(1, Some(0));
        room.place(2, None);
        room.place(3, Some(1));
        room.weigh(0, Some(10.0), None);
        room.weigh(2, Some(30.0), None);
        let (all, _) = shares(&room.board).unwrap();
        assert_eq!((all.projects.before(), all.projects.after()), (Some(0.25), Some(0.75)));
        assert_eq!((all.cost.after(), all.cost.known, all.cost.of), (Some(0.25), 2, 4));
        room.decide(2, Verdict::Stop);
        let (_, going_on) = shares(&room.board).unwrap();
        assert_eq!((going_on.projects.after(), going_on.cost.after()), (Some(1.0), Some(1.0)));
    }
}
