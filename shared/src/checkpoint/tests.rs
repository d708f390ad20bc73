use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    agenda::option,
    answer::Item,
    board::{Board, Decision, Placement, Project},
    day::Day,
    deciding::room::{self, Room},
    ids::ProjectId,
    methods::ScaleCounts,
    results::{Counts, ItemTally, StepResults, Tally},
    words::{Found, OFF, Question, Verdict},
};

const TODAY: &str = "2027-03-01";

fn today() -> Day {
    Day::parse(TODAY).unwrap()
}

/// A checkpoint of so many projects, none of them decided, all of them found again by reference.
fn checkpoint(projects: u128) -> Room {
    let mut room = Room::with_projects(projects);
    for (id, project) in room.board.projects.clone() {
        let earlier =
            Earlier { name: project.name, times: 1, found: Some(Found::Reference), ..Earlier::default() };
        room.board.earlier.insert(id, earlier);
    }
    room.board.session.earlier = Some(EarlierSession { imported_at: Some(1), ..EarlierSession::default() });
    room
}

/// What was decided before, which stands on the board as it was.
fn decided(room: &mut Room, at: usize, verdict: Verdict, fields: &[(&str, &str)]) {
    let id = room.projects[at];
    let fields: BTreeMap<String, String> =
        fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let earlier = room.board.earlier.get_mut(&id).unwrap();
    earlier.number = at as u64 + 1;
    earlier.verdict = Some(verdict);
    earlier.owner = "Ana".to_owned();
    earlier.rationale = "Because.".to_owned();
    earlier.fields.clone_from(&fields);
    let decision = Decision {
        verdict: Some(verdict),
        owner: "Ana".to_owned(),
        rationale: "Because.".to_owned(),
        more: fields,
    };
    room.board.decisions.insert(id, decision);
}

fn lose(room: &mut Room, at: usize) {
    let id = room.projects[at];
    room.board.earlier.get_mut(&id).unwrap().found = None;
}

fn places(room: &Room, projects: &[ProjectId]) -> Vec<usize> {
    projects.iter().map(|id| room.projects.iter().position(|known| known == id).unwrap()).collect()
}

#[test]
fn a_stop_has_stopped_winds_down_or_runs_on_and_its_last_day_is_still_its_own() {
    let mut room = checkpoint(5);
    for (at, ends) in ["2027-02-28", "2027-03-01", "2027-06-30", "", "2027-01-01"].into_iter().enumerate() {
        decided(&mut room, at, Verdict::Stop, &[("ends", ends)]);
    }
    lose(&mut room, 4);
    let found = findings(&room.board, today()).unwrap();
    let states: Vec<StopState> = found.stops.iter().map(|(_, state)| *state).collect();
    use StopState::{NoDay, StillRuns, Stopped, WindingDown};
    assert_eq!(states, [StillRuns, WindingDown, WindingDown, NoDay, Stopped]);
    let report = checkpoint_report(&room.board, today()).unwrap();
    assert_eq!(report.stopped, Part { count: 1, of: 3 });
    assert_eq!(report.decided, [0, 0, 5, 0]);
}

#[test]
fn what_the_log_has_as_done_is_known_and_what_is_said_to_have_ended_and_runs_is_found() {
    let mut room = checkpoint(2);
    let steps = [("ends", "2027-06-30"), ("first_step", "Tell the agency"), ("first_step_due", "2027-01-10")];
    for at in 0..2 {
        decided(&mut room, at, Verdict::Stop, &steps);
    }
    let done = |room: &mut Room, at: usize, what: &str, day: &str| {
        let earlier = room.board.earlier.get_mut(&room.projects[at]).unwrap();
        earlier.fields.insert(done_field(what), day.to_owned());
    };
    done(&mut room, 0, "first_step", "2027-01-09");
    done(&mut room, 1, "ends", "2027-02-01");
    let report = checkpoint_report(&room.board, today()).unwrap();
    let states: Vec<StopState> = report.findings.stops.iter().map(|(_, state)| *state).collect();
    assert_eq!(states, [StopState::WindingDown, StopState::StillRuns], "before its day, too");
    let lists = lists(&room.board, &report);
    let says = |key: &str| &lists.iter().find(|list| list.key == key).unwrap().items[0].2;
    assert_eq!(says("winding_down"), "ends 2027-06-30 · Tell the agency · taken on 2027-01-09");
    assert!(says("still_runs").contains("entered as ended on 2027-02-01"), "{}", says("still_runs"));
    // That something was done is no other decision.
    let id = room.projects[0];
    assert_eq!(again(room.board.earlier.get(&id), room.board.decisions.get(&id)), Again::Untouched);
}

