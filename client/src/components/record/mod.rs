//! What the pages of the decision log are made of.

mod about;
mod chain;
mod doing;
mod entering;
mod evidence;
mod facts;
mod filters;
mod line;
mod piles;
mod since;

pub(crate) use about::{Behind, CameAbout, InChain};
pub(crate) use chain::{ChainState, Tampered};
pub(crate) use entering::Entering;
pub(crate) use evidence::Evidence;
pub(crate) use facts::{Promise, Reasons};
pub(crate) use filters::LogFilters;
pub(crate) use line::{DecisionLine, decided as decided_day, due_day};
pub(crate) use piles::Piles;
pub(crate) use since::{History, Since};
