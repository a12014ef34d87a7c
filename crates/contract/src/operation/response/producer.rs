//! `value`: what each field of the unified answer is made from.

use grammar::Pointer;
use grammar::token::is_token;
use translate::answer::{BodyRule, Missing, Produced, Producer};

use crate::code::Code;
use crate::keywords::PRODUCER;
use crate::operation::scope::Scope;
use crate::plan::ParameterPlace;
use crate::schema::{Schema, SchemaKind};
use crate::source::Node;

/// A producer as it stands in the document.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) producer: Producer,
}

/// What one producer gives for one field.
#[derive(Debug)]
pub(crate) struct Given<'s, 'a> {
    pub(crate) certain: bool,
    /// The schema that the value was checked with, where it came from the caller.
    pub(crate) checked_as: Option<&'s Schema<'a>>,
}

/// Reads the list. `None` where an entry cannot be read; all such are reported.
pub(crate) fn producers<'a>(
    scope: &Scope<'_, 'a>,
    list: &Node<'a>,
    body: BodyRule,
    answer: &Schema<'a>,
) -> Option<Vec<Written<'a>>> {
    list.list()?;
    let read: Vec<_> = list
        .entries()
        .map(|entry| producer(scope, &entry, body, answer))
        .collect();
    read.into_iter().collect()
}

fn producer<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    body: BodyRule,
    answer: &Schema<'a>,
) -> Option<Written<'a>> {
    node.object(&PRODUCER)?;
    let to = match node.get("to") {
        None => Pointer::root(),
        Some(to) => {
            let place = to.json_pointer()?;
            answer.field(&place, &to, "the answer")?;
            place
        }
    };
    let (target, _) = answer.find(&to).ok()?;
    let from = node.get("from")?;
    let word = from.string()?;
    let takes: &[&str] = match word {
        "request" => &["pointer"],
        "path" | "header" => &["name"],
        "location" => &["segment_after", "missing"],
        "body" | "empty" => &[],
        other => {
            let words = ["request", "path", "header", "location", "body", "empty"];
            let message = format!("a value cannot be from `{other}`");
            from.report_unknown(Code::BadValue, message, other, words.into_iter());
            return None;
        }
    };
    for (name, member) in node.members() {
        if !takes.contains(&name)
            && PRODUCER.names().any(|known| known == name)
            && !matches!(name, "to" | "from")
        {
            let message = format!("`{name}` has no effect with `from: {word}`");
            member.key().report(Code::MisplacedKeyword, message);
        }
    }
    let scalar_only = matches!(word, "path" | "header" | "location");
    if scalar_only && !target.is_scalar() {
        let message = format!(
            "`from: {word}` gives a scalar, the field is of type {}",
            target.type_name()
        );
        node.report(Code::TypeMismatch, message);
        return None;
    }
    let produced = match word {
        "request" => request(scope, node, target)?,
        "path" => path(scope, node, &from, &to, target)?,
        "header" => header(node)?,
        "location" => location(node)?,
        "body" => {
            if body == BodyRule::Ignored {
                from.report(
                    Code::DeadKeyword,
                    "`from: body` reads a body that `body: ignored` never reads",
                );
                return None;
            }
            Produced::Body
        }
        _ => {
            if !matches!(
                target.kind,
                SchemaKind::Array(_) | SchemaKind::Map(_) | SchemaKind::Broken
            ) {
                let message = format!(
                    "`from: empty` gives [] or {{}}, the field is of type {}",
                    target.type_name()
                );
                node.report(Code::TypeMismatch, message);
                return None;
            }
            Produced::Empty
        }
    };
    Some(Written {
        node: node.clone(),
        producer: Producer { to, from: produced },
    })
}

fn request<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>, target: &Schema<'a>) -> Option<Produced> {
    let pointer = node.get("pointer");
    let place = match &pointer {
        Some(pointer) => pointer.json_pointer()?,
        None => Pointer::root(),
    };
    let (source, _) = scope.field(&place, pointer.as_ref().unwrap_or(node))?;
    if !source.fits(target) {
        let message = "the request and the answer have fields of one name and different types, or are of different types";
        node.report(Code::TypeMismatch, message);
        return None;
    }
    Some(Produced::Request(place))
}

