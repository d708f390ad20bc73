//! Answering: one's own ballot, or a paper one that is typed in.

use std::collections::BTreeMap;

use plumbline_shared::{
    answer::{Answer, Item, UNKNOWN},
    ids::{ParticipantId, ProjectId, StepId},
    limits,
    messages::OwnAnswer,
    policy::Denied,
    words::{Claim, Question, StepState, Verdict},
};

use super::{Ballot, Given, Round, Value, Who};
use crate::session::{Effect, Session, people::is_blank, refusal::Refusal};

impl Session {
    /// One answer of somebody's own.
    pub(in crate::session) fn cast(
        &mut self,
        by: ParticipantId,
        at: (StepId, u32),
        item: &Item,
        answer: Option<&Answer>,
    ) -> Result<Vec<Effect>, Refusal> {
        self.is_open(at)?;
        let sits_out = item.as_project().is_some_and(|project| self.sits_out(by, project));
        let has_seats = self.has_seats();
        let round = self.ballots.current_mut(at.0).ok_or(Denied::NotOpen)?;
        let place = round.place(item).ok_or_else(no_such_item)?;
        if sits_out && answer.is_some() {
            return Err(Refusal::new(
                "sits_out",
                "You sit out on this project. Say first that you take part in it, and answer then.",
            ));
        }
        let value = match answer {
            Some(answer) => round.value(answer)?,
            None => None,
        };
        if has_seats
            && round.question == Question::Dots
            && let Some(own) = round.ballots.get_mut(&Who(by))
            && own.answers.values().any(|given| given.withheld)
        {
            // How many there are would be told by how many more fit in: whoever sits here now begins anew.
            own.answers.clear();
        }
        let own = round.ballots.get(&Who(by));
        if let Some(Value::Dots(dots)) = value {
            let others = own.map_or(0, |own| own.dots_beside(place));
            if others + dots > round.budget {
                return Err(Refusal::new(
                    "over_budget",
                    format!(
                        "You have {} dots, and {others} lie elsewhere. Take some back first.",
                        round.budget
                    ),
                ));
            }
        }
        let is_new = own.is_none_or(|own| !own.answers.contains_key(&place));
        if value.is_some() && is_new && round.answers() >= limits::ANSWERS {
            return Err(Refusal::new("too_many", "This round has as many answers as it takes."));
        }
        // A facilitator who answers is counted from then on.
        round.admit(Who(by));
        let own = round.ballots.entry(Who(by)).or_default();
        own.on_paper = false;
        match value {
            Some(value) => own.answers.insert(place, Given { value, withheld: false }),
            None => own.answers.remove(&place),
        };
        self.ballots.keeps_a_secret();
        Ok(vec![Effect::Balloted(by)])
    }

    /// Somebody has finished, or not yet.
    pub(in crate::session) fn finish(
        &mut self,
        by: ParticipantId,
        at: (StepId, u32),
        done: bool,
    ) -> Result<Vec<Effect>, Refusal> {
        self.is_open(at)?;
        let round = self.ballots.current_mut(at.0).ok_or(Denied::NotOpen)?;
        round.admit(Who(by));
        let own = round.ballots.entry(Who(by)).or_default();
        (own.done, own.withheld) = (done, false);
        Ok(vec![Effect::Balloted(by)])
    }

    /// The paper ballot of somebody without a device, as somebody else types it in.
    pub(in crate::session) fn paper(
        &mut self,
        whose: ParticipantId,
        at: (StepId, u32),
        answers: &[OwnAnswer],
    ) -> Result<Vec<Effect>, Refusal> {
        self.is_open(at)?;
        self.people.present_mut(whose)?;
        let has_device = self.people.comes_in(whose);
        let sits_out: Vec<ProjectId> = answers
            .iter()
            .filter_map(|own| own.item.as_project())
            .filter(|project| self.sits_out(whose, *project))
            .collect();
        let round = self.ballots.current_mut(at.0).ok_or(Denied::NotOpen)?;
        let cast = round.ballots.get(&Who(whose)).is_some_and(|own| !own.on_paper && !own.answers.is_empty());
        if has_device || cast {
            return Err(Refusal::new(
                "has_device",
                "This person answers on a device. Only who has none can be typed in from paper.",
            ));
        }
        let mut given = BTreeMap::new();
        let mut dots = 0;
        for own in answers {
            let place = round.place(&own.item).ok_or_else(no_such_item)?;
            if own.item.as_project().is_some_and(|project| sits_out.contains(&project)) {
                continue;
            }
            let Some(value) = round.value(&own.value)? else { continue };
            if let Value::Dots(more) = value {
                dots += more;
            }
            given.insert(place, Given { value, withheld: true });
        }
        if dots > round.budget {
            return Err(Refusal::new(
                "over_budget",
                format!("Each person has {} dots, and this ballot has {dots}.", round.budget),
            ));
        }
        if round.answers() + given.len() > limits::ANSWERS {
            return Err(Refusal::new("too_many", "This round has as many answers as it takes."));
        }
        round.admit(Who(whose));
        round
            .ballots
            .insert(Who(whose), Ballot { answers: given, done: true, on_paper: true, withheld: true });
        self.ballots.keeps_a_secret();
        Ok(vec![Effect::Balloted(whose)])
    }

    /// Whether the current round is this one, and takes answers.
    fn is_open(&self, (step, round): (StepId, u32)) -> Result<(), Denied> {
        let current = (step, round) == (self.stand.step, self.stand.round);
        if current && self.stand.state == StepState::Open { Ok(()) } else { Err(Denied::NotOpen) }
    }
}

