//! The documents keep their word.

mod conformance;
mod readme;
