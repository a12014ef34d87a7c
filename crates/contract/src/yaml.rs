//! YAML as a JSON value in which every value and key remembers its place.
//!
//! The 1.2 core schema, less whatever makes a document say something other than what it shows:
//! anchors, aliases, merge keys, tags, duplicate keys, several documents, keys that are no strings
//! and numbers that JSON cannot spell are refused.

use std::collections::HashMap;

use saphyr::{LoadableYamlNode as _, MarkedYaml};
use serde_json::Value;

use crate::code::Code;
use crate::{Diagnostic, Place};

mod convert;
mod text;

use convert::Converter;
use text::Text;

/// Bytes of a document. Larger ones are not written by hand; the bound keeps a wrong file (a log, a
/// dump) from being parsed for minutes.
const MAX_BYTES: usize = 4 << 20;
/// Levels of mappings and lists. What walks a document recurses, so depth is stack.
const MAX_DEPTH: usize = 64;
/// Columns of indentation and list dashes before a line's content. The YAML parser recurses once a
/// level before our own depth check can run: 100,000 dashes in one line would exhaust its stack.
const MAX_INDENT: usize = 200;

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// The content; members keep the order of the text.
    pub value: Value,
    places: HashMap<String, Marks>,
}

#[derive(Debug, Clone, Copy)]
struct Marks {
    value: Place,
    key: Option<Place>,
}

impl Document {
    /// Parses one YAML document (JSON is YAML too).
    ///
    /// # Errors
    /// Everything that is refused, each with its place. What the YAML parser itself refuses (syntax,
    /// a duplicate key) is reported alone, since nothing behind it can be read.
    pub fn parse(text: &str) -> Result<Document, Vec<Diagnostic>> {
        let source = Text::new(text);
        source
            .bounds(MAX_BYTES, MAX_INDENT)
            .map_err(|one| vec![one])?;
        let documents =
            MarkedYaml::load_from_str(text).map_err(|error| vec![source.scan_error(&error)])?;
        let mut documents = documents.iter();
        let Some(root) = documents.next() else {
            return Err(vec![Diagnostic {
                code: Code::YamlSeveralDocuments.as_str(),
                message: "the file holds no document".to_owned(),
                pointer: String::new(),
                place: None,
                help: None,
            }]);
        };
        let mut converter = Converter::new(&source, MAX_DEPTH);
        let value = converter.convert(root);
        if let Some(second) = documents.next() {
            converter.refuse(
                Code::YamlSeveralDocuments,
                "a second document begins here".to_owned(),
                source.place(second),
                "keep one document in the file",
            );
        }
        converter.finish(value)
    }

    /// Where the value that a JSON Pointer names begins.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Option<Place> {
        self.places.get(pointer).map(|marks| marks.value)
    }

    /// Where the key of the member that a JSON Pointer names stands; `None` for list entries.
    #[must_use]
    pub fn key_place(&self, pointer: &str) -> Option<Place> {
        self.places.get(pointer).and_then(|marks| marks.key)
    }
}
