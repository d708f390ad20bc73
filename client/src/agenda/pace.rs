//! How the session keeps its time: what is left, when it will end at this pace, and what to cut to keep to the plan.
//!
//! All of it is counted on the server's clock, in milliseconds since 1970, and none of it does anything by itself.

use plumbline_shared::{
    agenda::minutes_in_two,
    board::{SessionInfo, Step},
    words::{StepKind, StepState},
};

/// What one contested project takes when it is discussed, in minutes: fifteen minutes are five of them.
const DISCUSSION: u32 = 3;
/// What one decision takes that is settled one by one, in minutes.
const DECISION: u32 = 2;
/// Lateness about which nothing needs to be done, in seconds: less than one discussion.
const SLACK: i64 = 150;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// How the session stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Seconds that the current step has left, of a ballot those for answering until its tally is shown; less than
    /// nothing when they are over. None where it has no deadline.
    pub(crate) left: Option<i64>,
    /// Seconds by which the session is late; less than nothing where it is early.
    pub(crate) late: i64,
    /// When it ends at this pace.
    pub(crate) ends: u64,
}

impl Pace {
    /// How a session stands at `now`; none where it has no agenda, or has ended.
    pub(crate) fn of(session: &SessionInfo, agenda: &[Step], now: u64) -> Option<Self> {
        let at = agenda.iter().position(|step| Some(step.id) == session.step)?;
        if session.closed {
            return None;
        }
        let planned = u64::from(agenda[at].minutes) * MINUTE;
        let plan = session.entered.map(|entered| entered + planned);
        // Where somebody has taken the deadline away, the plan still says how long the step was meant to take; and
        // where nobody has begun, that it has all of its time.
        let after = after(session, &agenda[at]);
        let until = session.deadline.or(plan).unwrap_or(now + planned).max(now + after);
        let ahead: u64 = agenda[at + 1..].iter().map(|step| u64::from(step.minutes) * MINUTE).sum();
        // A deadline that was put off is late already, although it has not come.
        let meant = plan.or(session.deadline).unwrap_or(until);
        Some(Self {
            left: session.deadline.map(|deadline| seconds_to(deadline.saturating_sub(after), now)),
            late: session.late + (until as i64 - meant as i64) / SECOND as i64,
            ends: until + ahead,
        })
    }

    /// How many seconds from now the current step has when it is given `more`: on top of what it has left, or from now
    /// on where nothing is left.
    pub(crate) fn extended(session: &SessionInfo, agenda: &[Step], now: u64, more: u64) -> Option<u32> {
        let step = agenda.iter().find(|step| Some(step.id) == session.step);
        let after = step.map_or(0, |step| after(session, step));
        let until = session.deadline.unwrap_or(now).max(now + after);
        u32::try_from((until - now) / SECOND + more).ok()
    }

    /// Whether it is so late that something should be cut.
    pub(crate) fn is_late(&self) -> bool {
        self.late >= SLACK
    }

    /// By how many minutes it is late, rounded; 0 where it is early.
    pub(crate) fn minutes_late(&self) -> u32 {
        ((self.late.max(0) + 30) / 60) as u32
    }
}

/// What of a step is kept for looking at what was revealed, as long as it is not.
fn after(session: &SessionInfo, step: &Step) -> u64 {
    let revealed = session.step_state == Some(StepState::Revealed);
    let (_, after) = minutes_in_two(step.minutes, &step.options);
    if revealed { 0 } else { u64::from(after) * MINUTE }
}

/// From `now` to `then` in seconds, begun ones counted while they last: 0 is the last second of a deadline.
fn seconds_to(then: u64, now: u64) -> i64 {
    if then >= now {
        then.saturating_sub(now).div_ceil(SECOND) as i64
    } else {
        -(((now - then) / SECOND) as i64)
    }
}

/// Something that can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// So many contested projects are discussed, not so many.
    Discuss(u32, u32),
    /// So many decisions are settled one by one, not so many; the others are left open.
    Decide(u32, u32),
    /// The time of this step is used up: what is left of it stays as it is.
    GoOn,
    /// So many minutes cannot be made up for.
    EndLater(u32),
}

