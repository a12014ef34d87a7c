//! What a call bore of us.

use std::sync::Arc;

use super::redact::Redactor;
use super::{Attempt, Failure};

/// Whose credential a call bore, and what must not be shown of it. An answer keeps it: by the time that the
/// vendor's words are read the secrets may be others.
#[derive(Debug, Clone, Default)]
pub struct Borne {
    identity: [u8; 32],
    redactor: Option<Arc<Redactor>>,
}

impl Borne {
    #[must_use]
    pub const fn new(identity: [u8; 32], redactor: Arc<Redactor>) -> Self {
        Self {
            identity,
            redactor: Some(redactor),
        }
    }

    /// See [`super::Upstream::identity`].
    #[must_use]
    pub const fn identity(&self) -> [u8; 32] {
        self.identity
    }

    /// Takes our credentials out of a vendor's own words.
    pub fn strike(&self, text: &mut String) {
        if let Some(redactor) = &self.redactor {
            redactor.strike(text);
        }
    }

    /// The same for a piece that was cut out of a text.
    pub fn strike_piece(&self, text: &mut String) {
        if let Some(redactor) = &self.redactor {
            redactor.strike_piece(text);
        }
    }

    /// Marks what came of a call with this proof. What a failure says may quote the vendor.
    pub fn mark(&self, attempt: &mut Attempt) {
        match attempt {
            Attempt::NotSent(failure) | Attempt::Sent(failure) => self.mark_failure(failure),
            Attempt::Answered(answer) => {
                if let Some(failure) = &mut answer.cut {
                    self.mark_failure(failure);
                }
                answer.borne = self.clone();
            }
        }
    }

    pub fn mark_failure(&self, failure: &mut Failure) {
        self.strike_piece(&mut failure.detail);
    }
}
