//! What the gateway answers of itself.

pub mod docs;
pub mod document;
pub mod explain;
mod files;
mod given;
pub mod pages;
pub mod probe;