/// What to cut so that a session that stands like this ends as planned, what hurts least first. `contested` projects
/// wait for their discussion (none: that is not known before the sort is revealed), `undecided` ones for a verdict.
/// Nothing where there is no need.
pub(crate) fn cuts(
    session: &SessionInfo,
    agenda: &[Step],
    pace: &Pace,
    mut contested: Option<u32>,
    undecided: u32,
) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let at = agenda.iter().position(|step| Some(step.id) == session.step);
    let (Some(at), true) = (at, pace.is_late()) else { return cuts };
    let mut over = pace.minutes_late();
    for (place, step) in agenda.iter().enumerate().skip(at) {
        let left = match pace.left {
            Some(left) if place == at => (left.max(0) / 60) as u32,
            _ => step.minutes,
        };
        let (each, waiting) = match step.kind {
            // What is contested is discussed in the first step in which it can be.
            StepKind::Board => (DISCUSSION, contested.replace(0).unwrap_or(u32::MAX)),
            StepKind::Decide => (DECISION, undecided),
            _ => continue,
        };
        if waiting == 0 {
            continue;
        }
        if place == at && left < each {
            cuts.push(Cut::GoOn);
            continue;
        }
        let planned = waiting.min(rounded(left, each));
        // Time that nothing is waiting for is there to be used up.
        over = over.saturating_sub(left.saturating_sub(planned * each));
        // The work of a step is never cut to nothing: then it would be better left out of the agenda.
        let kept = rounded((planned * each).saturating_sub(over), each).clamp(planned.min(1), planned);
        if kept < planned {
            let cut = if each == DISCUSSION { Cut::Discuss } else { Cut::Decide };
            cuts.push(cut(kept, planned));
            over = over.saturating_sub((planned - kept) * each);
        }
        if over < each {
            return cuts;
        }
    }
    if over > 0 {
        cuts.push(Cut::EndLater(over));
    }
    cuts
}

fn rounded(minutes: u32, each: u32) -> u32 {
    (minutes + each / 2) / each
}

#[cfg(test)]
mod tests {
    use plumbline_shared::{ids::StepId, words::StepKind::*};
    use uuid::Uuid;

    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn id(number: usize) -> StepId {
        StepId(Uuid::from_u128(number as u128 + 1))
    }

    /// The ninety minutes of the design, without their reserve.
    fn agenda() -> Vec<Step> {
        let steps = [
            (Gather, 8),
            (Ballot, 14),
            (Ballot, 5),
            (Board, 15),
            (Ballot, 8),
            (Ballot, 4),
            (Decide, 22),
            (Commit, 8),
            (Close, 2),
        ];
        let step = |(number, (kind, minutes)): (usize, &(StepKind, u32))| Step {
            id: id(number),
            kind: *kind,
            title: String::new(),
            question: None,
            minutes: *minutes,
            options: Vec::new(),
            order: String::new(),
        };
        steps.iter().enumerate().map(step).collect()
    }

    /// At that step, with so many seconds of it left, and so many late before it.
    fn at(number: usize, left: i64, late: i64) -> SessionInfo {
        let deadline = NOW.saturating_add_signed(left * 1_000);
        SessionInfo { step: Some(id(number)), deadline: Some(deadline), late, ..SessionInfo::default() }
    }

    fn pace(session: &SessionInfo) -> Pace {
        Pace::of(session, &agenda(), NOW).unwrap()
    }

    fn cut(session: &SessionInfo, contested: u32, undecided: u32) -> Vec<Cut> {
        cuts(session, &agenda(), &pace(session), Some(contested), undecided)
    }

    #[test]
    fn the_end_is_what_is_left_of_this_step_and_all_that_follows() {
        let on_time = pace(&at(3, 10 * 60, 0));
        assert_eq!(on_time, Pace { left: Some(600), late: 0, ends: NOW + (10 + 44) * MINUTE });
        let over = pace(&at(3, -120, 60));
        assert_eq!(over, Pace { left: Some(-120), late: 180, ends: NOW + 44 * MINUTE });
        let early = pace(&at(0, 30, -300));
        assert_eq!((early.late, early.minutes_late(), early.is_late()), (-300, 0, false));
        // Entered twelve minutes ago for fifteen, and given five more.
        let extended = SessionInfo { entered: Some(NOW - 12 * MINUTE), ..at(3, 8 * 60, 0) };
        assert_eq!(pace(&extended), Pace { left: Some(480), late: 300, ends: NOW + (8 + 44) * MINUTE });
    }

