//! Texts → the encoded segments of a path, a vendor's or ours.

use contract::{Operation, VendorSegment};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::engine::accept::input::Input;

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
pub fn vendor_path(operation: &Operation, input: &Input) -> String {
    let mut path = String::with_capacity(64);
    for part in &operation.binding.path.segments {
        path.push('/');
        match part {
            VendorSegment::Literal(text) => path.push_str(text),
            VendorSegment::Parameter(name) => {
                // The contract names a path parameter of the operation here, and the input has all of them.
                path.extend(utf8_percent_encode(&input.path[name], SEGMENT));
            }
        }
    }
    path
}
