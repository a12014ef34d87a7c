//! Words for people: their types, since a wrong one would make the public document invalid.

use super::Node;
use crate::keywords::{CONTACT, EXTERNAL_DOCS, LICENSE, Note, TAG, Table, Use};

impl Node<'_> {
    /// Reports an annotation that is not of its type.
    pub(super) fn annotation(&self, note: Note) {
        match note {
            Note::Text => self.text(),
            Note::Flag => {
                self.boolean();
            }
            Note::Texts => self.each("a list of texts", |entry| entry.text()),
            Note::Contact => {
                self.object(&CONTACT);
            }
            Note::License => self.named(&LICENSE, "name"),
            Note::ExternalDocs => self.named(&EXTERNAL_DOCS, "url"),
            Note::Tags => self.each("a list of tags", |entry| entry.named(&TAG, "name")),
        }
    }

    /// Reports the annotations of a mapping that are not of their type.
    pub(super) fn annotations(&self, table: &Table) {
        for word in table.words {
            if let (Use::Annotation(note), Some(member)) = (word.usage, self.get(word.name)) {
                member.annotation(note);
            }
        }
    }

    /// A mapping with a text that it must have.
    fn named(&self, table: &Table, word: &str) {
        if self.object(table).is_some()
            && let Some(text) = self.get(word)
        {
            text.text();
        }
    }

    fn text(&self) {
        self.string();
    }

    fn each(&self, expected: &str, check: impl Fn(&Node<'_>)) {
        if self.typed(self.value.as_array(), expected).is_some() {
            self.entries().for_each(|entry| check(&entry));
        }
    }
}
