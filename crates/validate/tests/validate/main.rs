//! The promises of the crate, through its public API. One binary, so that jsonschema is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod codes;
mod did_you_mean;
mod formats;
mod hostile;
mod identifier;
mod json;
mod messages;
mod parameters;
mod properties;
mod published;
mod schema_words;
mod support;