fn path<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    from: &Node<'a>,
    to: &Pointer,
    target: &Schema<'a>,
) -> Option<Produced> {
    let named = node.get("name");
    let name = match &named {
        Some(name) => name.string()?,
        None if !to.is_root() => to.last(),
        None => {
            node.report(Code::MissingKeyword, "`from: path` lacks `to` or `name`");
            return None;
        }
    };
    let declared = scope.parameter(ParameterPlace::Path, name, named.as_ref().unwrap_or(from))?;
    if !declared.schema.fits(target) {
        let (given, expected) = (declared.schema.type_name(), target.type_name());
        let message = format!("the parameter is of type {given}, the field of type {expected}");
        node.report(Code::TypeMismatch, message);
        return None;
    }
    Some(Produced::Path(name.to_owned()))
}

fn header(node: &Node<'_>) -> Option<Produced> {
    let Some(name) = node.get("name") else {
        node.report(Code::MissingKeyword, "`from: header` lacks `name`");
        return None;
    };
    let text = name.string()?;
    if !is_token(text) {
        name.report(Code::BadValue, format!("`{text}` is no name of a header"));
        return None;
    }
    Some(Produced::Header(text.to_ascii_lowercase()))
}

fn location(node: &Node<'_>) -> Option<Produced> {
    let Some(segment) = node.get("segment_after") else {
        node.report_help(
            Code::MissingKeyword,
            "`from: location` lacks `segment_after`",
            "name the segment of the vendor's `Location` that stands before the value",
        );
        return None;
    };
    let segment_after = segment.string()?.to_owned();
    if segment_after.is_empty() || segment_after.contains('/') {
        segment.report(
            Code::BadValue,
            "`segment_after` is one segment, without `/`",
        );
    }
    let Some(missing) = node.get("missing") else {
        node.report_help(
            Code::MissingKeyword,
            "`from: location` lacks `missing`",
            "`look_up` or `omit`: what happens where the vendor sends no usable `Location`",
        );
        return None;
    };
    let missing = match missing.string()? {
        "look_up" => Missing::LookUp,
        "omit" => Missing::Omit,
        other => {
            let message = format!("`missing` cannot be `{other}`");
            missing.report_unknown(
                Code::BadValue,
                message,
                other,
                ["look_up", "omit"].into_iter(),
            );
            return None;
        }
    };
    Some(Produced::Location {
        segment_after,
        missing,
    })
}

impl Written<'_> {
    /// What the producer gives for the field at a path of the answer; `None`: nothing.
    pub(crate) fn gives<'s, 'a>(
        &self,
        scope: &Scope<'s, 'a>,
        path: &Pointer,
        body: BodyRule,
    ) -> Option<Given<'s, 'a>> {
        let rest = path.tokens().strip_prefix(self.producer.to.tokens())?;
        match &self.producer.from {
            Produced::Body => Some(Given {
                certain: body == BodyRule::Required,
                checked_as: None,
            }),
            Produced::Request(pointer) => {
                let place = pointer.tokens().iter().chain(rest).cloned().collect();
                let (schema, certain) = scope.certain(&place)?;
                Some(Given {
                    certain,
                    checked_as: Some(schema),
                })
            }
            Produced::Path(name) if rest.is_empty() => {
                let declared = scope.operation.parameter(ParameterPlace::Path, name)?;
                Some(Given {
                    certain: true,
                    checked_as: Some(&declared.schema),
                })
            }
            Produced::Empty if rest.is_empty() => Some(Given {
                certain: true,
                checked_as: None,
            }),
            Produced::Header(_) | Produced::Location { .. } if rest.is_empty() => Some(Given {
                certain: false,
                checked_as: None,
            }),
            _ => None,
        }
    }
}
