use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::diagnostic::Place;

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// The content; members keep the order of the text.
    pub value: Value,
    pub(super) places: HashMap<String, Marks>,
    /// Pointers of values that were refused and could not be guessed; null stands for them.
    pub(super) unread: HashSet<String>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) value: Place,
    pub(super) key: Option<Place>,
}

impl Document {
    /// Whether null stands for a value that was refused, and that says nothing more.
    #[must_use]
    pub fn is_unread(&self, pointer: &str) -> bool {
        self.unread.contains(pointer)
    }

    /// Where the value that a JSON Pointer names begins.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Option<Place> {
        self.places.get(pointer).map(|marks| marks.value)
    }

    /// Where the key of the member that a JSON Pointer names stands; `None` for list entries.
    #[must_use]
    pub fn key_place(&self, pointer: &str) -> Option<Place> {
        self.places.get(pointer).and_then(|marks| marks.key)
    }
}
