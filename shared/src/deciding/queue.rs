//! The queue of decisions: what has to be talked about first, what is agreed behind it.

use std::cmp::Ordering;

use crate::{
    agenda::Options,
    board::{Board, Decision, Pile},
    checkpoint::{Again, Findings, StopState, again, findings},
    day::Day,
    deciding::{Evidence, is_against, is_agreed_move, missing::missing},
    ids::ProjectId,
    methods::{HobbyOutcome, PileCounts, contested_first},
    sorted::sort,
    words::{Question, Verdict},
};

/// Why a project has to be talked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It was stopped and runs past its day: what a checkpoint found.
    StillRuns,
    /// It has waited past its day, and becomes a stop: what a checkpoint found.
    Expired,
    /// It runs, and was never decided: what a checkpoint found.
    NeverDecided,
    /// It was to move, and nobody has said by what that is seen: what a checkpoint found.
    Unmeasured,
    /// Somebody picked it.
    Shortlist,
    /// The room claims nothing for it.
    Hobby,
    /// Somebody asks whether it is a hobby.
    Flagged,
    /// The room split on it.
    Contested,
    /// It stands on no pillar.
    Off,
    /// Nobody has placed it.
    Unsorted,
}

/// One project in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Which.
    pub project: ProjectId,
    /// Why it has to be talked about, the strongest reason first; none where it only waits for its verdict.
    pub whys: Vec<Why>,
    /// What a checkpoint has found of it, as long as nobody has said anything to that here.
    pub found: Option<Why>,
    /// Whether the room agrees to move it. It is decided with the others then, and comes behind all else.
    pub agreed: bool,
    /// The room's private verdict, if it has a majority.
    pub room: Option<Verdict>,
    /// What has been decided.
    pub verdict: Option<Verdict>,
    /// Whether that goes against the room's private verdict.
    pub against: bool,
    /// How many things the decision lacks; without a verdict, none.
    pub lacks: usize,
}

/// Every project of the board in the order in which it is decided. A verdict does not move it: who decides goes down
/// the list, and what is done stays where it was.
///
/// In a checkpoint first what it has found. Then what has to be talked about, by its strongest reason, then contested first; then what has no reason; then what
/// is agreed. What is equal comes by name.
#[must_use]
pub fn queue(board: &Board, today: Day) -> Vec<Queued> {
    let picked: Vec<ProjectId> = board
        .agenda
        .iter()
        .flat_map(|step| Options::read(step.question.unwrap_or(Question::Verdict), &step.options).shortlist)
        .collect();
    let none = Decision::default();
    let found = findings(board, today);
    let mut rows: Vec<Row> = Evidence::of_all(board)
        .into_iter()
        .map(|(project, evidence)| {
            let decision = board.decisions.get(&project).unwrap_or(&none);
            let place = picked.iter().position(|id| *id == project);
            let lacks = missing(decision, evidence.room(), today).len();
            let first = found.as_ref().and_then(|found| to_decide(board, found, project));
            let again = again(board.earlier.get(&project), board.decisions.get(&project));
            let queued = Queued {
                project,
                whys: first.into_iter().chain(whys(&evidence, place.is_some())).collect(),
                found: first.filter(|_| matches!(again, Again::Untouched | Again::Undecided)),
                agreed: is_agreed_move(&evidence),
                room: evidence.room(),
                verdict: decision.verdict,
                against: decision.verdict.is_some_and(|verdict| is_against(verdict, evidence.room())),
                lacks: if decision.verdict.is_some() { lacks } else { 0 },
            };
            let name = board.projects.get(&project).map(|project| project.name.to_lowercase());
            Row { place, sort: evidence.sort(), name: name.unwrap_or_default(), queued }
        })
        .collect();
    sort(&mut rows, Row::before);
    rows.into_iter().map(|row| row.queued).collect()
}

/// What a checkpoint has found of a project that asks for a decision, as it stood when that was opened: what is done about it
/// here moves nothing.
fn to_decide(board: &Board, found: &Findings, project: ProjectId) -> Option<Why> {
    if found.stops_that(StopState::StillRuns).any(|stop| stop == project) {
        return Some(Why::StillRuns);
    }
    if found.expired.contains(&project) {
        return Some(Why::Expired);
    }
    let earlier = board.earlier.get(&project);
    let runs = found.imported && earlier.is_none_or(|earlier| earlier.found.is_some());
    match earlier.and_then(|earlier| earlier.verdict) {
        None if runs => Some(Why::NeverDecided),
        Some(Verdict::Move) if earlier.is_some_and(|earlier| earlier.field("measure").trim().is_empty()) => {
            Some(Why::Unmeasured)
        }
        _ => None,
    }
}

fn whys(evidence: &Evidence<'_>, picked: bool) -> Vec<Why> {
    let asked = evidence.last(Question::Verdict).is_some() || evidence.last(Question::Dots).is_some();
    let holds = [
        (Why::Shortlist, picked || asked),
        (Why::Hobby, evidence.outcome() == Some(HobbyOutcome::Hobby)),
        (Why::Flagged, evidence.flags.is_some()),
        (Why::Contested, evidence.is_contested()),
        (Why::Off, evidence.pile == Pile::Off),
        (Why::Unsorted, evidence.pile == Pile::Unsorted),
    ];
    holds.into_iter().filter(|(_, holds)| *holds).map(|(why, _)| why).collect()
}

