//! Several replicas over one store and one vendor: what a reader is given after a write was answered, by whichever of
//! them, and what that costs.

mod door;
mod rooms;

mod epochs;
mod keys;
mod reads;
mod reloads;
mod second_level;
mod writes;
