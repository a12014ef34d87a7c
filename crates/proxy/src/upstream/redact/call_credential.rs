//! The credential that a call had.

use std::sync::Arc;

use super::Redactor;

/// Whose credential a call had, and what must not be shown of it. An answer keeps it: by the time that the
/// vendor's words are read the secrets may be others.
#[derive(Debug, Clone, Default)]
pub struct CallCredential {
    identity: [u8; 32],
    redactor: Option<Arc<Redactor>>,
}

impl CallCredential {
    #[must_use]
    pub const fn new(identity: [u8; 32], redactor: Arc<Redactor>) -> Self {
        Self {
            identity,
            redactor: Some(redactor),
        }
    }

    /// See [`crate::upstream::Upstream::identity`].
    #[must_use]
    pub const fn identity(&self) -> [u8; 32] {
        self.identity
    }

    /// Takes our credentials out of a vendor's own words.
    pub fn redact(&self, text: &mut String) {
        if let Some(redactor) = &self.redactor {
            redactor.redact(text);
        }
    }

    /// The same for a piece that was cut out of a text.
    pub fn redact_fragment(&self, text: &mut String) {
        if let Some(redactor) = &self.redactor {
            redactor.redact_fragment(text);
        }
    }
}
