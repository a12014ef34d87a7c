//! The unified answer of a success, from its producers.

use grammar::Pointer;
use serde_json::{Map, Value};
use validate::Node;

use super::call::{Answer, Context};
use super::{fit, location, merge};
use crate::answer::{Missing, Produced, Producer, Success};
use crate::decode::scalar::{self, Scalar};
use crate::decode::{Counts, Part, Required, Target, decode_part};
use crate::document::Document;
use crate::json_text::JsonText;
use crate::mismatch::Mismatch;
use crate::shape::{Field, Kind, Object, Shape};

use merge::{Gives, Source};

pub(super) struct Answered {
    pub(super) value: Option<JsonText>,
    pub(super) look_up: Vec<Pointer>,
    pub(super) counts: Counts,
}

/// Where the vendor's part of the unified answer comes from.
pub(super) enum Vendor<'a, 'b> {
    /// The answer of the call itself.
    Answer {
        document: Option<&'a Document<'a>>,
        answer: &'a Answer<'b>,
    },
    /// The unified value of a read that showed what the call did.
    Read(Option<&'a Value>),
}

/// What a producer gave.
enum Given<'a> {
    /// A part of the request.
    Request(Node<'a>),
    Value(Value),
    Body(Part),
}

pub(super) fn answer<E>(
    success: &Success<E>,
    vendor: &Vendor<'_, '_>,
    context: &Context<'_>,
) -> Result<Answered, Mismatch> {
    let document = match vendor {
        Vendor::Answer { document, .. } => *document,
        Vendor::Read(_) => None,
    };
    let mut out = Answered {
        value: None,
        look_up: Vec::new(),
        counts: Counts::default(),
    };
    let mut given = Vec::with_capacity(success.producers.len());
    let shape = success.shape.as_ref();
    for producer in shape.iter().flat_map(|_| &success.producers) {
        let reads = producer.from == Produced::Body;
        match give(success, producer, vendor, context, &mut out) {
            Ok(Some(value)) => given.push((producer.to.tokens(), value)),
            Ok(None) => {}
            Err(mismatch) => {
                // What is wrong with the document as such goes first.
                if let (Some(document), false) = (document, reads) {
                    document.check()?;
                }
                return Err(mismatch);
            }
        }
    }
    let is_read = |(_, given): &(_, Given<'_>)| matches!(given, Given::Body(_));
    if let Some(document) = document
        && success.fails_if.is_none()
        && !given.iter().any(is_read)
    {
        document.check()?;
    }
    let Some(shape) = shape else {
        return Ok(out);
    };
    let excerpt = || document.map(Document::excerpt).unwrap_or_default();
    let value = written(shape, given).map_err(|mismatch| mismatch.or_excerpt(excerpt))?;
    // What a later producer gave need not be looked up.
    let says = |to: &Pointer| value.find(to.tokens()).is_some_and(|text| text != "null");
    out.look_up.retain(|to| !says(to));
    out.value = Some(value);
    Ok(out)
}

/// What one producer gives, if anything.
fn give<'a, E>(
    success: &Success<E>,
    producer: &Producer,
    vendor: &Vendor<'a, '_>,
    context: &Context<'a>,
    out: &mut Answered,
) -> Result<Option<Given<'a>>, Mismatch> {
    let shape = success.shape.as_ref();
    let at = shape.and_then(|shape| merge::shape_at(shape, producer.to.tokens()));
    let (target, field) = at.ok_or_else(|| {
        Mismatch::new("a field of the answer's schema", "a producer for another")
            .at(producer.to.to_string())
    })?;
    Ok(match (&producer.from, vendor) {
        (Produced::Request(place), _) => context
            .request
            .and_then(|request| request.find(place))
            .map(Given::Request),
        (Produced::Path(name), _) => match context.path.get(name) {
            Some(text) => Some(Given::Value(converted(text, target, producer)?)),
            None => None,
        },
        (Produced::Empty, _) => Some(Given::Value(match target.kind {
            Kind::Array(_) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        })),
        (_, Vendor::Read(there)) => there
            .and_then(|there| producer.to.find(there))
            .and_then(|part| fit::fitted(part, target))
            .map(Given::Value),
        (Produced::Body, Vendor::Answer { document, .. }) => match document {
            Some(document) => {
                let target = Target {
                    shape: target,
                    namespace: namespace(success, field),
                    holder: field.map(|field| field.wire.as_str()),
                    required: required(success, producer),
                };
                let part = decode_part(document, &success.at, target)?;
                out.counts.unknown += part.counts.unknown;
                out.counts.lenient += part.counts.lenient;
                Some(Given::Body(part))
            }
            None => None,
        },
        (Produced::Header(name), Vendor::Answer { answer, .. }) => match (answer.header)(name) {
            Some(text) if scalar::says_nothing(&target.kind, text) => {
                out.counts.lenient += 1;
                None
            }
            Some(text) => Some(Given::Value(converted(text, target, producer)?)),
            None => None,
        },
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
            id.map(Given::Value)
        }
    })
}

