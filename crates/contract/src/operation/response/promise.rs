//! What an answer's schema promises must be what its producers surely give.

use grammar::Pointer;
use translate::answer::{BodyRule, Produced};

use crate::code::Code;
use crate::operation::response::producer::{Given, Written};
use crate::operation::scope::Scope;
use crate::schema::{Check, Object, Schema, SchemaKind};
use crate::source::Node;

/// What the entry's producers give, against what its schema promises.
pub(crate) struct Promises<'c, 's, 'a> {
    pub(crate) scope: &'c Scope<'s, 'a>,
    pub(crate) entry: &'c Node<'a>,
    pub(crate) written: &'c [Written<'a>],
    pub(crate) body: BodyRule,
    pub(crate) paged: bool,
}

impl<'s, 'a> Promises<'_, 's, 'a> {
    /// Reports required fields that nothing surely gives, and checks that decoding cannot promise.
    pub(crate) fn check(&self, schema: &Schema<'a>) {
        self.required(schema, &Pointer::root());
        self.checks_of(schema, &Pointer::root());
    }

    fn given(&self, path: &Pointer) -> Vec<Given<'s, 'a>> {
        let gives = |one: &Written<'a>| one.gives(self.scope, path, self.body);
        let mut given: Vec<Given<'_, '_>> = self.written.iter().filter_map(gives).collect();
        if self.paged && matches!(path.tokens(), [name] if name == "next_cursor") {
            given.push(Given {
                certain: true,
                checked_as: None,
            });
        }
        given
    }

    /// Whether a producer gives a part of the field and not the whole.
    fn built_in_parts(&self, path: &Pointer) -> bool {
        self.written
            .iter()
            .any(|one| one.producer.to != *path && one.producer.to.is_within(path))
    }

    fn required(&self, schema: &Schema<'a>, path: &Pointer) {
        let SchemaKind::Object(object) = &schema.kind else {
            return;
        };
        for property in &object.properties {
            let path = &path.child(property.name.as_str());
            let given = self.given(path);
            let parts = self.built_in_parts(path);
            // What the body gives is whole: a required part that it lacks does not decode.
            let decoded = given
                .iter()
                .any(|one| one.certain && one.checked_as.is_none());
            if property.required && !parts && !given.iter().any(|one| one.certain) {
                if !self.body_alone(path) {
                    self.missing(path, &given);
                }
            } else if parts || given.iter().any(|one| one.certain) && !decoded {
                self.required(&property.schema, path);
            }
        }
    }

    /// The field comes from the request, and is missing only where all of the body is.
    fn body_alone(&self, path: &Pointer) -> bool {
        self.written.iter().any(|one| {
            let Produced::Request(pointer) = &one.producer.from else {
                return false;
            };
            let rest = path.tokens().strip_prefix(one.producer.to.tokens());
            rest.is_some_and(|rest| {
                let place = pointer.tokens().iter().chain(rest).cloned().collect();
                self.scope.lacks_body_alone(&place)
            })
        })
    }

    fn missing(&self, path: &Pointer, given: &[Given<'_, '_>]) {
        let (message, help) = match given.is_empty() {
            true => (
                format!("nothing gives the required field `{path}`"),
                "add a `value` entry for it, or take it out of `required`",
            ),
            false => (
                format!("the required field `{path}` may be missing"),
                "an optional body, a header, a `Location` or an optional field is not sure: take it out of \
                 `required`, or add a producer that is",
            ),
        };
        self.entry.report_help(Code::MissingProducer, message, help);
    }

    fn checks_of(&self, schema: &Schema<'a>, path: &Pointer) {
        let given = self.given(path);
        if given.is_empty() && !path.is_root() && !self.built_in_parts(path) {
            return;
        }
        if let Some(sources) = from_caller(&given)
            && !self.built_in_parts(path)
        {
            for source in sources {
                implied(schema, source);
            }
            return;
        }
        match &schema.kind {
            SchemaKind::Object(object) => {
                self.object_checks(schema, object, path);
                for property in &object.properties {
                    self.checks_of(&property.schema, &path.child(property.name.as_str()));
                }
            }
            SchemaKind::Array(inner) | SchemaKind::Map(inner) => {
                schema.checks.iter().for_each(refuse);
                all(inner);
            }
            _ => schema.checks.iter().for_each(refuse),
        }
    }

    /// An `if` may stand where every field that it speaks of comes from the caller, checked by the
    /// same `if`.
    fn object_checks(&self, schema: &Schema<'a>, object: &Object<'a>, path: &Pointer) {
        let source = self
            .written
            .iter()
            .find_map(|one| match &one.producer.from {
                Produced::Request(pointer) if one.producer.to == *path => {
                    self.scope.certain(pointer).map(|(schema, _)| schema)
                }
                _ => None,
            });
        for check in &schema.checks {
            let same = source.is_some_and(|source| {
                let other = source.check(check.word);
                source.is_broken()
                    || other.is_some_and(|other| other.node.value == check.node.value)
            });
            let condition = matches!(check.word, "if" | "then");
            let callers = object.properties.iter().all(|property| {
                let given = self.given(&path.child(property.name.as_str()));
                !speaks_of(check, &property.name)
                    || given.is_empty()
                    || from_caller(&given).is_some()
            });
            if !(condition && same && callers) {
                refuse(check);
            }
        }
    }
}

/// The schemas that a value was checked with, if it can only come from the caller.
fn from_caller<'s, 'a>(given: &[Given<'s, 'a>]) -> Option<Vec<&'s Schema<'a>>> {
    let mut sources = Vec::new();
    for one in given {
        sources.push(one.checked_as?);
        if one.certain {
            break;
        }
    }
    (!sources.is_empty()).then_some(sources)
}

fn speaks_of(condition: &Check<'_>, name: &str) -> bool {
    let tested = condition
        .node
        .get("properties")
        .is_some_and(|all| all.get(name).is_some());
    let required = condition.node.get("required");
    tested
        || required
            .iter()
            .flat_map(Node::entries)
            .any(|entry| entry.value == name)
}

/// Refuses the checks that the schema of the source does not make as well.
fn implied(schema: &Schema<'_>, source: &Schema<'_>) {
    if source.is_broken() {
        return;
    }
    for check in &schema.checks {
        let same = source
            .check(check.word)
            .is_some_and(|other| other.node.value == check.node.value);
        if !same {
            refuse(check);
        }
    }
    match (&schema.kind, &source.kind) {
        (SchemaKind::Object(own), SchemaKind::Object(others)) => {
            for property in &own.properties {
                if let Some(other) = others.property(&property.name) {
                    implied(&property.schema, &other.schema);
                }
            }
        }
        (SchemaKind::Array(own), SchemaKind::Array(others))
        | (SchemaKind::Map(own), SchemaKind::Map(others)) => {
            implied(own, others);
        }
        _ => {}
    }
}

/// Refuses every check of a part that comes from the vendor.
fn all(schema: &Schema<'_>) {
    schema.checks.iter().for_each(refuse);
    match &schema.kind {
        SchemaKind::Object(object) => object
            .properties
            .iter()
            .for_each(|property| all(&property.schema)),
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => all(inner),
        _ => {}
    }
}

fn refuse(check: &Check<'_>) {
    // The decoder itself checks that a date-time is one.
    if check.word == "format" && check.node.value == "date-time" {
        return;
    }
    check.node.key().report_help(
        Code::AnswerCheck,
        format!("`{}` in an answer: decoding promises types only", check.word),
        "a vendor's odd value would turn the whole answer into an error: take the check out, or give the \
         field `from: request`",
    );
}
