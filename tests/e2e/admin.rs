//! The operators' port.

mod admin_port;
mod operators;