#[test]
fn nothing_is_said_to_be_gone_before_the_portfolio_has_come() {
    let mut room = checkpoint(2);
    decided(&mut room, 0, Verdict::Stop, &[("ends", "2027-01-01")]);
    decided(&mut room, 1, Verdict::Move, &[]);
    lose(&mut room, 0);
    lose(&mut room, 1);
    room.board.session.earlier.as_mut().unwrap().imported_at = None;
    let found = findings(&room.board, today()).unwrap();
    assert_eq!((found.imported, found.stops.len(), found.vanished.len()), (false, 0, 0));
    assert_eq!(places(&room, &found.unmeasured), [1], "that is so whatever the portfolio says");
    let report = checkpoint_report(&room.board, today()).unwrap();
    assert_eq!((report.shares, report.stopped), (None, Part::default()));
    room.board.session.earlier = None;
    assert_eq!(findings(&room.board, today()), None);
    assert_eq!(checkpoint_report(&room.board, today()), None);
}

#[test]
fn waits_that_expired_moves_without_a_measure_what_is_new_and_what_has_vanished() {
    let mut room = checkpoint(7);
    decided(&mut room, 0, Verdict::Wait, &[("expires", "2027-02-28")]);
    decided(&mut room, 1, Verdict::Wait, &[("expires", "2027-03-01")]);
    decided(&mut room, 2, Verdict::Move, &[]);
    decided(&mut room, 3, Verdict::Move, &[("measure", "Complaints by half")]);
    decided(&mut room, 4, Verdict::Open, &[]);
    lose(&mut room, 4);
    // The fifth stood on the board before and was not decided; the sixth is new.
    let sixth = room.projects[6];
    room.board.earlier.remove(&sixth);
    let found = findings(&room.board, today()).unwrap();
    assert_eq!(places(&room, &found.expired), [0]);
    assert_eq!(places(&room, &found.unmeasured), [2]);
    assert_eq!(places(&room, &found.never_decided), [5, 6]);
    assert_eq!(places(&room, &found.vanished), [4]);
    // Put right in the session, it is no finding any more.
    let more = [("measure".to_owned(), "By ten".to_owned())];
    room.board.decisions.get_mut(&room.projects[2]).unwrap().more.extend(more);
    room.decide(6, Verdict::Wait);
    let found = findings(&room.board, today()).unwrap();
    assert_eq!((places(&room, &found.unmeasured), places(&room, &found.never_decided)), (vec![], vec![5]));
}

#[test]
fn owners_that_changed_are_those_of_whom_both_are_said() {
    let mut room = checkpoint(4);
    let say = |room: &mut Room, at: usize, before: [&str; 2], now: [&str; 2]| {
        let id = room.projects[at];
        let earlier = room.board.earlier.get_mut(&id).unwrap();
        (earlier.run_by, earlier.sponsor) = (before[0].to_owned(), before[1].to_owned());
        let project = room.board.projects.get_mut(&id).unwrap();
        (project.owner, project.sponsor) = (now[0].to_owned(), now[1].to_owned());
    };
    say(&mut room, 0, ["Ana  Ruiz", "x"], ["ana ruiz", "x"]);
    say(&mut room, 1, ["Ana", ""], ["Ben", ""]);
    say(&mut room, 2, ["Ana", ""], ["", ""]);
    say(&mut room, 3, ["", "COO"], ["", "CFO"]);
    let found = findings(&room.board, today()).unwrap();
    let told: Vec<_> =
        found.owners.iter().map(|change| (change.before.as_str(), change.now.as_str())).collect();
    assert_eq!(told, [("Ana", "Ben"), ("COO", "CFO")]);
}

