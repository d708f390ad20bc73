//! Line of sight: the pieces of the pillars' pages.

mod agreed;
mod figures;
mod shift;

pub(crate) use agreed::AgreementLine;
pub(crate) use figures::{Caveats, of_pillar, weighed};
pub(crate) use shift::Shift;
