//! What speaks for and against a project: what the room said in private, where the card lies, what was asked of it.

use std::collections::BTreeMap;

use crate::{
    board::{Board, Flags, Pile},
    ids::{ProjectId, StepId},
    methods::{
        Checks, ClaimCounts, DotCounts, HobbyOutcome, PileCounts, Thresholds, VerdictCounts, hobby_outcome,
        is_contested, room_verdict,
    },
    results::{Counts, ItemTally, Round, StepResults, Tally},
    words::{Claim, Question, Verdict},
};

/// What one round came to for one project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told<'a> {
    /// The step.
    pub step: StepId,
    /// The round, from 1.
    pub number: u32,
    /// What was asked.
    pub round: &'a Round,
    /// What it came to for this project.
    pub tally: &'a ItemTally,
}

/// The evidence about one project.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence<'a> {
    /// Where it lies now.
    pub pile: Pile,
    /// What has been asked *is this a hobby?* of it, as far as that has been published.
    pub flags: Option<&'a Flags>,
    /// What the revealed rounds came to for it: step after step, each round after the one before.
    pub told: Vec<Told<'a>>,
    /// Which of its claims have been checked, in the last step that asked for claims.
    pub checks: Checks,
}

impl<'a> Evidence<'a> {
    /// The evidence about one project.
    #[must_use]
    pub fn of(board: &'a Board, project: ProjectId) -> Self {
        let mut evidence = Self::without_rounds(board, project);
        for_each_round(board, |told, id| {
            if id == project {
                evidence.told.push(told);
            }
        });
        evidence.check(board, project);
        evidence
    }

    /// The evidence about every project of the board.
    #[must_use]
    pub fn of_all(board: &'a Board) -> BTreeMap<ProjectId, Self> {
        let mut all: BTreeMap<ProjectId, Self> =
            board.projects.keys().map(|id| (*id, Self::without_rounds(board, *id))).collect();
        for_each_round(board, |told, id| {
            if let Some(evidence) = all.get_mut(&id) {
                evidence.told.push(told);
            }
        });
        for (id, evidence) in &mut all {
            evidence.check(board, *id);
        }
        all
    }

    fn without_rounds(board: &'a Board, project: ProjectId) -> Self {
        Self {
            pile: board.pile(project),
            flags: board.flags.get(&project),
            told: Vec::new(),
            checks: Checks::default(),
        }
    }

    fn check(&mut self, board: &Board, project: ProjectId) {
        let results = self.last(Question::Hobby).and_then(|told| board.results.get(&told.step));
        if let Some(results) = results {
            self.checks = checks(results, project);
        }
    }

    /// The rounds that asked `question`, the last one last.
    pub fn rounds(&self, question: Question) -> impl DoubleEndedIterator<Item = &Told<'a>> {
        self.told.iter().filter(move |told| told.round.question == question)
    }

    /// The last round that asked `question`.
    #[must_use]
    pub fn last(&self, question: Question) -> Option<&Told<'a>> {
        self.rounds(question).next_back()
    }

    /// Where the room put it when it last sorted alone.
    #[must_use]
    pub fn sort(&self) -> Option<&'a PileCounts> {
        self.last(Question::Placement)?.placement()
    }

    /// Whether the room split on it when it last sorted alone.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.sort().is_some_and(|counts| is_contested(counts, &Thresholds::default()))
    }

    /// What the room claimed for it last.
    #[must_use]
    pub fn claims(&self) -> Option<&'a ClaimCounts> {
        match self.last(Question::Hobby)?.tally.counts.as_ref()? {
            Counts::Hobby(claims, _) => Some(claims),
            _ => None,
        }
    }

    /// What the four questions came to; none where they were not asked, or so few answered that nothing is told.
    #[must_use]
    pub fn outcome(&self) -> Option<HobbyOutcome> {
        let eligible = self.last(Question::Hobby)?.tally.eligible;
        Some(hobby_outcome(self.claims()?, eligible, &self.checks))
    }

    /// What the room said in private last: move, wait or stop.
    #[must_use]
    pub fn verdicts(&self) -> Option<&'a VerdictCounts> {
        match self.last(Question::Verdict)?.tally.counts.as_ref()? {
            Counts::Verdict(verdicts) => Some(verdicts),
            _ => None,
        }
    }

    /// The room's private verdict, if it has a majority.
    #[must_use]
    pub fn room(&self) -> Option<Verdict> {
        room_verdict(self.verdicts()?)
    }

    /// The dots that it got last.
    #[must_use]
    pub fn dots(&self) -> Option<&'a DotCounts> {
        match self.last(Question::Dots)?.tally.counts.as_ref()? {
            Counts::Dots(dots) => Some(dots),
            _ => None,
        }
    }
}

