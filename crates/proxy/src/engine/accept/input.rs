//! A request that was found good.

use std::collections::BTreeMap;

use contract::{Operation, ParameterPlace, SetField, Source};
use grammar::pointer;
use serde_json::{Map, Value};
use validate::{At, Violations};

/// Parameters and body, validated; `set` is applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, Value>,
    pub body: Option<Value>,
}

impl Input {
    /// The value that a source names, if it is there.
    #[must_use]
    pub fn resolve(&self, source: &Source) -> Option<Value> {
        match source {
            Source::Pointer(tokens) => at(self.body.as_ref()?, tokens).cloned(),
            Source::Path(name) => self.path.get(name).cloned().map(Value::String),
            Source::Query(name) => self.query.get(name).cloned(),
            Source::Const(value) => Some(value.clone()),
        }
    }

    /// The same in the type that the operation declares for it: a path has texts only.
    #[must_use]
    pub fn resolve_typed(&self, operation: &Operation, source: &Source) -> Option<Value> {
        let Source::Path(name) = source else {
            return self.resolve(source);
        };
        let text = self.path.get(name)?;
        let mut parameters = operation.parameters.iter();
        let declared =
            parameters.find(|one| one.place == ParameterPlace::Path && one.name == *name);
        let value = declared.and_then(|one| one.validator.check_parameter(name, text).ok());
        Some(value.unwrap_or_else(|| Value::String(text.clone())))
    }

    /// The same as text, for a path.
    #[must_use]
    pub fn resolve_text(&self, source: &Source) -> Option<String> {
        match self.resolve(source)? {
            Value::String(text) => Some(text),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        }
    }

    /// Fills what `set` names and the caller left out. What a parameter brings must be what the field
    /// may hold; its own schema can be looser.
    pub fn apply_set(&mut self, operation: &Operation) -> Violations {
        let mut violations = Violations::default();
        let Some(request) = &operation.binding.request else {
            return violations;
        };
        for field in &request.set {
            match self.typed(field) {
                Some(Ok(value)) => {
                    let body = self.body.get_or_insert_with(|| Value::Object(Map::new()));
                    fill(body, &field.tokens, value);
                }
                Some(Err(found)) => violations.append(found),
                None => {}
            }
        }
        violations
    }

    /// The value of a field's source, in the type of the field.
    fn typed(&self, field: &SetField) -> Option<Result<Value, Violations>> {
        let place = match &field.source {
            Source::Path(name) => {
                return Some(field.validator.check_parameter(name, self.path.get(name)?));
            }
            Source::Query(name) => At::Parameter(name.clone()),
            Source::Pointer(tokens) => At::Pointer(pointer::of(tokens)),
            // Constants were checked with the contract.
            Source::Const(value) => return Some(Ok(value.clone())),
        };
        let value = self.resolve(&field.source)?;
        let mut found = field.validator.check(&value);
        if found.is_empty() {
            return Some(Ok(value));
        }
        for violation in &mut found.listed {
            violation.at = match (&place, &violation.at) {
                (At::Pointer(field), At::Pointer(inside)) => {
                    At::Pointer(format!("{field}{inside}"))
                }
                (place, _) => place.clone(),
            };
        }
        Some(Err(found))
    }
}

/// The value at a pointer's tokens.
#[must_use]
pub fn at<'v>(value: &'v Value, tokens: &[String]) -> Option<&'v Value> {
    tokens
        .iter()
        .try_fold(value, |value, token| value.get(token))
}

/// Puts a value where none is; objects on the way are made.
fn fill(target: &mut Value, tokens: &[String], value: Value) {
    let Some((last, parents)) = tokens.split_last() else {
        return;
    };
    let mut node = target;
    for token in parents {
        let Value::Object(members) = node else {
            return;
        };
        node = members
            .entry(token.clone())
            .or_insert_with(|| Value::Object(Map::new()));
    }
    if let Value::Object(members) = node {
        members.entry(last.clone()).or_insert(value);
    }
}

/// Takes out what a pointer's tokens name.
pub fn remove(target: &mut Value, tokens: &[String]) {
    let Some((last, parents)) = tokens.split_last() else {
        return;
    };
    let mut node = target;
    for token in parents {
        let Some(next) = node.get_mut(token) else {
            return;
        };
        node = next;
    }
    if let Value::Object(members) = node {
        members.shift_remove(last);
    }
}
