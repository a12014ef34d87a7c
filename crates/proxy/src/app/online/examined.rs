//! What an examination found.

use super::step_log::{Step, Verdict};

/// What was found of one vendor, or of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    pub name: String,
    pub base_url: String,
    /// All of them, in their order, also those that were not tried.
    pub steps: Vec<Step>,
}

impl Examined {
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.verdict != Verdict::Failed)
    }
}
