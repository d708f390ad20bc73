//! The verdict of the room.

use crate::{methods::counts::VerdictCounts, words::Verdict};

/// The room's verdict: the one that more than half of those who answered chose, or none.
///
/// Decided in integers, 2·count > answered; exactly half is no majority. [`Verdict::Open`] is never the room's: it is what is
/// left where there is none. n = 0: none; n = 1: that one's.
#[must_use]
pub fn room_verdict(counts: &VerdictCounts) -> Option<Verdict> {
    let choices =
        [(Verdict::Move, counts.move_on), (Verdict::Wait, counts.wait), (Verdict::Stop, counts.stop)];
    let answered: u64 = choices.iter().map(|(_, count)| u64::from(*count)).sum();
    choices.into_iter().find(|(_, count)| 2 * u64::from(*count) > answered).map(|(verdict, _)| verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_more_than_half_is_the_room_s_verdict() {
        let verdict = |move_on, wait, stop| room_verdict(&VerdictCounts { move_on, wait, stop });
        assert_eq!(verdict(2, 3, 6), Some(Verdict::Stop));
        assert_eq!(verdict(3, 3, 6), None);
        assert_eq!(verdict(5, 4, 3), None);
        assert_eq!(verdict(7, 5, 0), Some(Verdict::Move));
        assert_eq!(verdict(0, 1, 0), Some(Verdict::Wait));
        assert_eq!(verdict(0, 0, 0), None);
        assert_eq!(verdict(u32::MAX, u32::MAX, u32::MAX), None);
    }
}
