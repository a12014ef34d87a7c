//! Secrets by reference: where one stands, how it is read, and the value that never shows itself.

mod source;
mod vault;

pub use source::{MissingSecret, READ_LIMIT, Secret, SecretSource};
pub use vault::Vault;