struct Row<'a> {
    /// Its place in the shortlist.
    place: Option<usize>,
    sort: Option<&'a PileCounts>,
    name: String,
    queued: Queued,
}

impl Row<'_> {
    fn before(&self, other: &Self) -> Ordering {
        let nothing = PileCounts::default();
        let rank = |row: &Self| {
            let Queued { agreed, whys, .. } = &row.queued;
            let first = whys.first().map_or(Why::Unsorted as u8 + 1, |why| *why as u8);
            (*agreed, first, row.place.unwrap_or(usize::MAX))
        };
        let (ours, theirs) = (self.sort.unwrap_or(&nothing), other.sort.unwrap_or(&nothing));
        rank(self)
            .cmp(&rank(other))
            .then_with(|| contested_first(ours, 1, theirs, 1))
            .then_with(|| self.name.cmp(&other.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agenda::option,
        checkpoint::{Earlier, EarlierSession},
        deciding::room::Room,
        words::Found,
    };

    const TODAY: Day = Day(20_000);

    fn order(room: &Room) -> Vec<usize> {
        let at = |queued: &Queued| room.projects.iter().position(|id| *id == queued.project).unwrap();
        queue(&room.board, TODAY).iter().map(at).collect()
    }

    #[test]
    fn the_shortlist_comes_first_then_hobbies_questions_what_splits_and_what_is_off() {
        let mut room = Room::with_projects(7);
        let sort = room.step(Question::Placement);
        room.sorted(
            sort,
            1,
            &[(0, 1, 11), (1, 12, 0), (2, 5, 7), (3, 6, 6), (4, 1, 11), (5, 12, 0), (6, 1, 11)],
        );
        for project in [0, 2, 3, 4, 6] {
            room.place(project, Some(0));
        }
        for project in [1, 5] {
            room.place(project, None);
        }
        let hobby = room.step(Question::Hobby);
        room.claimed(hobby, 1, &[(5, [0, 0, 0, 0, 12]), (1, [0, 0, 9, 0, 3])]);
        room.flag(4);
        room.option(hobby, option::SHORTLIST, &format!("{} {}", room.projects[6], room.projects[2]));
        // 0 is agreed and comes last; 3 is more contested than any other, but 2 was picked.
        assert_eq!(order(&room), [2, 5, 4, 3, 1, 6, 0]);
        room.decide(2, Verdict::Stop);
        assert_eq!(order(&room), [2, 5, 4, 3, 1, 6, 0], "a verdict moves nothing");
        let first = &queue(&room.board, TODAY)[0];
        assert_eq!((first.verdict, first.lacks), (Some(Verdict::Stop), 6));
        assert_eq!(first.whys, [Why::Shortlist, Why::Contested]);
    }

    #[test]
    fn a_verdict_against_the_room_is_marked() {
        let mut room = Room::with_projects(1);
        let verdict = room.step(Question::Verdict);
        room.verdicts(verdict, 1, &[(0, [2, 2, 7])]);
        for (decided, against) in [(Verdict::Stop, false), (Verdict::Move, true), (Verdict::Open, false)] {
            room.decide(0, decided);
            assert_eq!(queue(&room.board, TODAY)[0].against, against, "{decided}");
        }
    }

    #[test]
    fn a_checkpoint_begins_with_what_it_found_and_what_is_decided_there_stays_in_its_place() {
        let mut room = Room::with_projects(7);
        let before = |verdict: Option<Verdict>, fields: &[(&str, &str)]| Earlier {
            verdict,
            found: Some(Found::Reference),
            fields: fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            ..Earlier::default()
        };
        let (past, to_come) = (Day(19_990).to_string(), Day(20_010).to_string());
        for (at, earlier) in [
            (1, before(Some(Verdict::Move), &[])),
            (2, before(None, &[])),
            (3, before(Some(Verdict::Wait), &[("expires", &past)])),
            (4, before(Some(Verdict::Stop), &[("ends", &past)])),
            (5, before(Some(Verdict::Stop), &[("ends", &to_come)])),
            (6, before(Some(Verdict::Move), &[("measure", "Half")])),
        ] {
            room.board.earlier.insert(room.projects[at], earlier);
        }
        for at in [1, 5, 6] {
            room.place(at, Some(0));
        }
        room.board.session.earlier =
            Some(EarlierSession { imported_at: Some(1), ..EarlierSession::default() });
        let found = [4, 3, 0, 2, 1];
        assert_eq!(order(&room)[..5], found, "the first is new; the third stood there undecided");
        room.decide(0, Verdict::Stop);
        room.decide(1, Verdict::Move);
        let more = [("measure".to_owned(), "By ten".to_owned())];
        room.board.decisions.get_mut(&room.projects[1]).unwrap().more.extend(more);
        assert_eq!(order(&room)[..5], found);
        let says: Vec<Option<Why>> = queue(&room.board, TODAY)[..5].iter().map(|row| row.found).collect();
        let [stop, wait] = [Why::StillRuns, Why::Expired].map(Some);
        assert_eq!(says, [stop, wait, None, Some(Why::NeverDecided), None], "what is decided says no more");
        let first = queue(&room.board, TODAY)[0].whys.first().copied();
        assert_eq!(first, Some(Why::StillRuns));
        room.board.session.earlier = None;
        assert!(
            queue(&room.board, TODAY)
                .iter()
                .all(|row| row.whys.first().is_none_or(|why| *why > Why::Unmeasured))
        );
    }
}
