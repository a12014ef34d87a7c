//! The interface for people: `/docs` tries the calls, `/docs/plain` is read and printed, `/problems` explains.

mod example;
mod fields;
mod html;
mod interactive;
mod operation;
mod plain;
mod problems;
mod reference;
mod rules;

pub use html::page_policy;
pub use interactive::{page as interactive, policy as interactive_policy};
pub use plain::page as plain;
pub use problems::{all as problems, one as problem};