#[test]
fn a_decision_holds_changes_or_is_taken_back_and_a_changed_one_is_decided_twice() {
    let mut room = checkpoint(3);
    decided(&mut room, 0, Verdict::Stop, &[("ends", "2027-06-30")]);
    let id = room.projects[0];
    let is = |room: &Room| again(room.board.earlier.get(&id), room.board.decisions.get(&id));
    assert_eq!(is(&room), Again::Untouched);
    fn now(room: &mut Room, id: ProjectId) -> &mut Decision {
        room.board.decisions.get_mut(&id).unwrap()
    }
    now(&mut room, id).more.insert("holds".to_owned(), "yes".to_owned());
    assert_eq!(is(&room), Again::Holds);
    // What belongs to another verdict says nothing.
    now(&mut room, id).more.insert("trigger".to_owned(), "The audit".to_owned());
    assert_eq!(is(&room), Again::Holds);
    now(&mut room, id).more.insert("ends".to_owned(), "2027-09-30".to_owned());
    assert_eq!(is(&room), Again::Changed);
    assert_eq!(findings(&room.board, today()).unwrap().churn, [(id, 2)]);
    now(&mut room, id).verdict = None;
    assert_eq!(is(&room), Again::TakenBack);
    let untold = room.projects[1];
    assert_eq!(again(room.board.earlier.get(&untold), None), Again::Undecided);
    room.decide(1, Verdict::Move);
    assert_eq!(again(room.board.earlier.get(&untold), room.board.decisions.get(&untold)), Again::New);
    assert_eq!(again(None, room.board.decisions.get(&untold)), Again::New);
    let happened = checkpoint_report(&room.board, today()).unwrap().happened;
    assert_eq!(happened, Happened { taken_back: 1, new: 1, ..Happened::default() });
}

#[test]
fn names_are_alike_by_their_letters_and_not_by_what_every_name_has() {
    assert_eq!(likeness("HS2 Phase2a", "HS2 Phase 2a"), 100);
    assert_eq!(likeness("UK Gigabit Programme", "Project Gigabit"), 86);
    assert!(likeness("Brand Museum Programme", "Customs Declaration Programme") < ALIKE);
    assert_eq!(likeness("", "Crossrail"), 0);
    assert_eq!(likeness("The Programme", "The Programme"), 100, "of such words alone it is compared whole");
    // Worked by hand: five and six pairs of letters, of which five are shared: 2·5/11.
    assert_eq!(likeness("Type 31", "Type 31e"), 91);
}

/// A board on which earlier projects were not found, and others came.
fn strangers(before: &[(&str, &str)], now: &[(&str, &str)]) -> (Board, Vec<ProjectId>) {
    let mut room = checkpoint((before.len() + now.len()) as u128);
    let ids = room.projects.clone();
    for (id, (name, reference)) in ids.iter().zip(before) {
        let earlier = room.board.earlier.get_mut(id).unwrap();
        (earlier.name, earlier.reference) = ((*name).to_owned(), (*reference).to_owned());
        earlier.found = None;
    }
    for (id, (name, reference)) in ids[before.len()..].iter().zip(now) {
        room.board.earlier.remove(id);
        let project = room.board.projects.get_mut(id).unwrap();
        (project.name, project.reference) = ((*name).to_owned(), (*reference).to_owned());
    }
    (room.board, ids)
}

#[test]
fn a_likeness_is_suggested_once_for_each_and_not_again_when_it_was_rejected() {
    let (mut board, ids) = strangers(
        &[("Type 31", ""), ("UK Gigabit", ""), ("Type 31 frigate", "A-1")],
        &[("Type 31e", ""), ("Project Gigabit", ""), ("Type 31 frigates", "B-1")],
    );
    let pairs: Vec<_> = likenesses(&board).iter().map(|pair| (pair.project, pair.row)).collect();
    assert_eq!(pairs, [(ids[0], ids[3]), (ids[1], ids[4])], "two references that differ are two projects");
    board.earlier.get_mut(&ids[0]).unwrap().unlike.push(ids[3]);
    let pairs: Vec<_> = likenesses(&board).iter().map(|pair| (pair.project, pair.row)).collect();
    assert!(!pairs.contains(&(ids[0], ids[3])), "{pairs:?}");
    assert!(pairs.contains(&(ids[0], ids[5])), "the next likest comes in its place: {pairs:?}");
}

