//! Chance from a seed, so that what failed fails again.

/// A generator of numbers (xorshift64*), which can be told what to draw first.
pub(super) struct Random {
    state: u64,
    /// What is drawn first, last byte first.
    script: Vec<u8>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, script: Vec::new() }
    }

    /// Draws what the bytes say, a byte for each small number, until they are spent.
    pub(super) fn scripted(bytes: &[u8]) -> Self {
        Random { script: bytes.iter().rev().copied().collect(), ..Random::new(0) }
    }

    /// Whether nothing is left of the script.
    pub(super) fn is_spent(&self) -> bool {
        self.script.is_empty()
    }

    pub(super) fn next(&mut self) -> u64 {
        if !self.script.is_empty() {
            return (0..8).fold(0, |number, _| number << 8 | u64::from(self.script.pop().unwrap_or(0)));
        }
        self.draw()
    }

    /// What a page draws for its own name: never scripted, since honest pages do not draw one twice.
    pub(super) fn client_id(&mut self) -> u64 {
        self.draw() >> 33 | 1
    }

    fn draw(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        match self.script.pop_if(|_| below <= 256) {
            Some(byte) => usize::from(byte) % below.max(1),
            None => usize::try_from(self.next() >> 11).unwrap() % below.max(1),
        }
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
