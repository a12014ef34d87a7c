//! From jsonschema's errors to violations. The sentences are written from the error's kind and the
//! schema, never from jsonschema's own text, which changes between releases and says things like
//! "false schema does not allow".

mod condition;
mod rule;
mod sentence;

use std::collections::HashMap;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use crate::did_you_mean::closest;
use crate::violation::{At, Violation, Violations};
use crate::{code, excerpt, pointer, schema};
use rule::Rule;

/// Where the value came in: it decides how a violation names its place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InputSource<'n> {
    Body,
    Parameter(&'n str),
}

/// One value, the schema that it was checked against, and the source.
pub(crate) struct Report<'a> {
    schema: &'a Value,
    value: &'a Value,
    source: InputSource<'a>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(schema: &'a Value, value: &'a Value, source: InputSource<'a>) -> Self {
        Self {
            schema,
            value,
            source,
        }
    }

    pub(crate) fn violations(&self, errors: &[ValidationError<'_>]) -> Violations {
        let ruling = ruling_errors(errors);
        let mut violations = Violations::new();
        for (index, error) in errors.iter().enumerate() {
            let overruled = ruling
                .get(error.instance_path().as_str())
                .is_some_and(|ruling| *ruling != index);
            if !overruled {
                self.explain(error, &mut violations);
            }
        }
        violations
    }

    fn explain(&self, error: &ValidationError<'_>, violations: &mut Violations) {
        let place = error.instance_path().as_str();
        let rule = Rule::find(self.schema, error.schema_path().as_str());
        match error.kind() {
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                violations.push_with(|| {
                    let when = self.when(&rule, place);
                    let detail = match when {
                        None => format!("{} is missing; it is required", excerpt::quote(name)),
                        Some(when) => format!(
                            "{} is missing; it is required when {when}",
                            excerpt::quote(name)
                        ),
                    };
                    self.violation(&pointer::member(place, name), code::REQUIRED, detail)
                });
            }
            Kind::AdditionalProperties { unexpected } => {
                for name in unexpected {
                    violations.push_with(|| {
                        let detail = unknown_field(name, rule.schema);
                        self.violation(&pointer::member(place, name), code::UNKNOWN_FIELD, detail)
                    });
                }
            }
            Kind::FalseSchema => violations.push_with(|| self.forbidden(place, &rule)),
            kind => violations.push_with(|| {
                let (code, predicate) = sentence::of(kind, error.instance(), &rule);
                let mut detail = format!("{} {predicate}", self.subject(place));
                if let Some(when) = self.when(&rule, place) {
                    detail.push_str(&format!("; this holds when {when}"));
                }
                self.violation(pointer::bounded(place), code, detail)
            }),
        }
    }

    /// A field that may not be present at all.
    fn forbidden(&self, place: &str, rule: &Rule<'_>) -> Violation {
        let subject = self.subject(place);
        let (code, detail) = if schema::is_read_only(rule.schema) {
            let detail = format!(
                "{subject} is read-only: it is set by the system that keeps it; leave it out"
            );
            (code::READ_ONLY, detail)
        } else if let Some(when) = self.when(rule, place) {
            let detail = format!("{subject} is not allowed when {when}");
            (code::NOT_ALLOWED_WHEN, detail)
        } else {
            let detail = format!("{subject} is not allowed here; leave it out");
            (code::NOT_ALLOWED, detail)
        };
        self.violation(pointer::bounded(place), code, detail)
    }

    /// The conditions under which the rule holds, as one phrase; `None` for one that always does.
    fn when(&self, rule: &Rule<'_>, place: &str) -> Option<String> {
        let phrases: Vec<String> = rule
            .conditions
            .iter()
            .map(|condition| {
                let object = pointer::prefix(place, condition.depth);
                condition::phrase(condition.test, self.value.pointer(object))
            })
            .collect();
        (!phrases.is_empty()).then(|| phrases.join(" and "))
    }

    /// What a sentence is about: `capacity`, the item at index 2, the body.
    fn subject(&self, place: &str) -> String {
        let Some((parent, last)) = pointer::split_last(place) else {
            return match self.source {
                InputSource::Body => "the body".to_owned(),
                InputSource::Parameter(name) => excerpt::quote(name),
            };
        };
        if !self.value.pointer(parent).is_some_and(Value::is_array) {
            return excerpt::quote(&pointer::unescape(last));
        }
        match self.source {
            InputSource::Body => format!("the item at index {last}"),
            InputSource::Parameter(name) => {
                format!("the value at index {last} of {}", excerpt::quote(name))
            }
        }
    }

    fn violation(&self, place: &str, code: &'static str, detail: String) -> Violation {
        let at = match self.source {
            InputSource::Body => At::Pointer(place.to_owned()),
            InputSource::Parameter(name) => At::Parameter(name.to_owned()),
        };
        Violation { at, code, detail }
    }
}

/// A value that may not be there, or has the wrong type, breaks other rules too; telling them would
/// only hide the cause. Per place, the index of the one error that is told. What is said about
/// missing and unknown members has the members' places, so it does not count here.
fn ruling_errors<'e>(errors: &'e [ValidationError<'_>]) -> HashMap<&'e str, usize> {
    let mut ruling: HashMap<&str, usize> = HashMap::new();
    let is_forbidden = |index: usize| {
        errors
            .get(index)
            .is_some_and(|error| matches!(error.kind(), Kind::FalseSchema))
    };
    for (index, error) in errors.iter().enumerate() {
        if !matches!(error.kind(), Kind::FalseSchema | Kind::Type { .. }) {
            continue;
        }
        let ruler = ruling
            .entry(error.instance_path().as_str())
            .or_insert(index);
        if is_forbidden(index) && !is_forbidden(*ruler) {
            *ruler = index;
        }
    }
    ruling
}

fn unknown_field(name: &str, schema: &Value) -> String {
    let known: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let quoted = excerpt::quote(name);
    match closest(name, known.iter().copied()) {
        Some(meant) => format!(
            "{quoted} is not a known field; did you mean {}?",
            excerpt::quote(meant)
        ),
        None if known.is_empty() => format!("{quoted} is not a known field; no field is"),
        None => {
            let known = excerpt::list(&known, |name| excerpt::quote(name));
            format!("{quoted} is not a known field; known are {known}")
        }
    }
}
