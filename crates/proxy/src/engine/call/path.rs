//! Texts → the encoded segments of a path, a vendor's or ours.

use contract::{GatewayProblem, Operation, VendorSegment};
use grammar::segment::is_segment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::engine::accept::input::Input;
use crate::engine::refusal::Refusal;

/// RFC 3986 unreserved characters stay; a segment can hold nothing else as itself.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes one path segment from its decoded text, exactly once.
#[must_use]
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The path of a vendor call below the base URL.
pub fn vendor_path(operation: &Operation, input: &Input) -> Result<String, Refusal> {
    let mut path = String::new();
    for part in &operation.binding.path.segments {
        path.push('/');
        match part {
            VendorSegment::Literal(text) => path.push_str(text),
            VendorSegment::Parameter(name) => {
                let value = input.path.get(name).filter(|value| is_segment(value));
                let value = value.ok_or_else(|| {
                    internal("a path parameter has no value that can stand in a path")
                })?;
                path.push_str(&segment(value));
            }
        }
    }
    Ok(path)
}

pub(super) fn internal(cause: &str) -> Refusal {
    Refusal::new(
        GatewayProblem::InternalError,
        "The gateway could not build the vendor call.",
    )
    .because(cause)
}
