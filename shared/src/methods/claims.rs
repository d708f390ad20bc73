//! The four questions: what the room would lose without a project, and whether that makes it a hobby.

use crate::{methods::counts::ClaimCounts, words::Claim};

/// What the four questions come to for one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HobbyOutcome {
    /// The room ties it to the strategy.
    Strategic,
    /// It is not tied to the strategy, and the business needs it.
    MissionCritical,
    /// The room claims nothing for it.
    Hobby,
    /// None of these for certain, or a claim waits to be checked.
    Contested,
    /// Too few have answered to say.
    TooFew,
}

/// Which claims of fact have been checked: `None` is not yet, `Some` says whether the claim stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// *We would lose revenue without it.*
    pub revenue: Option<bool>,
    /// *The business needs it now.*
    pub required: Option<bool>,
}

impl Checks {
    /// What the check of `claim` has come to. Claims that are no facts are not checked.
    #[must_use]
    pub fn of(&self, claim: Claim) -> Option<bool> {
        match claim {
            Claim::Revenue => self.revenue,
            Claim::Required => self.required,
            Claim::Strategy | Claim::Expense => None,
        }
    }
}

/// What the four questions come to, by the first rule that holds. `eligible` are those who may answer about this project
/// (the round's voters without who sits out on it). *Enough* means that somebody answered, and at least half of them did.
///
/// 1. **Strategic**: enough, and more than half of those who answered tie it to the strategy.
/// 2. **Mission-critical**: *required* or *revenue* was checked and stands. Facts are not voted away: no matter how few
///    answered, or ticked it, in this round.
/// 3. **Too few**: not enough.
/// 4. **Hobby**: more than half of those who answered ticked nothing that counts, and no claim of fact waits.
/// 5. **Mission-critical**: more than half of those who answered ticked a business need that counts.
/// 6. **Contested**: everything else; also whatever a claim of fact that [waits](waiting_claims) could still change.
///
/// A claim that was found not to stand does not count: who ticked nothing else ticked nothing. The counts do not say who
/// ticked what together, so 4 and 5 take the smallest number of people that the counts allow: of those who ticked nothing
/// that counts, max(none, answered − ticks that count); of those who ticked a need, max(the needs' counts, answered − none −
/// strategy − ticks that do not count). A tick of *required* or *revenue* that waits does not count in 5, and in 4 holds
/// the verdict back. Plumbline's own. n = 0: too few, or 2.
#[must_use]
pub fn hobby_outcome(counts: &ClaimCounts, eligible: u32, checks: &Checks) -> HobbyOutcome {
    // If the claims that wait should all fall: what holds even then does not wait for them.
    let fallen = |ticks: u32, check: Option<bool>| check.or((ticks > 0).then_some(false));
    let without = Checks {
        revenue: fallen(counts.revenue, checks.revenue),
        required: fallen(counts.required, checks.required),
    };
    match by_answers(counts, eligible, &without) {
        HobbyOutcome::Hobby if without != *checks => HobbyOutcome::Contested,
        outcome => outcome,
    }
}

/// The claims of fact that somebody made of the project and nobody has checked, in the order in which they are asked.
/// They are named whether or not the verdict hangs on them.
#[must_use]
pub fn waiting_claims(counts: &ClaimCounts, checks: &Checks) -> Vec<Claim> {
    let waits =
        |claim: &Claim| claim.is_checked() && ticks(counts, *claim) > 0 && checks.of(*claim).is_none();
    Claim::ALL.iter().copied().filter(waits).collect()
}

