//! The opaque text that names the next page. Not secret: replicas and restarts agree on it, and whoever
//! forges one gets no more than the query itself would give.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::{GatewayProblem, LAST_INDEX, Operation, Parameter, ParameterPlace};
use grammar::PathSegment;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::engine::refusal::Refusal;

pub const PARAMETER: &str = "cursor";
pub const LIMIT: &str = "limit";

/// The first byte of a cursor's text. Those of version 1 did not carry parameters.
const VERSION: u8 = 2;
const CHECKSUM_BYTES: usize = 8;

/// The longest cursor where the contract does not bound it: with it a request target stays within the
/// default limit.
const MAX_LENGTH: usize = 2048;

/// Which list a cursor is of.
#[derive(Debug, Clone, Copy)]
pub struct List<'l> {
    pub operation: &'l Operation,
    /// Path parameters, decoded: the list of another thing is another list.
    pub path: &'l BTreeMap<String, PathSegment>,
}

/// Where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub start: u64,
    pub limit: u64,
    /// The other query parameters of the first page, each with its values as they stand in a query.
    pub carried: BTreeMap<String, Vec<String>>,
}

impl Cursor {
    /// The page at `start` of the list that a checked query asks for.
    #[must_use]
    pub fn of(start: u64, limit: u64, query: &BTreeMap<String, Value>) -> Self {
        let others = query
            .iter()
            .filter(|(name, _)| ![PARAMETER, LIMIT].contains(&name.as_str()));
        Self {
            start,
            limit,
            carried: others
                .map(|(name, value)| (name.clone(), texts(value)))
                .collect(),
        }
    }

    /// Version, checksum, and as JSON the start, the limit and what is carried; in base64url, so that it
    /// stands in a query as it is and nobody builds one by hand.
    #[must_use]
    pub fn write(&self, list: List<'_>) -> String {
        let content = json!([self.start, self.limit, self.carried]).to_string();
        let mut bytes = vec![VERSION];
        bytes.extend(checksum(list, &content));
        bytes.extend(content.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` if it is not a cursor of this list.
    #[must_use]
    pub fn read(list: List<'_>, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let content = bytes.get(1 + CHECKSUM_BYTES..)?;
        let (start, limit, carried) = serde_json::from_slice(content).ok()?;
        let cursor = Self {
            start,
            limit,
            carried,
        };
        // Comparing the whole text leaves one spelling for each cursor.
        (cursor.write(list) == text).then_some(cursor)
    }
}

/// The values of a parameter as a query has them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn checksum(list: List<'_>, content: &str) -> [u8; CHECKSUM_BYTES] {
    let mut digest = Sha256::new();
    let id: &str = &list.operation.id;
    let path = list
        .path
        .iter()
        .flat_map(|(name, value)| [name.as_str(), value]);
    for part in [id, content].into_iter().chain(path) {
        // Each part with its length, so that no two lists of parts are one text.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut sum = [0; CHECKSUM_BYTES];
    let whole = digest.finalize();
    sum.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    sum
}

/// Whether the cursors of a first page stand in a query of the contract, however long the list is. In goes
/// its checked query.
#[must_use]
pub fn fits(list: List<'_>, limit: u64, query: &BTreeMap<String, Value>) -> bool {
    let longest = Cursor::of(LAST_INDEX, limit, query).write(list);
    let parameter = parameter(list.operation, PARAMETER);
    longest.len() <= MAX_LENGTH
        && parameter.is_some_and(|one| one.validator.check_parameter(PARAMETER, &longest).is_ok())
}

/// A query that has a cursor: it stands alone or with parameters of its first page. What it carries is
/// checked as a query is, since nothing proves that we wrote it.
pub fn check(
    list: List<'_>,
    given: &[(String, Vec<String>)],
    sound: bool,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(GatewayProblem::InvalidCursor, detail));
    let operation = list.operation;
    let cursors = given.iter().find(|(name, _)| name == PARAMETER);
    let known = |name: &str| parameter(operation, name).is_some();
    let foreign = given.iter().any(|(name, _)| !known(name));
    let Some([text]) = cursors.map(|(_, texts)| texts.as_slice()) else {
        return refuse(ALONE);
    };
    if !sound || foreign {
        return refuse(ALONE);
    }
    let Some(cursor) = Cursor::read(list, text) else {
        return refuse(if is_of_version_1(text) {
            "The cursor was made by an earlier release of the gateway; start again without it."
        } else {
            "The cursor is not one of this list; start again without it."
        });
    };
    let Some(mut query) = checked(operation, &cursor) else {
        return refuse("The cursor asks for what the list does not take; start again without it.");
    };
    for (name, texts) in given.iter().filter(|(name, _)| name != PARAMETER) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let value = parameter(operation, name)
            .and_then(|one| one.validator.check_parameter_list(name, &texts).ok());
        if value.is_none() || value.as_ref() != query.get(name) {
            return refuse(&format!(
                "The cursor belongs to pages of another `{name}`; leave `{name}` out, or start again without the cursor."
            ));
        }
    }
    query.insert(PARAMETER.to_owned(), json!(cursor.start));
    Ok(query)
}

const ALONE: &str = "A cursor stands alone or with the parameters of its first page.";

/// What a cursor carries, as the query of its first page would be; `None` if that would be refused.
fn checked(operation: &Operation, cursor: &Cursor) -> Option<BTreeMap<String, Value>> {
    let first = operation.binding.paging()?.first;
    if !(first..=LAST_INDEX).contains(&cursor.start) {
        return None;
    }
    if [PARAMETER, LIMIT]
        .iter()
        .any(|own| cursor.carried.contains_key(*own))
    {
        return None;
    }
    let mut query = BTreeMap::new();
    let limit = (LIMIT, vec![cursor.limit.to_string()]);
    let carried = cursor.carried.iter();
    let carried = carried.map(|(name, texts)| (name.as_str(), texts.clone()));
    for (name, texts) in carried.chain([limit]) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if texts.is_empty() {
            return None; // no query names a parameter without a value
        }
        let value = parameter(operation, name)?
            .validator
            .check_parameter_list(name, &texts)
            .ok()?;
        query.insert(name.to_owned(), value);
    }
    let whole = operation.parameters.iter().all(|one| {
        one.place != ParameterPlace::Query || !one.required || query.contains_key(&one.name)
    });
    whole.then_some(query)
}

fn parameter<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    let mut parameters = operation.parameters.iter();
    parameters.find(|one| one.place == ParameterPlace::Query && one.name == name)
}

/// They were hex, and began with `1 `.
fn is_of_version_1(text: &str) -> bool {
    text.starts_with("3120") && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
