//! The documents keep their word.

mod compat;
mod conformance;
mod fleet;
mod paths;
mod readme;
mod typed;
