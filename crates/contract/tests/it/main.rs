//! The compiler from outside: whole documents in, plans or findings out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod served;
mod support;
