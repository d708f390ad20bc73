//! Counting a round: once, when it is revealed.

use plumbline_shared::{
    answer::Item,
    ids::{ProjectId, StepId},
    methods::{self, ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts},
    results::{Counts, ItemTally, Tally},
    words::{Claim, Question, Verdict},
};

use super::{
    Ballot, Round, Value,
    aside::Sponsors,
    cast::{bit, claims, verdict},
};
use crate::session::{Session, chance::Chance};

impl Session {
    /// What the current round of a step came to.
    pub(super) fn tally(&self, step: StepId, seed: u64) -> Option<Tally> {
        let (_, round) = self.ballots.current(step)?;
        let sponsors = self.sponsors();
        let mut chance = Chance::from(seed);
        let answered = round.ballots.values().filter(|ballot| !ballot.answers.is_empty());
        let items = round
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| self.tally_of(round, at, item, &sponsors, &mut chance))
            .collect();
        Some(Tally {
            eligible: number(round.voters.len()),
            answered: number(answered.clone().count()),
            on_paper: number(answered.filter(|ballot| ballot.on_paper).count()),
            items,
        })
    }

    fn tally_of(
        &self,
        round: &Round,
        at: usize,
        item: &str,
        sponsors: &Sponsors,
        chance: &mut Chance,
    ) -> ItemTally {
        let project = Item::parse(item).and_then(|item| item.as_project());
        let is_out = |project: ProjectId, who| self.is_out(who, project, sponsors);
        let out: Vec<_> = round
            .voters
            .iter()
            .filter(|who| project.is_some_and(|project| is_out(project, who.0)))
            .copied()
            .collect();
        let at = number(at);
        let counted = || {
            let ballots = round.ballots.iter().filter(|(who, _)| !out.contains(who));
            ballots.map(|(_, ballot)| ballot)
        };
        let values: Vec<&Value> =
            counted().filter_map(|ballot| Some(&ballot.answers.get(&at)?.value)).collect();
        // Whoever has spread dots has answered for every project, be it by none.
        let answered = match round.question {
            Question::Dots => counted().filter(|ballot| has_dots(ballot)).count(),
            _ => values.len(),
        };
        let enough = methods::may_show_counts(number(answered));
        ItemTally {
            eligible: number(round.voters.len() - out.len()),
            answered: number(answered),
            sat_out: number(out.len()),
            counts: enough.then(|| round.count(&values, number(answered), chance)),
        }
    }
}

impl Round {
    /// Counts what was answered about one item.
    fn count(&self, values: &[&Value], answered: u32, chance: &mut Chance) -> Counts {
        let count = |is: &dyn Fn(&Value) -> bool| number(values.iter().filter(|value| is(value)).count());
        match self.question {
            Question::Placement => {
                let mut pillars: Vec<_> = self
                    .pillars
                    .iter()
                    .enumerate()
                    .map(|(at, on)| (on.0, count(&|value| *value == Value::Pillar(number(at)))))
                    .collect();
                pillars.sort_unstable();
                Counts::Placement(PileCounts {
                    off: count(&|value| *value == Value::Off),
                    pillars,
                    unknown: count(&|value| *value == Value::Unknown),
                })
            }
            Question::Hobby => {
                let ticked = |claim: Claim| {
                    count(&|value| matches!(value, Value::Claims(bits, _) if bits & bit(claim) != 0))
                };
                let counts = ClaimCounts {
                    answered,
                    strategy: ticked(Claim::Strategy),
                    revenue: ticked(Claim::Revenue),
                    expense: ticked(Claim::Expense),
                    required: ticked(Claim::Required),
                    none: count(&|value| matches!(value, Value::Claims(0, _))),
                };
                let mut sources: Vec<(Claim, String)> = values
                    .iter()
                    .filter_map(
                        |value| if let Value::Claims(_, sources) = value { Some(sources) } else { None },
                    )
                    .flatten()
                    .flat_map(|(of, text)| claims(*of).map(|claim| (claim, text.clone())))
                    .collect();
                // By their text first: then whoever knows the seed knows nothing of who or when.
                sources.sort_unstable();
                sources.dedup();
                chance.shuffle(&mut sources);
                Counts::Hobby(counts, sources)
            }
            Question::Verdict => {
                let chose = |wanted: Verdict| {
                    count(&|value| matches!(value, Value::Verdict(at) if verdict(*at) == wanted))
                };
                Counts::Verdict(VerdictCounts {
                    move_on: chose(Verdict::Move),
                    wait: chose(Verdict::Wait),
                    stop: chose(Verdict::Stop),
                })
            }
            Question::Dots => {
                let dots = values.iter().map(|value| if let Value::Dots(dots) = value { *dots } else { 0 });
                Counts::Dots(DotCounts { dots: dots.sum(), people: number(values.len()) })
            }
            Question::Scale => {
                let mut counts = ScaleCounts::default();
                for value in values {
                    if let Value::Scale(scale) = value
                        && let Some(slot) = counts.counts.get_mut(usize::from(*scale))
                    {
                        *slot += 1;
                    }
                }
                Counts::Scale(counts)
            }
            Question::Text => {
                let mut texts: Vec<String> = values
                    .iter()
                    .filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None })
                    .collect();
                texts.sort_unstable();
                chance.shuffle(&mut texts);
                Counts::Text(texts)
            }
        }
    }
}

fn has_dots(ballot: &Ballot) -> bool {
    ballot.answers.values().any(|given| matches!(given.value, Value::Dots(_)))
}

/// A count: people, items and dots are far fewer than 2^32.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
