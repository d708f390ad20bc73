//! Sorting with one copy of the sort, whatever is sorted.
//!
//! The standard library makes four kilobytes of code for each type that is sorted, which a page would download a
//! dozen times. (Collecting into a `BTreeMap` or `BTreeSet` sorts, too; extending an empty one does not.)

use std::cmp::Ordering;

/// Sorts `items` by `compare`; what compares as equal stays in its order.
pub fn sort<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = order(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut unsorted: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| unsorted[at].take()));
}

/// Where the items stood that come first, second, and so on.
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_stay_in_their_order_and_none_is_lost() {
        let mut items: Vec<(u32, usize)> = (0..500).map(|at| ((at as u32 * 7919) % 13, at)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|(key, _)| *key);
        sort(&mut items, |a, b| a.0.cmp(&b.0));
        assert_eq!(items, expected);
        let mut none: Vec<String> = Vec::new();
        sort(&mut none, Ord::cmp);
        assert!(none.is_empty());
    }
}
