//! The unified answer of a success, from its producers.

use grammar::Pointer;
use serde_json::{Map, Value};
use validate::Node;

use super::call::{Answer, Context};
use super::{fit, location, merge};
use crate::answer::{Missing, Produced, Producer, Success};
use crate::decode::{Counts, Required, Target, decode_target, scalar};
use crate::document::Document;
use crate::mismatch::Mismatch;
use crate::shape::{Field, Kind, Shape};

pub(super) struct Answered {
    pub(super) value: Option<Value>,
    pub(super) look_up: Vec<Pointer>,
    pub(super) counts: Counts,
}

/// Where the vendor's part of the unified answer comes from.
pub(super) enum Vendor<'a, 'b> {
    /// The answer of the call itself.
    Answer {
        document: Option<&'a Document>,
        answer: &'a Answer<'b>,
    },
    /// The unified value of a read that showed what the call did.
    Read(Option<&'a Value>),
}

pub(super) fn answer<E>(
    success: &Success<E>,
    vendor: &Vendor<'_, '_>,
    context: &Context<'_>,
) -> Result<Answered, Mismatch> {
    let mut out = Answered {
        value: None,
        look_up: Vec::new(),
        counts: Counts::default(),
    };
    let Some(shape) = &success.shape else {
        return Ok(out);
    };
    for producer in &success.producers {
        let (target, field) = merge::shape_at(shape, producer.to.tokens()).ok_or_else(|| {
            Mismatch::new("a field of the answer's schema", "a producer for another")
                .at(producer.to.to_string())
        })?;
        let value = match (&producer.from, vendor) {
            (Produced::Request(place), _) => context
                .request
                .and_then(|request| request.find(place))
                .map(Node::to_value),
            (Produced::Path(name), _) => match context.path.get(name) {
                Some(text) => Some(converted(text, target, producer)?),
                None => None,
            },
            (Produced::Empty, _) => Some(match target.kind {
                Kind::Array(_) => Value::Array(Vec::new()),
                _ => Value::Object(Map::new()),
            }),
            (_, Vendor::Read(there)) => there
                .and_then(|there| producer.to.find(there))
                .and_then(|part| fit::fitted(part, target)),
            (Produced::Body, Vendor::Answer { document, .. }) => match document {
                Some(document) => {
                    let target = Target {
                        shape: target,
                        namespace: namespace(success, field),
                        holder: field.map(|field| field.wire.as_str()),
                        required: required(success, producer),
                    };
                    let decoded = decode_target(document, &success.at, target)?;
                    out.counts.unknown += decoded.unknown_fields;
                    out.counts.lenient += decoded.lenient_values;
                    Some(decoded.value)
                }
                None => None,
            },
            (Produced::Header(name), Vendor::Answer { answer, .. }) => {
                match (answer.header)(name) {
                    Some(text) if scalar::says_nothing(&target.kind, text) => {
                        out.counts.lenient += 1;
                        None
                    }
                    Some(text) => Some(converted(text, target, producer)?),
                    None => None,
                }
            }
            (
                Produced::Location {
                    segment_after,
                    missing,
                },
                Vendor::Answer { answer, .. },
            ) => {
                let id = created(segment_after, target, answer, context);
                if id.is_none() && *missing == Missing::LookUp {
                    out.look_up.push(producer.to.clone());
                }
                id
            }
        };
        if let Some(value) = value {
            merge::put(&mut out.value, producer.to.tokens(), value);
        }
    }
    let value = out.value.take().unwrap_or_else(|| match shape.kind {
        Kind::Object(_) | Kind::Map(_) => Value::Object(Map::new()),
        _ => Value::Null,
    });
    let value = merge::finish(value, shape).map_err(|mismatch| match vendor {
        Vendor::Answer {
            document: Some(document),
            ..
        } => mismatch.or_excerpt(&document.excerpt),
        _ => mismatch,
    })?;
    // What a later producer gave need not be looked up.
    out.look_up.retain(|to| !merge::says(&value, to.tokens()));
    out.value = Some(value);
    Ok(out)
}

/// The namespace of the element that stands for what the body gives: of the whole value, or of the
/// field. The items of an unwrapped array stand for it themselves, and are matched by their own.
fn namespace<'s, E>(success: &'s Success<E>, field: Option<&'s Field>) -> Option<&'s str> {
    match field {
        None => success.namespace.as_deref(),
        Some(field) if matches!(field.shape.kind, Kind::Array(_)) && !field.xml.wrapped => None,
        Some(field) => field.xml.namespace.as_deref(),
    }
}

/// Fields that other producers may give are checked when all have had their turn.
fn required<E>(success: &Success<E>, body: &Producer) -> Required {
    let shared = success
        .producers
        .iter()
        .filter(|other| other.from != Produced::Body)
        .any(|other| other.to.is_within(&body.to) || body.to.is_within(&other.to));
    if shared {
        Required::Later
    } else {
        Required::Now
    }
}

/// The id in a `Location`, in the type of its field. A header that is missing or unusable is never
/// an error: the vendor has created what was asked for.
fn created(
    segment_after: &str,
    target: &Shape,
    answer: &Answer<'_>,
    context: &Context<'_>,
) -> Option<Value> {
    let location = (answer.header)("location")?;
    let segment = location::segment(location, context.base_url, segment_after)?;
    if !(context.usable_segment)(&segment) {
        return None;
    }
    scalar::of_text(&target.kind, &segment)
}

fn converted(text: &str, target: &Shape, producer: &Producer) -> Result<Value, Mismatch> {
    scalar::of_text(&target.kind, text).ok_or_else(|| {
        Mismatch::new(target.kind.words(), "other text")
            .with_excerpt(text)
            .at(producer.to.to_string())
    })
}
