//! What is told of it: on `/status`, on `/drift`, and to the command that makes an overlay of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use translate::judge::Guess;

/// All operations of which something was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftReport {
    /// The digest of the contract that it was seen under.
    pub contract: String,
    pub operations: Vec<DriftOfOperation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftOfOperation {
    pub operation: String,
    pub upstream: String,
    /// `xml` or `json`.
    pub encoding: String,
    pub findings: Vec<Line>,
    /// Further ones that were seen and are not kept.
    pub more: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// `unknown-field`, `new-value`, `missing-field` or `changed-type`.
    pub kind: String,
    /// A pointer into the unified answer; `*` stands for each item and each entry. Its last step is the vendor's name
    /// where the field is unknown, and `?` where that name is no plain word.
    pub at: String,
    /// Of the unified answer.
    pub status: u16,
    /// What stands there, as a schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
    /// The text of a new value, where it is a plain word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// In so many of the answers that were looked through.
    pub answers: u64,
    pub first_seen: String,
    pub last_seen: String,
}

/// The schema of what a value looks like, in the contract's words; `None`: there is no value.
pub fn schema(guess: &Guess) -> Option<Value> {
    Some(match guess {
        Guess::Nothing => return None,
        Guess::Attribute => json!({"type": "string", "xml": {"attribute": true}}),
        // Nothing but null was seen: what else may come nobody knows.
        Guess::Null => json!({"type": ["string", "null"]}),
        Guess::Array(items) => {
            let items = items.as_ref().and_then(|items| schema(items));
            json!({"type": "array", "items": items.unwrap_or_else(|| json!({"type": "string"}))})
        }
        Guess::Object(members) => {
            let members = members.iter();
            let members = members.filter_map(|(name, one)| Some((name.clone(), schema(one)?)));
            json!({"type": "object", "properties": members.collect::<Map<_, _>>()})
        }
        other => json!({"type": other.type_name()}),
    })
}
