//! What the operating system says of a process. Linux only, as `/proc` is.

use std::{fs, time::Duration};

/// Clock ticks a second, as `/proc` counts them on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Bytes of memory that the process holds (resident).
///
/// # Panics
/// When there is no such process.
#[must_use]
pub fn memory(pid: u32) -> u64 {
    field(pid, "VmRSS:").unwrap_or_else(|| panic!("process {pid} is not there to be measured"))
}

/// The most memory that the process has held, in bytes.
///
/// # Panics
/// When there is no such process.
#[must_use]
pub fn peak_memory(pid: u32) -> u64 {
    field(pid, "VmHWM:").unwrap_or_else(|| panic!("process {pid} is not there to be measured"))
}

/// Processor time that the process has used, in user and kernel mode together.
///
/// # Panics
/// When there is no such process.
#[must_use]
pub fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))
        .unwrap_or_else(|error| panic!("process {pid} is not there to be measured: {error}"));
    // The name, in parentheses, may hold anything; the fields count from behind it.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Duration::from_secs_f64((ticks(11) + ticks(12)) / TICKS_PER_SECOND)
}

/// Files, sockets and the like that the process has open.
///
/// # Panics
/// When there is no such process.
#[must_use]
pub fn handles(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap_or_else(|error| panic!("process {pid} is not there to be looked at: {error}"))
        .count()
}

fn field(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}