/// The tally of a worded scale, or of statements.
fn ask(room: &mut Room, options: &[(&str, &str)], asked: &[(Item, [u32; 6])]) {
    let step = room.step(Question::Scale);
    for (name, text) in options {
        room.board.agenda.last_mut().unwrap().options.push(((*name).to_owned(), (*text).to_owned()));
    }
    let mut round = room::round(Question::Scale, asked.iter().map(|(item, _)| item.clone()).collect());
    round.statements = options
        .iter()
        .filter(|(name, _)| *name == option::STATEMENT)
        .map(|(_, text)| (*text).to_owned())
        .collect();
    let items = asked.iter().map(|(_, counts)| ItemTally {
        eligible: 12,
        answered: counts.iter().sum(),
        sat_out: 0,
        counts: Some(Counts::Scale(ScaleCounts { counts: *counts })),
    });
    round.tally = Some(Tally { eligible: 12, answered: 12, on_paper: 0, items: items.collect() });
    let results = StepResults { rounds: [(1, round)].into(), ..StepResults::default() };
    room.board.results.insert(step, results);
}

#[test]
fn what_the_room_answered_stands_beside_what_the_portfolio_says() {
    let mut room = checkpoint(4);
    for at in 0..2 {
        decided(&mut room, at, Verdict::Stop, &[("ends", "2027-01-01")]);
        lose(&mut room, at);
    }
    for at in 2..4 {
        decided(&mut room, at, Verdict::Move, &[("measure", "Half")]);
    }
    let item = |room: &Room, at: usize| Item::project(room.projects[at]);
    let seen = [(item(&room, 0), [1, 3, 2, 6, 0, 0]), (item(&room, 1), [6, 5, 1, 0, 0, 0])];
    ask(&mut room, &[(option::ASKS, "seen")], &seen);
    let target = [(item(&room, 2), [7, 3, 0, 2, 0, 0]), (item(&room, 3), [0, 0, 6, 6, 0, 0])];
    ask(&mut room, &[(option::ASKS, "target")], &target);
    let questions = [(Item::statement(0), [0, 1, 2, 3, 4, 2])];
    ask(&mut room, &[(option::STATEMENT, "It governed.")], &questions);
    let session = room.board.session.earlier.as_mut().unwrap();
    session.confidence = Some([1, 1, 2, 3, 4, 1]);
    session.signed = [10, 1, 1];
    let report = checkpoint_report(&room.board, today()).unwrap();
    assert_eq!(report.seen, Answered { asked: 2, first: 0, last: 0 });
    assert_eq!((report.stopped, report.stopped_and_seen), (Part { count: 2, of: 2 }, 1));
    assert_eq!(report.targets, Answered { asked: 2, first: 1, last: 1 });
    assert_eq!(report.assumptions, Answered::default());
    assert_eq!(
        report.statements,
        [("It governed.".to_owned(), Some(ScaleCounts { counts: [0, 1, 2, 3, 4, 2] }))]
    );
    assert_eq!(
        (report.confident, report.carried),
        (Some(Part { count: 8, of: 12 }), Some(Part { count: 10, of: 12 }))
    );
    room.board.session.earlier.as_mut().unwrap().signed = [2, 0, 0];
    assert_eq!(checkpoint_report(&room.board, today()).unwrap().carried, None, "two point at somebody");
}

