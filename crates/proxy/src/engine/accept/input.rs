//! A request that was found good.

use std::collections::BTreeMap;

use contract::{Operation, ParameterPlace, SetField, Source};
use grammar::{PathSegment, Pointer};
use serde_json::{Map, Value};
use validate::{At, FlatJson, Node, Violations};

/// Parameters and body, validated; `set` is applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    /// Each path parameter of the operation, decoded: the route has a segment for each, and so has `with`
    /// of a look-up.
    pub path: BTreeMap<String, PathSegment>,
    pub query: BTreeMap<String, Value>,
    pub body: Option<FlatJson>,
}

impl Input {
    /// What a pointer names in the body, if it is there.
    #[must_use]
    pub fn find(&self, place: &Pointer) -> Option<Node<'_>> {
        self.body.as_ref()?.root().find(place)
    }

    /// The value that a source names, if it is there.
    #[must_use]
    pub fn look_at<'v>(&'v self, source: &'v Source) -> Option<Node<'v>> {
        match source {
            Source::Pointer(place) => self.find(place),
            Source::Path(name) => Some(Node::from(&**self.path.get(name)?)),
            Source::Query(name) => self.query.get(name).map(Node::from),
            Source::Const(value) => Some(value.into()),
        }
    }

    /// A copy of it.
    #[must_use]
    pub fn resolve(&self, source: &Source) -> Option<Value> {
        self.look_at(source).map(Node::to_value)
    }

    /// The same in the type that the operation declares for it: a path has texts only.
    #[must_use]
    pub fn resolve_typed(&self, operation: &Operation, source: &Source) -> Option<Value> {
        let Source::Path(name) = source else {
            return self.resolve(source);
        };
        let text = self.path.get(name)?;
        let declared = operation.parameter(ParameterPlace::Path, name);
        let value = declared.and_then(|one| one.validator.check_parameter(name, text).ok());
        Some(value.unwrap_or_else(|| Value::from(&**text)))
    }

    /// The same as one segment of a path; `None` also where it cannot be one.
    #[must_use]
    pub fn resolve_segment(&self, source: &Source) -> Option<PathSegment> {
        if let Source::Path(name) = source {
            return self.path.get(name).cloned();
        }
        let text = self.look_at(source)?.scalar_text()?;
        PathSegment::new(text.into_owned()).ok()
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
                    let body = self.body.get_or_insert_with(empty);
                    body.fill(&field.field, value);
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
            Source::Pointer(place) => At::Pointer(place.to_string()),
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

/// The body of a request that has none.
#[must_use]
pub fn empty() -> FlatJson {
    Value::Object(Map::new()).into()
}

/// Takes out what a pointer names.
pub fn remove(target: &mut Value, place: &Pointer) {
    let Some((last, parents)) = place.tokens().split_last() else {
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
