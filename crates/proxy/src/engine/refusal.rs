//! Why a request gets a problem instead of an answer.

use std::sync::Arc;

use contract::GatewayProblem;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use translate::judge::VendorError;
use validate::Violations;

use super::outcome::Outcome;

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
    /// For the log.
    pub cause: Option<String>,
}

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

    /// Whole seconds, at least one.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(RETRY_AFTER, &seconds.max(1).to_string())
    }

    #[must_use]
    pub fn is(&self, problem: GatewayProblem) -> bool {
        &*self.code == problem.code()
    }
}
