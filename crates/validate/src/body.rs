//! Strict JSON (RFC 8259): read once, exactly, or refused with the place.
//!
//! The grammar has one judge, `grammar::json`. From its events the value is built (`build`): they show
//! each number's digits and each escape, which serde_json has already rounded, replaced or refused by the
//! time that its visitor is called. `malformed` finds the words for a text that is not JSON.

mod build;
mod error;
mod malformed;

use crate::flat::FlatJson;
use crate::validator::Validator;
use serde_json::Value;

pub use error::{JsonError, MAX_DEPTH};

/// A JSON text that was read without bending anything: keys are unique, numbers are exact
/// (integers in any spelling are integers: `1.0` and `1e2` became `1` and `100`), texts are free
/// of lone surrogates and forbidden control characters, nesting is at most [`MAX_DEPTH`].
#[derive(Debug, Clone, PartialEq)]
pub struct JsonBody(FlatJson);

/// A body that is not what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// All that is wrong with it.
    pub error: JsonError,
    /// Where only a schema refuses it: what it says.
    pub body: Option<JsonBody>,
}

impl JsonBody {
    /// Reads one JSON value and nothing after it, from a copy of a text.
    ///
    /// Structure comes first: a duplicate key or too much depth is reported alone; otherwise all
    /// bad texts and numbers are reported at once.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let (value, violations) = build::read(text.to_owned())?;
        if violations.is_empty() {
            Ok(Self(value))
        } else {
            Err(JsonError::Violations(violations))
        }
    }

    /// The same, and what a schema says of the value, all at once. Where a text or number was bad
    /// already, what the schema says of its stand-in is not told.
    pub fn parse_for(text: Vec<u8>, validator: &Validator) -> Result<Self, Unfit> {
        let (value, mut violations) =
            build::read(text).map_err(|error| Unfit { error, body: None })?;
        let mut found = validator.check_flat(&value);
        if violations.is_empty() && found.is_empty() {
            return Ok(Self(value));
        }
        let body = violations.is_empty().then_some(Self(value));
        found
            .listed
            .retain(|one| violations.iter().all(|known| known.at != one.at));
        violations.append(found);
        Err(Unfit {
            error: JsonError::Violations(violations),
            body,
        })
    }

    /// The value that was read.
    pub fn flat(&self) -> &FlatJson {
        &self.0
    }

    /// The value that was read.
    pub fn into_flat(self) -> FlatJson {
        self.0
    }

    /// The value that was read, as a tree.
    pub fn into_value(self) -> Value {
        self.0.to_value()
    }
}
