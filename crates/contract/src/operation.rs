//! One operation's vendor call, and what may follow it. [`binding`] puts together what the folders read.

pub(crate) mod binding;
mod cache;
mod calls;
mod draft;
mod encoding;
mod follow_up;
mod listed;
pub(crate) mod probe;
mod request;
mod response;
mod scope;
mod sensitive;
mod value_source;
