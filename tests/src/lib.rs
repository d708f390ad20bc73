//! End-to-end tests: the real binary, unmodified Yjs clients under Node, a real browser.
//!
//! This library is what the tests under `tests/tests` stand on. It knows the server from outside only: its command
//! line, its HTTP calls and its wire. What goes wrong here is a failed test, so most of it panics with a sentence
//! instead of returning errors.

pub mod album;
pub mod api;
pub mod browser;
pub mod chance;
pub mod chaos;
pub mod console;
pub mod disk;
pub mod forge;
pub mod forgeries;
pub mod keyboard;
pub mod left_behind;
pub mod line;
pub mod metrics;
pub mod nodes;
pub mod page;
pub mod peer;
pub mod picture;
pub mod process;
pub mod receiver;
pub mod redis;
pub mod room;
pub mod rounds;
pub mod script;
pub mod server;
pub mod setting;
pub mod socket;
pub mod stage;
pub mod undecided;
pub mod wait;
pub mod workshop;
pub mod writers;
pub mod yjs;
