//! The unified answer grows from several sources: whoever gives a field first, wins. It is written once, in
//! the order of the shape and without what the shape lacks.

use std::borrow::Cow;
use std::collections::HashSet;
use std::iter::Peekable;

use grammar::json::write_string;
use validate::{Node, View};

use crate::json_text::{Parts, member_of, parts};
use crate::mismatch::Mismatch;
use crate::shape::{Field, Kind, Map, Object, Shape};

/// The shape at a path of members, and the property that holds it.
pub(super) fn shape_at<'s>(
    shape: &'s Shape,
    to: &[String],
) -> Option<(&'s Shape, Option<&'s Field>)> {
    to.iter()
        .try_fold((shape, None), |(shape, _), name| match &shape.kind {
            Kind::Object(object) => {
                let field = object.fields.iter().find(|field| *field.name == **name)?;
                Some((&field.shape, Some(field)))
            }
            Kind::Map(map) => Some((&map.values, None)),
            _ => None,
        })
}

/// What a producer gives, as it is seen from a place of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// Where it stands below that place.
    pub(super) to: &'a [String],
    pub(super) gives: Gives<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Gives<'a> {
    /// A value of anybody's schema.
    Node(Node<'a>),
    /// A text of ours, by the shape of its place already; `lacks`: but for required fields.
    Text { text: &'a str, lacks: bool },
}

impl<'a> Source<'a> {
    fn is_null(&self) -> bool {
        self.to.is_empty()
            && match self.gives {
                Gives::Node(node) => node.is_null(),
                Gives::Text { text, .. } => text == "null",
            }
    }

    fn is_object(&self) -> bool {
        !self.to.is_empty()
            || match self.gives {
                Gives::Node(node) => matches!(node.view(), View::Object(_)),
                Gives::Text { text, .. } => text.starts_with('{'),
            }
    }

    fn member(&self, name: &str) -> Option<Self> {
        if let Some((first, to)) = self.to.split_first() {
            let Self { gives, .. } = *self;
            return (*first == *name).then_some(Self { to, gives });
        }
        let gives = match self.gives {
            Gives::Node(node) => match node.view() {
                View::Object(members) => Gives::Node(members.get(name)?),
                _ => return None,
            },
            Gives::Text { text, lacks } => Gives::Text {
                text: member_of(text, name)?,
                lacks,
            },
        };
        Some(Self { to: &[], gives })
    }

    fn names(&self) -> Vec<Cow<'a, str>> {
        match (self.to.first(), self.gives) {
            (Some(name), _) => vec![Cow::Borrowed(name)],
            (None, Gives::Node(node)) => match node.view() {
                View::Object(members) => members.iter().map(|(name, _)| name.into()).collect(),
                _ => Vec::new(),
            },
            (None, Gives::Text { text, .. }) => parts(text).filter_map(|(name, _)| name).collect(),
        }
    }
}

