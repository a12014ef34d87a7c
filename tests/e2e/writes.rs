//! Every write ends in one of three true answers, and no vendor sees it twice (docs/writes.md).

mod answers;
mod faults;
pub mod lab;
mod leaving;
mod matrix;
mod write;
