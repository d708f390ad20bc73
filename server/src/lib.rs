//! The server.

pub mod session;
pub mod store;
pub mod web;
