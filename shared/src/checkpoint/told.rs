//! A checkpoint's figures and findings as they are told: one model for the page, the wall and every file.

use super::{CheckpointReport, Part, StopState};
use crate::{board::Board, ids::ProjectId, methods::Share, sorted::sort, words::Verdict};

/// One figure: so much out of so much.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name for programs, and for pages in another language.
    pub key: &'static str,
    /// The same in English.
    pub label: &'static str,
    /// So much.
    pub count: f64,
    /// Out of so much.
    pub of: f64,
    /// Of how many projects it is known, and of how many it should be, where that is a question.
    pub known: Option<(u32, u32)>,
}

/// One list of projects that a checkpoint has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name for programs, and for pages in another language.
    pub key: &'static str,
    /// The same in English.
    pub label: &'static str,
    /// What is on it: the project, its name, and what there is to know.
    pub items: Vec<(ProjectId, String, String)>,
}

/// The figures in the order in which they are told. What cannot be said is left out.
#[must_use]
pub fn figures(report: &CheckpointReport) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut part = |key: &'static str, label: &'static str, part: Part| {
        if part.of > 0 {
            let (count, of) = (part.count.into(), part.of.into());
            figures.push(Figure { key, label, count, of, known: None });
        }
    };
    let answered = |count: u32, of: u32| Part { count, of };
    if report.findings.imported {
        part("found", "Earlier projects that are still in the portfolio", report.found);
        part("stopped", "Stops that have stopped, of those whose day has come", report.stopped);
        let all = report.decided[Verdict::Stop as usize];
        let winding = report.findings.count_stops(StopState::WindingDown);
        part("winding_down", "Stops that are winding down, of all stops", answered(winding, all));
        let gone = report.findings.count_stops(StopState::Stopped);
        part(
            "stopped_and_seen",
            "Out of the portfolio, and most still see people or money on them",
            answered(report.stopped_and_seen, if report.seen.asked > 0 { gone } else { 0 }),
        );
    }
    let asked = report.seen.asked;
    part("not_seen", "Stops on which most see nothing any more", answered(report.seen.first, asked));
    let asked = report.targets.asked;
    part("reached", "Moves that most see at their target", answered(report.targets.last, asked));
    part("behind", "Moves that most see behind their target", answered(report.targets.first, asked));
    let asked = report.assumptions.asked;
    part(
        "assumptions",
        "Moves of which most say that the assumptions hold",
        answered(report.assumptions.last, asked),
    );
    part("confident", "Confident in private then (3 or more)", report.confident.unwrap_or_default());
    part("carried", "Carried in public then, without a reservation", report.carried.unwrap_or_default());
    let decided: u32 = report.decided.iter().sum();
    let happened = &report.happened;
    part("hold", "Earlier decisions confirmed here", answered(happened.hold, decided));
    part("untouched", "Earlier decisions left as they were", answered(happened.untouched, decided));
    part("changed", "Earlier decisions changed here", answered(happened.changed, decided));
    part("taken_back", "Earlier decisions taken back here", answered(happened.taken_back, decided));
    if let Some(shares) = &report.shares {
        const KEYS: [[(&str, &str); 2]; 3] = [
            [
                ("projects_then", "On the strategy then, projects"),
                ("projects_now", "On the strategy now, projects"),
            ],
            [("cost_then", "On the strategy then, cost"), ("cost_now", "On the strategy now, cost")],
            [("people_then", "On the strategy then, people"), ("people_now", "On the strategy now, people")],
        ];
        for ((then, now), keys) in shares.in_order().into_iter().zip(KEYS) {
            for (share, (key, label)) in [then, now].into_iter().zip(keys) {
                let share: &Share = share;
                if share.all > 0.0 {
                    let known = Some((share.known, share.of));
                    figures.push(Figure { key, label, count: share.on_after, of: share.all, known });
                }
            }
        }
    }
    figures
}

/// A list by its key and its label, with what there is to know of each project.
type Named = (&'static str, &'static str, Vec<(ProjectId, String)>);