/// What the producers gave, by the shape. A body that gives all, or all that is given, is not copied.
fn written(shape: &Shape, mut given: Vec<(&[String], Given<'_>)>) -> Result<JsonText, Mismatch> {
    if let ([(to, Given::Body(part))], Kind::Object(object)) = (given.as_mut_slice(), &shape.kind)
        && !part.lacks
        && part.text != "null"
    {
        match *to {
            [] => return Ok(JsonText::written(std::mem::take(&mut part.text))),
            [name] => return around(object, name, std::mem::take(&mut part.text)),
            _ => {}
        }
    }
    let sources: Vec<Source<'_>> = given
        .iter()
        .map(|(to, given)| Source {
            to,
            gives: match given {
                Given::Request(node) => Gives::Node(*node),
                Given::Value(value) => Gives::Node(value.into()),
                Given::Body(part) => Gives::Text {
                    text: &part.text,
                    lacks: part.lacks,
                },
            },
        })
        .collect();
    let nothing = match shape.kind {
        Kind::Object(_) | Kind::Map(_) => Value::Object(Map::new()),
        _ => Value::Null,
    };
    let nothing = [Source {
        to: &[],
        gives: Gives::Node((&nothing).into()),
    }];
    let sources = match sources.as_slice() {
        [] => &nothing,
        sources => sources,
    };
    let mut text = String::with_capacity(CAPACITY);
    merge::write(&mut text, shape, sources)?;
    Ok(JsonText::written(text))
}

/// What most answers of one thing fit in.
const CAPACITY: usize = 512;

/// The object whose member `name` is written already: what stands before it and behind it is put around it.
fn around(object: &Object, name: &str, mut text: String) -> Result<JsonText, Mismatch> {
    let (mut before, mut behind) = ("{".to_owned(), String::new());
    let mut is_behind = false;
    for field in &object.fields {
        let is_it = *field.name == *name;
        if !is_it && !field.required {
            continue;
        }
        if !is_it && !field.shape.nullable {
            let expected = field.shape.kind.words();
            return Err(Mismatch::new(expected, "nothing").inside(&field.name));
        }
        let side = if is_behind { &mut behind } else { &mut before };
        if is_behind || side.len() > 1 {
            side.push(',');
        }
        side.push_str(field.name.key());
        if !is_it {
            side.push_str("null");
        }
        is_behind |= is_it;
    }
    behind.push('}');
    text.reserve_exact(before.len() + behind.len());
    text.insert_str(0, &before);
    text.push_str(&behind);
    Ok(JsonText::written(text))
}

/// The namespace of the element that stands for what the body gives: of the whole value, or of the
/// field. The items of an unwrapped array stand for it themselves, and are matched by their own.
pub(super) fn namespace<'s, E>(
    success: &'s Success<E>,
    field: Option<&'s Field>,
) -> Option<&'s str> {
    match field {
        None => success.namespace.as_deref(),
        Some(field) if matches!(field.shape.kind, Kind::Array(_)) && !field.xml.wrapped => None,
        Some(field) => field.xml.namespace.as_deref(),
    }
}

/// Fields that other producers may give are checked when all have had their turn.
pub(super) fn required<E>(success: &Success<E>, body: &Producer) -> Required {
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
    let segment = location::segment(location, &context.called?, segment_after)?;
    if !(context.usable_segment)(&segment) {
        return None;
    }
    scalar::of_text(&target.kind, &segment).map(Scalar::value)
}

fn converted(text: &str, target: &Shape, producer: &Producer) -> Result<Value, Mismatch> {
    let value = scalar::of_text(&target.kind, text).map(Scalar::value);
    value.ok_or_else(|| {
        Mismatch::new(target.kind.words(), "other text")
            .with_excerpt(text)
            .at(producer.to.to_string())
    })
}
