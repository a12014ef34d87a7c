//! YAML as a JSON value in which every value and key remembers its place.
//!
//! The 1.2 core schema, less whatever makes a document say something other than what it shows:
//! anchors, aliases, merge keys, tags, duplicate keys, several documents, keys that are no strings
//! and numbers that JSON cannot spell are refused. The reading goes on behind most of them, with what
//! was probably meant, so that one run finds all mistakes.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place};

mod convert;
mod load;
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
    /// Pointers of values that were refused and could not be guessed; null stands for them.
    unread: HashSet<String>,
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

    /// Whether null stands for a value that was refused, and that says nothing more.
    #[must_use]
    pub fn is_unread(&self, pointer: &str) -> bool {
        self.unread.contains(pointer)
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
