//! A unified value is taken out of a vendor's document, as the shape says: the shape goes beside the reader,
//! and what it names is written as JSON at once.

mod counts;
pub mod drift;
mod first_place;
mod json;
mod output;
mod required;
pub(crate) mod scalar;
mod target;
mod xml;

use grammar::pointer;

use crate::document::{Document, Format};
use crate::json_text::JsonText;
use crate::mismatch::Mismatch;
use crate::shape::Shape;

pub(crate) use counts::Counts;
pub(crate) use required::Required;
pub(crate) use target::Target;

use first_place::first_place;
use output::Output;

/// A value in the unified vocabulary, its members in the order of the shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The value.
    pub json: JsonText,
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
/// # Errors
/// A document that is not well-formed or over its limits, whatever the value. A place that does not exist, a
/// value of another type and a required field that is missing; `at` names members or elements of the
/// vendor's document.
pub fn decode(
    document: &Document<'_>,
    at: &[Vec<String>],
    shape: &Shape,
) -> Result<Decoded, Mismatch> {
    let target = Target {
        shape,
        namespace: None,
        holder: None,
        required: Required::Now,
    };
    let part = decode_part(document, at, target)?;
    Ok(Decoded {
        json: JsonText::written(part.text),
        unknown_fields: part.counts.unknown,
        lenient_values: part.counts.lenient,
    })
}

/// A part of the unified value.
pub(crate) struct Part {
    pub(crate) text: String,
    /// A required field that another source may give is missing somewhere.
    pub(crate) lacks: bool,
    pub(crate) counts: Counts,
}

/// The same for a part of the unified value.
pub(crate) fn decode_part(
    document: &Document<'_>,
    at: &[Vec<String>],
    target: Target<'_>,
) -> Result<Part, Mismatch> {
    let told = |mismatch: Mismatch| mismatch.or_excerpt(|| document.excerpt());
    let nowhere = || told(nowhere(document.format, at));
    let path = first_place(document, at, target.namespace)?.ok_or_else(nowhere)?;
    let mut out = Output::for_answer(document.text.len());
    let Document { text, limits, .. } = document;
    let result = match document.format {
        Format::Json => json::at(
            text,
            limits,
            path,
            (target.shape, target.required),
            &mut out,
        ),
        Format::Xml => xml::at(text, limits, path, target, &mut out).map_err(|refusal| *refusal),
    };
    match result?.ok_or_else(nowhere)? {
        None => Ok(Part {
            text: out.text,
            lacks: out.lacks,
            counts: out.counts,
        }),
        Some(mut wrong) => {
            wrong.at = pointer::of(path) + &wrong.at;
            Err(told(*wrong))
        }
    }
}

fn nowhere(format: Format, at: &[Vec<String>]) -> Mismatch {
    let found = match format {
        Format::Json => "no such member",
        Format::Xml => "another root, no such element or another namespace",
    };
    let places: Vec<String> = at
        .iter()
        .map(|path| format!("`{}`", path.join("/")))
        .collect();
    Mismatch::new(
        match places.as_slice() {
            [] => "``".to_owned(),
            places => places.join(" or "),
        },
        found,
    )
}
