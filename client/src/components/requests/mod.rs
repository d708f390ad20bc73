//! Requests for new work: the pieces of their pages.

mod door;
mod row;
mod take;
mod words;
mod writing;

pub(crate) use door::Door;
pub(crate) use row::RequestLine;
pub(crate) use take::TakeRequests;
pub(crate) use words::{AskedWords, fact};
pub(crate) use writing::{Paragraph, Question};
