//! One simulated person's part: they do in each step what it asks for, in their own time.

use std::{collections::BTreeSet, time::Duration};

use plumbline_shared::{
    answer::{Answer, Item, Source},
    ids::{ProjectId, StepId},
    messages::Command,
    order,
    words::{Claim, OFF, Question, Stance, StepKind, StepState},
};

use super::{
    finished::Finished,
    line::{Answered, Cut, Line},
    opinion::{Choice, Persona, Temper, mixed},
};

/// Somebody in a session.
pub(super) struct Part {
    persona: Persona,
    pace: Duration,
    chance: u64,
    /// The steps in which they have done what they do once.
    did: BTreeSet<StepId>,
    /// The rounds that they have finished.
    noted: BTreeSet<(StepId, u32)>,
    finished: Finished,
}

impl Part {
    pub(super) fn new(persona: Persona, pace: Duration, seed: u64, finished: Finished) -> Self {
        Self { persona, pace, chance: mixed(seed), did: BTreeSet::new(), noted: BTreeSet::new(), finished }
    }

    /// Takes part until the session is closed, or nobody is let in any more. Comes back when the connection breaks.
    pub(super) async fn take(mut self, mut line: Line) -> anyhow::Result<()> {
        loop {
            let ended = match self.go_on(&mut line).await {
                Err(error) if matches!(error.downcast_ref(), Some(Cut::Broken)) => line.reopen().await,
                ended => return over_is_fine(ended),
            };
            if ended.is_err() {
                return over_is_fine(ended);
            }
        }
    }

    async fn go_on(&mut self, line: &mut Line) -> anyhow::Result<()> {
        loop {
            let board = line.board();
            if board.session.closed {
                return Ok(());
            }
            let kind = board.step().map(|step| step.kind);
            let step = board.session.step.unwrap_or_default();
            if line.is_asked() {
                if !line.ballot.done {
                    self.answer(line).await?;
                    continue;
                }
                if self.noted.insert((line.ballot.step, line.ballot.round)) {
                    self.finished.note(line.ballot.step, line.ballot.round);
                }
            }
            match kind {
                Some(StepKind::Board) if self.did.insert(step) => self.sort(line).await?,
                Some(StepKind::Commit)
                    if board.session.step_state == Some(StepState::Revealed) && !self.did.contains(&step) =>
                {
                    self.commit(line).await?;
                    self.finished.note_signed(step);
                    self.did.insert(step);
                }
                _ => line.hear().await?,
            }
        }
    }

    /// Answers the own ballot, card by card, and says when it is finished.
    async fn answer(&mut self, line: &mut Line) -> anyhow::Result<()> {
        let (step, round) = (line.ballot.step, line.ballot.round);
        let given: BTreeSet<Item> = line.ballot.answers.iter().map(|own| own.item.clone()).collect();
        for item in line.ballot.items.clone() {
            if given.contains(&item) {
                continue;
            }
            // What there is nothing to say about takes no time.
            let Some(value) = self.value(line, step, round, &item) else { continue };
            self.think(line).await?;
            let cast = Command::Cast { step, round, item: item.clone(), value: Some(value) };
            // Sealed in that moment: what was not counted is not counted.
            if matches!(line.give(cast).await?, Answered::Denied(code) if code == "not_open") {
                return Ok(());
            }
        }
        if self.persona.temper == Temper::Unwilling
            && let Some(text) = self.persona.dissents()
            && line.board().step().is_some_and(|step| step.kind == StepKind::Commit)
        {
            line.give(Command::Dissent { about: Item::session(), text: Some(text.to_owned()) }).await?;
        }
        line.give(Command::Done { step, round, done: true }).await?;
        // They have said so, whatever it came to; what the server says next goes before it.
        line.ballot.done = true;
        Ok(())
    }

