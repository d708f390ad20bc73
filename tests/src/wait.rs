//! Waiting for something to be so: a condition and a deadline, never a sleep for luck.

use std::time::{Duration, Instant};

/// How long something that should happen at once may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How soon a condition is looked at again: at first, and at last. Each look doubles it.
const BEATS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// Looks until `look` finds what it wants and gives that; `look` says what it saw instead.
///
/// # Panics
/// When [`PATIENCE`] is over, with what was seen last.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Result<T, String>) -> T {
    until_within(PATIENCE, what, look).await
}

/// As [`until`], within a time of one's own.
///
/// # Panics
/// When the time is over, with what was seen last.
pub async fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<T, String>,
) -> T {
    let begun = Instant::now();
    let mut beat = BEATS.0;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) if begun.elapsed() > patience => {
                panic!("waited {:.1} s until {what}; last seen: {seen}", begun.elapsed().as_secs_f64())
            }
            Err(_) => tokio::time::sleep(beat).await,
        }
        beat = (beat * 2).min(BEATS.1);
    }
}

/// `Ok` when `condition` holds, otherwise what `seen` tells: for use in [`until`].
///
/// # Errors
/// When the condition does not hold.
pub fn holds(condition: bool, seen: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(seen()) }
}
