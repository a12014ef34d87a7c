//! Why a request gets a problem instead of an answer.

use std::sync::Arc;
use std::time::Duration;

use contract::GatewayProblem;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use translate::judge::VendorError;
use validate::Violations;

use super::outcome::Outcome;
use crate::cache::CacheStatus;

/// Why a request gets a problem instead of an answer.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// A row of the plan's problem catalogue.
    pub code: Arc<str>,
    /// For the caller; never a vendor's text or a secret.
    pub detail: String,
    pub errors: Violations,
    pub upstream: Option<(Arc<str>, VendorError)>,
    /// Writes only; `None` means not done.
    pub outcome: Option<Outcome>,
    pub safe_to_repeat: bool,
    /// Overrides the hint of the catalogue.
    pub hint: Option<String>,
    /// Further header fields: `Allow`, `Accept`, `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// For the log: bounded and escaped where it quotes a vendor.
    pub cause: Option<String>,
    /// For the log: what the cache did before; `None` where it had no part.
    pub cache: Option<CacheStatus>,
    /// The vendor's code or status has no row in the contract.
    pub unmapped: bool,
}

/// Stands in a cause before the vendor's own words.
pub const EXCERPT: &str = "; excerpt: ";

impl Refusal {
    #[must_use]
    pub fn new(problem: GatewayProblem, detail: impl Into<String>) -> Self {
        Self::of(problem.code().into(), detail)
    }

    /// A refusal by its code in the catalogue.
    #[must_use]
    pub fn of(code: Arc<str>, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Violations::default(),
            upstream: None,
            outcome: None,
            safe_to_repeat: false,
            hint: None,
            headers: Vec::new(),
            cause: None,
            cache: None,
            unmapped: false,
        }
    }

    /// Of a write of which nobody can say what became.
    #[must_use]
    pub fn outcome_unknown(detail: impl Into<String>) -> Self {
        Self {
            outcome: Some(Outcome::Unknown),
            ..Self::new(GatewayProblem::WriteOutcomeUnknown, detail)
        }
    }

    /// All that is wrong with a request.
    #[must_use]
    pub fn violations(errors: Violations) -> Self {
        let count = errors.listed.len() + errors.more;
        let detail = match (count, errors.listed.first()) {
            (1, Some(only)) => only.detail.clone(),
            _ if errors.more > 0 => format!(
                "The request breaks {count} rules of the contract; `errors` lists the first {}.",
                errors.listed.len()
            ),
            _ => format!("The request breaks {count} rules of the contract; `errors` lists them."),
        };
        Self {
            errors,
            ..Self::new(GatewayProblem::ValidationFailed, detail)
        }
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The cause up to the vendor's own words.
    #[must_use]
    pub fn cause_without_excerpt(&self) -> Option<&str> {
        let cause = self.cause.as_deref()?;
        Some(cause.split(EXCERPT).next().unwrap_or(cause))
    }

    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    #[must_use]
    pub fn allow(self, methods: &str) -> Self {
        self.with_header(ALLOW, methods)
    }

    /// `Retry-After` in whole seconds, rounded up; one where nothing is known.
    #[must_use]
    pub fn retry_after(self, wait: Option<Duration>) -> Self {
        let seconds = wait.map_or(1, |wait| wait.as_millis().div_ceil(1000).max(1));
        self.with_header(RETRY_AFTER, &seconds.to_string())
    }

    #[must_use]
    pub fn is(&self, problem: GatewayProblem) -> bool {
        &*self.code == problem.code()
    }

    /// Whether a write that ends in it may have been done.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.outcome == Some(Outcome::Unknown)
    }

    /// The vendor's status behind it, if the head of an answer arrived.
    #[must_use]
    pub fn vendor_status(&self) -> Option<u16> {
        self.upstream.as_ref().map(|(_, vendor)| vendor.status)
    }
}
