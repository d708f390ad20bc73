//! A set of clocks, kept as ranges.

use std::collections::BTreeMap;
use std::ops::Range;

/// Disjoint ranges that do not touch, by their start. Equal sets are equal structures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(BTreeMap<u32, u32>);

impl Ranges {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn contains(&self, clock: u32) -> bool {
        self.covers(clock..clock.saturating_add(1))
    }

    /// Whether all of `range` is in the set.
    pub(super) fn covers(&self, range: Range<u32>) -> bool {
        self.0.range(..=range.start).next_back().is_some_and(|(_, &end)| range.end <= end)
    }

    /// How many clocks of `range` are in the set.
    pub(super) fn count_in(&self, range: Range<u32>) -> u32 {
        let missing: u32 = self.missing(range.clone()).map(|gap| gap.end - gap.start).sum();
        range.end - range.start - missing
    }

    pub(super) fn insert(&mut self, range: Range<u32>) {
        if range.is_empty() {
            return;
        }
        let (mut start, mut end) = (range.start, range.end);
        if let Some((&before, &before_end)) = self.0.range(..=start).next_back()
            && before_end >= start
        {
            if before_end >= end {
                return;
            }
            start = before;
        }
        while let Some((&next, &next_end)) = self.0.range(start..=end).next() {
            end = end.max(next_end);
            self.0.remove(&next);
        }
        self.0.insert(start, end);
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Range<u32>> + '_ {
        self.0.iter().map(|(&start, &end)| start..end)
    }

    /// The parts of `range` that are not in the set, in order.
    pub(super) fn missing(&self, range: Range<u32>) -> impl Iterator<Item = Range<u32>> + '_ {
        let first =
            self.0.range(..=range.start).next_back().map_or(range.start, |(_, &end)| end.max(range.start));
        let mut at = first;
        let mut later =
            self.0.range(range.start.saturating_add(1)..range.end.max(range.start.saturating_add(1)));
        std::iter::from_fn(move || {
            while at < range.end {
                let (gap_end, next_at) = match later.next() {
                    Some((&start, &end)) => (start, end),
                    None => (range.end, range.end),
                };
                let gap = at..gap_end;
                at = next_at;
                if !gap.is_empty() {
                    return Some(gap);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Ranges;

    #[test]
    fn ranges_hold_what_a_plain_set_holds() {
        let mut seed = 7u64;
        let mut random = move |below: u32| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(seed >> 40).unwrap_or(0) % below
        };
        for _ in 0..2_000 {
            let (mut ranges, mut plain) = (Ranges::default(), BTreeSet::new());
            for _ in 0..random(12) {
                let start = random(40);
                let range = start..start + random(8);
                plain.extend(range.clone());
                ranges.insert(range);
            }
            assert_eq!(ranges.iter().flatten().collect::<BTreeSet<_>>(), plain);
            assert!(ranges.iter().zip(ranges.iter().skip(1)).all(|(a, b)| a.end < b.start));
            let start = random(40);
            let asked = start..start + random(20);
            let missing: Vec<u32> = ranges.missing(asked.clone()).flatten().collect();
            assert_eq!(missing, asked.clone().filter(|clock| !plain.contains(clock)).collect::<Vec<_>>());
            assert_eq!(
                ranges.covers(start..start + 3),
                (start..start + 3).all(|clock| plain.contains(&clock))
            );
            assert_eq!(ranges.contains(start), plain.contains(&start));
        }
    }
}
