//! The operator's port: what it answers, and to whom. The port itself is one of `edge`.

mod access;
mod answer;
mod body;
mod evidence;
mod page;
mod pages;
mod purge;
mod reload;
mod running;
mod status;

pub use pages::Admin;
pub use running::Running;
