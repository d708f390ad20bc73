//! What every part of Plumbline agrees on: the words, the shape of the board, who may change what, and the messages.
//!
//! Nothing here does I/O, reads a clock or draws a random number, so the same code decides on the server and
//! greys out in the browser.

pub mod agenda;
pub mod answer;
pub mod board;
pub mod checkpoint;
pub mod day;
pub mod deciding;
pub mod decimal;
pub mod ids;
pub mod json;
pub mod limits;
pub mod messages;
pub mod methods;
pub mod order;
pub mod policy;
pub mod readings;
pub mod results;
pub mod schema;
pub mod sorted;
pub mod wire;
pub mod words;
