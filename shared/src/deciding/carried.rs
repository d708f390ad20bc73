//! What was signed in public, beside what was meant in private.

use crate::{
    answer::Item,
    ids::ParticipantId,
    methods::{ConfidenceGap, StanceCounts, confidence_gap, may_show_counts},
    results::{Counts, Signed, StepResults},
    words::Stance,
};

/// How far something is carried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// How many signed how.
    pub signed: StanceCounts,
    /// How many of those who answered in private are confident (3 or more), and how many answered; none before the
    /// reveal, and where so few answered that it would tell who it was.
    pub confident: Option<(u32, u32)>,
    /// Public beside private; none where either says too little.
    pub gap: Option<ConfidenceGap>,
}

impl Carried {
    /// How many have signed.
    #[must_use]
    pub fn signatures(&self) -> u32 {
        let StanceCounts { carry, reservation, decline } = self.signed;
        carry + reservation + decline
    }
}

/// How far `about` is carried, by the signatures of a step and its last revealed round.
///
/// The gap is the group's and nobody's: it is told only where three or more have answered in private, and as many have
/// signed, so that nobody's signature stands alone beside it.
#[must_use]
pub fn carried(results: &StepResults, about: &Item) -> Carried {
    let mut signed = StanceCounts::default();
    for signature in results.signed.iter().filter(|signature| signature.about == *about) {
        match signature.stance {
            Stance::Carry => signed.carry += 1,
            Stance::Reservation => signed.reservation += 1,
            Stance::Decline => signed.decline += 1,
        }
    }
    let private = results.last_revealed().and_then(|(round, _)| round.of(about)?.counts.as_ref());
    let Some(Counts::Scale(scale)) = private else {
        return Carried { signed, ..Carried::default() };
    };
    let answered = scale.answered();
    if !may_show_counts(answered) {
        return Carried { signed, ..Carried::default() };
    }
    let confident = scale.counts[3..].iter().sum();
    let mut carried = Carried { signed, confident: Some((confident, answered)), gap: None };
    if may_show_counts(carried.signatures()) {
        carried.gap = confidence_gap(scale, &carried.signed);
    }
    carried
}

/// What somebody has signed about something.
#[must_use]
pub fn own_stance<'a>(results: &'a StepResults, who: ParticipantId, about: &Item) -> Option<&'a Signed> {
    results.signed.iter().find(|signature| signature.participant == who && signature.about == *about)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        deciding::room,
        methods::ScaleCounts,
        results::{ItemTally, Tally},
        words::Question,
    };

    fn results(private: [u32; 6], public: &[Stance]) -> StepResults {
        let answered = private.iter().sum();
        let counts = (answered >= 3).then_some(Counts::Scale(ScaleCounts { counts: private }));
        let tally = ItemTally { eligible: 12, answered, sat_out: 0, counts };
        let mut round = room::round(Question::Scale, vec![Item::session()]);
        round.tally = Some(Tally { eligible: 12, answered, on_paper: 0, items: vec![tally] });
        let signed = (1..).zip(public).map(|(who, stance)| Signed {
            participant: ParticipantId(Uuid::from_u128(who)),
            about: Item::session(),
            stance: *stance,
            reason: String::new(),
        });
        StepResults { rounds: [(1, round)].into(), signed: signed.collect(), ..StepResults::default() }
    }

    #[test]
    fn the_quiet_no_is_what_was_signed_beyond_what_was_meant() {
        let carried = carried(&results([2, 2, 2, 2, 2, 2], &[Stance::Carry; 4]), &Item::session());
        assert_eq!((carried.confident, carried.signatures()), (Some((6, 12)), 4));
        let gap = carried.gap.unwrap();
        assert!((gap.gap() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_gap_is_nobodys_in_particular() {
        let few = carried(&results([1, 1, 0, 0, 0, 0], &[Stance::Carry; 6]), &Item::session());
        assert_eq!((few.confident, few.gap), (None, None));
        let early =
            carried(&results([4, 4, 4, 0, 0, 0], &[Stance::Carry, Stance::Decline]), &Item::session());
        assert_eq!((early.confident, early.gap), (Some((0, 12)), None));
        let nothing = carried(&StepResults::default(), &Item::session());
        assert_eq!(nothing, Carried::default());
    }

    #[test]
    fn a_signature_is_about_one_thing_and_ones_own() {
        let results = results([0; 6], &[Stance::Carry, Stance::Decline]);
        let who = |number| ParticipantId(Uuid::from_u128(number));
        let own = own_stance(&results, who(2), &Item::session());
        assert_eq!(own.map(|signature| signature.stance), Some(Stance::Decline));
        assert_eq!(own_stance(&results, who(3), &Item::session()), None);
        assert_eq!(own_stance(&results, who(2), &Item::statement(0)), None);
    }
}
