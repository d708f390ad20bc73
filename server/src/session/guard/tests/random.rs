//! Chance from a seed, so that what failed fails again.

/// A generator of numbers (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % below.max(1)
    }

    pub(super) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// The seeds of a test: as many as asked for, or the one that `PLUMBLINE_SEED` names.
pub(super) fn seeds(count: u64) -> Box<dyn Iterator<Item = u64>> {
    match std::env::var("PLUMBLINE_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => Box::new(std::iter::once(seed)),
        None => Box::new(0..count),
    }
}

/// Says which seed was at work when a test fails.
pub(super) struct Seed(pub(super) u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("failed with PLUMBLINE_SEED={}\n", self.0),
            );
        }
    }
}
