//! What the pages of the decision log are made of.

mod chain;
mod filters;
mod line;

pub(crate) use chain::{ChainState, Tampered};
pub(crate) use filters::LogFilters;
pub(crate) use line::DecisionLine;
