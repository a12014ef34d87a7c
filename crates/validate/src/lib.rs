//! What the gateway accepts, as types that cannot be built from anything else.
//!
//! Three ways in, all without I/O:
//!
//! - [`JsonBody`] reads a JSON text without bending it: no key is lost, no number is rounded, no
//!   character is replaced.
//!   What it read is a [`FlatJson`], whose parts are [`Node`]s.
//! - [`Validator`] is a compiled JSON Schema 2020-12. It lists every [`Violation`] at once, each
//!   with its place, a stable code ([`code::CODES`]) and a sentence that says what to do.
//! - [`ExternalId`] is an identifier that is safe as one segment of a vendor's path.
//!
//! Everything here may be fed hostile bytes: time grows linearly, and what is reported stays small
//! (see [`MAX_VIOLATIONS`], [`MAX_POINTER_BYTES`]).
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod body;
pub mod code;
mod did_you_mean;
mod exact_number;
mod excerpt;
mod flat;
mod format;
mod identifier;
mod message;
mod node;
mod parameter;
mod place;
mod pointer;
mod schema;
pub mod text;
mod validator;
mod violation;

pub use body::{JsonBody, JsonError, MAX_DEPTH, Unfit};
pub use code::CODES;
pub use did_you_mean::closest;
pub use flat::FlatJson;
pub use format::{Format, Published};
pub use identifier::{ExternalId, IdentifierError};
pub use node::{Items, Members, Node, View};
pub use place::Place;
pub use pointer::MAX_POINTER_BYTES;
pub use schema::{SchemaError, schema_errors};
pub use validator::Validator;
pub use violation::{At, MAX_VIOLATIONS, Violation, Violations};
