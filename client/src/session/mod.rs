//! A session as this page lives it: the board in step with the server, whatever the connection does.

mod board_view;
mod connection;
mod kept;
mod live;

pub(crate) use board_view::{BoardView, CardView, Hand, Marks, Writer, pillar_colour};
pub(crate) use live::Live;
