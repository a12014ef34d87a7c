//! Strict JSON (RFC 8259): read once, exactly, or refused with the place.
//!
//! The grammar has one judge, `grammar::json`. From its events the value is built (`build`): they show
//! each number's digits and each escape, which serde_json has already rounded, replaced or refused by the
//! time that its visitor is called. `malformed` finds the words for a text that is not JSON.

mod build;
mod malformed;
mod number;

use serde_json::Value;
use thiserror::Error;

use crate::{At, Validator, Violation, Violations, code, excerpt};

pub(crate) use number::exact;

/// How many arrays and objects may enclose a value. Readers downstream recurse; without the limit
/// 100,000 brackets are a stack overflow, which ends the process.
pub const MAX_DEPTH: usize = 64;

/// A JSON text that was read without bending anything: keys are unique, numbers are exact
/// (integers in any spelling are integers: `1.0` and `1e2` became `1` and `100`), texts are free
/// of lone surrogates and forbidden control characters, nesting is at most [`MAX_DEPTH`].
#[derive(Debug, Clone, PartialEq)]
pub struct JsonBody(Value);

/// Why a text is no [`JsonBody`]. What it holds of the text is shortened and escaped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JsonError {
    /// Not JSON: bad syntax, not UTF-8, empty, text after the value, a byte order mark. Line and
    /// column (in characters) are 1-based.
    #[error("the body is not JSON at line {line}, column {column}: {detail}")]
    Malformed {
        line: usize,
        column: usize,
        detail: String,
    },
    /// One object holds one key twice, in whatever spelling. `pointer` is that object; `key` is
    /// decoded, cut after 60 characters, and escaped where it does not print.
    #[error("{} holds the key `{key}` twice; send it once", object(pointer))]
    DuplicateKey { pointer: String, key: String },
    /// `pointer` is the first array or object beyond the limit.
    #[error(
        "the body nests arrays and objects more than {limit} levels deep (first at `{pointer}`); send a flatter one"
    )]
    TooDeep { pointer: String, limit: usize },
    /// Well-formed, but with values that could only be kept by bending them.
    #[error("{0}")]
    Violations(Violations),
}

impl JsonBody {
    /// Reads one JSON value and nothing after it.
    ///
    /// Structure comes first: a duplicate key or too much depth is reported alone; otherwise all
    /// bad texts and numbers are reported at once.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        let (value, violations) = build::read(bytes)?;
        if violations.is_empty() {
            Ok(Self(value))
        } else {
            Err(JsonError::Violations(violations))
        }
    }

    /// The same, and what a schema says of the value, all at once. Where a text or number was bad
    /// already, the schema is not asked: it would judge a stand-in.
    pub fn parse_for(bytes: &[u8], validator: &Validator) -> Result<Self, JsonError> {
        let (value, mut violations) = build::read(bytes)?;
        let mut found = validator.check(&value);
        found
            .listed
            .retain(|one| violations.iter().all(|known| known.at != one.at));
        violations.append(found);
        if violations.is_empty() {
            Ok(Self(value))
        } else {
            Err(JsonError::Violations(violations))
        }
    }

    pub fn value(&self) -> &Value {
        &self.0
    }

    pub fn into_value(self) -> Value {
        self.0
    }
}

impl JsonError {
    /// The error as a list for a problem's `errors`. Empty for [`JsonError::Malformed`]: what is
    /// not JSON has no pointers.
    pub fn into_violations(self) -> Violations {
        let detail = self.to_string();
        let (pointer, code) = match self {
            Self::Malformed { .. } => return Violations::new(),
            Self::Violations(violations) => return violations,
            Self::DuplicateKey { pointer, .. } => (pointer, code::DUPLICATE_KEY),
            Self::TooDeep { pointer, .. } => (pointer, code::TOO_DEEP),
        };
        Violation {
            at: At::Pointer(pointer),
            code,
            detail,
        }
        .into()
    }
}

fn object(pointer: &str) -> String {
    if pointer.is_empty() {
        "the body".to_owned()
    } else {
        format!("the object at {}", excerpt::quote(pointer))
    }
}
