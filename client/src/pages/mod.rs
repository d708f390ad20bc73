//! The pages. Each is a composition of components; none holds a rule.

mod board;
mod cover;
mod dialogs;
mod door;
mod join;
mod log;
mod new_session;
mod pillar;
mod pillars;
mod print;
mod request;
mod request_status;
mod requests;
mod unknown;
mod wall;
mod watch;
mod webhooks;
mod workspace;

pub(crate) use board::BoardPage;
pub(crate) use cover::Seats;
pub(crate) use dialogs::{ShareHere, content as dialog_content};
pub(crate) use join::JoinPage;
pub(crate) use log::LogPage;
pub(crate) use new_session::NewSessionPage;
pub(crate) use pillar::PillarPage;
pub(crate) use pillars::PillarsPage;
pub(crate) use print::PrintPage;
pub(crate) use request::RequestPage;
pub(crate) use request_status::RequestStatusPage;
pub(crate) use requests::RequestsPage;
pub(crate) use unknown::UnknownPage;
pub(crate) use wall::WallPage;
pub(crate) use watch::WatchPage;
pub(crate) use webhooks::WebhooksPage;
pub(crate) use workspace::WorkspacePage;
