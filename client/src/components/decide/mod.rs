//! Deciding, committing and closing.

mod before;
mod bulk;
mod capacity;
mod case;
mod close;
mod commit;
mod confidence;
mod deciding;
mod dissent;
mod evidence;
mod fields;
mod form;
mod missing;
mod queue;
mod room;
mod shares;
mod sign;
mod view;

pub(crate) use close::CloseView;
pub(crate) use commit::CommitView;
pub(crate) use form::{DecisionForm, verdict_name};
pub(crate) use view::DecideView;
