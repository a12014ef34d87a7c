//! The operators' port.

mod access;
mod admin_port;
mod operators;
mod reload;
mod series;
mod slow_scrapers;
mod status;
mod vendors;
mod watch;