/// Appends what the sources give of a shape; there is one at least. Objects are merged member by member, of
/// all else the first counts. Where the shape does not allow null, null is absence. A required field that
/// nobody gives is a mismatch, or null where the shape allows that.
pub(super) fn write(
    out: &mut String,
    shape: &Shape,
    sources: &[Source<'_>],
) -> Result<(), Mismatch> {
    match sources {
        [] => Ok(()),
        [
            Source {
                to: [],
                gives: Gives::Text { text, lacks: false },
            },
        ] => {
            out.push_str(text);
            Ok(())
        }
        [first, others @ ..] if first.is_object() => {
            if others.iter().all(Source::is_object) {
                return objects(out, shape, sources);
            }
            let sources = sources.iter().filter(|one| one.is_object());
            objects(out, shape, &sources.copied().collect::<Vec<_>>())
        }
        [first, ..] => other(out, shape, first),
    }
}

fn objects(out: &mut String, shape: &Shape, sources: &[Source<'_>]) -> Result<(), Mismatch> {
    match (&shape.kind, sources) {
        (Kind::Object(object), _) => members(out, object, sources),
        (Kind::Map(map), _) => entries(out, map, sources),
        (_, [first, ..]) => other(out, shape, first),
        (_, []) => Ok(()),
    }
}

/// What is no object, or stands where none belongs.
fn other(out: &mut String, shape: &Shape, source: &Source<'_>) -> Result<(), Mismatch> {
    let node = match source.gives {
        Gives::Node(node) => node,
        Gives::Text { text, .. } => {
            out.push_str(text);
            return Ok(());
        }
    };
    match (&shape.kind, node.view()) {
        (Kind::Array(array), View::Array(items)) => {
            out.push('[');
            for (index, item) in items.enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let item = Source {
                    to: &[],
                    gives: Gives::Node(item),
                };
                write(out, &array.items, &[item])
                    .map_err(|mismatch| mismatch.inside(&index.to_string()))?;
            }
            out.push(']');
        }
        (_, View::Text(text)) => write_string(out, text),
        (_, View::Null) => out.push_str("null"),
        (_, View::Bool(flag)) => out.push_str(if flag { "true" } else { "false" }),
        (_, View::Number(number)) => out.push_str(&number.to_string()),
        (_, View::Array(_) | View::Object(_)) => out.push_str(&node.to_value().to_string()),
    }
    Ok(())
}

fn members(out: &mut String, object: &Object, objects: &[Source<'_>]) -> Result<(), Mismatch> {
    let start = out.len();
    let mut separator = '{';
    let mut readers: Vec<Members<'_>> = objects.iter().map(Members::of).collect();
    let mut sources = Vec::with_capacity(objects.len());
    for field in &object.fields {
        sources.clear();
        sources.extend(readers.iter_mut().filter_map(|one| one.take(&field.name)));
        let says = |first: &Source<'_>| field.shape.nullable || !first.is_null();
        let is_there = sources.first().is_some_and(says);
        if !is_there && !field.required {
            continue;
        }
        if !is_there && !field.shape.nullable {
            let expected = field.shape.kind.words();
            return Err(Mismatch::new(expected, "nothing").inside(&field.name));
        }
        out.push(separator);
        separator = ',';
        out.push_str(field.name.key());
        if is_there {
            write(out, &field.shape, &sources).map_err(|mismatch| mismatch.inside(&field.name))?;
        } else {
            out.push_str("null");
        }
    }
    if out.len() == start {
        out.push('{');
    }
    out.push('}');
    Ok(())
}

/// The members of an object, asked for in the order of the shape.
enum Members<'a> {
    /// In any order.
    Any(Source<'a>),
    /// A text of ours, which has them in that order.
    Text {
        text: &'a str,
        lacks: bool,
        parts: Peekable<Parts<'a>>,
    },
}

impl<'a> Members<'a> {
    fn of(source: &Source<'a>) -> Self {
        match *source {
            Source {
                to: [],
                gives: Gives::Text { text, lacks },
            } => Self::Text {
                text,
                lacks,
                parts: parts(text).peekable(),
            },
            other => Self::Any(other),
        }
    }

    fn take(&mut self, name: &str) -> Option<Source<'a>> {
        match self {
            Self::Any(source) => source.member(name),
            Self::Text { text, lacks, parts } => {
                let is_it = |(key, _): &(Option<Cow<'_, str>>, _)| key.as_deref() == Some(name);
                let (_, range) = parts.next_if(is_it)?;
                Some(Source {
                    to: &[],
                    gives: Gives::Text {
                        text: text.get(range)?,
                        lacks: *lacks,
                    },
                })
            }
        }
    }
}

fn entries(out: &mut String, map: &Map, objects: &[Source<'_>]) -> Result<(), Mismatch> {
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    for object in objects {
        let new = object.names();
        // One source is the rule, and has each name once.
        if names.is_empty() {
            names = new;
        } else {
            let known: HashSet<Cow<'_, str>> = names.iter().cloned().collect();
            names.extend(new.into_iter().filter(|name| !known.contains(name)));
        }
    }
    out.push('{');
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        let sources: Vec<Source<'_>> = objects
            .iter()
            .filter_map(|object| object.member(name))
            .collect();
        write(out, &map.values, &sources).map_err(|mismatch| mismatch.inside(name))?;
    }
    out.push('}');
    Ok(())
}