impl Round {
    fn answers(&self) -> usize {
        self.ballots.values().map(|ballot| ballot.answers.len()).sum()
    }

    /// Whether a number can be an answer: a scale in words has as many as it has words.
    fn has_on_its_scale(&self, scale: u8) -> bool {
        match self.words.len() {
            0 => (self.lowest..=5).contains(&scale),
            words => usize::from(scale) < words,
        }
    }

    /// What an answer says, if it answers what this round asks; none where it says nothing.
    fn value(&self, answer: &Answer) -> Result<Option<Value>, Refusal> {
        if answer.question() != self.question {
            return Err(bad_answer());
        }
        Ok(Some(match answer {
            Answer::Pile { pillar } if pillar == plumbline_shared::words::OFF => Value::Off,
            Answer::Pile { pillar } if pillar == UNKNOWN => Value::Unknown,
            Answer::Pile { pillar } => {
                let at = self.pillars.iter().position(|on| on.0.to_string() == *pillar);
                let at = at.and_then(|at| u32::try_from(at).ok());
                Value::Pillar(at.ok_or_else(|| {
                    Refusal::new(
                        "no_such_pillar",
                        "This pillar was not on the board when the round opened. Choose another one.",
                    )
                })?)
            }
            Answer::Claims { claims, sources } => {
                let ticked = claims.iter().fold(0, |bits, claim| bits | bit(*claim));
                let sources = sources
                    .iter()
                    .filter(|source| source.claim.is_checked() && ticked & bit(source.claim) != 0)
                    .map(|source| (bit(source.claim), one_line(&source.text)))
                    .filter(|(_, text)| !text.is_empty())
                    .collect();
                Value::Claims(ticked, sources)
            }
            Answer::Verdict { verdict: Verdict::Open } => return Err(bad_answer()),
            Answer::Verdict { verdict } => {
                let at = Verdict::ALL.iter().position(|known| known == verdict).unwrap_or_default();
                Value::Verdict(u8::try_from(at).unwrap_or_default())
            }
            Answer::Dots { dots: 0 } => return Ok(None),
            Answer::Dots { dots } if *dots > self.cap => {
                return Err(Refusal::new(
                    "over_cap",
                    format!("At most {} dots of one person lie on one project.", self.cap),
                ));
            }
            Answer::Dots { dots } => Value::Dots(*dots),
            Answer::Scale { scale } if self.has_on_its_scale(*scale) => Value::Scale(*scale),
            Answer::Scale { .. } => return Err(bad_answer()),
            Answer::Text { text } => {
                let text = text.trim_matches(is_blank);
                if text.is_empty() {
                    return Ok(None);
                }
                Value::Text(text.to_owned())
            }
        }))
    }

    /// An answer as its author sees it.
    pub(super) fn told(&self, value: &Value) -> Answer {
        match value {
            Value::Off => Answer::Pile { pillar: plumbline_shared::words::OFF.to_owned() },
            Value::Unknown => Answer::Pile { pillar: UNKNOWN.to_owned() },
            Value::Pillar(at) => {
                let on = usize::try_from(*at).ok().and_then(|at| self.pillars.get(at));
                Answer::Pile { pillar: on.map(|on| on.0.to_string()).unwrap_or_default() }
            }
            Value::Claims(ticked, sources) => Answer::Claims {
                claims: claims(*ticked).collect(),
                sources: sources
                    .iter()
                    .flat_map(|(of, text)| claims(*of).map(move |claim| (claim, text)))
                    .map(|(claim, text)| plumbline_shared::answer::Source { claim, text: text.clone() })
                    .collect(),
            },
            Value::Verdict(at) => Answer::Verdict { verdict: verdict(*at) },
            Value::Dots(dots) => Answer::Dots { dots: *dots },
            Value::Scale(scale) => Answer::Scale { scale: *scale },
            Value::Text(text) => Answer::Text { text: text.clone() },
        }
    }
}

impl Ballot {
    /// Dots on all items but this one.
    fn dots_beside(&self, place: u32) -> u32 {
        let dots = |(at, given): (&u32, &Given)| match given.value {
            Value::Dots(dots) if *at != place => dots,
            _ => 0,
        };
        self.answers.iter().map(dots).sum()
    }
}

/// The bit of a claim: its place among the words, which never changes.
pub(super) fn bit(claim: Claim) -> u8 {
    match claim {
        Claim::Strategy => 1,
        Claim::Revenue => 2,
        Claim::Expense => 4,
        Claim::Required => 8,
    }
}

/// The claims that were ticked.
pub(super) fn claims(ticked: u8) -> impl Iterator<Item = Claim> {
    Claim::ALL.iter().copied().filter(move |claim| ticked & bit(*claim) != 0)
}

/// The verdict at a place among the words.
pub(super) fn verdict(at: u8) -> Verdict {
    Verdict::ALL.get(usize::from(at)).copied().unwrap_or(Verdict::Open)
}

fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim_matches(is_blank).to_owned()
}

fn no_such_item() -> Refusal {
    Refusal::new("no_such_item", "This round does not ask about that. Reload the page.")
}

fn bad_answer() -> Refusal {
    Refusal::new("bad_answer", "This is no answer to what the round asks. Reload the page.")
}

/// Whether a question is put to everybody in an order of their own.
pub(super) fn is_shuffled(question: Question) -> bool {
    !matches!(question, Question::Scale)
}
