//! HTTP towards vendors, byte for byte (docs/conformance.md, "HTTP, towards vendors").

mod answers;
mod codings;
mod early;
mod fields;
