//! `application/x-www-form-urlencoded`, for bodies and for vendor queries.

mod percent;

use validate::{Node, Place, View};

use self::percent::push_encoded;
use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::scalar;
use crate::shape::{Field, FormStyle, Kind, Shape};

/// The form of a whole request.
pub(super) fn body(
    shape: &Shape,
    value: Node<'_>,
    form: &mut Vec<u8>,
    errors: &mut Vec<EncodeError>,
) {
    let (Kind::Object(object), View::Object(members)) = (&shape.kind, value.view()) else {
        let kind = match shape.kind {
            Kind::Object(_) => wrong_type(&shape.kind, value),
            _ => EncodeErrorKind::FormNested,
        };
        return note(errors, kind, &Place::Root);
    };
    let mut members = members.in_order();
    for field in &object.fields {
        if let Some(value) = members.get(&field.name) {
            let written = each_pair(field, value, |name, text| name.write(text, form));
            if let Err(more) = written {
                errors.extend(more);
            }
        }
    }
}

/// One property as names and values that are not encoded yet: none, one or many, as `x-form` says.
/// Pointers of errors begin at the property.
pub fn form_pairs<'v>(
    field: &Field,
    value: impl Into<Node<'v>>,
) -> Result<Vec<(String, String)>, Vec<EncodeError>> {
    let mut pairs = Vec::new();
    each_pair(field, value.into(), |name, text| {
        pairs.push((name.to_text(), text.to_owned()));
    })?;
    Ok(pairs)
}

/// The name of a pair.
#[derive(Clone, Copy)]
struct Name<'n> {
    wire: &'n str,
    /// The `x` of `k[x]`.
    key: Option<&'n str>,
}

impl Name<'_> {
    fn to_text(self) -> String {
        match self.key {
            None => self.wire.to_owned(),
            Some(key) => format!("{}[{key}]", self.wire),
        }
    }

    /// Appends the pair as it is in a form.
    fn write(self, text: &str, form: &mut Vec<u8>) {
        if !form.is_empty() {
            form.push(b'&');
        }
        push_encoded(form, self.wire);
        if let Some(key) = self.key {
            push_encoded(form, "[");
            push_encoded(form, key);
            push_encoded(form, "]");
        }
        form.push(b'=');
        push_encoded(form, text);
    }
}

/// Hands the pairs of one property to `pair`. Where one cannot be, all errors are told, and what was handed
/// over does not matter.
fn each_pair(
    field: &Field,
    value: Node<'_>,
    mut pair: impl FnMut(Name<'_>, &str),
) -> Result<(), Vec<EncodeError>> {
    let place = Place::Key(&Place::Root, &field.name);
    let mut errors = Vec::new();
    let mut entry = |shape: &Shape, value: Node<'_>, key: Option<&str>| {
        if !scalar::is_scalar(&shape.kind) {
            return Err(EncodeErrorKind::FormNested);
        }
        let text = scalar::text(&shape.kind, field.wire_type, value)?;
        let wire = &field.wire;
        pair(Name { wire, key }, &text);
        Ok(())
    };
    match (&field.shape.kind, field.form, value.view()) {
        (Kind::Array(array), Some(FormStyle::Repeat), View::Array(items)) => {
            if items.is_empty() {
                note(&mut errors, EncodeErrorKind::EmptyNotRepresentable, &place);
            }
            for (index, item) in items.enumerate() {
                if let Err(kind) = entry(&array.items, item, None) {
                    note(&mut errors, kind, &Place::Index(&place, index));
                }
            }
        }
        (Kind::Map(map), Some(FormStyle::Brackets), View::Object(entries)) => {
            if entries.is_empty() {
                note(&mut errors, EncodeErrorKind::EmptyNotRepresentable, &place);
            }
            for (key, value) in entries {
                // Readers differ on where `k[a]b]` ends, and take `k[]` for an array.
                let written = if key.is_empty() || key.contains(['[', ']']) {
                    Err(EncodeErrorKind::FormKey(key.to_owned()))
                } else {
                    entry(&map.values, value, Some(key))
                };
                if let Err(kind) = written {
                    note(&mut errors, kind, &Place::Key(&place, key));
                }
            }
        }
        (Kind::Array(_), Some(FormStyle::Repeat), _)
        | (Kind::Map(_), Some(FormStyle::Brackets), _) => {
            note(&mut errors, wrong_type(&field.shape.kind, value), &place);
        }
        _ => {
            if let Err(kind) = entry(&field.shape, value, None) {
                note(&mut errors, kind, &place);
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// Percent-encoded UTF-8 as the WHATWG URL standard writes forms: a space is `+`, so a plus sign is
/// `%2B` and a telephone number keeps it.
#[must_use]
#[allow(clippy::expect_used)] // invariant: only keys and values that are not scalars can fail
pub fn write_form(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return String::new(); // without an allocation: most calls have no query
    }
    serde_urlencoded::to_string(pairs).expect("pairs of strings are always a form")
}
