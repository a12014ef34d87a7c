//! The catalogue of problems.

use std::sync::Arc;

/// One row of the problem catalogue (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Lower-case words joined by `-`: the last step of the problem's `type`.
    pub code: Arc<str>,
    /// 400 to 599.
    pub status: u16,
    /// One for each code, whatever happened.
    pub title: String,
    /// What a caller can do.
    pub hint: Option<String>,
    /// When a caller meets it, for `/problems` and the docs.
    pub description: String,
    /// Declared by the contract's `x-problems` rather than by the gateway.
    pub domain: bool,
}
