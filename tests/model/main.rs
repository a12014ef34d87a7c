//! The protocol of the fleet (docs/fleet.md), searched state by state.
//!
//! The types that the gateway runs (`Member`, `Awaited`) are driven here through every order in which members, a store, a
//! vendor and the network can take their steps; the store, the vendor, the clocks and the caches around them are small
//! models. CONTRIBUTING says how to run it and how to add a fault.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod action;
mod beats;
mod cache;
mod cast;
mod door;
mod fault;
mod faults;

mod keys;
mod properties;
mod reader;
mod scenario;
mod search;
mod sound;
mod store;
mod told;
mod trouble;
mod world;
mod write;
