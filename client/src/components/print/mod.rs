//! What is printed for the day: the facilitator's script, ballots on paper, a sheet by which people join.

mod ballots;
mod join;
mod script;

pub(crate) use ballots::PaperBallots;
pub(crate) use join::JoinSheet;
pub(crate) use script::PrintedScript;
