//! What moves take, what stops free and what waits hold: projects, their cost, their people.

use crate::{
    board::{Board, Project},
    words::Verdict,
};

/// What some projects weigh together, and of how many of them that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Projects.
    pub projects: u32,
    /// The known costs together, in whole units of the session's currency. What brings money in costs nothing.
    pub cost: f64,
    /// Projects whose cost is known.
    pub cost_known: u32,
    /// The known numbers of people together.
    pub people: f64,
    /// Projects whose number of people is known.
    pub people_known: u32,
}

impl Load {
    fn add(&mut self, project: &Project) {
        self.projects += 1;
        if let Some(cost) = project.cost {
            self.cost += cost.max(0.0);
            self.cost_known += 1;
        }
        if let Some(people) = project.people {
            self.people += people.max(0.0);
            self.people_known += 1;
        }
    }
}

/// The projects by what has been decided of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Capacity {
    /// What moves take.
    pub moves: Load,
    /// What waits, and holds what it has meanwhile.
    pub waits: Load,
    /// What stops free.
    pub stops: Load,
    /// What is open.
    pub open: Load,
    /// What has no verdict.
    pub undecided: Load,
}

/// What the decisions so far come to.
#[must_use]
pub fn capacity(board: &Board) -> Capacity {
    let mut capacity = Capacity::default();
    for (id, project) in &board.projects {
        let load = match board.decisions.get(id).and_then(|decision| decision.verdict) {
            Some(Verdict::Move) => &mut capacity.moves,
            Some(Verdict::Wait) => &mut capacity.waits,
            Some(Verdict::Stop) => &mut capacity.stops,
            Some(Verdict::Open) => &mut capacity.open,
            None => &mut capacity.undecided,
        };
        load.add(project);
    }
    capacity
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deciding::room::Room;

    #[test]
    fn what_stops_frees_what_is_known_of_it() {
        let mut room = Room::with_projects(4);
        room.weigh(0, Some(3.0e6), Some(14.0));
        room.weigh(1, None, Some(2.5));
        room.weigh(2, Some(-5.0e5), None);
        room.decide(0, Verdict::Stop);
        room.decide(1, Verdict::Stop);
        room.decide(2, Verdict::Move);
        let capacity = capacity(&room.board);
        assert_eq!(
            capacity.stops,
            Load { projects: 2, cost: 3.0e6, cost_known: 1, people: 16.5, people_known: 2 }
        );
        assert_eq!(capacity.moves, Load { projects: 1, cost_known: 1, ..Load::default() });
        assert_eq!((capacity.undecided.projects, capacity.waits.projects), (1, 0));
    }
}
