//! A round's way: opened, sealed, revealed, and asked again.

use plumbline_shared::{
    agenda::Options,
    board::{Board, Step},
    ids::StepId,
    limits,
    messages::Seen,
    results,
    words::{Role, StepKind, StepState},
};

use super::{At, On, Round, Who};
use crate::session::{BALLOTS_SINCE, CHECKPOINTS_SINCE, Effect, Session, refusal::Refusal};

/// From how many voters on the cards are shared out: each is answered by half of them, and by six at least.
pub(super) const SHARED_FROM: usize = 12;
/// By how many people each card is answered at least, where the cards are shared out.
pub(super) const ANSWERED_BY: usize = 6;

impl Session {
    /// Opens the ballot of the current step. What it asks, of what, and of whom stays as it is now.
    pub(in crate::session) fn open(&mut self, seen: &Seen) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        match self.stand.state {
            StepState::Ready => {}
            // Two facilitators pressed at once.
            StepState::Open if self.ballots.stand(self.stand.step).is_some() => return Ok(Vec::new()),
            StepState::Open => return Err(no_ballot()),
            StepState::Sealed | StepState::Revealed => {
                return Err(Refusal::new(
                    "not_ready",
                    "This round is over. Ask again for another round of the same question.",
                ));
            }
        }
        let board = self.board();
        let step = board.step().ok_or_else(no_ballot)?;
        let round = self.frozen(&board, step)?;
        let shown = round.shown(None);
        self.ballots.rounds.entry(At(step.id)).or_default().push(round);
        let (id, number) = (step.id, self.stand.round);
        self.write(|writer| writer.result(id, &number.to_string(), shown.write()));
        self.stand_at(StepState::Open);
        Ok(vec![Effect::Round])
    }

    /// The round that opens now.
    fn frozen(&self, board: &Board, step: &Step) -> Result<Round, Refusal> {
        let question = step.question.ok_or_else(no_ballot)?;
        let mut options = Options::read(question, &step.options);
        if self.rules < CHECKPOINTS_SINCE {
            options = options.as_before_checkpoints(question, &step.options);
        }
        let items = super::subjects::subjects(board, &options)?;
        let voters: Vec<Who> = self
            .people
            .present()
            .filter(|member| !matches!(member.role, Role::Observer | Role::Facilitator))
            .map(|member| Who(member.id))
            .collect();
        let shared = options.half && voters.len() >= SHARED_FROM;
        Ok(Round {
            state: StepState::Open,
            question,
            prompt: options.prompt,
            budget: options.budget,
            cap: options.cap,
            lowest: options.lowest,
            pillars: board.pillars.iter().map(|pillar| On(pillar.id)).collect(),
            statements: options.statements,
            items: items.iter().map(|item| item.as_str().to_owned()).collect(),
            shared_by: if shared { u32::try_from(voters.len()).unwrap_or(0) } else { 0 },
            voters,
            words: options.words,
            ballots: std::collections::BTreeMap::new(),
        })
    }

    /// Takes no more answers.
    pub(in crate::session) fn seal(&mut self, seen: &Seen) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        match self.stand.state {
            StepState::Open if self.ballots.stand(self.stand.step).is_some() => {
                self.stand_at(StepState::Sealed);
                Ok(vec![Effect::Round])
            }
            StepState::Open => Err(no_ballot()),
            StepState::Ready => Err(Refusal::new("not_open", "This round has not been opened yet.")),
            StepState::Sealed | StepState::Revealed => Ok(Vec::new()),
        }
    }

    /// Shows what the sealed round came to.
    pub(in crate::session) fn reveal(&mut self, seen: &Seen, seed: u64) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        match self.stand.state {
            StepState::Sealed => {}
            StepState::Revealed => return Ok(Vec::new()),
            StepState::Ready | StepState::Open => {
                return Err(Refusal::new(
                    "not_sealed",
                    "Seal the round first: then nobody answers any more.",
                ));
            }
        }
        let (step, number) = (self.stand.step, self.stand.round);
        let tally = self.tally(step, seed);
        let Some((_, round)) = self.ballots.current(step) else { return Err(no_ballot()) };
        let shown = round.shown(tally);
        self.write(|writer| writer.result(step, &number.to_string(), shown.write()));
        self.stand_at(StepState::Revealed);
        if self.kind == StepKind::Commit {
            self.publish_dissent(seed);
        }
        Ok(vec![Effect::Round])
    }

    /// Asks once more, beside the round that was revealed.
    pub(in crate::session) fn again(&mut self, seen: &Seen) -> Result<Vec<Effect>, Refusal> {
        self.current(seen)?;
        if self.stand.state != StepState::Revealed {
            return Err(Refusal::new(
                "not_revealed",
                "Reveal this round first: both are shown side by side.",
            ));
        }
        if self.stand.round >= limits::ROUNDS {
            return Err(Refusal::new("too_many", "This question has been asked often enough."));
        }
        self.stand.round += 1;
        self.stand_at(StepState::Ready);
        Ok(vec![Effect::Round])
    }

    /// Sets how far the current round is.
    fn stand_at(&mut self, state: StepState) {
        self.stand.state = state;
        let (step, round) = (self.stand.step, self.stand.round);
        if state != StepState::Ready
            && let Some(current) = self.ballots.current_mut(step)
        {
            current.state = state;
        }
        self.write(|writer| {
            writer.stand(step, round, state);
            writer.begin_telling();
        });
    }

    /// How far a step is when it is gone to: a ballot that was left is as it was left.
    pub(in crate::session) fn stand_of(&self, step: StepId) -> (u32, StepState) {
        if self.rules < BALLOTS_SINCE {
            return (1, StepState::Open);
        }
        if let Some(stand) = self.ballots.stand(step) {
            return stand;
        }
        let board = self.board();
        let asks = board.agenda.iter().any(|known| {
            known.id == step
                && known.question.is_some()
                && matches!(known.kind, StepKind::Ballot | StepKind::Commit)
        });
        (1, if asks { StepState::Ready } else { StepState::Open })
    }

    /// The current step was edited: it may ask something now, or nothing any more. A round that was opened stays.
    pub(in crate::session) fn stand_as_edited(&mut self) {
        let step = self.stand.step;
        if self.rules < BALLOTS_SINCE || self.ballots.stand(step).is_some() {
            return;
        }
        let (_, state) = self.stand_of(step);
        if state != self.stand.state {
            self.stand_at(state);
        }
    }

    /// Nothing of somebody's answers stands in how they were refused: the number of their dots did.
    pub(in crate::session) fn forget_refusals(&mut self) {
        if self.has_seats() {
            for answers in self.messages.values_mut() {
                answers.retain(|answer| !matches!(&answer.refused, Some((code, _)) if code == "over_budget"));
            }
        }
    }

    /// At the close, all answers are forgotten. A round that was not revealed never will be, and can be opened anew.
    pub(in crate::session) fn forget_ballots(&mut self) {
        let asked = self.ballots.stand(self.stand.step) == Some((self.stand.round, self.stand.state));
        let unrevealed = matches!(self.stand.state, StepState::Open | StepState::Sealed);
        self.ballots.forget();
        if asked && unrevealed {
            self.stand_at(StepState::Ready);
        }
    }
}

impl Round {
    /// The round as everybody sees it.
    pub(super) fn shown(&self, tally: Option<results::Tally>) -> results::Round {
        results::Round {
            question: self.question,
            prompt: self.prompt.clone(),
            budget: self.budget,
            cap: self.cap,
            lowest: self.lowest,
            pillars: self.pillars.iter().map(|on| on.0).collect(),
            statements: self.statements.clone(),
            words: self.words.clone(),
            items: self.items.iter().filter_map(|item| plumbline_shared::answer::Item::parse(item)).collect(),
            tally,
        }
    }
}

pub(super) fn no_ballot() -> Refusal {
    Refusal::new("no_ballot", "This step asks nothing. Give it a question in the agenda, or go on.")
}
