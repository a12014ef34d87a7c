//! The sandbox over real sockets: every documented line of both vendors' pages, every switch both
//! ways, every fault before and after each write.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod assumptions;
mod control;
mod docs;
mod doors;
mod fault_matrix;
mod faults;
mod http;
mod ispring_day;
mod ispring_token;
mod lab;
mod netex_create;
mod netex_list;
mod netex_paths;
mod netex_replace;
mod netex_room;
