//! A simulated facilitator: presses the one button that is right, decides what is left over, and closes.

use std::time::Duration;

use anyhow::bail;
use plumbline_shared::{
    board::{Board, Pile},
    ids::ProjectId,
    messages::{Command, Seen},
    methods,
    results::Counts,
    words::{Beat, Claim, Question, StepKind, StepState, Verdict},
};

use super::{
    finished::Finished,
    line::{Answered, Cut, Line},
};

/// How a session went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The steps, by title, in the order in which they were taken.
    pub steps: Vec<String>,
    /// How many rounds were revealed.
    pub revealed: usize,
    /// How many projects had a verdict at the close.
    pub decided: usize,
}

/// Drives a session.
pub(super) struct Facilitator {
    people: usize,
    dwell: Duration,
    finished: Finished,
    course: Course,
}

impl Facilitator {
    pub(super) fn new(people: usize, dwell: Duration, finished: Finished) -> Self {
        Self { people, dwell, finished, course: Course::default() }
    }

    /// Goes through the agenda, from where it stands to the close. Comes back when the connection breaks, and goes on from what
    /// the board says then: what was pressed twice is done once.
    pub(super) async fn drive(mut self, mut line: Line) -> anyhow::Result<Course> {
        loop {
            match self.go_on(&mut line).await {
                Err(error) if matches!(error.downcast_ref(), Some(Cut::Broken)) => line.reopen().await?,
                ended => return ended.map(|()| self.course),
            }
        }
    }

    async fn go_on(&mut self, line: &mut Line) -> anyhow::Result<()> {
        loop {
            let board = line.board();
            if board.session.closed {
                return Ok(());
            }
            let (Some(step), Some(seen)) = (board.step().cloned(), line.seen()) else {
                bail!("the session has no agenda to go through");
            };
            if self.course.steps.last() != Some(&step.title) {
                self.course.steps.push(step.title.clone());
            }
            let asks = matches!(step.kind, StepKind::Ballot | StepKind::Commit) && step.question.is_some();
            if asks && board.session.step_state != Some(StepState::Revealed) {
                if !self.ask(line, &seen).await? {
                    // There is nothing to ask about: on.
                    if !self.next(line, &board, &seen).await? {
                        return Ok(());
                    }
                }
                continue;
            }
            match step.kind {
                StepKind::Board => {
                    line.give(Command::PlaceAgreed { seen: seen.clone(), undo: false }).await?;
                    self.rest(line).await?;
                    self.place_the_rest(line).await?;
                }
                StepKind::Commit if board.session.step_state == Some(StepState::Revealed) => {
                    self.wait_for_signatures(line, &seen).await?;
                }
                StepKind::Decide => {
                    line.give(Command::DecideAgreed { seen: seen.clone(), undo: false }).await?;
                    self.decide_the_rest(line).await?;
                }
                _ => {}
            }
            self.rest(line).await?;
            if !self.next(line, &board, &seen).await? {
                return Ok(());
            }
        }
    }

    /// Opens the round, waits until everybody has finished, seals and reveals. False where there is nothing to ask about.
    async fn ask(&mut self, line: &mut Line, seen: &Seen) -> anyhow::Result<bool> {
        if let Answered::Denied(code) = line.give(Command::Open { seen: seen.clone() }).await? {
            match code.as_str() {
                "nothing_to_ask" | "no_ballot" => return Ok(false),
                // Sealed before the connection broke.
                "not_ready" => {}
                // Whoever watches has gone on in the meantime.
                "stale" | "closed" => {
                    self.rest(line).await?;
                    return Ok(true);
                }
                _ => bail!("the round cannot be opened: {code}"),
            }
        }
        while self.finished.of(seen.step, seen.round) < self.people && !has_gone_on(line, seen) {
            let finished = self.finished.clone();
            tokio::select! {
                heard = line.hear() => heard?,
                () = finished.changed() => {}
            }
        }
        // Whoever is here in person may still be at it.
        self.rest(line).await?;
        line.give(Command::Seal { seen: seen.clone() }).await?;
        self.rest(line).await?;
        line.give(Command::Reveal { seen: seen.clone() }).await?;
        self.course.revealed += 1;
        self.rest(line).await?;
        let board = line.board();
        if board.step().and_then(|step| step.question) == Some(Question::Placement) {
            for beat in [Beat::Agreed, Beat::Splits] {
                line.give(Command::Show { seen: seen.clone(), beat }).await?;
                self.rest(line).await?;
            }
        }
        self.check_claims(line).await
    }

    /// Waits until everybody has signed, unless somebody else goes on.
    async fn wait_for_signatures(&mut self, line: &mut Line, seen: &Seen) -> anyhow::Result<()> {
        let goes_on = |line: &Line| {
            let session = line.board().session;
            session.closed || session.step != Some(seen.step)
        };
        while self.finished.signed(seen.step) < self.people && !goes_on(line) {
            let finished = self.finished.clone();
            tokio::select! {
                heard = line.hear() => heard?,
                () = finished.changed() => {}
            }
        }
        Ok(())
    }

