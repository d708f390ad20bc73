//! What the room agrees to move: decided in one go.

use crate::{
    board::{Board, Pile},
    deciding::Evidence,
    ids::ProjectId,
    methods::{HobbyOutcome, PileChoice, Thresholds, is_agreed, modal_pile},
    words::{Question, Verdict},
};

/// Whether the room agrees to move a project, so that nobody has to talk about it.
///
/// Where its verdict was asked in private, that decides: a majority for *move*. Elsewhere it stands on the pillar on
/// which the last sort alone agreed, nobody asks whether it is a hobby, and the four questions do not say that it is.
#[must_use]
pub fn is_agreed_move(evidence: &Evidence<'_>) -> bool {
    if evidence.last(Question::Verdict).is_some() {
        return evidence.room() == Some(Verdict::Move);
    }
    let Pile::Pillar(pillar) = evidence.pile else { return false };
    let agreed = evidence.sort().is_some_and(|counts| {
        is_agreed(counts, &Thresholds::default()) && modal_pile(counts) == Some(PileChoice::Pillar(pillar))
    });
    agreed && evidence.flags.is_none() && evidence.outcome() != Some(HobbyOutcome::Hobby)
}

/// The projects without a verdict that the room agrees to move, by their ids: what *decide what is agreed* decides.
#[must_use]
pub fn agreed_moves(board: &Board) -> Vec<ProjectId> {
    let undecided =
        |id: &ProjectId| board.decisions.get(id).is_none_or(|decision| decision.verdict.is_none());
    Evidence::of_all(board)
        .iter()
        .filter(|(id, evidence)| undecided(id) && is_agreed_move(evidence))
        .map(|(id, _)| *id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deciding::room::Room;

    #[test]
    fn what_stands_where_the_sort_agreed_is_agreed_unless_somebody_asks() {
        let mut room = Room::with_projects(5);
        let sort = room.step(Question::Placement);
        room.sorted(sort, 1, &[(0, 1, 11), (1, 1, 11), (2, 6, 6), (3, 12, 0), (4, 1, 11)]);
        for project in [0, 1, 2] {
            room.place(project, Some(0));
        }
        room.place(3, None);
        // The last one was agreed on, and put somewhere else when it was talked about.
        room.place(4, Some(1));
        assert_eq!(agreed_moves(&room.board), [room.projects[0], room.projects[1]]);
        room.flag(1);
        assert_eq!(agreed_moves(&room.board), [room.projects[0]]);
        room.decide(0, Verdict::Wait);
        assert_eq!(agreed_moves(&room.board), []);
    }

    #[test]
    fn where_the_verdict_was_asked_it_decides() {
        let mut room = Room::with_projects(3);
        let sort = room.step(Question::Placement);
        room.sorted(sort, 1, &[(0, 1, 11), (1, 6, 6), (2, 1, 11)]);
        for project in [0, 1, 2] {
            room.place(project, Some(0));
        }
        let verdict = room.step(Question::Verdict);
        room.verdicts(verdict, 1, &[(0, [5, 5, 1]), (1, [7, 2, 2])]);
        assert_eq!(agreed_moves(&room.board), [room.projects[1], room.projects[2]]);
        // So few answered that nothing is told: that is no majority.
        room.silenced(verdict, 2, &[2]);
        assert_eq!(agreed_moves(&room.board), [room.projects[1]]);
    }
}
