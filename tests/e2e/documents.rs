//! The documents keep their word.

mod compat;
mod conformance;
mod paths;
mod readme;
mod typed;
