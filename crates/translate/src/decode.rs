//! A unified value is taken out of a vendor's document, as the shape says.

mod counts;
mod json;
mod required;
pub(crate) mod scalar;
mod xml;

use grammar::pointer;
use serde_json::Value;

use crate::document::{Document, Json, Tree};
use crate::mismatch::Mismatch;
use crate::shape::Shape;

pub(crate) use counts::Counts;
pub(crate) use required::Required;

/// A value in the unified vocabulary, its members in the order of the shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The value.
    pub value: Value,
    /// Members, elements and attributes that the shape does not know. They are dropped.
    pub unknown_fields: usize,
    /// Values in another type than the shape's that could mean one thing only, and were read as it:
    /// `""` for a number, `[]` for a map, `87.5` for a text.
    pub lenient_values: usize,
}

/// Decodes the first of the places `at` that exists. Each is a path of member or element names (in
/// XML it begins with the root's); an empty path, and an empty `at`, is the whole document. In XML
/// the element found there stands for the value: for an array it is the wrapper, whose children
/// that bear the items' name (all of them, where the shape names none) are the items.
///
/// A place that does not exist, a value of another type and a required field that is missing is a
/// mismatch; its `at` names members or elements of the vendor's document.
pub fn decode(document: &Document, at: &[Vec<String>], shape: &Shape) -> Result<Decoded, Mismatch> {
    let target = Target {
        shape,
        namespace: None,
        holder: None,
        required: Required::Now,
    };
    decode_target(document, at, target)
}

/// What the value at a place becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'s> {
    pub(crate) shape: &'s Shape,
    /// XML: the namespace of the element that stands for the value; `None`: any.
    pub(crate) namespace: Option<&'s str>,
    /// The wire name of the property that holds the value: what an array's items are called unless the
    /// schema says otherwise.
    pub(crate) holder: Option<&'s str>,
    pub(crate) required: Required,
}

/// The same for a part of the unified value.
pub(crate) fn decode_target(
    document: &Document,
    at: &[Vec<String>],
    target: Target<'_>,
) -> Result<Decoded, Mismatch> {
    let mut counts = Counts::default();
    located(document, at, target, &mut counts)
        .map(|value| Decoded {
            value,
            unknown_fields: counts.unknown,
            lenient_values: counts.lenient,
        })
        .map_err(|mismatch| mismatch.or_excerpt(&document.excerpt))
}

fn located(
    document: &Document,
    at: &[Vec<String>],
    target: Target<'_>,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    let whole = [Vec::new()];
    let at = if at.is_empty() { whole.as_slice() } else { at };
    let (path, value) = match &document.tree {
        Tree::Json(root) => {
            let (path, found) = first(at, |path| json_at(root, path))
                .ok_or_else(|| nowhere(at, "no such member"))?;
            (
                path,
                json::value(found, target.shape, target.required, counts),
            )
        }
        Tree::Xml(root) => {
            let (path, found) = first(at, |path| {
                let mut found = root.at_path(path);
                found.retain(|element| element.is_in(target.namespace));
                Some(found).filter(|found| !found.is_empty())
            })
            .ok_or_else(|| nowhere(at, "another root, no such element or another namespace"))?;
            let value = match found.as_slice() {
                [element] => xml::whole(
                    element,
                    target.shape,
                    target.holder,
                    target.required,
                    counts,
                ),
                _ => Err(xml::repeated(target.shape)),
            };
            (path, value)
        }
    };
    value.map_err(|mut mismatch| {
        mismatch.at = pointer::of(path) + &mismatch.at;
        mismatch
    })
}

fn first<T>(at: &[Vec<String>], find: impl Fn(&[String]) -> Option<T>) -> Option<(&[String], T)> {
    at.iter()
        .find_map(|path| find(path).map(|found| (path.as_slice(), found)))
}

fn json_at<'d>(root: &'d Json, path: &[String]) -> Option<&'d Json> {
    path.iter().try_fold(root, |value, name| value.member(name))
}

fn nowhere(at: &[Vec<String>], found: &str) -> Mismatch {
    let places: Vec<String> = at
        .iter()
        .map(|path| format!("`{}`", path.join("/")))
        .collect();
    Mismatch::new(places.join(" or "), found)
}

/// Texts at a path, for predicates and error codes: scalars of JSON (an array gives each of its
/// scalars), or elements of XML without children and attributes.
pub(crate) fn texts_at(document: &Document, path: &[String]) -> Vec<String> {
    match &document.tree {
        Tree::Json(root) => match pointer::find(path, root) {
            Some(Json::Array(items)) => items.iter().filter_map(Json::scalar).collect(),
            Some(value) => value.scalar().into_iter().collect(),
            None => Vec::new(),
        }
        .into_iter()
        .map(str::to_owned)
        .collect(),
        Tree::Xml(root) => root.texts_at(path).into_iter().map(str::to_owned).collect(),
    }
}
