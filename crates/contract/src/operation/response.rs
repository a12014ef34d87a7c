//! What comes back: which answers are a success, what callers get for each, and what errors mean.

pub(crate) mod answers;
mod emit;
mod error_map;
mod fails_if;
mod place;
mod producer;
mod promise;
