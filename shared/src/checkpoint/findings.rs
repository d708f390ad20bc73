//! What a checkpoint shows: what has become of what was decided, as the board and the day have it.

use super::{Again, again};
use crate::{board::Board, day::Day, ids::ProjectId, sorted::sort, words::Verdict};

/// Where a stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopState {
    /// It stands in the portfolio though its day is past, or the log says that it has ended.
    StillRuns,
    /// It stands in the portfolio, and nobody has said until when it may.
    NoDay,
    /// It stands in the portfolio, and its day is to come: the question is its first step.
    WindingDown,
    /// It does not stand in the portfolio any more.
    Stopped,
}

/// Somebody else answers for a project than did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerChange {
    /// Which.
    pub project: ProjectId,
    /// Who did.
    pub before: String,
    /// Who does.
    pub now: String,
}

/// What a checkpoint shows. Each list is in the order of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Whether the portfolio was imported anew: without that, only what the decisions themselves say is known.
    pub imported: bool,
    /// Every earlier stop; none are told of before the import.
    pub stops: Vec<(ProjectId, StopState)>,
    /// What waits past its expiry: it becomes a stop, to be confirmed.
    pub expired: Vec<ProjectId>,
    /// What is in the portfolio and was never decided.
    pub never_decided: Vec<ProjectId>,
    /// Whose owner or sponsor is another one.
    pub owners: Vec<OwnerChange>,
    /// Moves without a measure.
    pub unmeasured: Vec<ProjectId>,
    /// What has been decided in two sessions or more, and in how many.
    pub churn: Vec<(ProjectId, u32)>,
    /// What was to go on, and is not in the portfolio any more though nobody has stopped it.
    pub vanished: Vec<ProjectId>,
    /// What goes by another name.
    pub renamed: Vec<ProjectId>,
}

impl Findings {
    /// The stops that are where `state` says.
    pub fn stops_that(&self, state: StopState) -> impl Iterator<Item = ProjectId> + '_ {
        self.stops.iter().filter(move |(_, is)| *is == state).map(|(project, _)| *project)
    }

    /// How many stops are where `state` says.
    #[must_use]
    pub fn count_stops(&self, state: StopState) -> u32 {
        u32::try_from(self.stops_that(state).count()).unwrap_or(u32::MAX)
    }
}

/// Where a stop is, by whether it was found in the portfolio, whether it is said to have ended, and by its day: the day
/// itself is still its time.
fn stop_state(found: bool, ended: bool, ends: Option<Day>, today: Day) -> StopState {
    match ends {
        _ if !found => StopState::Stopped,
        _ if ended => StopState::StillRuns,
        None => StopState::NoDay,
        Some(ends) if ends < today => StopState::StillRuns,
        Some(_) => StopState::WindingDown,
    }
}

/// Whether two names are of two people: both are said, and differ beyond case and blanks.
fn differ(before: &str, now: &str) -> bool {
    let bare = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (before, now) = (bare(before), bare(now));
    !before.is_empty() && !now.is_empty() && before != now
}

/// What the board of a checkpoint shows on a day; none where it is the board of no checkpoint.
#[must_use]
pub fn findings(board: &Board, today: Day) -> Option<Findings> {
    let session = board.session.earlier.as_ref()?;
    let mut found = Findings { imported: session.imported_at.is_some(), ..Findings::default() };
    let mut projects: Vec<_> = board.projects.iter().collect();
    let name = |id: &ProjectId| board.projects.get(id).map(|project| project.name.to_lowercase());
    sort(&mut projects, |(a, _), (b, _)| (name(a), a).cmp(&(name(b), b)));
    for (id, project) in projects {
        let earlier = board.earlier.get(id);
        let decision = board.decisions.get(id);
        let again = again(earlier, decision);
        let Some(earlier) = earlier else {
            if found.imported && again == Again::Undecided {
                found.never_decided.push(*id);
            }
            continue;
        };
        let runs = earlier.found.is_some();
        if found.imported {
            match earlier.verdict {
                Some(Verdict::Stop) => {
                    let ends = Day::parse(earlier.field("ends"));
                    found.stops.push((*id, stop_state(runs, !earlier.done("ends").is_empty(), ends, today)));
                }
                None if runs && again == Again::Undecided => found.never_decided.push(*id),
                Some(_) if !runs => found.vanished.push(*id),
                Some(_) | None => {}
            }
            if runs {
                let owner = [(&earlier.run_by, &project.owner), (&earlier.sponsor, &project.sponsor)]
                    .into_iter()
                    .find(|(before, now)| differ(before, now));
                found.owners.extend(owner.map(|(before, now)| OwnerChange {
                    project: *id,
                    before: before.clone(),
                    now: now.clone(),
                }));
                if earlier.name != project.name {
                    found.renamed.push(*id);
                }
            }
        }
        if earlier.verdict == Some(Verdict::Wait)
            && Day::parse(earlier.field("expires")).is_some_and(|expires| expires < today)
        {
            found.expired.push(*id);
        }
        // What was put right in this session is not found any more.
        let moves = decision.filter(|decision| decision.verdict == Some(Verdict::Move));
        let measured = |decision: &crate::board::Decision| {
            decision.more.get("measure").is_some_and(|measure| !measure.trim().is_empty())
        };
        if earlier.verdict == Some(Verdict::Move) && moves.is_some_and(|decision| !measured(decision)) {
            found.unmeasured.push(*id);
        }
        let times = earlier.times + u32::from(matches!(again, Again::Changed | Again::TakenBack));
        if times >= 2 {
            found.churn.push((*id, times));
        }
    }
    Some(found)
}
