//! A ballot as its person goes through it: what comes next, what is left, what a key stands for. No page and no I/O.

pub(crate) mod budget;
pub(crate) mod press;
pub(crate) mod sheet;
