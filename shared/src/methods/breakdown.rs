//! Which counts may be shown at all, so that nobody can be told by them.

use crate::limits::{ANSWERS_SHOWN, GROUP_SHOWN};

/// Whether a group of `size` may be shown apart, where `rest` are all others in the total that are not shown apart
/// themselves: what whoever subtracts the shown groups from the total would see.
///
/// The group has at least [`GROUP_SHOWN`] people, and so has the rest, unless there is none. In a room where functions are
/// persons that leaves no breakdown, on purpose. For several groups at once see [`shown_groups`].
#[must_use]
pub fn may_show_group(size: u32, rest: u32) -> bool {
    size >= GROUP_SHOWN && (rest == 0 || rest >= GROUP_SHOWN)
}

/// Whether counts of so many answers may be shown: of [`ANSWERS_SHOWN`] or more.
#[must_use]
pub fn may_show_counts(answered: u32) -> bool {
    answered >= ANSWERS_SHOWN
}

/// Which groups of a breakdown may be shown beside their total. `sizes` are the answers of each; together they are the
/// total.
///
/// Those below [`GROUP_SHOWN`] are not. If what they are together could be found by subtraction and is smaller, the
/// smallest of the others (of equal ones the later) is held back too, until it is not.
#[must_use]
pub fn shown_groups(sizes: &[u32]) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|size| *size >= GROUP_SHOWN).collect();
    loop {
        let rest = (sizes.iter().zip(&shown))
            .filter(|(_, shown)| !**shown)
            .fold(0, |sum: u32, (size, _)| sum.saturating_add(*size));
        let smallest = (0..sizes.len()).rev().filter(|at| shown[*at]).min_by_key(|at| sizes[*at]);
        match smallest {
            Some(at) if !may_show_group(sizes[at], rest) => shown[at] = false,
            _ => return shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_group_under_four_and_none_that_subtraction_gives_away() {
        assert!(may_show_group(4, 4) && may_show_group(4, 0) && may_show_group(9, 5));
        assert!(!may_show_group(3, 9) && !may_show_group(0, 9));
        assert!(!may_show_group(9, 3) && !may_show_group(9, 1));
    }

    #[test]
    fn no_counts_under_three_answers() {
        assert!(!may_show_counts(0) && !may_show_counts(2));
        assert!(may_show_counts(3) && may_show_counts(12));
    }

    #[test]
    fn several_groups_are_shown_only_if_the_rest_stays_hidden() {
        assert_eq!(shown_groups(&[5, 4, 2]), [true, false, false]);
        assert_eq!(shown_groups(&[5, 4, 2, 2]), [true, true, false, false]);
        assert_eq!(shown_groups(&[5, 4]), [true, true]);
        assert_eq!(shown_groups(&[9, 1]), [false, false]);
        assert_eq!(shown_groups(&[4, 4, 4, 0]), [true, true, true, false]);
        assert_eq!(shown_groups(&[4, 4, 1]), [true, false, false]);
        assert_eq!(shown_groups(&[1, 1, 1]), [false, false, false]);
        assert!(shown_groups(&[]).is_empty());
    }
}
