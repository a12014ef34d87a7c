//! YAML as a JSON value in which every value and key remembers its place.
//!
//! The 1.2 core schema, less whatever makes a document say something other than what it shows:
//! anchors, aliases, merge keys, tags, duplicate keys, several documents, keys that are no strings
//! and numbers that JSON cannot spell are refused. The reading goes on behind most of them, with what
//! was probably meant, so that one run finds all mistakes.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place};

mod convert;
mod document;
mod load;
mod text;

use convert::Converter;
pub use document::Document;
use text::Text;

/// Bytes of a document. Larger ones are not written by hand; the bound keeps a wrong file (a log, a
/// dump) from being parsed for minutes.
const MAX_BYTES: usize = 4 << 20;
/// Levels of mappings and lists. What walks a document recurses, so depth is stack.
const MAX_DEPTH: usize = 64;
/// Columns of indentation and list dashes before a line's content. The YAML parser recurses once a
/// level before our own depth check can run: 100,000 dashes in one line would exhaust its stack.
const MAX_INDENT: usize = 200;

impl Document {
    /// Parses one YAML document (JSON is YAML too).
    ///
    /// # Errors
    /// Everything that is refused, each with its place.
    pub fn parse(text: &str) -> Result<Document, Vec<Diagnostic>> {
        let (document, refused) = Self::read(text)?;
        if refused.is_empty() {
            Ok(document)
        } else {
            Err(refused)
        }
    }

    /// Parses one YAML document and goes on behind what is refused, so that whoever reads the document
    /// can report those findings with its own: the first of two equal keys stays, a bare `201:` is
    /// the key '201', anchors, aliases and merge keys are followed. A document with findings is not
    /// to be used for anything else.
    ///
    /// # Errors
    /// What leaves nothing to go on with, alone: bad syntax, several documents or none, a text that is
    /// too large or nested too deep.
    pub fn read(text: &str) -> Result<(Document, Vec<Diagnostic>), Vec<Diagnostic>> {
        let source = Text::new(text);
        source
            .bounds(MAX_BYTES, MAX_INDENT)
            .map_err(|one| vec![one])?;
        let loaded = load::load(text).map_err(|error| vec![source.scan_error(&error)])?;
        let several = |message: &str, place| {
            vec![Diagnostic::new(
                Code::YamlSeveralDocuments,
                message,
                "",
                place,
                None,
            )]
        };
        match &loaded.documents[..] {
            [] => Err(several("the file holds no document", Place::START)),
            [root] => {
                let mut converter = Converter::new(&source, MAX_DEPTH);
                converter.duplicates(&loaded.duplicates);
                let value = converter.convert(root);
                converter.finish(value)
            }
            [_, second, ..] => {
                let place = source.place(second);
                Err(several("a second document begins here", place))
            }
        }
    }
}
