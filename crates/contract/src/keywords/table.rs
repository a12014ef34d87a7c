//! How a table of keywords is written.

/// The keywords of one kind of object.
#[derive(Debug)]
pub(crate) struct Table {
    /// The object in a message: "… has no keyword `x`".
    pub(crate) what: &'static str,
    pub(crate) words: &'static [Word],
}

#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) usage: Use,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Required,
    Optional,
    /// For people: it binds nothing and passes into the public document, where a wrong type would
    /// make that invalid.
    Annotation(Note),
    /// Part of OpenAPI, refused for the reason given.
    Refused(&'static str),
}

/// The type of an annotation (OpenAPI 3.1.0, "Schema").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    Text,
    Flag,
    /// A list of texts.
    Texts,
    Contact,
    License,
    ExternalDocs,
    /// A list of tag objects.
    Tags,
}

impl Table {
    /// The names that a document may use.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let usable = |word: &&Word| !matches!(word.usage, Use::Refused(_));
        self.words.iter().filter(usable).map(|word| word.name)
    }
}

pub(super) const fn must(name: &'static str) -> Word {
    Word {
        name,
        usage: Use::Required,
    }
}

pub(super) const fn may(name: &'static str) -> Word {
    Word {
        name,
        usage: Use::Optional,
    }
}

pub(super) const fn note(name: &'static str, note: Note) -> Word {
    Word {
        name,
        usage: Use::Annotation(note),
    }
}

pub(super) const fn no(name: &'static str, why: &'static str) -> Word {
    Word {
        name,
        usage: Use::Refused(why),
    }
}
