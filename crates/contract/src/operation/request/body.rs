//! `request`: what becomes of the caller's body on its way to the vendor.

use std::sync::Arc;

use grammar::Pointer;
use translate::{Encoding, Root};

use crate::code::Code;
use crate::keywords::REQUEST;
use crate::operation::encoding::encoding;
use crate::operation::request::fields::{Field, fields, key_pointer};
use crate::operation::scope::Scope;
use crate::operation::value_source::value_source;
use crate::plan::{RequestPlan, SetField};
use crate::schema::{self, Schema, representable};
use crate::source::Node;

/// Reads `request` of `x-upstream`. `None` without one, and where something was reported.
pub(crate) fn request_plan<'a>(scope: &Scope<'_, 'a>, upstream: &Node<'a>) -> Option<RequestPlan> {
    let node = upstream.get("request")?;
    node.object(&REQUEST)?;
    let encoding = encoding(&node, &["form", "xml", "json"]);
    let Some(body) = &scope.operation.body else {
        if !scope.body_missed.replace(true) {
            node.key().report_help(
                Code::MisplacedKeyword,
                "`request` without a `requestBody`",
                "declare the body: its schema directs the encoding",
            );
        }
        return None;
    };
    scope.body_sent.set(true);
    let root = root(&node, encoding, &body.schema);
    let set = set(scope, &node);
    let omit = omit(scope, &node);
    needs(scope, &node, &omit);
    let encoding = encoding?;
    let filled: Vec<Pointer> = set.iter().map(|field| field.field.clone()).collect();
    let left_out = left_out(&body.schema, &omit, &filled);
    representable::request(&body.schema, encoding, &left_out);
    Some(RequestPlan {
        encoding,
        root,
        set,
        shape: body.schema.shape(&left_out)?,
        omit,
    })
}

/// The fields that never reach the encoder: those of `omit`, and the read-only ones, which a caller may
/// not send, unless something fills them.
pub(crate) fn left_out(schema: &Schema<'_>, omit: &[Pointer], filled: &[Pointer]) -> Vec<Pointer> {
    let touched = |field: &Pointer| {
        let meets = |other: &Pointer| other.is_within(field) || field.is_within(other);
        filled.iter().any(meets)
    };
    let untouched = read_only(schema)
        .into_iter()
        .filter(|field| !touched(field));
    omit.iter().cloned().chain(untouched).collect()
}

fn root(node: &Node<'_>, encoding: Option<Encoding>, body: &Schema<'_>) -> Option<Root> {
    match (node.get("root"), encoding) {
        (Some(root), Some(Encoding::Xml)) => {
            let name = root.string()?;
            schema::is_xml_name(&root, name).then(|| Root {
                name: name.to_owned(),
                place: body.wire.xml.clone(),
            })
        }
        (Some(root), Some(_)) => {
            root.key().report(
                Code::MisplacedKeyword,
                "`root` names the root element of XML",
            );
            None
        }
        (None, Some(Encoding::Xml)) => {
            node.report_help(
                Code::MissingKeyword,
                "an XML request lacks `root`",
                "add the name of the root element, such as `root: request`",
            );
            None
        }
        _ => None,
    }
}

fn set<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Vec<SetField> {
    let mut filled = Vec::new();
    let Some(set) = node.get("set").filter(|set| set.map().is_some()) else {
        return filled;
    };
    for (text, entry) in set.members() {
        let Some(field) = key_pointer(text, &entry.key()) else {
            continue;
        };
        let Some((schema, certain)) = scope.field(&field, &entry.key()) else {
            continue;
        };
        let Some(sourced) = value_source(scope, &entry, field.last()) else {
            continue;
        };
        sourced.must_fit(schema, &entry, "the field");
        if certain && !schema.is_broken() {
            entry.key().report_help(
                Code::DeadKeyword,
                format!("`{text}` is required, so `set` never fills it"),
                "take it out of `required`, or out of `set`",
            );
        }
        scope
            .set
            .borrow_mut()
            .push((field.clone(), sourced.certain));
        let Ok(validator) = schema.validator() else {
            continue; // reported where the schema stands
        };
        filled.push(SetField {
            field,
            source: sourced.source,
            validator: Arc::new(validator),
        });
    }
    filled
}

fn omit<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Vec<Pointer> {
    let Some(omit) = node.get("omit") else {
        return Vec::new();
    };
    fields(scope, &omit)
        .into_iter()
        .map(|field| field.pointer)
        .collect()
}

fn needs<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>, omit: &[Pointer]) {
    let Some(needs) = node.get("needs") else {
        return;
    };
    for Field {
        pointer,
        node,
        certain,
    } in fields(scope, &needs)
    {
        if omit.iter().any(|gone| pointer.is_within(gone)) {
            let message = format!("the vendor needs `{pointer}`, and `omit` takes it out");
            node.report(Code::MissingSource, message);
        } else if !certain && !scope.lacks_body_alone(&pointer) {
            node.report_help(
                Code::MissingSource,
                format!("the vendor needs `{pointer}`, which a request may lack"),
                "make it required in the schema, or fill it by `set`",
            );
        }
    }
}

/// Fields that a caller may not send.
fn read_only(schema: &Schema<'_>) -> Vec<Pointer> {
    fn walk(schema: &Schema<'_>, at: &Pointer, found: &mut Vec<Pointer>) {
        let schema::SchemaKind::Object(object) = &schema.kind else {
            return;
        };
        for property in &object.properties {
            let field = at.child(property.name.as_str());
            if property.schema.read_only {
                found.push(field);
            } else {
                walk(&property.schema, &field, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(schema, &Pointer::root(), &mut found);
    found
}
