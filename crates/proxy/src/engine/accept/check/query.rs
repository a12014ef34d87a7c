//! The query: parameters by name, each checked, or a cursor that has them all.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use contract::{Operation, ParameterPlace};
use grammar::PathSegment;
use serde_json::Value;
use validate::{At, Violation, Violations};

use super::decode::{badly_encoded, decode};
use super::find::find;
use crate::engine::accept::cursor::{self, List};
use crate::engine::refusal::Refusal;

/// Query parameters, grouped by name in the order in which they came.
pub fn query(
    operation: &Operation,
    path: &BTreeMap<String, PathSegment>,
    raw: Option<&str>,
    violations: &mut Violations,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut given: Vec<(String, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut broken = Violations::default();
    let mut cursor_given = false;
    for pair in raw
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (name.replace('+', " "), value.replace('+', " "));
        let (decoded, value) = (decode(&name), decode(&value));
        let (Some(name), Some(value)) = (decoded.as_ref(), value) else {
            let name = decoded.unwrap_or(name);
            cursor_given |= name == cursor::PARAMETER;
            let violation = badly_encoded(&shown(&name));
            if broken.listed.iter().all(|known| known.at != violation.at) {
                broken.push(violation);
            }
            continue;
        };
        match places.entry(name.clone()) {
            Entry::Occupied(known) => {
                if let Some((_, values)) = given.get_mut(*known.get()) {
                    values.push(value);
                }
            }
            Entry::Vacant(place) => {
                given.push((place.key().clone(), vec![value]));
                place.insert(given.len() - 1);
            }
        }
    }
    cursor_given |= places.contains_key(cursor::PARAMETER);
    let list = List { operation, path };
    if operation.binding.paging().is_some() && cursor_given {
        // A cursor is one of the list that the path names; what is wrong with that is reported alone.
        if !violations.is_empty() {
            return Ok(BTreeMap::new());
        }
        return cursor::check(list, &given, broken.is_empty());
    }
    // One cause, one message: what cannot be read is not missing too.
    let reported: Vec<At> = broken.listed.iter().map(|one| one.at.clone()).collect();
    violations.append(broken);
    let mut values = BTreeMap::new();
    for (name, texts) in &given {
        let Some(parameter) = find(operation, name, ParameterPlace::Query) else {
            violations.push_with(|| unknown(operation, name));
            continue;
        };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        match parameter.validator.check_parameter_list(name, &texts) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(found) => violations.append(found),
        }
    }
    let wanted = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Query && parameter.required);
    for parameter in wanted.filter(|parameter| {
        !places.contains_key(&parameter.name)
            && !reported.contains(&At::Parameter(shown(&parameter.name)))
    }) {
        violations.push(Violation {
            at: At::Parameter(parameter.name.clone()),
            code: validate::code::REQUIRED,
            detail: format!("the query parameter `{}` is missing", parameter.name),
        });
    }
    if violations.is_empty() {
        violations.append(uncarried(list, &values));
    }
    Ok(values)
}

/// A first page whose parameters do not fit into the cursor of the next one is refused: without them the
/// next page would be one of another list.
fn uncarried(list: List<'_>, values: &BTreeMap<String, Value>) -> Violations {
    let mut violations = Violations::default();
    let limit = values.get(cursor::LIMIT).and_then(Value::as_u64);
    let (Some(_), Some(limit)) = (list.operation.binding.paging(), limit) else {
        return violations;
    };
    let longest = values
        .iter()
        .max_by_key(|(_, value)| value.to_string().len());
    if let (false, Some((name, _))) = (cursor::fits(list, limit, values), longest) {
        violations.push(Violation {
            at: At::Parameter(name.clone()),
            code: validate::code::MAX_LENGTH,
            detail: format!(
                "`{name}` and the other parameters are too long for the cursor of the next page, which carries them; shorten them, or ask for the whole list without `limit`"
            ),
        });
    }
    violations
}

/// A caller's name of a parameter, short and printable.
fn shown(name: &str) -> String {
    name.chars()
        .take(60)
        .flat_map(char::escape_default)
        .collect()
}

fn unknown(operation: &Operation, name: &str) -> Violation {
    let known = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Query);
    let shown = shown(name);
    let hint = match validate::closest(name, known.map(|parameter| parameter.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "leave it out".to_owned(),
    };
    Violation {
        at: At::Parameter(shown.clone()),
        code: "unknown-parameter",
        detail: format!("there is no query parameter `{shown}` here; {hint}"),
    }
}
