//! What a step of the agenda asks about: as its last round has it, or as it would be if it opened now.

use crate::{
    agenda::Options,
    answer::Item,
    board::{Board, Pile, Step},
    deciding::Evidence,
    ids::ProjectId,
    words::{Subjects, Verdict},
};

/// The items of a step's ballot: those of its last round, as they were when it opened; before that what it would ask
/// about as the board stands. Nothing where it asks nothing, or there is nothing to ask about yet.
#[must_use]
pub fn asked_about(board: &Board, step: &Step) -> Vec<Item> {
    let Some(question) = step.question else { return Vec::new() };
    let rounds = board.results.get(&step.id).map(|results| &results.rounds);
    if let Some((_, round)) = rounds.and_then(|rounds| rounds.last_key_value()) {
        return round.items.clone();
    }
    let options = Options::read(question, &step.options);
    let chosen = |evidence: &Evidence<'_>| {
        evidence.pile == Pile::Off || evidence.flags.is_some() || evidence.is_contested()
    };
    let projects = |which: &dyn Fn(&Evidence<'_>) -> bool| -> Vec<Item> {
        let all = Evidence::of_all(board);
        all.iter().filter(|(_, evidence)| which(evidence)).map(|(id, _)| Item::project(*id)).collect()
    };
    match options.subjects {
        Subjects::All => projects(&|_| true),
        Subjects::Off => projects(&|evidence| evidence.pile == Pile::Off),
        Subjects::Contested => projects(&|evidence| evidence.is_contested()),
        Subjects::Flagged => projects(&|evidence| evidence.flags.is_some()),
        // Where nobody has picked any: what the room has to talk about.
        Subjects::Shortlist if options.shortlist.is_empty() => projects(&chosen),
        Subjects::Shortlist => {
            let picked = |id: &&ProjectId| board.projects.contains_key(*id);
            options.shortlist.iter().filter(picked).map(|id| Item::project(*id)).collect()
        }
        Subjects::Decided => {
            let decided = board.decisions.iter().filter(|(_, decision)| decision.verdict.is_some());
            decided.map(|(id, _)| Item::project(*id)).collect()
        }
        Subjects::Stopped | Subjects::Moved => before(board, options.subjects).map(Item::project).collect(),
        Subjects::Pillars => {
            board.pillars.iter().filter_map(|pillar| Item::parse(&pillar.id.to_string())).collect()
        }
        Subjects::Statements => (0..options.statements.len()).map(Item::statement).collect(),
        Subjects::Session => vec![Item::session()],
    }
}

/// At a checkpoint, the projects on the board that were to stop, or to move, in the order of the board; at none, nothing.
pub fn before(board: &Board, subjects: Subjects) -> impl Iterator<Item = ProjectId> + '_ {
    let verdict = match subjects {
        Subjects::Stopped => Some(Verdict::Stop),
        Subjects::Moved => Some(Verdict::Move),
        _ => None,
    };
    let decided = move |id: &&ProjectId| {
        board.earlier.get(*id).is_some_and(|earlier| verdict.is_some() && earlier.verdict == verdict)
    };
    board.projects.keys().filter(decided).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{agenda::option, deciding::room::Room, words::Question};

    fn about(room: &Room, at: usize) -> Vec<usize> {
        let place = |item: &Item| {
            let id = item.as_project().unwrap();
            room.projects.iter().position(|project| *project == id).unwrap()
        };
        asked_about(&room.board, &room.board.agenda[at]).iter().map(place).collect()
    }

    #[test]
    fn a_step_asks_about_what_the_board_has_now_and_once_it_has_opened_about_what_it_had_then() {
        let mut room = Room::with_projects(3);
        let sort = room.step(Question::Placement);
        let hobby = room.step(Question::Hobby);
        let verdict = room.step(Question::Verdict);
        let scale = room.step(Question::Scale);
        assert_eq!(about(&room, 0), [0, 1, 2]);
        assert_eq!(about(&room, 1), [] as [usize; 0]);
        room.sorted(sort, 1, &[(0, 6, 6), (1, 0, 12)]);
        room.place(2, None);
        assert_eq!((about(&room, 0), about(&room, 1), about(&room, 2)), (vec![0, 1], vec![2], vec![0, 2]));
        room.option(verdict, option::SHORTLIST, &format!("{} {}", room.projects[2], room.projects[1]));
        assert_eq!(about(&room, 2), [2, 1]);
        room.claimed(hobby, 1, &[(1, [0, 0, 0, 0, 12])]);
        assert_eq!(about(&room, 1), [1]);
        assert_eq!(asked_about(&room.board, &room.board.agenda[3]), [Item::session()]);
        room.option(scale, option::SUBJECTS, "decided");
        room.decide(0, Verdict::Stop);
        assert_eq!(about(&room, 3), [0]);
    }
}
