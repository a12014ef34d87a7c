//! The log as an output that somebody has to read.

mod unread_logs;
