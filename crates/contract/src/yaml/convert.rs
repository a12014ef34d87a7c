//! From marked nodes to a JSON value with places, refusing what the module forbids and going on with
//! what was probably meant.

use std::collections::{HashMap, HashSet};

use grammar::pointer;
use saphyr::{MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

use super::document::{Document, Marks};
use super::load::Twins;
use super::text::Text;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place};

pub(super) struct Converter<'t> {
    text: &'t Text<'t>,
    max_depth: usize,
    pointer: String,
    depth: usize,
    places: HashMap<String, Marks>,
    unread: HashSet<String>,
    refused: Vec<Diagnostic>,
    /// Levels were left out, so that whatever looks at the document would miss them.
    cut: bool,
}

impl<'t> Converter<'t> {
    pub(super) fn new(text: &'t Text<'t>, max_depth: usize) -> Self {
        Self {
            text,
            max_depth,
            pointer: String::new(),
            depth: 0,
            places: HashMap::new(),
            unread: HashSet::new(),
            refused: Vec::new(),
            cut: false,
        }
    }

    pub(super) fn duplicates(&mut self, keys: &[Twins]) {
        let found = keys.iter().map(|key| self.text.duplicate(key));
        self.refused.extend(found);
    }

    fn refuse(&mut self, code: Code, message: String, place: Place, help: Option<String>) {
        let finding = Diagnostic::new(code, message, &self.pointer, place, help);
        self.refused.push(finding);
    }

    /// The document with what was refused in it, by place.
    ///
    /// # Errors
    /// The findings alone, where the document is not whole.
    pub(super) fn finish(
        self,
        value: Value,
    ) -> Result<(Document, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut refused = self.refused;
        refused.sort_by_key(|finding| (finding.place, finding.code));
        // A mapping begins where its first key does, so an anchor there is met twice; what an alias
        // repeats is met once for each.
        refused.dedup_by(|a, b| a.code == b.code && a.place == b.place);
        if self.cut {
            return Err(refused);
        }
        let document = Document {
            value,
            places: self.places,
            unread: self.unread,
        };
        Ok((document, refused))
    }

    pub(super) fn convert(&mut self, node: &MarkedYaml<'_>) -> Value {
        self.node(node, None)
    }

    fn node(&mut self, node: &MarkedYaml<'_>, key: Option<Place>) -> Value {
        let value = self.text.place(node);
        self.places
            .insert(self.pointer.clone(), Marks { value, key });
        let decorated = self.refuse_decoration(node);
        self.data(node, &node.data, decorated)
    }

