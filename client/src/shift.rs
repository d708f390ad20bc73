//! Shifting cards within their pile: where they go, the same for keys and buttons.

use plumbline_shared::ids::ProjectId;

/// How far cards are shifted within their pile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    /// To the pile's top.
    Top,
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// To the pile's end.
    End,
}

/// What shifting comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shifted {
    /// The cards that go, in the order in which they lie.
    pub(crate) cards: Vec<ProjectId>,
    /// The card before which they are put; none: at the pile's end.
    pub(crate) before: Option<ProjectId>,
    /// The place of the first of them afterwards, from 1.
    pub(crate) place: usize,
}

/// Where those of `picked` go that lie on `pile`. Several go as one: they lie together afterwards. A card that is not
/// `shown` is stepped over, since one place is the next card that a person sees. `None` where nothing would change.
pub(crate) fn shifted(
    pile: &[ProjectId],
    picked: &[ProjectId],
    shown: impl Fn(ProjectId) -> bool,
    by: Shift,
) -> Option<Shifted> {
    let (cards, rest): (Vec<ProjectId>, Vec<ProjectId>) = pile.iter().partition(|id| picked.contains(id));
    // How many of the others lie before the first that goes, and before the last.
    let before =
        |card: &ProjectId| pile.iter().take_while(|id| *id != card).filter(|id| rest.contains(id)).count();
    let (first, last) = (before(cards.first()?), before(cards.last()?));
    let at = match by {
        Shift::Top => 0,
        Shift::Up => rest[..first].iter().rposition(|id| shown(*id)).unwrap_or(first),
        Shift::Down => rest[last..].iter().position(|id| shown(*id)).map_or(last, |next| last + next + 1),
        Shift::End => rest.len(),
    };
    let together = first == last;
    (!together || at != first).then(|| Shifted { cards, before: rest.get(at).copied(), place: at + 1 })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn card(n: u128) -> ProjectId {
        ProjectId(Uuid::from_u128(n))
    }

    /// The pile 0 to 5 once `picked` are shifted; what is `hidden` is not shown. `None` where nothing changes.
    fn order(picked: &[u128], hidden: &[u128], by: Shift) -> Option<Vec<u128>> {
        let pile: Vec<ProjectId> = (0..6).map(card).collect();
        let picked: Vec<ProjectId> = picked.iter().map(|n| card(*n)).collect();
        let hidden: Vec<ProjectId> = hidden.iter().map(|n| card(*n)).collect();
        let Shifted { cards, before, place } = shifted(&pile, &picked, |id| !hidden.contains(&id), by)?;
        let mut order: Vec<ProjectId> = pile.into_iter().filter(|id| !cards.contains(id)).collect();
        let at = before.and_then(|before| order.iter().position(|id| *id == before)).unwrap_or(order.len());
        assert_eq!(place, at + 1);
        order.splice(at..at, cards);
        Some(order.into_iter().map(|id| id.0.as_u128()).collect())
    }

    #[test]
    fn one_card_goes_one_place_or_to_an_end() {
        assert_eq!(order(&[2], &[], Shift::Up), Some(vec![0, 2, 1, 3, 4, 5]));
        assert_eq!(order(&[2], &[], Shift::Down), Some(vec![0, 1, 3, 2, 4, 5]));
        assert_eq!(order(&[2], &[], Shift::Top), Some(vec![2, 0, 1, 3, 4, 5]));
        assert_eq!(order(&[2], &[], Shift::End), Some(vec![0, 1, 3, 4, 5, 2]));
    }

    #[test]
    fn at_an_end_there_is_nowhere_to_go() {
        for by in [Shift::Up, Shift::Top] {
            assert_eq!(order(&[0], &[], by), None);
            assert_eq!(order(&[0, 1], &[], by), None);
        }
        for by in [Shift::Down, Shift::End] {
            assert_eq!(order(&[5], &[], by), None);
            assert_eq!(order(&[4, 5], &[], by), None);
        }
        assert_eq!(order(&[], &[], Shift::Up), None, "nothing was picked that lies there");
    }

    #[test]
    fn several_cards_go_as_one_and_lie_together() {
        assert_eq!(order(&[2, 3], &[], Shift::Up), Some(vec![0, 2, 3, 1, 4, 5]));
        assert_eq!(order(&[2, 4], &[], Shift::Up), Some(vec![0, 2, 4, 1, 3, 5]));
        assert_eq!(order(&[1, 3], &[], Shift::Down), Some(vec![0, 2, 4, 1, 3, 5]));
        // At the end already, but apart.
        assert_eq!(order(&[0, 2], &[], Shift::Up), Some(vec![0, 2, 1, 3, 4, 5]));
        assert_eq!(order(&[3, 5], &[], Shift::Down), Some(vec![0, 1, 2, 4, 3, 5]));
    }

    #[test]
    fn one_place_is_the_next_card_that_is_shown() {
        assert_eq!(order(&[3], &[1, 2], Shift::Up), Some(vec![3, 0, 1, 2, 4, 5]));
        assert_eq!(order(&[2], &[3], Shift::Down), Some(vec![0, 1, 3, 4, 2, 5]));
        assert_eq!(order(&[2], &[0, 1], Shift::Up), None, "it is the first that is shown");
        assert_eq!(order(&[2], &[0, 1], Shift::Top), Some(vec![2, 0, 1, 3, 4, 5]));
    }
}
