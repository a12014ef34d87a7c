//! The log as an output that somebody has to read.

mod full_disk;
mod terminal;
mod unread_logs;
