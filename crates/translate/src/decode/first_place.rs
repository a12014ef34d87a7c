//! Which of several places a value stands at.

use crate::document::{Document, Wanted};
use crate::mismatch::Mismatch;

/// The first of the places `at` that exists, by reading the document once where there are several; a single one is
/// not looked for, and none is the whole document.
///
/// # Errors
/// A document that cannot be read.
pub(super) fn first_place<'p>(
    document: &Document<'_>,
    at: &'p [Vec<String>],
    namespace: Option<&str>,
) -> Result<Option<&'p [String]>, Mismatch> {
    match at {
        [] => Ok(Some(&[])),
        [path] => Ok(Some(path)),
        // Which of them exists shows only at the end of the document.
        several => {
            let wanted = several.iter().map(|path| Wanted::Value { path, namespace });
            let found = document.search(&wanted.collect::<Vec<_>>())?;
            let mut places = several.iter().zip(found);
            let exists = places.find(|(_, found)| found.values > 0);
            Ok(exists.map(|(path, _)| path.as_slice()))
        }
    }
}
