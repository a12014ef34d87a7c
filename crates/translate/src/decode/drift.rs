//! What a vendor's document holds that its shape does not say: found by reading it once more, so that decoding pays
//! nothing for it.

mod findings;
mod json;
mod xml;

use super::Target;
use crate::document::{Document, Format, Wanted};
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
    let path = match at {
        [] => &[][..],
        [path] => path,
        several => {
            let wanted = several.iter().map(|path| Wanted::Value {
                path,
                namespace: target.namespace,
            });
            let found = document.search(&wanted.collect::<Vec<_>>())?;
            let mut places = several.iter().zip(found);
            match places.find(|(_, found)| found.values > 0) {
                Some((path, _)) => path,
                None => return Ok(()),
            }
        }
    };
    let Document { text, limits, .. } = document;
    match document.format {
        Format::Json => json::examine(text, limits, path, target.shape, findings),
        Format::Xml => {
            xml::examine(text, limits, path, target, findings).map_err(|refusal| *refusal)
        }
    }
}
