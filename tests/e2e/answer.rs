//! What a caller reads of an answer or a problem, and what the log line says of it.

mod deprecation;
mod messages;
mod phases;
mod tracing;
