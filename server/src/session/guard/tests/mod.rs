//! The guard against honest clients, forgers and yrs itself.
#![allow(clippy::unwrap_used)]

mod board;
mod forged;
mod hazards;
mod honest;
mod plan;
mod random;
mod rules;
mod speed;
mod stored;
mod text;
mod yjs;
