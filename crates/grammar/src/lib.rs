//! What has a grammar and is read in more than one place, each once: two readers of one rule drift
//! apart. No I/O; everything may be fed hostile bytes, in time that grows linearly.
//!
//! Each module names the section of the standard that it follows.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod date_time;
pub mod json;
pub mod media_type;
pub mod number;
pub mod pointer;
pub mod segment;
pub mod tag;
pub mod token;
pub mod xml;

pub use pointer::Pointer;
pub use segment::PathSegment;
