//! The guard against honest clients, forgers and yrs itself.
#![allow(clippy::unwrap_used)]
// The fuzzer is built with this folder and without the tests in it.
#![cfg_attr(not(test), allow(dead_code, unused_imports))]

mod board;
mod forged;
pub(super) mod fuzzed;
mod hazards;
mod honest;
mod plan;
mod random;
mod rules;
mod speed;
mod stored;
mod text;
mod yjs;
