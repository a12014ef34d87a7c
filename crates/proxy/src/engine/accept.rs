//! In: what a request is, who sends it, and whether it is good.

pub mod authenticate;
pub mod body_budget;
pub mod check;
pub mod content;
pub mod cursor;
pub mod head_checks;
pub mod input;
pub mod negotiation;
mod quota;
pub mod read_body;
pub mod route;
