//! In: what a request is, who sends it, and whether it is good. Nothing in here reaches a vendor.

pub mod admit;
pub mod authenticate;
pub mod body_budget;
pub mod check;
pub mod coding;
pub mod conditions;
pub mod content;
pub mod cursor;
pub mod head_checks;
pub mod input;
pub mod invocation;
pub mod negotiation;
pub mod page;
pub mod plain_head;
pub mod read_body;
pub mod route;
