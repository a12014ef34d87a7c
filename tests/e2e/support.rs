//! A gateway process, vendors to put behind it, and a client that hides nothing.

pub mod api;
pub mod callers;
pub mod eventually;
pub mod fleet;
pub mod gateway;
pub mod http;
pub mod lab;
pub mod ports;
pub mod receiver;
pub mod redis;
pub mod sandboxed;
pub mod terminal;
pub mod tls;
pub mod vendor;

pub use eventually::eventually;
pub use gateway::Gateway;
pub use http::{Answer, Client};
pub use receiver::Receiver;
pub use sandboxed::Sandboxed;
pub use vendor::{Scripted, Vendor};
