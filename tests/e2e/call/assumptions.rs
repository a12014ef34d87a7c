//! What the vendors' pages leave open, both ways: callers are told the same truth in every setting.

mod ispring;
mod netex;
