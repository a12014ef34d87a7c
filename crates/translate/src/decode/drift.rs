//! What a vendor's document holds that its shape does not say: found by reading it once more, so that decoding pays
//! nothing for it.

mod findings;
mod json;
mod xml;

use super::Target;
use super::first_place::first_place;
use crate::document::{Document, Format};
use crate::mismatch::Mismatch;

pub use findings::{Finding, FindingKind, Findings, Guess, Known};

/// Adds what is found at the first of the places `at` that exists. `prefix` points to the part in the unified
/// answer; `is_given` says of a unified pointer whether another source gives it.
///
/// # Errors
/// A document that cannot be read.
pub(crate) fn examine(
    document: &Document<'_>,
    at: &[Vec<String>],
    target: Target<'_>,
    findings: &mut Findings<'_>,
) -> Result<(), Mismatch> {
    let Some(path) = first_place(document, at, target.namespace)? else {
        return Ok(());
    };
    let Document { text, limits, .. } = document;
    match document.format {
        Format::Json => json::examine(text, limits, path, target.shape, findings),
        Format::Xml => {
            xml::examine(text, limits, path, target, findings).map_err(|refusal| *refusal)
        }
    }
}
