//! What a checkpoint comes to, in whole counts: every figure is defined in `docs/METHODS.md`.

use super::{Again, Findings, StopState, again, findings};
use crate::{
    agenda::{Asks, asks},
    board::{Board, Pile},
    day::Day,
    ids::ProjectId,
    methods::{PileChoice, ScaleCounts, Share, StrategyShare, Weighed, strategy_share},
    results::Counts,
    words::{OFF, Question, Verdict},
};

/// So many out of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// So many.
    pub count: u32,
    /// Out of so many.
    pub of: u32,
}

/// The strategy's share then and now. Of each [`Share`] only *after* says something: where the projects stood at the
/// earlier close, and where those of today's portfolio stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// Of the portfolio at the earlier close.
    pub then: StrategyShare,
    /// Of the portfolio that was imported anew, with what was added by hand.
    pub now: StrategyShare,
}

/// What the room answered in private about decisions of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Decisions that were asked about, and of which counts may be shown.
    pub asked: u32,
    /// Those for which more than half of the ones who could tell chose the first word.
    pub first: u32,
    /// Those for which more than half chose the last word that tells.
    pub last: u32,
}

/// What has become of the decisions in this session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Somebody has said that they still hold.
    pub hold: u32,
    /// Nobody has said anything: they go on.
    pub untouched: u32,
    /// They say something else now.
    pub changed: u32,
    /// They were taken back.
    pub taken_back: u32,
    /// What was never decided before, and is now.
    pub new: u32,
}

/// What a checkpoint comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckpointReport {
    /// What is behind the figures.
    pub findings: Findings,
    /// Decisions of before: moves, waits, stops, open.
    pub decided: [u32; 4],
    /// Earlier projects that are in the portfolio, of all earlier ones.
    pub found: Part,
    /// Projects in the portfolio that were not there before.
    pub new: u32,
    /// The strategy's share; none before the import.
    pub shares: Option<Shares>,
    /// Stops that stopped, of those whose day has come, that have none, or that are gone already.
    pub stopped: Part,
    /// Stops of which the room still sees people or money on them: `last` is *as much as before*, `first` *no*.
    pub seen: Answered,
    /// Stops that are out of the portfolio and on which more than half of those who can tell still see people or money.
    pub stopped_and_seen: u32,
    /// Moves against their targets: `first` is *behind*, `last` *reached*.
    pub targets: Answered,
    /// The assumptions of moves: `first` is *no*, `last` *yes*.
    pub assumptions: Answered,
    /// The three questions, in their words, as revealed; none where too few have answered.
    pub statements: Vec<(String, Option<ScaleCounts>)>,
    /// Who were confident in private then (3 or more), of those who answered.
    pub confident: Option<Part>,
    /// Who carried it in public without a reservation, of those who signed; none where fewer than three did.
    pub carried: Option<Part>,
    /// What has become of the decisions here.
    pub happened: Happened,
}

/// What a checkpoint comes to on a day; none where the board is that of no checkpoint.
#[must_use]
pub fn checkpoint_report(board: &Board, today: Day) -> Option<CheckpointReport> {
    let session = board.session.earlier.as_ref()?;
    let findings = findings(board, today)?;
    let mut report = CheckpointReport {
        shares: findings.imported.then(|| shares(board)),
        confident: session.confidence.and_then(|counts| {
            let of: u32 = counts.iter().sum();
            (of > 0).then(|| Part { count: counts[3..].iter().sum(), of })
        }),
        carried: {
            let of: u32 = session.signed.iter().sum();
            crate::methods::may_show_counts(of).then(|| Part { count: session.signed[0], of })
        },
        seen: answered(board, Asks::Seen),
        targets: answered(board, Asks::Target),
        assumptions: answered(board, Asks::Assumptions),
        statements: statements(board),
        ..CheckpointReport::default()
    };
    for (id, earlier) in &board.earlier {
        if let Some(verdict) = earlier.verdict {
            report.decided[verdict as usize] += 1;
        }
        report.found.of += 1;
        report.found.count += u32::from(earlier.found.is_some());
        if earlier.verdict == Some(Verdict::Stop)
            && findings.stops.contains(&(*id, StopState::Stopped))
            && told(board, Asks::Seen, *id).is_some_and(|told| told.sees_something())
        {
            report.stopped_and_seen += 1;
        }
    }
    for id in board.projects.keys() {
        let earlier = board.earlier.get(id);
        report.new += u32::from(findings.imported && earlier.is_none());
        let happened = &mut report.happened;
        match again(earlier, board.decisions.get(id)) {
            Again::Undecided => {}
            Again::New => happened.new += 1,
            Again::Untouched => happened.untouched += 1,
            Again::Holds => happened.hold += 1,
            Again::Changed => happened.changed += 1,
            Again::TakenBack => happened.taken_back += 1,
        }
    }
    let count = |state| findings.count_stops(state);
    let stopped = count(StopState::Stopped);
    report.stopped =
        Part { count: stopped, of: stopped + count(StopState::StillRuns) + count(StopState::NoDay) };
    report.findings = findings;
    Some(report)
}

