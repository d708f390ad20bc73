//! Talking about one project after the other: which comes next, and how long each may take.

use plumbline_shared::ids::ProjectId;

/// The one to go on to from `now`: the next in the queue that waits, from the front again after the end; with none
/// waiting, the next of all. None where the queue holds no other.
pub(crate) fn next(queue: &[ProjectId], waits: &[ProjectId], now: Option<ProjectId>) -> Option<ProjectId> {
    let at = now.and_then(|now| queue.iter().position(|id| *id == now));
    let from = at.map_or(0, |at| at + 1);
    let mut round =
        queue.iter().skip(from).chain(queue.iter().take(from)).copied().filter(|id| Some(*id) != now);
    let waiting = round.clone().find(|id| waits.contains(id));
    waiting.or_else(|| round.next())
}

/// The one before `now` in the queue, whether it waits or not.
pub(crate) fn previous(queue: &[ProjectId], now: Option<ProjectId>) -> Option<ProjectId> {
    let at = queue.iter().position(|id| Some(*id) == now)?;
    queue.get(at.checked_sub(1)?).copied()
}

/// Each one's share of the time until the deadline, in milliseconds; none where it is over, or nothing waits.
pub(crate) fn share(deadline: u64, now: u64, waiting: usize) -> Option<u64> {
    let left = deadline.checked_sub(now)?;
    (waiting > 0).then(|| left / waiting as u64)
}

/// One project's turn: it has the share that each had when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Whose.
    pub(crate) project: ProjectId,
    /// When the step's time was up, as it began.
    pub(crate) deadline: Option<u64>,
    /// When this one's time is up; none where the step has no time set, or it is up.
    until: Option<u64>,
}

impl Turn {
    /// Begins a turn at `now`, while these wait; one that lies on a pile already and is talked about again counts as one
    /// more.
    pub(crate) fn begin(project: ProjectId, deadline: Option<u64>, now: u64, waits: &[ProjectId]) -> Self {
        let waiting = waits.len() + usize::from(!waits.contains(&project));
        let until = deadline.and_then(|deadline| share(deadline, now, waiting)).map(|share| now + share);
        Self { project, deadline, until }
    }

    /// Milliseconds that are left; less than nothing once it is over.
    pub(crate) fn left(&self, now: u64) -> Option<i64> {
        let (until, now) = (i64::try_from(self.until?).ok()?, i64::try_from(now).ok()?);
        Some(until - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> ProjectId {
        ProjectId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn the_next_is_the_next_that_waits_and_in_the_end_any_other() {
        let queue = [1, 2, 3, 4].map(id);
        let waits = [2, 4].map(id);
        assert_eq!(next(&queue, &waits, None), Some(id(2)));
        assert_eq!(next(&queue, &waits, Some(id(2))), Some(id(4)));
        assert_eq!(next(&queue, &waits, Some(id(4))), Some(id(2)));
        assert_eq!(next(&queue, &[id(4)], Some(id(4))), Some(id(1)));
        assert_eq!(next(&queue, &[], Some(id(1))), Some(id(2)));
        // Something that is not in the queue is talked about.
        assert_eq!(next(&queue, &waits, Some(id(9))), Some(id(2)));
        assert_eq!(next(&[id(1)], &[], Some(id(1))), None);
        assert_eq!(next(&[], &[], None), None);
    }

    #[test]
    fn the_previous_is_the_one_before_even_where_it_has_been_placed() {
        let queue = [1, 2, 3].map(id);
        assert_eq!(previous(&queue, Some(id(3))), Some(id(2)));
        assert_eq!(previous(&queue, Some(id(1))), None);
        assert_eq!(previous(&queue, None), None);
    }

    #[test]
    fn each_has_its_share_of_what_is_left() {
        assert_eq!(share(600_000, 0, 4), Some(150_000));
        assert_eq!(share(600_000, 500_000, 4), Some(25_000));
        assert_eq!(share(600_000, 600_001, 4), None);
        assert_eq!(share(600_000, 0, 0), None);
    }

    #[test]
    fn a_turn_keeps_the_share_with_which_it_began_and_may_run_over() {
        let turn = Turn::begin(id(1), Some(600_000), 0, &[1, 2, 3].map(id));
        assert_eq!(turn.left(0), Some(200_000));
        assert_eq!(turn.left(260_000), Some(-60_000));
        // It was placed before and is talked about again.
        assert_eq!(Turn::begin(id(9), Some(600_000), 0, &[1, 2].map(id)).left(0), Some(200_000));
        assert_eq!(Turn::begin(id(1), None, 0, &[id(1)]).left(5), None);
        assert_eq!(Turn::begin(id(1), Some(4), 5, &[id(1)]).left(5), None);
    }
}
