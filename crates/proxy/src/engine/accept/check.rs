//! Raw parameters and body bytes → [`Input`], or everything that is wrong with them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use contract::{GatewayProblem, Operation, Parameter, ParameterPlace};
use grammar::pointer;
use grammar::segment::is_segment;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use validate::{At, JsonBody, JsonError, Violation, Violations};

use super::cursor::{self, List};
use super::input::{Input, at, remove};
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

/// Checks a whole request. `raw_path` are the encoded path parameters, `raw_query` the query as it came.
pub fn check(
    runtime: &Runtime,
    operation: &Operation,
    raw_path: &[(&str, &str)],
    raw_query: Option<&str>,
    text: Option<Bytes>,
) -> Result<Input, Refusal> {
    let mut violations = Violations::default();
    let path = path(operation, raw_path, &mut violations);
    let query = query(operation, &path, raw_query, &mut violations)?;
    let mut input = Input {
        path,
        query,
        body: None,
    };
    let sound_path = violations.is_empty();
    if let (Some(body), Some(text)) = (&operation.body, text) {
        match JsonBody::parse_for(&text, &body.validator) {
            Ok(parsed) => input.body = Some(parsed.into_value()),
            Err(JsonError::Violations(found)) => {
                violations.append(found);
                // What is wrong with it as a create is told along, where there is a value to look at.
                input.body = JsonBody::parse(&text).ok().map(JsonBody::into_value);
            }
            Err(error) => return Err(malformed(&error)),
        }
    }
    if sound_path {
        let sent = operation
            .binding
            .create_if_absent
            .as_ref()
            .and(input.body.clone());
        let mut found = input.apply_set(operation);
        found.append(create_violations(runtime, operation, &input, sent.as_ref()));
        let known = |one: &Violation| violations.listed.iter().any(|other| other.at == one.at);
        found.listed.retain(|one| !known(one));
        violations.append(found);
    }
    if violations.is_empty() {
        Ok(input)
    } else {
        Err(Refusal::violations(violations))
    }
}

fn malformed(error: &JsonError) -> Refusal {
    let mut refusal = Refusal::new(GatewayProblem::MalformedJson, error.to_string());
    let (pointer, code) = match error {
        JsonError::DuplicateKey { pointer, .. } => (pointer, validate::code::DUPLICATE_KEY),
        JsonError::TooDeep { pointer, .. } => (pointer, validate::code::TOO_DEEP),
        _ => return refusal,
    };
    refusal.errors.push(Violation {
        at: At::Pointer(pointer.clone()),
        code,
        detail: error.to_string(),
    });
    refusal
}

fn path(
    operation: &Operation,
    raw: &[(&str, &str)],
    violations: &mut Violations,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, raw) in raw {
        let Some(parameter) = find(operation, name, ParameterPlace::Path) else {
            continue;
        };
        let Some(text) = decode(raw) else {
            violations.push(badly_encoded(name));
            continue;
        };
        match parameter.validator.check_parameter(name, &text) {
            // The contract's own check of its parameters cannot see through every pattern.
            Ok(_) if !is_segment(&text) => violations.push(no_segment(name)),
            Ok(_) => {
                values.insert((*name).to_owned(), text);
            }
            Err(found) => violations.append(found),
        }
    }
    values
}

fn no_segment(name: &str) -> Violation {
    Violation {
        at: At::Parameter(name.to_owned()),
        code: validate::code::IDENTIFIER,
        detail: format!(
            "`{name}` must be one segment of a path: not empty, `.` or `..`, and without `/`, `\\` and control characters"
        ),
    }
}

fn find<'o>(operation: &'o Operation, name: &str, place: ParameterPlace) -> Option<&'o Parameter> {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.place == place && parameter.name == name)
}

/// Percent-decodes once. `None` for a stray `%` or bytes that are not UTF-8: guessing would let two
/// spellings mean different things here and at the vendor.
fn decode(raw: &str) -> Option<String> {
    let bytes = raw.as_bytes();
    let complete = |at: usize| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    let sound = (0..bytes.len())
        .filter(|at| bytes[*at] == b'%')
        .all(complete);
    if !sound {
        return None;
    }
    percent_decode_str(raw)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

fn badly_encoded(name: &str) -> Violation {
    Violation {
        at: At::Parameter(name.to_owned()),
        code: "bad-encoding",
        detail: format!(
            "`{name}` is not percent-encoded UTF-8; encode each byte of the text as %XX"
        ),
    }
}

/// Query parameters, grouped by name in the order in which they came.
fn query(
    operation: &Operation,
    path: &BTreeMap<String, String>,
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
    if operation.binding.paging.is_some() && cursor_given {
        // A cursor is one of the list that the path names; what is wrong with that is told alone.
        if !violations.is_empty() {
            return Ok(BTreeMap::new());
        }
        return cursor::check(list, &given, broken.is_empty());
    }
    // One cause, one message: what cannot be read is not missing too.
    let told: Vec<At> = broken.listed.iter().map(|one| one.at.clone()).collect();
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
            && !told.contains(&At::Parameter(shown(&parameter.name)))
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
    let (Some(_), Some(limit)) = (&list.operation.binding.paging, limit) else {
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

/// Where the request may become a create, it must be able to be one, before any vendor call.
///
/// `sent` is the body as it came: what the caller did not send and `set` fills is no mistake of theirs, also
/// where the create calls it read-only.
fn create_violations(
    runtime: &Runtime,
    operation: &Operation,
    input: &Input,
    sent: Option<&Value>,
) -> Violations {
    let mut violations = Violations::default();
    let (Some(create), Some(body)) = (&operation.binding.create_if_absent, &input.body) else {
        return violations;
    };
    if !create
        .requires
        .iter()
        .all(|tokens| at(body, tokens).is_some())
    {
        return violations;
    }
    for (tokens, source) in &create.same {
        if at(body, tokens) != input.resolve_typed(operation, source).as_ref() {
            violations.push(Violation {
                at: At::Pointer(pointer::of(tokens)),
                code: "conflicts-with-path",
                detail: format!(
                    "`{}` differs from the path: a request that may create cannot rename; leave it out, or send the same value",
                    tokens.join("/")
                ),
            });
        }
    }
    if let Some(schema) = &runtime.operation(create.operation).body {
        let mut body = std::borrow::Cow::Borrowed(body);
        for tokens in &create.filled {
            if sent.and_then(|sent| at(sent, tokens)).is_none() {
                remove(body.to_mut(), tokens);
            }
        }
        violations.append(schema.validator.check(&body));
    }
    violations
}
