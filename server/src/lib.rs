//! The server.

pub mod codes;
pub mod import;
pub mod live;
pub mod session;
pub mod store;
pub mod tokens;
pub mod web;
