//! Schema-directed translation between the unified JSON and what a vendor speaks.
//!
//! Everything here is a function of a [`Shape`] and bytes: no I/O, no HTTP server, no OpenAPI. The
//! shape decides what is an array, an integer or a string; the data never does.
//!
//! - [`Encoder`] writes a unified value as a form, XML or JSON.
//! - [`Document`] reads a vendor's answer, and [`decode`](fn@decode) takes a unified value out of it.
//! - [`judge`](fn@judge) applies all that an operation declares about answers: a value, a problem, or "unclear".
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod answer;
pub mod decode;
pub mod document;
pub mod encode;
pub mod encoding;
pub mod judge;
pub mod mismatch;
pub mod shape;

mod pointer;
mod xml_names;

pub use decode::{Decoded, decode};
pub use document::{AnswerLimits, Document, content_type_fits};
pub use encode::{EncodeError, EncodeErrorKind, EncodeErrors, Encoder, form_pairs, write_form};
pub use encoding::Encoding;
pub use judge::{Answer, Context, MatchedBy, VendorError, Verdict, judge};
pub use mismatch::Mismatch;
pub use shape::{Array, Field, FormStyle, Kind, Map, Object, Shape, WireType, XmlPlace};
