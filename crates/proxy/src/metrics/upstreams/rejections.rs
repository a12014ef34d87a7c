//! Credentials that were not taken.

use prometheus::IntCounterVec;

/// Who did not take them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectedBy {
    /// The vendor answered a call 401.
    Vendor401,
    /// The vendor answered a call 403.
    Vendor403,
    /// The token endpoint gives this client no token.
    TokenEndpoint,
}

impl RejectedBy {
    /// As its label says it.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Vendor401 => "vendor-401",
            Self::Vendor403 => "vendor-403",
            Self::TokenEndpoint => "token-endpoint",
        }
    }

    /// What a vendor's status says.
    #[must_use]
    pub const fn of_status(status: u16) -> Option<Self> {
        match status {
            401 => Some(Self::Vendor401),
            403 => Some(Self::Vendor403),
            _ => None,
        }
    }
}

/// Counts those of one upstream.
#[derive(Clone)]
pub struct Rejections {
    upstream: String,
    counters: IntCounterVec,
}

impl Rejections {
    pub(super) fn new(upstream: &str, counters: IntCounterVec) -> Self {
        Self {
            upstream: upstream.to_owned(),
            counters,
        }
    }

    pub fn count(&self, by: RejectedBy) {
        self.counters
            .with_label_values(&[self.upstream.as_str(), by.label()])
            .inc();
    }
}
