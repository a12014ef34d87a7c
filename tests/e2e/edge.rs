//! Callers' HTTP, byte by byte: what is read, how long each wait is, how a connection and the process end.

mod connections;
mod drain;
mod expect;
mod framing;
mod request_lines;
mod signals;
mod slow_callers;
mod unsent;
