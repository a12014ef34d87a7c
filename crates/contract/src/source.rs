//! A document while it is being compiled: nodes that know their place, and one sink of findings.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use grammar::{Pointer, pointer};
use serde_json::Value;
use validate::closest;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place, Related};
use crate::keywords::{Table, Use, deprecated};
use crate::yaml::Document;

mod annotation;
mod reference;

/// A parsed document and what was found wrong with it so far.
#[derive(Debug)]
pub(crate) struct Source {
    document: Document,
    /// A set, since a shared component is read once for each use.
    found: RefCell<HashSet<Diagnostic>>,
    /// What loads all the same.
    warned: RefCell<HashSet<Diagnostic>>,
}

/// A value of the document, with its pointer. What is reported speaks of this place.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    source: &'a Source,
    pub(crate) value: &'a Value,
    pub(crate) pointer: Rc<str>,
    /// Findings point at the key rather than at the value.
    on_key: bool,
}

impl Source {
    /// `refused` is what the reader of the text has found already.
    pub(crate) fn new(document: Document, refused: Vec<Diagnostic>) -> Self {
        Self {
            document,
            found: RefCell::new(refused.into_iter().collect()),
            warned: RefCell::default(),
        }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.node(&self.document.value, "")
    }

    fn node<'a>(&'a self, value: &'a Value, pointer: &str) -> Node<'a> {
        Node {
            source: self,
            value,
            pointer: Rc::from(pointer),
            on_key: false,
        }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.document.value
    }

    /// The errors and the warnings, both in the order of the text, each once.
    pub(crate) fn into_findings(self) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let errors = one_message(in_order(self.found.into_inner()));
        (errors, in_order(self.warned.into_inner()))
    }
}

fn in_order(found: HashSet<Diagnostic>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    found.sort_by(|a, b| {
        let key = |one: &Diagnostic| (one.place, one.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    found
}

impl<'a> Node<'a> {
    pub(crate) fn report(&self, code: Code, message: impl Into<String>) {
        self.push(code, message.into(), None);
    }

    pub(crate) fn report_help(
        &self,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(code, message.into(), Some(help.into()));
    }

    /// Reports what has stood at another place before.
    pub(crate) fn report_beside(
        &self,
        code: Code,
        message: impl Into<String>,
        other: &Node<'_>,
        label: &'static str,
    ) {
        let place = other.place();
        // A shared part that is read twice would be beside itself.
        let beside = (place != self.place()).then_some(Related { place, label });
        self.put(code, message.into(), None, beside);
    }

    /// Reports a word that is not among the known ones, with the nearest as help, else the list.
    pub(crate) fn report_unknown<'w>(
        &self,
        code: Code,
        message: impl Into<String>,
        word: &str,
        known: impl Iterator<Item = &'w str> + Clone,
    ) {
        let help = match closest(word, known.clone()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => listed(known),
        };
        self.push(code, message.into(), help);
    }

    fn push(&self, code: Code, message: String, help: Option<String>) {
        self.put(code, message, help, None);
    }

    fn put(&self, code: Code, message: String, help: Option<String>, beside: Option<Related>) {
        // That the value could not be read was reported; null, which stands for it, was not written.
        let of_value = code != Code::UnknownKeyword;
        if of_value && self.source.document.is_unread(&self.pointer) {
            return;
        }
        let mut finding = Diagnostic::new(code, message, &self.pointer, self.place(), help);
        finding.related.extend(beside);
        self.source.found.borrow_mut().insert(finding);
    }

    /// A word that still does what it did, and has a better successor.
    fn warn_if_deprecated(&self, table: &Table, word: &str) {
        let Some(old) = deprecated(table, word) else {
            return;
        };
        let warning = Diagnostic::new(
            Code::DeprecatedKeyword,
            format!(
                "`{word}` of {} is deprecated since {}",
                table.what, old.since
            ),
            &self.pointer,
            self.place(),
            Some(format!("write {}", old.instead)),
        );
        self.source.warned.borrow_mut().insert(warning);
    }

    /// A mapping or list is shown by its key: its own first character is some keyword inside it.
    fn place(&self) -> Place {
        let document = &self.source.document;
        let container = self.value.is_object() || self.value.is_array();
        let key = document.key_place(&self.pointer);
        key.filter(|_| self.on_key || container)
            .or_else(|| document.place(&self.pointer))
            .unwrap_or(Place::START)
    }

    /// The same node, spoken of by its key.
    pub(crate) fn key(&self) -> Self {
        Self {
            on_key: true,
            ..self.clone()
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Node<'a>> {
        let value = self.value.get(name)?;
        Some(
            self.source
                .node(value, &pointer::child(&self.pointer, name)),
        )
    }

    /// Members of a mapping in order; none if it is no mapping.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let (source, parent) = (self.source, Rc::clone(&self.pointer));
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(name, value)| {
            let node = source.node(value, &pointer::child(&parent, name));
            (name.as_str(), node)
        })
    }

    /// Entries of a list in order; none if it is no list.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let (source, parent) = (self.source, Rc::clone(&self.pointer));
        let entries = self.value.as_array().into_iter().flatten().enumerate();
        entries.map(move |(index, value)| {
            source.node(value, &pointer::child(&parent, &index.to_string()))
        })
    }

    /// The node as text; otherwise reported.
    pub(crate) fn string(&self) -> Option<&'a str> {
        self.typed(self.value.as_str(), "a string")
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        self.typed(self.value.as_bool(), "true or false")
    }

    pub(crate) fn whole(&self) -> Option<u64> {
        self.typed(self.value.as_u64(), "a whole number of at least 0")
    }

    /// `Some` if the node is a mapping; otherwise reported.
    pub(crate) fn map(&self) -> Option<()> {
        self.typed(self.value.as_object().map(drop), "a mapping")
    }

    /// `Some` if the node is a list with an entry; otherwise reported.
    pub(crate) fn list(&self) -> Option<()> {
        let entries = self.typed(self.value.as_array(), "a list")?;
        if entries.is_empty() {
            self.report_help(
                Code::BadValue,
                "the list is empty",
                "add an entry, or leave the key out",
            );
            return None;
        }
        Some(())
    }

    /// The strings of a list without duplicates; what is wrong is reported and left out.
    pub(crate) fn strings(&self) -> Vec<(&'a str, Node<'a>)> {
        let mut strings: Vec<(&str, Node<'_>)> = Vec::new();
        if self.list().is_none() {
            return strings;
        }
        for entry in self.entries() {
            let Some(text) = entry.string() else { continue };
            match strings.iter().find(|(known, _)| *known == text) {
                Some((_, first)) => entry.report_beside(
                    Code::Duplicate,
                    format!("`{text}` stands twice in the list"),
                    first,
                    "first stands here",
                ),
                None => strings.push((text, entry)),
            }
        }
        strings
    }

    /// A JSON Pointer; otherwise reported.
    pub(crate) fn json_pointer(&self) -> Option<Pointer> {
        let text = self.string()?;
        let pointer = text.parse().ok();
        if pointer.is_none() {
            let help = format!("a JSON Pointer (RFC 6901) begins with `/`, such as `/{text}`");
            self.report_help(Code::BadValue, format!("`{text}` is no JSON Pointer"), help);
        }
        pointer
    }

    fn typed<T>(&self, value: Option<T>, expected: &str) -> Option<T> {
        if value.is_none() {
            let found = match self.value {
                Value::Null => "nothing",
                Value::Bool(_) => "true or false",
                Value::Number(_) => "a number",
                Value::String(_) => "a string",
                Value::Array(_) => "a list",
                Value::Object(_) => "a mapping",
            };
            let scalar = matches!(self.value, Value::Number(_) | Value::Bool(_));
            let help = match scalar && expected == "a string" {
                true => format!("put it into quotes: '{}'", self.value),
                false => format!("write {expected}"),
            };
            let message = format!("expected {expected}, found {found}");
            self.report_help(Code::WrongType, message, help);
        }
        value
    }

    /// Holds the mapping against a table: each key is known, each required one is there. `None` if
    /// it is no mapping; an unknown key alone does not stop the reading.
    pub(crate) fn object(&self, table: &Table) -> Option<()> {
        self.map()?;
        for (name, member) in self.members() {
            let known = table.words.iter().find(|word| word.name == name);
            match known.map(|word| word.usage) {
                Some(Use::Required | Use::Optional | Use::Annotation(_)) => {
                    member.key().warn_if_deprecated(table, name)
                }
                Some(Use::Refused(why)) => member.key().report_help(
                    Code::UnknownKeyword,
                    format!("{} does not take `{name}`", table.what),
                    why,
                ),
                None => member.key().report_unknown(
                    Code::UnknownKeyword,
                    format!("{} has no keyword `{name}`", table.what),
                    name,
                    table.names(),
                ),
            }
        }
        self.annotations(table);
        let missing = table.words.iter().filter(|word| {
            matches!(word.usage, Use::Required)
                && self.value.get(word.name).is_none()
                // That it is misspelled was told.
                && !self.misspells(table, word.name)
        });
        for word in missing {
            self.report_help(
                Code::MissingKeyword,
                format!("{} lacks `{}`", table.what, word.name),
                format!("add `{}`", word.name),
            );
        }
        Some(())
    }
}