    fn data<'y>(
        &mut self,
        node: &MarkedYaml<'_>,
        data: &YamlData<'y, MarkedYaml<'y>>,
        decorated: bool,
    ) -> Value {
        match data {
            YamlData::Mapping(members) => {
                let mut object = Map::new();
                self.nested(node, |this| {
                    this.members(&mut object, members.iter());
                });
                Value::Object(object)
            }
            YamlData::Sequence(entries) => {
                let mut list = Vec::with_capacity(entries.len());
                self.nested(node, |this| {
                    for (index, entry) in entries.iter().enumerate() {
                        let value = this.within(&index.to_string(), |this| this.node(entry, None));
                        list.push(value);
                    }
                });
                Value::Array(list)
            }
            YamlData::Value(scalar) if decorated => self.plain(scalar),
            YamlData::Value(scalar) => self.scalar(node, scalar),
            YamlData::Tagged(_, inner) => self.data(node, &inner.data, decorated),
            // A tag that its text does not fit, and an alias of what was skipped; both were refused.
            _ => self.unread(),
        }
    }

    fn members<'n, 'y: 'n>(
        &mut self,
        object: &mut Map<String, Value>,
        members: impl Iterator<Item = (&'n MarkedYaml<'y>, &'n MarkedYaml<'y>)>,
    ) {
        let mut merged = Vec::new();
        for (key, member) in members {
            let Some(name) = self.key(key) else { continue };
            if name == "<<" {
                merged.push(member);
            } else if !object.contains_key(&name) {
                let place = self.text.place(key);
                let value = self.within(&name, |this| this.node(member, Some(place)));
                object.insert(name, value);
            }
        }
        // Own members win over merged ones, wherever they stand.
        for source in merged {
            self.refuse_decoration(source);
            self.merge(object, source);
        }
    }

    fn merge(&mut self, object: &mut Map<String, Value>, source: &MarkedYaml<'_>) {
        match &source.data {
            YamlData::Mapping(members) => {
                self.nested(source, |this| this.members(object, members.iter()));
            }
            YamlData::Sequence(sources) => {
                self.nested(source, |this| {
                    sources.iter().for_each(|source| this.merge(object, source));
                });
            }
            _ => {}
        }
    }

    /// The name of a member. `None`: refused, and there is none.
    fn key(&mut self, key: &MarkedYaml<'_>) -> Option<String> {
        let place = self.text.place(key);
        let decorated = self.refuse_decoration(key);
        let source = self.text.of(key).trim();
        let scalar = match &key.data {
            YamlData::Value(Scalar::String(name)) => {
                if name == "<<" {
                    let message = "merge keys are refused".to_owned();
                    self.refuse(Code::YamlMergeKey, message, place, None);
                }
                return Some(name.to_string());
            }
            YamlData::Value(_) if decorated => return None,
            YamlData::Value(_) => true,
            _ => false,
        };
        let help = if scalar {
            format!("write '{source}'")
        } else {
            "a key is one string".to_owned()
        };
        let message = format!("the key `{source}` is not a string");
        self.refuse(Code::YamlNonStringKey, message, place, Some(help));
        scalar.then(|| source.to_owned())
    }

    fn scalar(&mut self, node: &MarkedYaml<'_>, scalar: &Scalar<'_>) -> Value {
        if !matches!(scalar, Scalar::Integer(_) | Scalar::FloatingPoint(_)) {
            return self.plain(scalar);
        }
        let source = self.text.of(node);
        if let Ok(number) = serde_json::from_str::<Number>(source)
            && number.as_f64().is_some_and(f64::is_finite)
            && (number.is_i64() || number.is_u64() || source.contains(['.', 'e', 'E']))
        {
            return Value::Number(number);
        }
        let help = match scalar {
            Scalar::Integer(plain) => format!("write {plain}, or '{source}' for the text"),
            _ => format!("write '{source}' for the text"),
        };
        let message = format!("`{source}` is no number that JSON can carry");
        let place = self.text.place(node);
        self.refuse(Code::YamlNumber, message, place, Some(help));
        self.plain(scalar)
    }

    /// The value of a scalar, whatever its spelling.
    fn plain(&mut self, scalar: &Scalar<'_>) -> Value {
        match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(boolean) => Value::Bool(*boolean),
            Scalar::String(text) => Value::String(text.to_string()),
            Scalar::Integer(number) => Value::from(*number),
            Scalar::FloatingPoint(_) => self.unread(),
        }
    }

    fn unread(&mut self) -> Value {
        self.unread.insert(self.pointer.clone());
        Value::Null
    }

    /// Refuses anchors, aliases and tags, and says whether there was one. They begin a node's span,
    /// which no plain value can do with these characters; only the text of a block scalar can, and
    /// then the value begins so too.
    fn refuse_decoration(&mut self, node: &MarkedYaml<'_>) -> bool {
        let source = self.text.of(node);
        let Some(mark) = source.chars().next() else {
            return false;
        };
        let own_text =
            matches!(&node.data, YamlData::Value(Scalar::String(text)) if text.starts_with(mark));
        let (code, message) = match mark {
            '&' | '*' if !own_text => (Code::YamlAnchor, "anchors and aliases are refused"),
            '!' if !own_text => (Code::YamlTag, "tags are refused"),
            _ => return false,
        };
        let place = self.text.place(node);
        let length = source
            .find(char::is_whitespace)
            .unwrap_or(source.len())
            .clamp(1, place.length);
        self.refuse(code, message.to_owned(), Place { length, ..place }, None);
        true
    }

    fn nested(&mut self, node: &MarkedYaml<'_>, walk: impl FnOnce(&mut Self)) {
        if self.depth == self.max_depth {
            let message = format!("values nest deeper than {} levels", self.max_depth);
            let place = self.text.place(node);
            self.cut = true;
            return self.refuse(Code::TooDeep, message, place, None);
        }
        self.depth += 1;
        walk(self);
        self.depth -= 1;
    }

    fn within<T>(&mut self, token: &str, walk: impl FnOnce(&mut Self) -> T) -> T {
        let parent = self.pointer.len();
        self.pointer = pointer::child(&self.pointer, token);
        let result = walk(self);
        self.pointer.truncate(parent);
        result
    }
}
