//! What was found, bounded in number and in text.

use grammar::pointer;

/// Findings of one document at most; a document of another vendor's has no end of them.
const MOST: usize = 64;
/// Levels and members of an unknown value that are guessed at.
const DEEP: usize = 4;
const WIDE: usize = 24;
/// A longer name or text is no word of an interface.
const WORD: usize = 40;

/// A difference between a document and its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What differs.
    pub kind: FindingKind,
    /// A pointer into the unified answer, `*` for each item and each entry. An unknown field bears the vendor's
    /// name, or `?` where that is no plain word and may be a value.
    pub at: String,
    /// What stands there; `Guess::Nothing` where nothing does.
    pub found: Guess,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A member, element or attribute without a field.
    UnknownField,
    /// A text that is none of those that are known.
    NewValue,
    /// A required field that is not there.
    MissingField,
    /// A value of another type.
    ChangedType,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::UnknownField,
        Self::NewValue,
        Self::MissingField,
        Self::ChangedType,
    ];

    /// As it stands in metrics and reports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown-field",
            Self::NewValue => "new-value",
            Self::MissingField => "missing-field",
            Self::ChangedType => "changed-type",
        }
    }
}

/// What a value looks like: never the value, but for a text that could be a word of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Guess {
    /// It is not there.
    Nothing,
    /// JSON's null.
    Null,
    /// A truth value.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A text. In XML every scalar is one.
    String,
    /// A text in an attribute.
    Attribute,
    /// A text that is told, or `None` where it is no plain word.
    Word(Option<String>),
    /// Items that look alike; `None`: there was none.
    Array(Option<Box<Guess>>),
    /// Members whose names are plain words.
    Object(Vec<(String, Guess)>),
}

impl Guess {
    /// The type in JSON Schema's word.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String | Self::Attribute | Self::Word(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    pub(super) fn add(members: &mut Vec<(String, Self)>, name: &str, depth: usize, guess: Self) {
        let known = members.iter().any(|(known, _)| known == name);
        if depth < DEEP && members.len() < WIDE && is_plain(name) && !known {
            members.push((name.to_owned(), guess));
        }
    }

    pub(super) const fn is_deep(depth: usize) -> bool {
        depth >= DEEP
    }
}

/// A field whose texts are known.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// A pointer into the unified answer, `*` for each item and each entry.
    pub at: &'k str,
    /// The texts.
    pub texts: &'k [String],
    /// A new one is not told.
    pub is_personal: bool,
}

/// What was found so far.
pub struct Findings<'k> {
    /// Each once.
    pub list: Vec<Finding>,
    /// More was found than is listed.
    pub is_cut: bool,
    known: Vec<Known<'k>>,
    /// Places that something else gives than the document.
    given: Vec<String>,
    at: String,
}

impl<'k> Findings<'k> {
    /// Nothing yet.
    #[must_use]
    pub fn new(known: Vec<Known<'k>>) -> Self {
        Self {
            list: Vec::new(),
            is_cut: false,
            known,
            given: Vec::new(),
            at: String::new(),
        }
    }

    /// The part at a pointer follows; `given` are the places that the document need not give.
    pub fn begin(&mut self, at: String, given: Vec<String>) {
        self.at = at;
        self.given = given;
    }

    /// Goes into a member, or into the items by `*`. Gives what [`Self::leave`] takes.
    pub(super) fn enter(&mut self, token: &str) -> usize {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        length
    }

    pub(super) fn leave(&mut self, length: usize) {
        self.at.truncate(length);
    }

    pub(super) fn unknown(&mut self, name: &str, guess: Guess) {
        let plain = is_plain(name);
        let length = self.enter(if plain { name } else { "?" });
        let guess = if plain { guess } else { Guess::Nothing };
        self.add(FindingKind::UnknownField, guess);
        self.leave(length);
    }

    /// Whether an unknown member of this name is worth a look: not where it is told already.
    pub(super) fn is_new(&mut self, name: &str) -> bool {
        let length = self.enter(if is_plain(name) { name } else { "?" });
        let known = self
            .list
            .iter()
            .any(|one| one.kind == FindingKind::UnknownField && one.at == self.at);
        self.leave(length);
        !known
    }

    /// An unknown member that stands there more than once.
    pub(super) fn repeats(&mut self, name: &str) {
        let length = self.enter(if is_plain(name) { name } else { "?" });
        let same = |one: &&mut Finding| one.kind == FindingKind::UnknownField && one.at == self.at;
        if let Some(found) = self.list.iter_mut().find(same)
            && !matches!(found.found, Guess::Array(_) | Guess::Nothing)
        {
            let item = std::mem::replace(&mut found.found, Guess::Nothing);
            found.found = Guess::Array(Some(Box::new(item)));
        }
        self.leave(length);
    }

    pub(super) fn missing(&mut self, name: &str) {
        let length = self.enter(name);
        let is_given = self.given.contains(&self.at);
        if !is_given {
            self.add(FindingKind::MissingField, Guess::Nothing);
        }
        self.leave(length);
    }

    pub(super) fn changed(&mut self, guess: Guess) {
        self.add(FindingKind::ChangedType, guess);
    }

    /// A text of a field that may have known ones.
    pub(super) fn text(&mut self, text: &str) {
        let Some(known) = self.known.iter().find(|known| known.at == self.at) else {
            return;
        };
        if !known.texts.iter().any(|one| one == text) {
            let told = !known.is_personal && is_plain(text);
            let word = told.then(|| text.to_owned());
            self.add(FindingKind::NewValue, Guess::Word(word));
        }
    }

    fn add(&mut self, kind: FindingKind, found: Guess) {
        let same = |one: &Finding| {
            let other_word = kind == FindingKind::NewValue && one.found != found;
            one.kind == kind && one.at == self.at && !other_word
        };
        if self.list.iter().any(same) {
            return;
        }
        if self.list.len() == MOST {
            self.is_cut = true;
            return;
        }
        self.list.push(Finding {
            kind,
            at: self.at.clone(),
            found,
        });
    }
}

/// A word as interfaces have them. An address, a number or a sentence is none: it may be somebody's.
fn is_plain(word: &str) -> bool {
    let mut bytes = word.bytes();
    let begins = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    begins
        && word.len() <= WORD
        && digits <= 4
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