impl<'a> Told<'a> {
    /// Where a round of sorting alone put it.
    #[must_use]
    pub fn placement(&self) -> Option<&'a PileCounts> {
        match self.tally.counts.as_ref()? {
            Counts::Placement(piles) => Some(piles),
            _ => None,
        }
    }
}

/// Calls `hear` with what each revealed round came to for each of its projects.
fn for_each_round<'a>(board: &'a Board, mut hear: impl FnMut(Told<'a>, ProjectId)) {
    for step in &board.agenda {
        let Some(results) = board.results.get(&step.id) else { continue };
        for (number, round) in &results.rounds {
            let Some(Tally { items, .. }) = &round.tally else { continue };
            for (item, tally) in round.items.iter().zip(items) {
                if let Some(project) = item.as_project() {
                    hear(Told { step: step.id, number: *number, round, tally }, project);
                }
            }
        }
    }
}

fn checks(results: &StepResults, project: ProjectId) -> Checks {
    let of = |claim: Claim| {
        let found = results
            .checks
            .iter()
            .rev()
            .find(|check| check.claim == claim && check.item.as_project() == Some(project));
        found.map(|check| check.stands)
    };
    Checks { revenue: of(Claim::Revenue), required: of(Claim::Required) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deciding::room::Room;

    #[test]
    fn a_project_is_told_every_round_and_judged_by_the_last() {
        let mut room = Room::with_projects(2);
        let sort = room.step(Question::Placement);
        room.sorted(sort, 1, &[(0, 6, 6), (1, 0, 12)]);
        room.sorted(sort, 2, &[(0, 1, 11)]);
        let verdict = room.step(Question::Verdict);
        room.verdicts(verdict, 1, &[(0, [2, 2, 7])]);
        let evidence = room.evidence(0);
        assert_eq!(evidence.rounds(Question::Placement).count(), 2);
        assert!(!evidence.is_contested());
        assert_eq!(evidence.room(), Some(Verdict::Stop));
        // The second round was about the first project alone: the other one is judged by the first.
        let other = room.evidence(1);
        assert_eq!(other.last(Question::Placement).map(|told| told.number), Some(1));
        assert_eq!(other.room(), None);
        let all = Evidence::of_all(&room.board);
        assert_eq!(all.get(&room.projects[0]), Some(&evidence));
        assert_eq!(all.get(&room.projects[1]), Some(&other));
    }

    #[test]
    fn a_checked_claim_of_fact_decides_and_what_too_few_answered_is_not_told() {
        let mut room = Room::with_projects(2);
        let hobby = room.step(Question::Hobby);
        room.claimed(hobby, 1, &[(0, [0, 3, 0, 0, 9])]);
        assert_eq!(room.evidence(0).outcome(), Some(HobbyOutcome::Contested));
        room.checked(hobby, 0, Claim::Revenue, false);
        assert_eq!(room.evidence(0).outcome(), Some(HobbyOutcome::Hobby));
        room.checked(hobby, 0, Claim::Revenue, true);
        assert_eq!(room.evidence(0).outcome(), Some(HobbyOutcome::MissionCritical));
        room.silenced(hobby, 2, &[1]);
        assert_eq!(room.evidence(1).outcome(), None);
    }
}
