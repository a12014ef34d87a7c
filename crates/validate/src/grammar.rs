//! Grammars that several crates read, each in one place: two readers of one rule drift apart.

pub mod date_time;
pub mod media_type;
pub mod number;
pub mod pointer;
pub mod segment;
pub mod token;
pub mod xml;
