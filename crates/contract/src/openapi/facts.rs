//! What an operation is, as far as its answers and fields in the document depend on it.

use http::Method;

use crate::plan::Operation;

/// Whether an `Idempotency-Key` is read.
pub(super) fn has_keys(operation: &Operation) -> bool {
    operation.method == Method::POST && operation.binding.is_write()
}

/// Whether an answer has an entity tag: the 200 of a read.
pub(super) fn operation_shows(operation: &Operation) -> bool {
    let mut successes = operation.binding.answer.success.iter();
    !operation.binding.is_write() && successes.any(|success| success.emit.status == 200)
}
