//! What the wire cannot carry.

use validate::{MAX_VIOLATIONS, Node, Place, View};

use crate::shape::Kind;

/// Why a request cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeErrors {
    /// Values that the wire cannot carry, at least one (400).
    #[error("{} of the request cannot be sent to the vendor", count(.0.len()))]
    Values(Vec<EncodeError>),
    /// The body is over the limit in bytes, after encoding (413).
    #[error("the request is over {limit} bytes in the vendor's encoding; send less text")]
    TooLarge {
        /// [`Encoder::limit`](super::Encoder::limit).
        limit: usize,
    },
}

fn count(values: usize) -> String {
    if values == 1 {
        "one value".to_owned()
    } else {
        format!("{values} values")
    }
}

/// What the sentence of a kind begins with.
fn subject(pointer: &str) -> String {
    if pointer.is_empty() {
        "the body".to_owned()
    } else {
        format!("`{pointer}`")
    }
}

/// A value that the wire cannot carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {kind}", subject(pointer))]
pub struct EncodeError {
    /// The place in the unified value, RFC 6901, at most [`validate::MAX_POINTER_BYTES`] long. Empty
    /// behind the first [`MAX_VIOLATIONS`].
    pub pointer: String,
    /// What cannot be.
    pub kind: EncodeErrorKind,
}

impl EncodeError {
    /// Stable, kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What an encoding cannot carry. The text goes on behind the name of the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeErrorKind {
    /// An array or a map without entries, which would not be there.
    #[error(
        "is empty, which the vendor's encoding cannot say; send at least one entry or leave it out"
    )]
    EmptyNotRepresentable,
    /// A map's key that would be read as another one in `k[x]`.
    #[error(
        "has the key {0:?}, which a bracketed form key cannot carry; use a key without brackets that is not empty"
    )]
    FormKey(String),
    /// A value that has parts, and no `x-form`.
    #[error(
        "cannot stand in a form, which carries text, arrays with `x-form: repeat` and maps with `x-form: brackets`"
    )]
    FormNested,
    /// `x-type: integer` on a text that is none.
    #[error(
        "must be a whole number of 1 to 18 digits without leading zeros, since the vendor takes an integer"
    )]
    NotWireInteger,
    /// Null, for which neither XML nor a form has a spelling.
    #[error("is null, which the vendor's encoding cannot say; leave it out")]
    NullNotRepresentable,
    /// XML without a root element.
    #[error("has no root element: the contract's `request` needs `root`")]
    RootMissing,
    /// A value that does not fit its shape.
    #[error("must be {expected}, not {found}")]
    WrongType {
        /// What the schema says.
        expected: &'static str,
        /// What the value is.
        found: &'static str,
    },
    /// A character outside of production 2 of XML 1.0.
    #[error("contains U+{code:04X}, which XML 1.0 cannot carry; take that character out", code = u32::from(*.0))]
    XmlForbidden(char),
    /// A name that is no `NCName` (Namespaces in XML 1.0).
    #[error("would need an element or attribute named {0:?}, which is not an XML name")]
    XmlName(String),
    /// An attribute whose value has parts.
    #[error("cannot be an XML attribute, which carries text, a number or a boolean")]
    XmlAttribute,
}

impl EncodeErrorKind {
    /// Stable, kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyNotRepresentable => "empty-not-representable",
            Self::FormKey(_) => "form-key",
            Self::FormNested => "form-nested",
            Self::NotWireInteger => "not-wire-integer",
            Self::NullNotRepresentable => "null-not-representable",
            Self::RootMissing => "root-missing",
            Self::WrongType { .. } => "type",
            Self::XmlForbidden(_) => "xml-forbidden-character",
            Self::XmlName(_) => "xml-name",
            Self::XmlAttribute => "xml-attribute",
        }
    }
}

/// Lists an error. Only so many are shown with their places; of the rest the number is.
pub(super) fn note(errors: &mut Vec<EncodeError>, kind: EncodeErrorKind, place: &Place<'_>) {
    let pointer = if errors.len() < MAX_VIOLATIONS {
        place.pointer()
    } else {
        String::new()
    };
    errors.push(EncodeError { pointer, kind });
}

/// What a value is, in a sentence.
fn found(value: Node<'_>) -> &'static str {
    match value.view() {
        View::Null => "null",
        View::Bool(_) => "a boolean",
        View::Number(_) => "a number",
        View::Text(_) => "a string",
        View::Array(_) => "an array",
        View::Object(_) => "an object",
    }
}

/// The error of a value that does not fit its shape. Validation has refused it already, unless the
/// contract's `set` put it there.
pub(super) fn wrong_type(kind: &Kind, value: Node<'_>) -> EncodeErrorKind {
    EncodeErrorKind::WrongType {
        expected: kind.words(),
        found: found(value),
    }
}
