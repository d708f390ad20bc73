//! Hostile participants against the fold, in one process: what is generated, forged or damaged goes the way that a frame
//! goes in the server, through the guard into the fold and out of it as what everybody gets.
//!
//! `cargo xtask endure hostile` runs a million of them. A run that fails names its room, which `PLUMBLINE_SEED` replays.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../../../tests/src/chance.rs"]
#[allow(dead_code, unreachable_pub)]
mod chance;
#[path = "../../../tests/src/forge.rs"]
#[allow(dead_code, unreachable_pub)]
mod forge;
mod frames;
mod judgement;
mod people;
mod room;
mod sources;

use std::{collections::BTreeMap, ops::Range, time::Duration};

use peak_alloc::PeakAlloc;

use room::Room;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// How many updates are offered unless the environment says otherwise.
const UPDATES: u64 = 12_000;
/// Updates offered to one board before it is thrown away.
const PER_ROOM: u64 = 1_000;
/// The most that one update, or one frame, may have allocated at any moment while it was dealt with, in bytes: the guard's
/// small multiple of what came, and the document's change.
const MOST: usize = 4 * 1024 * 1024;
/// How long one update may take, on the slowest machine. What hangs takes for ever.
const LONGEST: Duration = Duration::from_secs(10);

/// What became of all that was offered.
#[derive(Default)]
struct Report {
    /// Fate → how often.
    fates: BTreeMap<&'static str, u64>,
    /// The most that was allocated for one of them, in bytes.
    most: usize,
    /// The longest that one took.
    longest: Duration,
}

impl Report {
    fn add(&mut self, fate: &'static str, allocated: usize, took: Duration) {
        *self.fates.entry(fate).or_default() += 1;
        self.most = self.most.max(allocated);
        self.longest = self.longest.max(took);
        assert!(allocated <= MOST, "{allocated} bytes were allocated for what was {fate}");
        assert!(took <= LONGEST, "it took {took:?} until it was {fate}");
    }

    fn of(&self, fate: &str) -> u64 {
        self.fates.get(fate).copied().unwrap_or(0)
    }
}

/// Says which room it was when something fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("failed in the room PLUMBLINE_SEED={}", self.0);
        }
    }
}

#[test]
fn nothing_that_is_made_up_does_harm_and_nothing_honest_is_refused() {
    let number =
        |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("it is a number"));
    let updates = number("PLUMBLINE_HOSTILE").unwrap_or(UPDATES);
    let rooms: Range<u64> = match number("PLUMBLINE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..updates.div_ceil(PER_ROOM),
    };
    let is_whole = rooms.start == 0;
    let mut report = Report::default();
    for seed in rooms {
        let _named = Named(seed);
        let mut room = Room::new(seed);
        for _ in 0..PER_ROOM {
            room.turn(&mut report);
        }
        room.leave();
    }
    let total: u64 = report.fates.values().sum();
    println!("{total} updates and frames: {:?}", report.fates);
    println!(
        "at most {} kB allocated for one, {:.1} ms for the slowest",
        report.most / 1024,
        report.longest.as_secs_f64() * 1e3
    );
    if is_whole {
        for fate in
            ["accepted", "taken back", "refused", "nothing new", "incomplete", "honest", "harmless", "read"]
        {
            assert!(report.of(fate) > total / 500, "hardly anything was {fate}: {:?}", report.fates);
        }
    }
}
