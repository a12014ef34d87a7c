use jsonschema::{Draft, PatternOptions};
use serde_json::Value;

use crate::flat::FlatJson;
use crate::format::Format;
use crate::message::{InputSource, Report};
use crate::node::{Instance, Node};
use crate::schema::{SchemaError, schema_errors};
use crate::violation::Violations;
use crate::{excerpt, parameter, schema, text};

/// What listing all mistakes may cost at most, in bytes. jsonschema collects every error with its
/// own copy of the pointer before any can be counted: a body of 1 MB with 300,000 wrong items
/// under one long key would take 50 GB. A larger body gets its first mistake only.
const MAX_LISTING_BYTES: usize = 8 << 20;

/// A compiled JSON Schema 2020-12 (`Send + Sync`, used by all requests at once).
///
/// `format` is asserted, patterns run on a linear engine, and no word is ignored (see
/// [`schema_errors`]).
#[derive(Debug)]
pub struct Validator {
    /// As handed in: messages are written from it.
    schema: Value,
    compiled: jsonschema::Validator<Instance>,
    /// Whether a parameter's raw text is its value.
    takes_text: bool,
}

impl Validator {
    /// Compiles a schema for what callers send: a `readOnly` property must not be present.
    ///
    /// The schema is self-contained (no `$ref`). The error is the first one of [`schema_errors`],
    /// or a pattern that is no regular expression or needs backtracking.
    pub fn compile(schema: &Value) -> Result<Self, SchemaError> {
        Self::build(schema, &schema::for_requests(schema))
    }

    /// Compiles a schema for what the gateway answers: there `readOnly` binds nothing.
    pub fn compile_for_answers(schema: &Value) -> Result<Self, SchemaError> {
        Self::build(schema, schema)
    }

    fn build(written: &Value, bound: &Value) -> Result<Self, SchemaError> {
        if let Some(error) = schema_errors(written).into_iter().next() {
            return Err(error);
        }
        let mut options = jsonschema::options_for::<Instance>()
            .with_draft(Draft::Draft202012)
            // Under 2020-12 `format` asserts nothing and unknown ones are ignored, unless told so.
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            // The default engine backtracks: `(a+)+$` would hold a worker for minutes.
            .with_pattern_options(PatternOptions::regex());
        for format in Format::ALL {
            options =
                options.with_format(format.name(), move |text: &str| format.check(text).is_ok());
        }
        let compiled = options
            .build(bound)
            .map_err(|error| not_compiled(&error, written))?;
        Ok(Self {
            schema: written.clone(),
            compiled,
            takes_text: parameter::is_text(written),
        })
    }

    /// All violations at once, in the schema's order; empty means valid. A body so large that
    /// listing all of its mistakes could cost more than 8 MiB (some 30,000 values) gets the first
    /// mistake only, and its detail says so.
    pub fn check(&self, value: &Value) -> Violations {
        self.violations(value, InputSource::Body)
    }

    /// As [`check`](Self::check). A tree of the value is made only where something is wrong with it.
    pub fn check_flat(&self, value: &FlatJson) -> Violations {
        if self.compiled.is_valid(value.root()) {
            return Violations::new();
        }
        self.explain(&value.to_value(), InputSource::Body)
    }

    /// Reads one raw value of a path or query parameter (percent-decoded, UTF-8).
    ///
    /// It is converted by the schema's `type`: `integer` is digits with at most a `-` before them,
    /// without leading zeros; `number` is a JSON number; `boolean` is `true` or `false`; `array`
    /// is one item; anything else is taken as text. Then the schema is checked.
    pub fn check_parameter(&self, name: &str, raw: &str) -> Result<Value, Violations> {
        if self.accepts_text(raw) {
            return Ok(Value::from(raw));
        }
        self.check_parameter_list(name, &[raw])
    }

    /// As [`check_parameter`](Self::check_parameter), where only the text is used.
    pub fn judge_parameter(&self, name: &str, raw: &str) -> Result<(), Violations> {
        if self.accepts_text(raw) {
            return Ok(());
        }
        self.check_parameter_list(name, &[raw]).map(drop)
    }

    /// Whether a raw value is a text that the schema accepts: then all is said of it, and no value was made.
    fn accepts_text(&self, raw: &str) -> bool {
        self.takes_text
            && text::describe_forbidden(raw).is_none()
            && self.compiled.is_valid(raw.into())
    }

    /// As [`check_parameter`](Self::check_parameter), for a query parameter that was given several
    /// times: with `type: array` each is an item, with any other type only one may be given.
    pub fn check_parameter_list(&self, name: &str, raws: &[&str]) -> Result<Value, Violations> {
        let value = parameter::read(&self.schema, name, raws)?;
        let violations = self.violations(&value, InputSource::Parameter(name));
        if violations.is_empty() {
            Ok(value)
        } else {
            Err(violations)
        }
    }

    fn violations(&self, value: &Value, source: InputSource<'_>) -> Violations {
        if self.compiled.is_valid(Node::from(value)) {
            return Violations::new();
        }
        self.explain(value, source)
    }

    /// What is wrong with a value that is not valid.
    fn explain(&self, value: &Value, source: InputSource<'_>) -> Violations {
        let node = Node::from(value);
        let report = Report::new(&self.schema, value, source);
        if listing_bytes(value, 0) <= MAX_LISTING_BYTES {
            let errors: Vec<_> = self.compiled.iter_errors(node).collect();
            return report.violations(&errors);
        }
        let first: Vec<_> = self.compiled.validate(node).err().into_iter().collect();
        let mut violations = report.violations(&first);
        for violation in violations.listed.iter_mut().take(1) {
            violation
                .detail
                .push_str(" (the body is too large to look for more)");
        }
        violations
    }
}

/// The words were checked before, so what is left is a pattern.
fn not_compiled(error: &jsonschema::ValidationError<'_>, schema: &Value) -> SchemaError {
    let pointer = error.schema_path().as_str().to_owned();
    let detail = match schema.pointer(&pointer) {
        Some(pattern) if pointer.ends_with("/pattern") => format!(
            "`pattern` is not a regular expression that runs in linear time (no look-around, no \
             back-references), found {}",
            excerpt::describe(pattern)
        ),
        _ => error.to_string(),
    };
    SchemaError { pointer, detail }
}

/// An upper bound for one error at every place of the value: a fixed part and its pointer.
fn listing_bytes(value: &Value, pointer_bytes: usize) -> usize {
    const FIXED: usize = 256;
    let inner: usize = match value {
        Value::Array(items) => items
            .iter()
            .map(|item| listing_bytes(item, pointer_bytes + 8))
            .fold(0, usize::saturating_add),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| listing_bytes(member, pointer_bytes + key.len() + 1))
            .fold(0, usize::saturating_add),
        _ => 0,
    };
    inner.saturating_add(FIXED + pointer_bytes)
}
