//! The contract compiler: one OpenAPI 3.1 document with `x-upstream` becomes an immutable [`Plan`].
//!
//! Everything that can be known before the first request is decided here; whatever cannot be
//! enforced is refused with its place and a hint. The way of a document:
//!
//! 1. [`yaml`] reads the text into a value whose members know their places.
//! 2. `schema` and `interface` read what callers see.
//! 3. `operation::binding` reads `x-upstream` against that, and against the other operations.
//! 4. `openapi` writes the public document.
//!
//! Nothing stops at the first mistake: what cannot be read is reported and stands as *broken*, and
//! every later step takes that as fitting.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod catalogue;
mod code;
mod compile;
mod diagnostic;
mod digest;
mod duration;
mod element_path;
mod extensions;
mod interface;
mod keywords;
mod model;
mod openapi;
mod operation;
pub mod place;
pub mod plan;
mod problem;
mod schema;
mod source;
mod vendor;
pub mod yaml;

pub use catalogue::GatewayProblem;
pub use code::CODES;
pub use compile::compile;
pub use diagnostic::{Diagnostic, Place, Related};
pub use duration::duration;
pub use extensions::schema;
pub use keywords::{DEPRECATED_WORDS, DeprecatedWord};
pub use openapi::guarded_document;
pub use plan::*;
