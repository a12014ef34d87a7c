//! End to end: the real binary on real sockets, against the sandbox or a scripted vendor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod first_path;
