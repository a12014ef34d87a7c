//! The commands: what they print, where they print it, and how they end.

mod command_line;
mod demo;
mod doors;
mod explain;
mod online;
mod online_store;
mod start;
