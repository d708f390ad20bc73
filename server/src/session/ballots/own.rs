//! One person's part in a round: which items are theirs, in which order, and what they have answered.

use std::collections::{BTreeMap, BTreeSet};

use plumbline_shared::{
    answer::Item,
    ids::{ParticipantId, ProjectId},
    messages::{OwnAnswer, OwnBallot, OwnDissent},
    words::{Role, StepState},
};

use super::{Round, Who, aside::Sponsors, cast::is_shuffled, rounds::ANSWERED_BY};
use crate::session::{Session, chance::Chance};

impl Session {
    /// Somebody's own ballot in the current step: for them alone, and without what came under other tokens.
    #[must_use]
    pub fn own_ballot(&self, by: ParticipantId) -> OwnBallot {
        self.own_ballots(&[by]).remove(&by).unwrap_or_default()
    }

    /// The own ballots of several people.
    #[must_use]
    pub fn own_ballots(&self, people: &[ParticipantId]) -> BTreeMap<ParticipantId, OwnBallot> {
        let (step, number) = (self.stand.step, self.stand.round);
        let current = self.ballots.current(step).filter(|(at, _)| *at == number);
        let sponsors = current.map(|_| self.sponsors());
        let shares = current
            .zip(sponsors.as_ref())
            .and_then(|((_, round), sponsors)| (round.shared_by > 0).then(|| self.shares(round, sponsors)));
        people
            .iter()
            .map(|by| {
                let mut own = OwnBallot { step, round: number, ..OwnBallot::default() };
                let dissent = self.ballots.dissent.get(&Who(*by)).into_iter().flatten();
                own.dissent = dissent
                    .filter(|(_, said)| !said.withheld)
                    .filter_map(|(about, said)| {
                        Some(OwnDissent { about: Item::parse(about)?, text: said.text.clone() })
                    })
                    .collect();
                if let (Some((_, round)), Some(sponsors)) = (current, &sponsors) {
                    self.fill(&mut own, *by, round, sponsors, shares.as_ref());
                }
                (*by, own)
            })
            .collect()
    }

    fn fill(
        &self,
        own: &mut OwnBallot,
        by: ParticipantId,
        round: &Round,
        sponsors: &Sponsors,
        shares: Option<&Shares>,
    ) {
        let answers =
            self.people.get(by).is_some_and(|member| !member.removed && member.role != Role::Observer);
        if !answers {
            return;
        }
        let place = round.voters.iter().position(|voter| voter.0 == by);
        // All places are shuffled, theirs or not: whoever sits out on one project finds the others as they were.
        let mut places: Vec<usize> = (0..round.items.len()).collect();
        if is_shuffled(round.question) {
            Chance::from(seed(by, own)).shuffle(&mut places);
        }
        for at in places {
            let Some(item) = round.items.get(at).and_then(|name| Item::parse(name)) else { continue };
            let out = item.as_project().filter(|project| self.is_out(by, *project, sponsors));
            let mine = match (shares, place) {
                (Some(shares), Some(place)) => shares.has(at, place),
                _ => true,
            };
            match out {
                Some(project) => own.out.push(project),
                None if mine => own.items.push(item),
                None => {}
            }
        }
        if let Some(ballot) = round.ballots.get(&Who(by)) {
            own.done = ballot.done && !(ballot.withheld && self.has_seats());
            own.answers = ballot
                .answers
                .iter()
                .filter(|(_, given)| !given.withheld)
                .filter_map(|(at, given)| {
                    let item = Item::parse(round.items.get(usize::try_from(*at).ok()?)?)?;
                    Some(OwnAnswer { item, value: round.told(&given.value) })
                })
                .collect();
        }
    }

    /// Who has which of the items, where they are shared out.
    fn shares(&self, round: &Round, sponsors: &Sponsors) -> Shares {
        let count = round.shared_by as usize;
        let each = count.div_ceil(2).max(ANSWERED_BY);
        let of = round
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let project = item.parse::<ProjectId>().ok();
                // One after the other, so that everybody has about as many; who sits out is passed over.
                (0..count)
                    .map(|step| (at * each + step) % count)
                    .filter(|place| {
                        let voter = round.voters.get(*place);
                        voter
                            .zip(project)
                            .is_none_or(|(voter, project)| !self.is_out(voter.0, project, sponsors))
                    })
                    .take(each)
                    .collect()
            })
            .collect();
        Shares { of, count }
    }

    /// How many have finished in the current round, of how many who answer or could: those of `here`, and those who have
    /// begun. None while no round is open.
    #[must_use]
    pub fn progress(&self, here: &BTreeSet<ParticipantId>) -> Option<(usize, usize)> {
        if self.stand.state != StepState::Open {
            return None;
        }
        let (_, round) = self.ballots.current(self.stand.step)?;
        let begun = round.answering();
        let counted = round.voters.iter().filter(|who| here.contains(&who.0) || begun.contains(who));
        let done = round.ballots.values().filter(|ballot| ballot.done).count();
        Some((done, counted.count().max(done)))
    }

    /// The current step and round.
    #[must_use]
    pub fn at(&self) -> (plumbline_shared::ids::StepId, u32) {
        (self.stand.step, self.stand.round)
    }
}

/// Who has which items.
struct Shares {
    /// By item: the places of those who have it.
    of: Vec<BTreeSet<usize>>,
    /// How many were there when the round opened.
    count: usize,
}

impl Shares {
    /// Whoever came later has every other one.
    fn has(&self, item: usize, place: usize) -> bool {
        if place >= self.count {
            return (item + place).is_multiple_of(2);
        }
        self.of.get(item).is_some_and(|places| places.contains(&place))
    }
}

/// What a person's own order of a round comes from: always the same for them, another for everybody else.
fn seed(by: ParticipantId, own: &OwnBallot) -> u64 {
    let (a, b) = by.0.as_u64_pair();
    let (c, d) = own.step.0.as_u64_pair();
    a ^ b.rotate_left(17) ^ c.rotate_left(31) ^ d.rotate_left(47) ^ u64::from(own.round)
}
