//! How a write ended.

/// What is known of a write that did not simply succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    NotDone,
    Unknown,
}

impl Outcome {
    /// As it stands in problems, metrics and the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotDone => "not-done",
            Self::Unknown => "unknown",
        }
    }
}
