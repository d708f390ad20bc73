//! The server.

pub mod live;
pub mod session;
pub mod store;
pub mod web;
