//! A session that is only shown: beginning it, and its three pages beside each other.

mod begin;
mod frames;

pub(crate) use begin::{Begin, Play, Rehearse};
pub(crate) use frames::Frames;