impl Node<'_> {
    /// Whether an unknown key seems to mean a known one that is not there.
    pub(crate) fn misspells(&self, table: &Table, word: &str) -> bool {
        let known = |name: &str| table.words.iter().any(|word| word.name == name);
        self.value.get(word).is_none()
            && self
                .members()
                .any(|(name, _)| !known(name) && closest(name, table.names()) == Some(word))
    }
}

/// "one of a, b, c", or nothing where there is no name to offer.
fn listed<'w>(names: impl Iterator<Item = &'w str>) -> Option<String> {
    /// More names than these are a page, not a help.
    const MOST: usize = 24;
    let names: Vec<&str> = names.take(MOST + 1).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("`{one}` is the only one there is")),
        many => {
            let shown: Vec<String> = many.iter().take(MOST).map(|n| format!("`{n}`")).collect();
            let more = if many.len() > MOST { ", …" } else { "" };
            Some(format!("one of {}{more}", shown.join(", ")))
        }
    }
}

/// One name that is not there is one mistake, however often it is used: the first place tells it, with the
/// lines of the others.
fn one_message(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, Vec<usize>)> = Vec::new();
    let mut names: HashMap<(&str, String, String), usize> = HashMap::new();
    for one in found {
        let of_a_name = [
            Code::UnknownName,
            Code::UnresolvedReference,
            Code::UnknownParameter,
        ]
        .iter()
        .any(|code| code.as_str() == one.code);
        if of_a_name {
            let name = (one.code, one.message.clone(), one.help.clone());
            let first = *names.entry(name).or_insert(told.len());
            if let Some((_, lines)) = told.get_mut(first) {
                lines.push(one.place.line);
                continue;
            }
        }
        told.push((one, Vec::new()));
    }
    let finding = |(mut one, mut lines): (Diagnostic, Vec<usize>)| {
        lines.dedup();
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            one.message = format!("{} (also in line {})", one.message, lines.join(", "));
        }
        one
    };
    told.into_iter().map(finding).collect()
}
