//! A unified value becomes the bytes of a vendor's request.

mod error;
mod form;
mod json;
mod root;
mod scalar;
mod xml;

use validate::Node;

use crate::encoding::Encoding;
use crate::shape::Shape;

pub use error::{EncodeError, EncodeErrorKind, EncodeErrors};
pub use form::{form_pairs, write_form};
pub use root::Root;

/// Writes one operation's request bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoder {
    /// How the body is written.
    pub encoding: Encoding,
    /// XML only.
    pub root: Option<Root>,
    /// What is sent. Members of a value that the shape does not have are not sent: that is how the
    /// contract's `omit` works, and validation has refused fields that nobody knows.
    pub shape: Shape,
    /// Largest body in bytes, after encoding. A form grows up to threefold, and Tomcat reads one
    /// over 2 MiB as no parameters at all, in silence.
    pub limit: usize,
}

impl Encoder {
    /// The body of the vendor's request. In goes a value that fits the request's schema; all that
    /// the wire cannot carry is reported at once.
    pub fn encode<'v>(&self, value: impl Into<Node<'v>>) -> Result<Vec<u8>, EncodeErrors> {
        let value = value.into();
        let mut errors = Vec::new();
        // Enough for nearly every body: what was JSON's own makes room for most of the escapes.
        let mut bytes = Vec::with_capacity(value.text_bytes() / 2 * 3 + 64);
        match self.encoding {
            Encoding::Form => form::body(&self.shape, value, &mut bytes, &mut errors),
            Encoding::Json => json::body(&self.shape, value, &mut bytes, &mut errors),
            Encoding::Xml => {
                bytes = xml::body(self.root.as_ref(), &self.shape, value, (bytes, &mut errors));
            }
        }
        if !errors.is_empty() {
            return Err(EncodeErrors::Values(errors));
        }
        if bytes.len() > self.limit {
            return Err(EncodeErrors::TooLarge { limit: self.limit });
        }
        Ok(bytes)
    }
}
