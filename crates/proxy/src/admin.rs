//! The operator's port: what it answers. The port itself is one of `edge`.

mod pages;
mod purge;

pub use pages::Admin;