/// Where each project of the earlier close stood, and where each of today's portfolio stands.
fn shares(board: &Board) -> Shares {
    let then = board.earlier.values().map(|earlier| Weighed {
        before: None,
        after: match earlier.pile.as_str() {
            "" => None,
            OFF => Some(PileChoice::Off),
            pillar => pillar.parse().ok().map(PileChoice::Pillar),
        },
        cost: earlier.cost,
        people: earlier.people,
    });
    let runs = |id: &ProjectId| board.earlier.get(id).is_none_or(|earlier| earlier.found.is_some());
    let now = board.projects.iter().filter(|(id, _)| runs(id)).map(|(id, project)| Weighed {
        before: None,
        after: match board.pile(*id) {
            Pile::Unsorted => None,
            Pile::Off => Some(PileChoice::Off),
            Pile::Pillar(pillar) => Some(PileChoice::Pillar(pillar)),
        },
        cost: project.cost,
        people: project.people,
    });
    let (then, now): (Vec<_>, Vec<_>) = (then.collect(), now.collect());
    Shares { then: strategy_share(&then), now: strategy_share(&now) }
}

/// The answers about one decision: how many chose the first word, each between, and the last that tells; who cannot tell
/// is left out.
struct Told {
    first: u32,
    last: u32,
    of: u32,
}

impl Told {
    fn sees_something(&self) -> bool {
        2 * (self.of - self.first) > self.of
    }
}

/// What was answered about a project to what the checkpoint asks.
fn told(board: &Board, which: Asks, project: ProjectId) -> Option<Told> {
    let item = crate::answer::Item::project(project);
    let (round, _) = board
        .agenda
        .iter()
        .rev()
        .filter(|step| asks(&step.options) == Some(which))
        .find_map(|step| board.results.get(&step.id)?.last_revealed())?;
    let Some(Counts::Scale(scale)) = &round.of(&item)?.counts else { return None };
    let [first, between, last, ..] = scale.counts;
    Some(Told { first, last, of: first + between + last })
}

fn answered(board: &Board, which: Asks) -> Answered {
    let mut answered = Answered::default();
    for project in board.earlier.keys() {
        let Some(told) = told(board, which, *project).filter(|told| told.of > 0) else { continue };
        answered.asked += 1;
        answered.first += u32::from(2 * told.first > told.of);
        answered.last += u32::from(2 * told.last > told.of);
    }
    answered
}

/// The three questions: the last step that asks a scale about statements.
fn statements(board: &Board) -> Vec<(String, Option<ScaleCounts>)> {
    let step =
        board.agenda.iter().rev().filter(|step| step.question == Some(Question::Scale)).find_map(|step| {
            let (round, tally) = board.results.get(&step.id)?.last_revealed()?;
            (!round.statements.is_empty() && round.items.iter().all(|item| item.as_statement().is_some()))
                .then_some((round, tally))
        });
    let Some((round, tally)) = step else { return Vec::new() };
    let counts = |counts: &Option<Counts>| match counts {
        Some(Counts::Scale(scale)) => Some(scale.clone()),
        _ => None,
    };
    round.statements.iter().cloned().zip(tally.items.iter().map(|item| counts(&item.counts))).collect()
}

impl Shares {
    /// The three figures then and now: projects, cost, people.
    #[must_use]
    pub fn in_order(&self) -> [(&Share, &Share); 3] {
        [
            (&self.then.projects, &self.now.projects),
            (&self.then.cost, &self.now.cost),
            (&self.then.people, &self.now.people),
        ]
    }
}
