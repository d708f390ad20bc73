//! What the console's one button does: always the right thing.

use std::collections::BTreeMap;

use plumbline_shared::{
    board::{SessionInfo, Step},
    ids::StepId,
    messages::{Command, Seen},
    results::StepResults,
    words::{Beat, Question, StepState},
};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The first step begins: it has so many minutes. A session is made days ahead, and its clock stands until then.
    Begin(u32),
    /// The ballot of this step is opened.
    Open,
    /// No more answers are taken.
    Seal,
    /// The tally is shown.
    Reveal,
    /// Of what was revealed, this is shown to everybody next.
    Show(Beat),
    /// On to another step.
    GoTo(StepId),
    /// The session ends.
    Close,
    /// The session has ended.
    Nothing,
}

impl Next {
    /// What comes next in a session that stands as it does. A ballot that is left unopened is not skipped by this:
    /// skipping is said by going to another step.
    pub(crate) fn of(
        session: &SessionInfo,
        agenda: &[Step],
        results: &BTreeMap<StepId, StepResults>,
    ) -> Self {
        if session.closed {
            return Self::Nothing;
        }
        let at = agenda.iter().position(|step| Some(step.id) == session.step);
        match session.step_state {
            Some(StepState::Ready) => return Self::Open,
            Some(StepState::Open) if asks(session, results) => return Self::Seal,
            Some(StepState::Sealed) => return Self::Reveal,
            Some(StepState::Revealed) if at.is_some_and(|at| sorts(&agenda[at])) => {
                if let Some(beat) = beat_after(session.beat) {
                    return Self::Show(beat);
                }
            }
            _ => {}
        }
        let minutes = agenda.first().map_or(0, |step| step.minutes);
        if at == Some(0) && minutes > 0 && session.entered.is_none() && session.deadline.is_none() {
            return Self::Begin(minutes);
        }
        // A step that is gone from the agenda is behind us, wherever it stood: it goes on from the beginning.
        match agenda.get(at.map_or(0, |at| at + 1)) {
            Some(step) => Self::GoTo(step.id),
            None => Self::Close,
        }
    }

    /// The command that does it.
    pub(crate) fn command(self, seen: Seen) -> Option<Command> {
        Some(match self {
            Self::Begin(minutes) => Command::Timer { seen, seconds: minutes * 60 },
            Self::Open => Command::Open { seen },
            Self::Seal => Command::Seal { seen },
            Self::Reveal => Command::Reveal { seen },
            Self::Show(beat) => Command::Show { seen, beat },
            Self::GoTo(step) => Command::GoTo { seen, step },
            Self::Close => Command::Close { seen },
            Self::Nothing => return None,
        })
    }
}

/// Whether what the step came to is told in beats: the shape, what is agreed, where it splits.
fn sorts(step: &Step) -> bool {
    step.question == Some(Question::Placement)
}

fn beat_after(beat: Option<Beat>) -> Option<Beat> {
    match beat.unwrap_or(Beat::Shape) {
        Beat::Shape => Some(Beat::Agreed),
        Beat::Agreed => Some(Beat::Splits),
        Beat::Splits | Beat::Beside => None,
    }
}

/// Whether answers are being taken: the round stands in the results as soon as it is open, and its tally once it is
/// revealed.
fn asks(session: &SessionInfo, results: &BTreeMap<StepId, StepResults>) -> bool {
    let results = session.step.and_then(|step| results.get(&step));
    results.and_then(|results| results.rounds.get(&session.round)).is_some_and(|round| round.tally.is_none())
}

/// Whether so few are done that sealing now is asked about once more: fewer than three quarters of those who are here,
/// as far as that is told. Nobody is asked where everybody is done.
pub(crate) fn are_few(done: u32, of: u32) -> bool {
    done < of && u64::from(done) * 4 < u64::from(of) * 3
}

#[cfg(test)]
mod tests {
    use plumbline_shared::{
        results::{Round, Tally},
        words::StepKind::{self, *},
    };
    use uuid::Uuid;

    use super::*;

    fn id(number: usize) -> StepId {
        StepId(Uuid::from_u128(number as u128 + 1))
    }

    fn agenda(kinds: &[StepKind]) -> Vec<Step> {
        let step = |(number, kind): (usize, &StepKind)| Step {
            id: id(number),
            kind: *kind,
            title: String::new(),
            question: None,
            minutes: 10,
            options: Vec::new(),
            order: String::new(),
        };
        kinds.iter().enumerate().map(step).collect()
    }

    fn at(number: usize, state: StepState) -> SessionInfo {
        let entered = Some(1_800_000_000_000);
        SessionInfo {
            step: Some(id(number)),
            round: 1,
            step_state: Some(state),
            entered,
            ..SessionInfo::default()
        }
    }