    #[test]
    fn a_ballot_keeps_minutes_for_what_it_comes_to() {
        let mut agenda = agenda();
        agenda[1].options = vec![("reveal".to_owned(), "5".to_owned())];
        let open = SessionInfo { step_state: Some(StepState::Open), ..at(1, 7 * 60, 0) };
        let pace = Pace::of(&open, &agenda, NOW).unwrap();
        assert_eq!((pace.left, pace.late), (Some(120), 0));
        // Nobody seals: what is kept is still kept, and the session gets late.
        let slow = SessionInfo { step_state: Some(StepState::Open), ..at(1, 2 * 60, 0) };
        let pace = Pace::of(&slow, &agenda, NOW).unwrap();
        assert_eq!((pace.left, pace.late, pace.ends), (Some(-180), 180, NOW + (5 + 64) * MINUTE));
        assert_eq!(
            Pace::extended(&slow, &agenda, NOW, 120),
            Some(7 * 60),
            "two minutes to answer, five to look"
        );
        let revealed = SessionInfo { step_state: Some(StepState::Revealed), ..open };
        assert_eq!(Pace::of(&revealed, &agenda, NOW).unwrap().left, Some(7 * 60));
        assert_eq!(Pace::extended(&revealed, &agenda, NOW, 120), Some(9 * 60));
        let over = at(3, -300, 0);
        assert_eq!(Pace::extended(&over, &agenda, NOW, 120), Some(120));
    }

    #[test]
    fn without_a_deadline_the_plan_says_how_long_the_step_was_meant_to_take() {
        let begun =
            SessionInfo { step: Some(id(0)), entered: Some(NOW - 10 * MINUTE), ..SessionInfo::default() };
        assert_eq!(pace(&begun), Pace { left: None, late: 120, ends: NOW + 78 * MINUTE });
        let fresh = SessionInfo { step: Some(id(0)), ..SessionInfo::default() };
        assert_eq!(pace(&fresh), Pace { left: None, late: 0, ends: NOW + 86 * MINUTE });
        let closed = SessionInfo { closed: true, ..fresh.clone() };
        assert_eq!(Pace::of(&closed, &agenda(), NOW), None);
        assert_eq!(Pace::of(&fresh, &[], NOW), None);
    }

    #[test]
    fn a_second_that_has_begun_is_still_there_and_one_that_is_over_is_counted_when_it_is_full() {
        assert_eq!(seconds_to(NOW + 1, NOW), 1);
        assert_eq!(seconds_to(NOW, NOW), 0);
        assert_eq!(seconds_to(NOW, NOW + 999), 0);
        assert_eq!(seconds_to(NOW, NOW + 2_000), -2);
    }

    #[test]
    fn seven_minutes_late_discuss_three_and_not_five() {
        assert_eq!(cut(&at(2, 60, 7 * 60), 9, 63), [Cut::Discuss(3, 5)]);
        // The discussion has begun: what is left of it counts.
        assert_eq!(cut(&at(3, 9 * 60, 5 * 60), 4, 63), [Cut::Discuss(1, 3)]);
        // Before the sort is revealed nobody knows how many there are; there is time for five.
        let early = at(1, 60, 7 * 60);
        assert_eq!(cuts(&early, &agenda(), &pace(&early), None, 63), [Cut::Discuss(3, 5)]);
    }

    #[test]
    fn nothing_is_cut_where_there_is_no_need() {
        assert_eq!(cut(&at(2, 60, 120), 9, 63), []);
        assert_eq!(cut(&at(2, 60, -600), 9, 63), []);
        // There is time to discuss five, and two are contested.
        assert_eq!(cut(&at(2, 60, 7 * 60), 2, 63), []);
    }

    #[test]
    fn what_the_discussion_cannot_give_the_decisions_do_and_what_nobody_can_is_said() {
        assert_eq!(cut(&at(2, 60, 20 * 60), 9, 63), [Cut::Discuss(1, 5), Cut::Decide(7, 11)]);
        assert_eq!(cut(&at(6, 22 * 60, 10 * 60), 0, 63), [Cut::Decide(6, 11)]);
        assert_eq!(cut(&at(7, 60, 10 * 60), 0, 0), [Cut::EndLater(10)]);
        assert_eq!(
            cut(&at(2, 60, 60 * 60), 9, 63),
            [Cut::Discuss(1, 5), Cut::Decide(1, 11), Cut::EndLater(28)]
        );
    }

    #[test]
    fn a_step_that_is_over_is_left() {
        assert_eq!(cut(&at(3, -7 * 60, 0), 3, 63), [Cut::GoOn, Cut::Decide(8, 11)]);
        assert_eq!(cut(&at(3, -7 * 60, 0), 0, 0), [Cut::EndLater(7)]);
    }
}
