use thiserror::Error;

use crate::violation::{At, Violation, Violations};
use crate::{code, excerpt};

/// How many arrays and objects may enclose a value. Readers downstream recurse; without the limit
/// 100,000 brackets are a stack overflow, which ends the process.
pub const MAX_DEPTH: usize = 64;

/// Why a text is no [`JsonBody`]. What it holds of the text is shortened and escaped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JsonError {
    /// Not JSON: bad syntax, not UTF-8, empty, text after the value, a byte order mark. Line and
    /// column (in characters) are 1-based.
    #[error("the body is not JSON at line {line}, column {column}: {detail}")]
    Malformed {
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong, and what stands there.
        detail: String,
    },
    /// One object holds one key twice, in whatever spelling. `pointer` is that object; `key` is
    /// decoded, cut after 60 characters, and escaped where it does not print.
    #[error("{} holds the key `{key}` twice; send it once", object(pointer))]
    DuplicateKey {
        /// Into the body.
        pointer: String,
        /// Decoded, shortened and escaped.
        key: String,
    },
    /// `pointer` is the first array or object beyond the limit.
    #[error(
        "the body nests arrays and objects more than {limit} levels deep (first at `{pointer}`); send a flatter one"
    )]
    TooDeep {
        /// Into the body.
        pointer: String,
        /// [`MAX_DEPTH`].
        limit: usize,
    },
    /// Well-formed, but with values that could only be kept by bending them.
    #[error("{0}")]
    Violations(Violations),
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
