//! What the tests find around them, made ready by `cargo xtask test`.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The server's binary.
pub const BINARY: &str = "PLUMBLINE_BIN";
/// The binary of the release before; without it, the same one.
pub const EARLIER: &str = "PLUMBLINE_EARLIER_BIN";
/// The folder of npm packages that `tests/npm` names.
pub const NODE_MODULES: &str = "PLUMBLINE_NODE_MODULES";
/// Chromium's binary.
pub const CHROMIUM: &str = "PLUMBLINE_CHROMIUM";
/// The folder that pictures are kept in; without it they are thrown away.
pub const PICTURES: &str = "PLUMBLINE_PICTURES";
/// The first seed of generated plans, to replay one that failed.
pub const SEED: &str = "PLUMBLINE_SEED";
/// How many generated plans are run.
pub const PLANS: &str = "PLUMBLINE_PLANS";
/// How many times the server is killed under load.
pub const CRASH_ROUNDS: &str = "PLUMBLINE_CRASH_ROUNDS";
/// How many forgeries are sent to a server.
pub const FORGED: &str = "PLUMBLINE_FORGED";
/// How many connections stop reading, and how many people work beside them.
pub const SLOW: &str = "PLUMBLINE_SLOW";
/// How many connections are opened and dropped.
pub const DROPPED: &str = "PLUMBLINE_DROPPED";
/// For how long people work beside those who do not read, or on and on in a soak, in seconds.
pub const SECONDS: &str = "PLUMBLINE_SECONDS";
/// How many sessions run at once in a soak.
pub const SESSIONS: &str = "PLUMBLINE_SESSIONS";
/// How many simulated people are in each.
pub const PEOPLE: &str = "PLUMBLINE_PEOPLE";
/// How many rounds people work in bad weather.
pub const CHAOS_ROUNDS: &str = "PLUMBLINE_CHAOS_ROUNDS";
/// For how many seconds a node stands still meanwhile.
pub const STILL: &str = "PLUMBLINE_STILL";

/// What servers under test keep everything in: `redis` for a Redis of their own, else their data directory.
pub const STORE: &str = "PLUMBLINE_TEST_STORE";

/// The binary redis-server.
pub const REDIS: &str = "PLUMBLINE_REDIS_SERVER";

/// Whether `variable` holds `value`.
#[must_use]
pub fn is(variable: &str, value: &str) -> bool {
    env::var(variable).is_ok_and(|held| held == value)
}

/// The path that `variable` holds.
///
/// # Panics
/// When it is not set, or nothing is there.
#[must_use]
pub fn path(variable: &str) -> PathBuf {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        panic!("{variable} is not set: run `cargo xtask test`, which builds or installs what it names");
    };
    assert!(path.exists(), "{variable} names {}, where nothing is: run `cargo xtask test`", path.display());
    path
}

/// The path that `variable` holds, or that which `otherwise` holds.
///
/// # Panics
/// When neither is set, or nothing is there.
#[must_use]
pub fn path_or(variable: &str, otherwise: &str) -> PathBuf {
    path(if env::var_os(variable).is_some() { variable } else { otherwise })
}

/// The number that `variable` holds, or `otherwise`.
///
/// # Panics
/// When it holds something that is no number.
#[must_use]
pub fn number(variable: &str, otherwise: u64) -> u64 {
    match env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is «{text}», which is no number")),
        Err(_) => otherwise,
    }
}

/// A file under `tests/fixtures`.
#[must_use]
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A script under `tests/node`.
#[must_use]
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node").join(name)
}
