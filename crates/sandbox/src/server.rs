//! A small HTTP/1.1 server of our own, because faults need the raw socket.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod door;
pub(crate) mod form;
pub(crate) mod request;
pub(crate) mod target;
pub(crate) mod wire;
