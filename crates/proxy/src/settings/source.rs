//! What settings are read from: one YAML document, and the environment's overrides laid over it.

mod origin;
mod overrides;

use std::collections::BTreeMap;

use contract::yaml::Document;
use contract::{Diagnostic, Place};
use serde_json::Value;

use super::key::Row;
pub use origin::{Mistake, Origin, Variable};
pub use overrides::PREFIX;

/// The document with its overrides. Every value knows where it was written.
#[derive(Debug)]
pub struct Source {
    document: Document,
    /// What the document says that YAML allows and we do not.
    refused: Vec<Diagnostic>,
    /// By pointer of the value that they replaced.
    overrides: BTreeMap<String, Variable>,
    /// Overrides that could not be applied.
    misfits: Vec<Mistake>,
}

impl Source {
    /// Reads the text of a settings file with these keys. `variables` are those that begin with [`PREFIX`], by name; a value
    /// that is no text is `None`.
    ///
    /// # Errors
    /// What leaves nothing to go on with: bad syntax, several documents or none.
    pub fn read(
        text: &str,
        variables: Vec<(String, Option<String>)>,
        rows: &[&'static Row],
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut document, refused) = Document::read(text)?;
        let (overrides, misfits) = overrides::apply(variables, &mut document.value, rows);
        Ok(Self {
            document,
            refused,
            overrides,
            misfits,
        })
    }

    /// The settings as a tree, overrides included.
    pub const fn value(&self) -> &Value {
        &self.document.value
    }

    /// Whether the value at a pointer could not be read, which was told; null stands for it.
    pub fn is_unread(&self, pointer: &str) -> bool {
        !self.overrides.contains_key(pointer) && self.document.is_unread(pointer)
    }

    pub fn is_overridden(&self, pointer: &str) -> bool {
        self.overrides.contains_key(pointer)
    }

    /// Where the value at a pointer was written.
    pub fn origin(&self, pointer: &str) -> Origin {
        match (self.overrides.get(pointer), self.document.place(pointer)) {
            (Some(variable), _) => Origin::Variable(variable.clone()),
            (None, Some(place)) => Origin::File { line: place.line },
            (None, None) => Origin::Default,
        }
    }

    /// The place of a value; of its key where it has none, of what is around it where neither is there.
    pub fn place(&self, pointer: &str) -> Place {
        if let Some(variable) = self.overrides.get(pointer) {
            return variable.place();
        }
        let mut at = pointer;
        loop {
            let place = self.document.place(at);
            if let Some(place) = place.or_else(|| self.document.key_place(at)) {
                return place;
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None => return Place::START,
            }
        }
    }

    /// The place of a key; of the value around it where it is not there.
    pub fn key_place(&self, pointer: &str) -> Place {
        if self.overrides.contains_key(pointer) {
            return self.place(pointer);
        }
        let place = self.document.key_place(pointer);
        place.unwrap_or_else(|| self.place(pointer))
    }

    /// A finding at the value that it points at.
    pub fn mistake(&self, diagnostic: Diagnostic) -> Mistake {
        Mistake {
            variable: self.overrides.get(&diagnostic.pointer).cloned(),
            diagnostic,
        }
    }

    /// What was found before anybody read a key.
    pub fn refused(&self) -> impl Iterator<Item = Mistake> + '_ {
        let refused = self.refused.iter().cloned();
        let of_document = refused.map(|diagnostic| Mistake {
            variable: None,
            diagnostic,
        });
        of_document.chain(self.misfits.iter().cloned())
    }
}
