//! What the fence knows of a tag.

use std::hash::Hash;

/// What a write changes and a read shows.
pub trait FenceTag: Clone + Eq + Hash {
    /// The tag that stands for all tags of this one's name; of itself it is itself.
    fn whole(&self) -> Self;
}
