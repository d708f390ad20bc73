//! What the room says in private beside what it signs in public.

use crate::methods::{counts::ScaleCounts, ratio};

/// From this answer on, fist to five, somebody carries it in private.
const CONFIDENT: usize = 3;

/// Public sign-off: how many signed how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StanceCounts {
    /// They carry it.
    pub carry: u32,
    /// They carry it, with a reservation.
    pub reservation: u32,
    /// They do not carry it.
    pub decline: u32,
}

/// Private confidence beside public sign-off: for the group, never by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfidenceGap {
    /// The share of private answers of 3 or more, from 0 to 1.
    pub confident: f64,
    /// The share of public signatures that carry it without a reservation, from 0 to 1.
    pub carried: f64,
}

impl ConfidenceGap {
    /// What was carried in public beyond what was meant in private, from −1 to 1: above 0 is the quiet no.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.carried - self.confident
    }
}

/// The share of private confidence of 3 or more beside the share of public *carry*; a reservation is not a carry.
///
/// Plumbline's own. n = 0 on either side: none. How many have to answer in private before this is shown is not asked
/// here: see [`super::may_show_counts`].
#[must_use]
pub fn confidence_gap(private: &ScaleCounts, public: &StanceCounts) -> Option<ConfidenceGap> {
    let confident = private.counts[CONFIDENT..].iter().copied().map(u64::from).sum();
    let signed = [public.carry, public.reservation, public.decline].into_iter().map(u64::from).sum();
    Some(ConfidenceGap {
        confident: ratio(confident, private.answered().into())?,
        carried: ratio(public.carry.into(), signed)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn who_carries_in_public_and_not_in_private_is_the_gap() {
        let private = ScaleCounts { counts: [1, 2, 3, 4, 1, 1] };
        let gap = confidence_gap(&private, &StanceCounts { carry: 9, reservation: 2, decline: 1 }).unwrap();
        assert_eq!((gap.confident, gap.carried, gap.gap()), (0.5, 0.75, 0.25));
        let sure = ScaleCounts { counts: [0, 0, 0, 0, 0, 1] };
        let gap = confidence_gap(&sure, &StanceCounts { decline: 1, ..StanceCounts::default() }).unwrap();
        assert_eq!(gap.gap(), -1.0);
    }

    #[test]
    fn without_both_there_is_no_gap() {
        let (private, public) =
            (ScaleCounts { counts: [1; 6] }, StanceCounts { carry: 1, ..StanceCounts::default() });
        assert_eq!(confidence_gap(&ScaleCounts::default(), &public), None);
        assert_eq!(confidence_gap(&private, &StanceCounts::default()), None);
    }
}