    /// What they answer about one item.
    fn value(&self, line: &Line, step: StepId, round: u32, item: &Item) -> Option<Answer> {
        let board = line.board();
        let asked = board.results.get(&step)?.rounds.get(&round)?;
        let project = item.as_project();
        Some(match asked.question {
            Question::Placement => {
                let pillar = match self.persona.sorts(&board, project?) {
                    Some(Choice::On(pillar)) => pillar.to_string(),
                    Some(Choice::Off) => OFF.to_owned(),
                    None => plumbline_shared::answer::UNKNOWN.to_owned(),
                };
                Answer::Pile { pillar }
            }
            Question::Hobby => {
                let claims = self.persona.claims(&board, project?);
                let sources = claims
                    .iter()
                    .filter(|claim| claim.is_checked())
                    .map(|claim| Source { claim: *claim, text: source(*claim).to_owned() })
                    .collect();
                Answer::Claims { claims, sources }
            }
            Question::Verdict => Answer::Verdict { verdict: self.persona.verdict(&board, project?) },
            Question::Dots => {
                // On the first cards of their own order, as long as there are dots.
                let place = line.ballot.items.iter().position(|known| known == item)?;
                let before = u32::try_from(place).ok()?.saturating_mul(asked.cap);
                let dots = asked.budget.saturating_sub(before).min(asked.cap);
                (dots > 0).then_some(Answer::Dots { dots })?
            }
            Question::Scale => Answer::Scale { scale: self.persona.confidence().max(asked.lowest) },
            Question::Text => Answer::Text {
                text: format!(
                    "{}: that we can show by a number, next year, what has become better.",
                    self.persona.function
                ),
            },
        })
    }

    /// Places a few cards where they belong, and asks of some whether they are a hobby.
    async fn sort(&mut self, line: &mut Line) -> anyhow::Result<()> {
        let board = line.board();
        let mut cards: Vec<ProjectId> = board.projects.keys().copied().collect();
        cards.sort_by_key(|id| self.persona.chance(*id, 8));
        let unsorted = cards.iter().filter(|id| board.pile(**id).key().is_none());
        for id in unsorted.take(3) {
            self.think(line).await?;
            let pile = match self.persona.sorts(&board, *id) {
                Some(Choice::On(pillar)) => pillar.to_string(),
                Some(Choice::Off) => OFF.to_owned(),
                None => continue,
            };
            if line.board().step().is_none_or(|step| step.kind != StepKind::Board) {
                return Ok(());
            }
            let order = order::between(None, None);
            let value: Vec<yrs::Any> = vec![pile.as_str().into(), order.as_str().into()];
            line.write("placements", &[&id.to_string()], value.into()).await?;
        }
        for id in cards {
            if let Some(reason) = self.persona.doubts(&board, id) {
                line.give(Command::Flag { project: id, reason: Some(reason.to_owned()) }).await?;
            }
        }
        Ok(())
    }

    /// Signs by name what they have decided together.
    async fn commit(&mut self, line: &mut Line) -> anyhow::Result<()> {
        self.think(line).await?;
        let (stance, reason) = match self.persona.temper {
            Temper::Plain | Temper::Kind => (Stance::Carry, ""),
            Temper::Strict => (Stance::Reservation, "If we look at it again in thirty days."),
            Temper::Unwilling => (Stance::Carry, ""),
        };
        line.give(Command::Sign { about: Item::session(), stance: Some(stance), reason: reason.to_owned() })
            .await?;
        Ok(())
    }

    /// Thinks a while: about as long as the pace says, never twice alike.
    async fn think(&mut self, line: &mut Line) -> anyhow::Result<()> {
        self.chance = mixed(self.chance);
        let half = self.pace / 2;
        let more = u128::from(self.chance) % self.pace.as_millis().max(1);
        let long = half + Duration::from_millis(u64::try_from(more).unwrap_or(0));
        line.listen(tokio::time::Instant::now() + long).await
    }
}

/// That a session is gone is an end like its close.
fn over_is_fine(ended: anyhow::Result<()>) -> anyhow::Result<()> {
    match ended {
        Err(error) if matches!(error.downcast_ref(), Some(Cut::Over)) => Ok(()),
        ended => ended,
    }
}

fn source(claim: Claim) -> &'static str {
    match claim {
        Claim::Revenue => "the accounts of last year",
        _ => "the register of obligations",
    }
}
