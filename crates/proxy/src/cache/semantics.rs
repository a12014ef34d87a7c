//! What HTTP says of kept answers (RFC 9110, RFC 9111, RFC 9211), read and written.

pub mod condition;
pub mod directives;
pub mod etag;
pub mod freshness;
pub mod status;
