//! What the tests are told about their surroundings: the contract is in `tests/README.md`.

use crate::{node, system};
use std::ffi::OsString;
use std::path::PathBuf;

/// Environment variables for the test binaries.
pub(super) type Setting = Vec<(&'static str, OsString)>;

/// Names all that is here, and installs nothing.
pub(super) fn of_what_is_here(server: Option<PathBuf>) -> Setting {
    let modules = if node::TESTS.are_here() { node::TESTS.modules().ok() } else { None };
    [
        ("PLUMBLINE_BIN", server),
        ("PLUMBLINE_NODE_MODULES", modules),
        ("PLUMBLINE_CHROMIUM", system::CHROMIUM.find()),
        ("PLUMBLINE_CHROMEDRIVER", system::CHROMEDRIVER.find()),
        ("PLUMBLINE_REDIS_SERVER", system::REDIS.find()),
    ]
    .into_iter()
    .filter_map(|(name, path)| Some((name, path?.into_os_string())))
    .collect()
}
