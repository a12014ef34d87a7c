//! The contract carries the system: the shipped one, and vendors that the product never heard of.

mod first_path;
mod foreign_contracts;
mod foreign_writes;
mod operations;
mod post_office;