/// What the checkpoint has found, list by list, the most pressing first. Empty lists are left out.
#[must_use]
pub fn lists(board: &Board, report: &CheckpointReport) -> Vec<List> {
    let found = &report.findings;
    let field = |id: ProjectId, name: &str| {
        board.earlier.get(&id).map_or("", |earlier| earlier.field(name)).to_owned()
    };
    let owner =
        |id: ProjectId| board.earlier.get(&id).map(|earlier| earlier.owner.clone()).unwrap_or_default();
    let day = |what: &str, id: ProjectId, name: &str| {
        let day = field(id, name);
        if day.is_empty() { String::new() } else { format!("{what} {day}") }
    };
    let done = |id: ProjectId, name: &str, what: &str| match board.earlier.get(&id).map(|it| it.done(name)) {
        None | Some("") => String::new(),
        Some(day) => format!("{what} {day}"),
    };
    let both = |one: String, other: String| match (one.is_empty(), other.is_empty()) {
        (false, false) => format!("{one} · {other}"),
        _ => one + &other,
    };
    let stops = |state| found.stops_that(state).collect::<Vec<_>>();
    let mut all: Vec<Named> = Vec::new();
    let mut list = |key, label, ids: Vec<ProjectId>, says: &dyn Fn(ProjectId) -> String| {
        all.push((key, label, ids.into_iter().map(|id| (id, says(id))).collect()));
    };
    list("still_runs", "Stopped, past its day, and still runs", stops(StopState::StillRuns), &|id| {
        let said = done(id, "ends", "entered as ended on");
        both(both(day("ended", id, "ends"), said), owner(id))
    });
    list("no_day", "Stopped, still runs, and has no end date", stops(StopState::NoDay), &owner);
    list("winding_down", "Winding down: is its first step done?", stops(StopState::WindingDown), &|id| {
        let step = match done(id, "first_step", "taken on") {
            taken if taken.is_empty() => field(id, "first_step_due"),
            taken => taken,
        };
        both(day("ends", id, "ends"), both(field(id, "first_step"), step))
    });
    list(
        "expired",
        "Waited past its expiry: it becomes a stop, to be confirmed",
        found.expired.clone(),
        &|id| both(day("expired", id, "expires"), field(id, "trigger")),
    );
    list("vanished", "Gone from the portfolio, and nobody stopped it", found.vanished.clone(), &|id| {
        let verdict = board.earlier.get(&id).and_then(|earlier| earlier.verdict);
        both(verdict.map(|verdict| verdict.as_str().to_owned()).unwrap_or_default(), owner(id))
    });
    list("unmeasured", "A move without a measure", found.unmeasured.clone(), &owner);
    let changes = |id: ProjectId| {
        let change = found.owners.iter().find(|change| change.project == id);
        change.map(|change| format!("{} → {}", change.before, change.now)).unwrap_or_default()
    };
    let changed = found.owners.iter().map(|change| change.project).collect();
    list("owners", "Its owner is another one", changed, &changes);
    let times = |id: ProjectId| {
        let times = found.churn.iter().find(|(project, _)| *project == id);
        times.map(|(_, times)| format!("{times} sessions")).unwrap_or_default()
    };
    list("churn", "Decided in two sessions or more", found.churn.iter().map(|(id, _)| *id).collect(), &times);
    list("never_decided", "In the portfolio, and never decided", found.never_decided.clone(), &|id| {
        board.projects.get(&id).map(|project| project.sponsor.clone()).unwrap_or_default()
    });
    list("stopped", "Stopped: not in the portfolio any more", stops(StopState::Stopped), &|id| {
        day("ended", id, "ends")
    });
    list("renamed", "Goes by another name", found.renamed.clone(), &|id| {
        board.earlier.get(&id).map(|earlier| earlier.name.clone()).unwrap_or_default()
    });
    let named = |(id, says): (ProjectId, String)| {
        let name = board.projects.get(&id).map(|project| project.name.clone()).unwrap_or_default();
        (id, name, says)
    };
    let mut lists: Vec<List> = Vec::new();
    for (key, label, ids) in all {
        if !ids.is_empty() {
            let mut items: Vec<_> = ids.into_iter().map(named).collect();
            sort(&mut items, |a, b| (a.1.to_lowercase(), a.0).cmp(&(b.1.to_lowercase(), b.0)));
            lists.push(List { key, label, items });
        }
    }
    lists
}