    /// Looks up what was claimed and has to be checked before it decides. Of three claims that name their source, one does
    /// not stand.
    async fn check_claims(&mut self, line: &mut Line) -> anyhow::Result<bool> {
        let board = line.board();
        let Some((step, round, tally)) = board.last_round(Question::Hobby) else { return Ok(true) };
        if board.session.step != Some(step) {
            return Ok(true);
        }
        let mut found = 0_u32;
        for (item, tally) in round.items.iter().zip(&tally.items) {
            let Some(Counts::Hobby(counts, _)) = &tally.counts else { continue };
            for (claim, times) in [(Claim::Revenue, counts.revenue), (Claim::Required, counts.required)] {
                if times == 0 {
                    continue;
                }
                found += 1;
                let stands = Some(!found.is_multiple_of(3));
                line.give(Command::Check { step, item: item.clone(), claim, stands }).await?;
            }
        }
        self.rest(line).await?;
        Ok(true)
    }

    /// On to the next step, or to the close. False once it is closed.
    async fn next(&mut self, line: &mut Line, board: &Board, seen: &Seen) -> anyhow::Result<bool> {
        let at = board.agenda.iter().position(|step| step.id == seen.step);
        match at.and_then(|at| board.agenda.get(at + 1)) {
            Some(step) => {
                line.give(Command::GoTo { seen: seen.clone(), step: step.id }).await?;
                while line.board().session.step == Some(seen.step) && !line.board().session.closed {
                    line.hear().await?;
                }
                Ok(true)
            }
            None => {
                let decided =
                    line.board().decisions.values().filter(|decision| decision.verdict.is_some()).count();
                self.course.decided = decided;
                let closed = line.give(Command::Close { seen: seen.clone() }).await?;
                // Whoever watches may have gone back.
                Ok(closed != Answered::Done)
            }
        }
    }

    /// Puts what nobody has placed where most of the room has put it.
    async fn place_the_rest(&mut self, line: &mut Line) -> anyhow::Result<()> {
        let board = line.board();
        let Some((_, round, tally)) = board.last_round(Question::Placement) else { return Ok(()) };
        for (item, tally) in round.items.iter().zip(&tally.items) {
            let Some(project) = item.as_project().filter(|id| board.pile(*id) == Pile::Unsorted) else {
                continue;
            };
            let pile = match &tally.counts {
                Some(Counts::Placement(piles)) => match methods::modal_piles(piles).first() {
                    Some(methods::PileChoice::Pillar(pillar)) => pillar.to_string(),
                    _ => plumbline_shared::words::OFF.to_owned(),
                },
                _ => continue,
            };
            let order = plumbline_shared::order::between(None, None);
            let value: Vec<yrs::Any> = vec![pile.as_str().into(), order.as_str().into()];
            line.write("placements", &[&project.to_string()], value.into()).await?;
        }
        Ok(())
    }

    /// Decides what is not decided: as the room has in private, else by where it stands; with what each verdict needs.
    async fn decide_the_rest(&mut self, line: &mut Line) -> anyhow::Result<()> {
        let board = line.board();
        let room = |project: ProjectId| {
            let (_, round, _) = board.last_round(Question::Verdict)?;
            match round.of(&plumbline_shared::answer::Item::project(project))?.counts.as_ref()? {
                Counts::Verdict(counts) => methods::room_verdict(counts),
                _ => None,
            }
        };
        for (id, project) in &board.projects {
            if board.decisions.get(id).is_some_and(|decision| decision.verdict.is_some()) {
                continue;
            }
            let verdict = room(*id).unwrap_or(match board.pile(*id) {
                Pile::Off => Verdict::Open,
                _ => Verdict::Move,
            });
            let owner = if project.owner.is_empty() { &project.sponsor } else { &project.owner };
            let mut fields = vec![("verdict", verdict.as_str().to_owned()), ("owner", owner.clone())];
            match verdict {
                Verdict::Move => fields.extend([
                    ("measure", "What the pillar's measure gains by it, reported each quarter.".to_owned()),
                    ("obstacles", "The people who are promised elsewhere as well.".to_owned()),
                ]),
                Verdict::Wait => fields.extend([
                    ("trigger", "When what moves has the people that it needs.".to_owned()),
                    ("expires", days(90)),
                ]),
                Verdict::Stop => fields.extend([
                    ("kind", plumbline_shared::words::StopKind::End.as_str().to_owned()),
                    ("ends", days(60)),
                    ("first_step", "Tell the team, in person, this week.".to_owned()),
                    ("first_step_due", days(5)),
                    ("frees", "Its people, for the moves that lack some.".to_owned()),
                ]),
                Verdict::Open => {
                    fields.extend([("decided_by", board.session.decider.clone()), ("decide_by", days(30))])
                }
            }
            for (field, value) in fields {
                if !value.is_empty() {
                    line.write("decisions", &[&id.to_string(), field], value.as_str().into()).await?;
                }
            }
        }
        Ok(())
    }

    /// Leaves what is to be seen on the wall for a while, and hears meanwhile what comes.
    async fn rest(&mut self, line: &mut Line) -> anyhow::Result<()> {
        line.listen(tokio::time::Instant::now() + self.dwell).await
    }
}

/// Whether somebody else has sealed the round, or gone to another step.
fn has_gone_on(line: &Line, seen: &Seen) -> bool {
    let session = line.board().session;
    let elsewhere = (session.step, session.round) != (Some(seen.step), seen.round);
    elsewhere || matches!(session.step_state, Some(StepState::Sealed | StepState::Revealed)) || session.closed
}

/// The calendar day in so many days.
fn days(days: i64) -> String {
    let today = jiff::Zoned::now().date();
    today.checked_add(jiff::Span::new().days(days)).unwrap_or(today).to_string()
}
