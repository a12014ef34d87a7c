//! What the parts of the page have in common.

use super::html::Html;

/// A part of the page with a heading of its own.
pub trait Section {
    /// Adds the section to the page. Every text in it is escaped there.
    fn html(&self, page: &mut Html);
}
