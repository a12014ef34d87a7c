//! What the gateway answers of itself.

pub mod docs;
pub mod document;
pub mod explain;
pub mod pages;
