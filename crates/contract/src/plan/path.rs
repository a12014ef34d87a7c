//! Paths: the template of a vendor's, and what a placeholder is.

/// The name in `{name}`, one whole segment of a template; `None` for any other segment.
#[must_use]
pub fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// A vendor path whose parameters become exactly one encoded segment each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPath {
    /// From the root on; at least one.
    pub segments: Vec<VendorSegment>,
}

/// One segment of a [`VendorPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorSegment {
    /// Goes out as it is: it holds nothing that needs an escape (RFC 3986 §3.3).
    Literal(String),
    /// The name of a unified path parameter of the operation, whose value is encoded.
    Parameter(String),
}
