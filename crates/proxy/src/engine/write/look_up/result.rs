//! What a look-up saw.

use serde_json::Value;

#[derive(Debug, Clone, PartialEq)]
pub enum LookupResult {
    /// The write is there (for a delete: the thing is gone). With what the read shows.
    Shown(Option<Value>),
    /// A create's name belongs to something else.
    Other,
    NotShown,
    /// All that can be read back is as sent; these sent fields cannot.
    Unseen(Vec<String>),
    CannotTell(String),
}