#[test]
fn the_share_then_is_of_what_was_there_and_now_of_what_runs() {
    let mut room = checkpoint(3);
    let pillar = room.board.pillars[0].id.to_string();
    for (at, pile, cost) in [(0, pillar.as_str(), 10.0), (1, OFF, 30.0), (2, "", 60.0)] {
        let id = room.projects[at];
        let earlier = room.board.earlier.get_mut(&id).unwrap();
        (earlier.pile, earlier.cost) = (pile.to_owned(), Some(cost));
        if !pile.is_empty() {
            let placement = Placement { pile: pile.to_owned(), order: "80".to_owned() };
            room.board.placements.insert(id, placement);
        }
    }
    lose(&mut room, 1);
    room.place(2, Some(1));
    room.weigh(0, Some(15.0), None);
    let fresh = ProjectId(Uuid::from_u128(7));
    room.board
        .projects
        .insert(fresh, Project { name: "New".to_owned(), cost: Some(5.0), ..Project::default() });
    let report = checkpoint_report(&room.board, today()).unwrap();
    let shares = report.shares.unwrap();
    let whole = |share: &crate::methods::Share| (share.on_after, share.all, share.known, share.of);
    assert_eq!(whole(&shares.then.projects), (1.0, 3.0, 3, 3));
    assert_eq!(whole(&shares.now.projects), (2.0, 3.0, 3, 3));
    assert_eq!(whole(&shares.then.cost), (10.0, 100.0, 3, 3));
    assert_eq!(whole(&shares.now.cost), (15.0, 20.0, 2, 3));
    assert_eq!((report.found, report.new), (Part { count: 2, of: 3 }, 1));
}

proptest! {
    #[test]
    fn likeness_is_symmetric_bounded_and_whole_for_a_name_and_itself(one in ".{0,24}", other in ".{0,24}") {
        let there = likeness(&one, &other);
        prop_assert_eq!(there, likeness(&other, &one));
        prop_assert!(there <= 100);
        let itself = likeness(&one, &one);
        prop_assert!(itself == 100 || !one.chars().any(char::is_alphanumeric), "{one:?}: {itself}");
    }

    #[test]
    fn nobody_is_suggested_twice_and_nothing_below_the_bound(
        before in prop::collection::vec("(Rail|Road|Ship) (north|south|east)( [12])?", 0..8),
        now in prop::collection::vec("(Rail|Road|Ship) (north|south|east)( [12])?", 0..8),
        rejected in prop::collection::vec((0..8usize, 0..8usize), 0..6),
    ) {
        let name = |names: &[String]| -> Vec<(String, String)> {
            names.iter().map(|name| (name.clone(), String::new())).collect()
        };
        let (before, now) = (name(&before), name(&now));
        let (earlier, rows): (Vec<_>, Vec<_>) = (
            before.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect(),
            now.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect(),
        );
        let (mut board, ids) = strangers(&earlier, &rows);
        for (at, row) in rejected {
            if at < earlier.len() && row < rows.len() {
                board.earlier.get_mut(&ids[at]).unwrap().unlike.push(ids[earlier.len() + row]);
            }
        }
        let pairs = likenesses(&board);
        let mut all: Vec<ProjectId> = pairs.iter().flat_map(|pair| [pair.project, pair.row]).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        prop_assert_eq!(all.len(), count);
        for pair in &pairs {
            prop_assert!(pair.percent >= ALIKE);
            prop_assert!(board.earlier[&pair.project].found.is_none());
            prop_assert!(!board.earlier.contains_key(&pair.row));
            prop_assert!(!board.earlier[&pair.project].unlike.contains(&pair.row));
        }
        prop_assert!(pairs.windows(2).all(|two| two[0].percent >= two[1].percent));
    }

    #[test]
    fn every_stop_is_in_one_state_and_the_states_add_up(
        stops in prop::collection::vec((any::<bool>(), prop::option::of(-400..400i32)), 0..12),
        later in 0..400i32,
    ) {
        let mut room = checkpoint(stops.len() as u128);
        for (at, (found, ends)) in stops.iter().enumerate() {
            let ends = ends.map(|days| today().plus(days).to_string()).unwrap_or_default();
            decided(&mut room, at, Verdict::Stop, &[("ends", &ends)]);
            if !found {
                lose(&mut room, at);
            }
        }
        let now = checkpoint_report(&room.board, today()).unwrap();
        prop_assert_eq!(now.findings.stops.len(), stops.len());
        let winding = now.findings.count_stops(StopState::WindingDown);
        prop_assert_eq!(now.stopped.of + winding, stops.len() as u32);
        prop_assert!(now.stopped.count <= now.stopped.of);
        // With time nothing begins to wind down again, and nothing runs on that had stopped.
        let then = checkpoint_report(&room.board, today().plus(later)).unwrap();
        prop_assert_eq!(then.stopped.count, now.stopped.count);
        prop_assert!(then.findings.count_stops(StopState::StillRuns) >= now.findings.count_stops(StopState::StillRuns));
    }
}