/// Whether one changed answer would change what the room says, so that nobody takes it for firmer than it is.
///
/// By brute force: each answer that somebody may have given, as far as the counts allow it, is exchanged for each other
/// one, and the rules of [`hobby_outcome`] are asked again. That is about opinions: here a tick that waits for its check
/// counts like any other and holds nothing back, since every project is one untrue claim away from waiting. Who has not
/// answered stays silent. *Tied to the strategy* is newly ticked only where somebody has ticked it, which shows that it
/// was asked. Nobody answered, or too few: no.
#[must_use]
pub fn one_vote_away(counts: &ClaimCounts, eligible: u32, checks: &Checks) -> bool {
    let now = by_answers(counts, eligible, checks);
    let changes = |rest: ClaimCounts| {
        let asked = |answer: &u8| counts.strategy > 0 || answer & 1 == 0;
        ANSWERS.filter(asked).any(|answer| by_answers(&with(&rest, answer), eligible, checks) != now)
    };
    ANSWERS.filter_map(|answer| without(counts, answer)).any(changes)
}

/// Every answer to the four questions, a bit for each tick: strategy, revenue, expense, required.
const ANSWERS: std::ops::Range<u8> = 0..16;

/// The rules, for ticks that count as soon as they are not known to be false.
fn by_answers(counts: &ClaimCounts, eligible: u32, checks: &Checks) -> HobbyOutcome {
    let [answered, strategy, revenue, expense, required, none] =
        [counts.answered, counts.strategy, counts.revenue, counts.expense, counts.required, counts.none]
            .map(u64::from);
    let enough = answered > 0 && 2 * answered >= u64::from(eligible);
    if enough && 2 * strategy > answered {
        return HobbyOutcome::Strategic;
    }
    if checks.revenue == Some(true) || checks.required == Some(true) {
        return HobbyOutcome::MissionCritical;
    }
    if !enough {
        return HobbyOutcome::TooFew;
    }
    let counting = |ticks: u64, check: Option<bool>| if check == Some(false) { 0 } else { ticks };
    let needs = [counting(revenue, checks.revenue), expense, counting(required, checks.required)];
    let counted: u64 = needs.iter().sum();
    let fallen = revenue + expense + required - counted;
    let nothing = none.max(answered.saturating_sub(strategy + counted));
    let apart = answered.saturating_sub(none + strategy + fallen);
    let need = needs.iter().fold(apart, |most, ticks| most.max(*ticks));
    if 2 * nothing > answered {
        HobbyOutcome::Hobby
    } else if 2 * need > answered {
        HobbyOutcome::MissionCritical
    } else {
        HobbyOutcome::Contested
    }
}

fn ticks(counts: &ClaimCounts, claim: Claim) -> u32 {
    match claim {
        Claim::Strategy => counts.strategy,
        Claim::Revenue => counts.revenue,
        Claim::Expense => counts.expense,
        Claim::Required => counts.required,
    }
}

/// The counts with one more answer.
fn with(counts: &ClaimCounts, answer: u8) -> ClaimCounts {
    let tick = |count: u32, at: u8| count.saturating_add(u32::from(answer >> at & 1));
    ClaimCounts {
        answered: counts.answered.saturating_add(1),
        strategy: tick(counts.strategy, 0),
        revenue: tick(counts.revenue, 1),
        expense: tick(counts.expense, 2),
        required: tick(counts.required, 3),
        none: counts.none.saturating_add(u32::from(answer == 0)),
    }
}

/// The counts without one such answer; none where the counts do not allow that anybody gave it.
fn without(counts: &ClaimCounts, answer: u8) -> Option<ClaimCounts> {
    let tick = |count: u32, at: u8| count.checked_sub(u32::from(answer >> at & 1));
    let rest = ClaimCounts {
        answered: counts.answered.checked_sub(1)?,
        strategy: tick(counts.strategy, 0)?,
        revenue: tick(counts.revenue, 1)?,
        expense: tick(counts.expense, 2)?,
        required: tick(counts.required, 3)?,
        none: counts.none.checked_sub(u32::from(answer == 0))?,
    };
    // The others who ticked something ticked each claim at most once, and at least one claim each.
    let others = rest.answered.checked_sub(rest.none)?;
    let claims = [rest.strategy, rest.revenue, rest.expense, rest.required];
    let sum: u64 = claims.iter().copied().map(u64::from).sum();
    (claims.iter().all(|count| *count <= others) && sum >= u64::from(others)).then_some(rest)
}

#[cfg(test)]
mod tests;
