//! A write as the others are told of it, and how long its answer waits.
