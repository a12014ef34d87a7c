//! The log for people: one line for each event, in colours where a terminal shows them. Nothing that came from
//! outside can steer the terminal, forge a line or turn the order of reading.

mod escape;
mod event;
mod fields;
mod palette;

pub use event::ForPeople;
