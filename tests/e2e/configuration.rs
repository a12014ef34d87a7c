//! `check`: all that is wrong with settings and contract, in one run, with place and help, and without
//! secrets.

mod doors;
mod files;
mod keys;
pub mod lab;
