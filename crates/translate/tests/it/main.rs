//! What the crate promises, seen from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod by_tree;
mod charsets;
mod decode_json;
mod decode_xml;
mod encode_form;
mod encode_json;
mod encode_xml;
mod hostile;
mod judge_errors;
mod judge_success;
mod lenient;
mod read;
mod round_trip;
mod shapes;
