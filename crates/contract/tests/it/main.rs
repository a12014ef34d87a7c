//! The compiler from outside: whole documents in, plans or findings out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod broken;
mod callers;
mod documentation;
mod extensions;
mod foreign;
mod grammar;
mod interface_page;
mod limits;
mod own_words;
mod places;
mod plans;
mod public;
mod rendering;
mod served;
mod support;
mod warnings;
