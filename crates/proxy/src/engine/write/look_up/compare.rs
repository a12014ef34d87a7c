//! What was sent against what a read shows.

use contract::{Compare, Operation, Unclear};
use grammar::pointer::Pointer;
use serde_json::{Map, Value};
use translate::{Field, Kind, Shape};
use validate::FlatJson;

use super::result::LookupResult;
use crate::engine::accept::input::remove;
use crate::engine::accept::invocation::Invocation;

/// What the read shows of a write, by the rule of its contract. A read in which nothing could be compared
/// shows nothing.
pub fn compare(
    write: Invocation<'_>,
    read: &Operation,
    rule: &Unclear,
    there: Value,
) -> LookupResult {
    let sent = sent(write);
    let mut comparison = Comparison::default();
    match rule.compare() {
        Compare::Absent => return LookupResult::NotShown,
        Compare::Pointers(pointers) => {
            for place in pointers.iter().filter(|place| shows(read, place)) {
                if let Some(value) = place.find(&sent) {
                    comparison.value(
                        value,
                        field_at(read, place.tokens()).map(|field| &field.shape),
                        place.find(&there),
                    );
                }
            }
        }
        Compare::Returned => {
            for (name, value) in sent.as_object().into_iter().flatten() {
                let field = field_at(read, std::slice::from_ref(name));
                let place = Pointer::root().child(name);
                let there = there.get(name);
                comparison.field(read, &place, value, (field, there));
            }
        }
    }
    comparison.found(rule, there)
}

/// How the fields fared.
#[derive(Debug, Default)]
struct Comparison {
    compared: usize,
    /// Compared fields that the read says anything of.
    shown: usize,
    differs: bool,
    /// Sent fields that the read's schema lacks, or of which the vendor says nothing there.
    unseen: Vec<String>,
}

impl Comparison {
    /// What was sent at a place, against the field of the read's schema and what the read has there.
    fn field(
        &mut self,
        read: &Operation,
        place: &Pointer,
        sent: &Value,
        (field, there): (Option<&Field>, Option<&Value>),
    ) {
        let Some(field) = field.filter(|_| shows(read, place)) else {
            self.unseen.push(place.tokens().join("/"));
            return;
        };
        match (sent, &field.shape.kind) {
            (Value::Object(members), Kind::Object(object)) if !members.is_empty() => {
                for (inner, value) in members {
                    let field = object.fields.iter().find(|field| *field.name == **inner);
                    let there = there.and_then(|there| there.get(inner));
                    self.field(read, &place.child(inner), value, (field, there));
                }
            }
            _ => self.value(sent, Some(&field.shape), there),
        }
    }

    fn value(&mut self, sent: &Value, shape: Option<&Shape>, there: Option<&Value>) {
        self.compared += 1;
        self.shown += usize::from(plain(there).is_some());
        self.differs |= match (plain(Some(sent)), plain(there)) {
            (Some(sent), Some(there)) => !same(sent, there, shape),
            (sent, there) => sent.is_some() || there.is_some(),
        };
    }

    fn found(self, rule: &Unclear, there: Value) -> LookupResult {
        let nothing = |what: &str| LookupResult::CannotTell(format!("the look-up shows {what}"));
        match rule {
            // It would be taken for what was made, or for something else under its name, and is neither.
            Unclear::LookUp { .. } if self.shown == 0 => nothing("no field that was sent"),
            Unclear::LookUp { .. } if self.differs => LookupResult::Other,
            Unclear::LookUp { .. } => LookupResult::Shown(Some(there)),
            Unclear::ReadBack { .. } if self.differs => LookupResult::NotShown,
            Unclear::ReadBack { .. } if !self.unseen.is_empty() => {
                LookupResult::Unseen(self.unseen)
            }
            Unclear::ReadBack { .. } if self.compared == 0 => nothing("nothing that was sent"),
            Unclear::ReadBack { .. } => LookupResult::Shown(Some(there)),
        }
    }
}

/// The request as it left: after `set` and `omit`.
fn sent(write: Invocation<'_>) -> Value {
    let body = write.input.body.as_ref();
    let mut sent = body.map_or_else(|| Value::Object(Map::new()), FlatJson::to_value);
    let request = write.binding().request.iter();
    for place in request.flat_map(|request| &request.omit) {
        remove(&mut sent, place);
    }
    sent
}

/// Whether the vendor's own words can stand at a place of a read's answers. What the read repeats of our
/// request proves nothing of the vendor's state.
fn shows(read: &Operation, place: &Pointer) -> bool {
    let mut successes = read.binding.answer.success.iter();
    successes.any(|success| success.shows(place))
}

/// A field of a read's answers.
fn field_at<'o>(read: &'o Operation, tokens: &[String]) -> Option<&'o Field> {
    let (last, parents) = tokens.split_last()?;
    let member = |shape: &'o Shape, name: &String| match &shape.kind {
        Kind::Object(object) => object.fields.iter().find(|field| *field.name == **name),
        _ => None,
    };
    let shapes = read.binding.answer.success.iter();
    let mut shapes = shapes.filter_map(|success| success.shape.as_ref());
    shapes.find_map(|shape| {
        let parent = parents.iter().try_fold(shape, |shape, name| {
            member(shape, name).map(|field| &field.shape)
        })?;
        member(parent, last)
    })
}

/// `""`, null and absence are one: no vendor tells them apart.
fn plain(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null() && value.as_str() != Some(""))
}

/// Scalars are equal by their texts, since the two schemas may type them differently; objects where each
/// sent member is. A map has no members of its own, so all of its entries count.
fn same(sent: &Value, there: &Value, shape: Option<&Shape>) -> bool {
    match (sent, there) {
        (Value::Object(sent), Value::Object(there)) => {
            let free = matches!(shape.map(|shape| &shape.kind), None | Some(Kind::Map(_)));
            (!free || sent.len() == there.len())
                && sent.iter().all(|(name, value)| {
                    let inner = match shape.map(|shape| &shape.kind) {
                        Some(Kind::Map(map)) => Some(&map.values),
                        Some(Kind::Object(object)) => object
                            .fields
                            .iter()
                            .find(|field| *field.name == **name)
                            .map(|field| &field.shape),
                        _ => None,
                    };
                    match (plain(Some(value)), plain(there.get(name))) {
                        (Some(value), Some(there)) => same(value, there, inner),
                        (value, there) => value.is_none() && there.is_none(),
                    }
                })
        }
        (Value::Array(sent), Value::Array(there)) => {
            let items = match shape.map(|shape| &shape.kind) {
                Some(Kind::Array(array)) => Some(&array.items),
                _ => None,
            };
            sent.len() == there.len()
                && sent
                    .iter()
                    .zip(there)
                    .all(|(sent, there)| same(sent, there, items))
        }
        _ => sent == there || scalar(sent).is_some_and(|text| scalar(there) == Some(text)),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
