//! Routes, sockets, admission, limits, assets: no rules.

pub mod assets;
pub mod security;
