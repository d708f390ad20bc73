//! The agenda as data: what the one button does next, how the session keeps its time, and a step's options. Nothing
//! here knows a browser.

pub(crate) mod next;
pub(crate) mod options;
pub(crate) mod pace;
pub(crate) mod template;
