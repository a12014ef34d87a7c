//! Settings and contract as files: what is read, what is refused, what a reload takes.

mod doors;
mod files;
mod keys;
pub mod lab;
mod overrides;
mod secret_files;