    /// What stands in the results of a step whose first round is open, or was revealed.
    fn asked(number: usize, revealed: bool) -> BTreeMap<StepId, StepResults> {
        let round = Round {
            question: Question::Scale,
            prompt: String::new(),
            budget: 0,
            cap: 0,
            lowest: 0,
            pillars: Vec::new(),
            statements: Vec::new(),
            words: Vec::new(),
            items: Vec::new(),
            tally: revealed.then(Tally::default),
        };
        BTreeMap::from([(
            id(number),
            StepResults { rounds: BTreeMap::from([(1, round)]), ..StepResults::default() },
        )])
    }

    fn next(session: &SessionInfo, agenda: &[Step]) -> Next {
        Next::of(session, agenda, &BTreeMap::new())
    }

    #[test]
    fn a_ballot_is_opened_sealed_revealed_and_left() {
        let agenda = agenda(&[Gather, Ballot, Board]);
        let nothing = BTreeMap::new();
        let walk = [
            (at(0, StepState::Open), &nothing, Next::GoTo(id(1))),
            (at(1, StepState::Ready), &nothing, Next::Open),
            (at(1, StepState::Open), &asked(1, false), Next::Seal),
            (at(1, StepState::Sealed), &asked(1, false), Next::Reveal),
            (at(1, StepState::Revealed), &asked(1, true), Next::GoTo(id(2))),
            (SessionInfo { round: 2, ..at(1, StepState::Ready) }, &asked(1, true), Next::Open),
            (at(2, StepState::Open), &asked(1, true), Next::Close),
        ];
        for (session, results, wanted) in walk {
            assert_eq!(Next::of(&session, &agenda, results), wanted, "{session:?}");
        }
    }

    #[test]
    fn a_sort_is_told_in_three_beats_before_it_is_left() {
        let mut agenda = agenda(&[Ballot, Board]);
        agenda[0].question = Some(Question::Placement);
        let beats = [
            (None, Next::Show(Beat::Agreed)),
            (Some(Beat::Shape), Next::Show(Beat::Agreed)),
            (Some(Beat::Agreed), Next::Show(Beat::Splits)),
            (Some(Beat::Splits), Next::GoTo(id(1))),
            (Some(Beat::Beside), Next::GoTo(id(1))),
        ];
        for (beat, wanted) in beats {
            let session = SessionInfo { beat, ..at(0, StepState::Revealed) };
            assert_eq!(Next::of(&session, &agenda, &asked(0, true)), wanted);
            let hobby = Step { question: Some(Question::Hobby), ..agenda[0].clone() };
            assert_eq!(next(&session, &[hobby, agenda[1].clone()]), Next::GoTo(id(1)));
        }
    }

    #[test]
    fn a_step_that_asks_beside_its_work_is_sealed_before_it_is_left() {
        let agenda = agenda(&[Commit, Close]);
        let session = at(0, StepState::Open);
        assert_eq!(next(&session, &agenda), Next::GoTo(id(1)));
        assert_eq!(Next::of(&session, &agenda, &asked(0, false)), Next::Seal);
    }

    #[test]
    fn the_first_step_is_begun_once() {
        let agenda = agenda(&[Gather, Board]);
        let fresh = SessionInfo { entered: None, ..at(0, StepState::Open) };
        assert_eq!(next(&fresh, &agenda), Next::Begin(10));
        let seen = Seen { step: id(0), round: 1 };
        assert_eq!(Next::Begin(10).command(seen.clone()), Some(Command::Timer { seen, seconds: 600 }));
        let begun = SessionInfo { deadline: Some(1), ..fresh.clone() };
        assert_eq!(next(&begun, &agenda), Next::GoTo(id(1)));
        let mut untimed = agenda.clone();
        untimed[0].minutes = 0;
        assert_eq!(next(&fresh, &untimed), Next::GoTo(id(1)));
    }

    #[test]
    fn a_closed_session_has_nothing_next_and_a_step_that_is_gone_begins_anew() {
        let agenda = agenda(&[Gather, Board]);
        let closed = SessionInfo { closed: true, ..at(1, StepState::Open) };
        assert_eq!(next(&closed, &agenda), Next::Nothing);
        assert_eq!(Next::Nothing.command(Seen { step: id(0), round: 1 }), None);
        assert_eq!(next(&at(9, StepState::Open), &agenda), Next::GoTo(id(0)));
        assert_eq!(next(&at(9, StepState::Open), &[]), Next::Close);
    }

    #[test]
    fn sealing_is_asked_about_once_more_while_few_are_done() {
        assert!(are_few(0, 3) && are_few(6, 12) && are_few(4, 8));
        assert!(!are_few(9, 12) && !are_few(12, 12) && !are_few(0, 0));
    }
}
