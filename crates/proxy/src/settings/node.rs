//! The settings as a tree, read by the rows of its keys; every mistake is kept with its place.

mod mapping;
mod names;
mod secret;
mod sections;

pub use mapping::Node;
pub use names::NamesNode;
pub use secret::{CredentialValue, SECRET_IN_THE_OPEN};
