//! Chance that every replica has alike: numbers out of a seed.

/// Numbers out of a seed that stands in an entry, so that every replica has the same (SplitMix64, by Steele, Lea and
/// Flood).
pub(super) struct Chance(u64);

impl From<u64> for Chance {
    fn from(seed: u64) -> Self {
        Self(seed)
    }
}

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Puts a list into another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            // The list is short: that the lower places are a little likelier cannot be seen.
            let at = self.next() % (end as u64 + 1);
            list.swap(end, usize::try_from(at).unwrap_or(end));
        }
    }
}
