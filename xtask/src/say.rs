//! What xtask tells the person who waits: one line when something begins, one when it has ended.
//!
//! All of it goes to standard error; standard output belongs to results (the server's link, the test table).

use std::fmt::Display;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a step may stay silent before it says that it is still at work.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// How many steps are under way, one inside the other; only the innermost gives signs of life.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Announces something that happens now and is quick.
pub(crate) fn note(text: impl Display) {
    eprintln!("{} {text}", bold("·"));
}

/// Says something that the reader should not overlook.
pub(crate) fn warn(text: impl Display) {
    eprintln!("{} {text}", bold("!"));
}

/// Runs one step that takes a while: its title before, its measured time after, and a sign of life each minute.
///
/// `expect` says in words how long it usually takes, for the decision whether to fetch a coffee.
pub(crate) fn step<T>(
    title: &str,
    expect: Option<&str>,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    match expect {
        Some(expect) => eprintln!("{} {title} ({expect})", bold("▸")),
        None => eprintln!("{} {title}", bold("▸")),
    }
    let begun = Instant::now();
    let heartbeat = Heartbeat::start(title);
    let result = work();
    drop(heartbeat);
    let took = duration(begun.elapsed());
    match &result {
        Ok(_) => eprintln!("{} {title}: done in {took}", bold("✓")),
        Err(_) => eprintln!("{} {title}: failed after {took}", bold("✗")),
    }
    result
}

/// A duration as a person says it: `0.4 s`, `48 s`, `3 min 20 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A number of bytes as a person says it, in units of 1,000.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{}.{} kB", count / 1_000, count % 1_000 / 100),
        _ => format!("{}.{:02} MB", count / 1_000_000, count % 1_000_000 / 10_000),
    }
}

fn bold(text: &str) -> String {
    if std::io::stderr().is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Says each minute that a step is still running; ends when dropped.
struct Heartbeat {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Heartbeat {
    fn start(title: &str) -> Self {
        let (stop, stopped) = channel::<()>();
        let title = title.to_owned();
        let begun = Instant::now();
        let depth = UNDER_WAY.fetch_add(1, Ordering::Relaxed) + 1;
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                if UNDER_WAY.load(Ordering::Relaxed) == depth {
                    eprintln!("  … {title}: {} so far", duration(begun.elapsed()));
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::Relaxed);
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A heartbeat that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_the_unit_a_person_would_use() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(48)), "48 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn a_size_is_said_in_thousands() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(198_400), "198.4 kB");
        assert_eq!(bytes(12_345_678), "12.34 MB");
    }
}
