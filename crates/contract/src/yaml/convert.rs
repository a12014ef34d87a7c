//! From marked nodes to a JSON value with places, refusing what the module forbids.

use std::collections::HashMap;

use saphyr::{MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

use super::text::Text;
use super::{Document, Marks};
use crate::code::Code;
use crate::{Diagnostic, Place, pointer};

pub(super) struct Converter<'t> {
    text: &'t Text<'t>,
    max_depth: usize,
    pointer: String,
    depth: usize,
    places: HashMap<String, Marks>,
    refused: Vec<Diagnostic>,
}

impl<'t> Converter<'t> {
    pub(super) fn new(text: &'t Text<'t>, max_depth: usize) -> Self {
        Self {
            text,
            max_depth,
            pointer: String::new(),
            depth: 0,
            places: HashMap::new(),
            refused: Vec::new(),
        }
    }

    pub(super) fn refuse(&mut self, code: Code, message: String, place: Place, help: &str) {
        self.refused.push(Diagnostic {
            code: code.as_str(),
            message,
            pointer: self.pointer.clone(),
            place: Some(place),
            help: Some(help.to_owned()),
        });
    }

    pub(super) fn finish(self, value: Value) -> Result<Document, Vec<Diagnostic>> {
        let mut refused = self.refused;
        if refused.is_empty() {
            return Ok(Document {
                value,
                places: self.places,
            });
        }
        refused.sort_by_key(|diagnostic| diagnostic.place);
        // A mapping begins where its first key does, so an anchor there is met twice.
        refused.dedup_by(|a, b| a.code == b.code && a.place == b.place);
        Err(refused)
    }

    pub(super) fn convert(&mut self, node: &MarkedYaml<'_>) -> Value {
        self.node(node, None)
    }

    fn node(&mut self, node: &MarkedYaml<'_>, key: Option<Place>) -> Value {
        let value = self.text.place(node);
        self.places
            .insert(self.pointer.clone(), Marks { value, key });
        if self.is_decorated(node) {
            return Value::Null;
        }
        match &node.data {
            YamlData::Mapping(members) => {
                let mut object = Map::new();
                self.nested(node, |this| {
                    for (key, member) in members {
                        this.member(&mut object, key, member);
                    }
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
            YamlData::Value(scalar) => self.scalar(node, scalar),
            // Tags, aliases and unparsed text were refused above; early parsing leaves nothing else.
            _ => Value::Null,
        }
    }

    fn member(
        &mut self,
        object: &mut Map<String, Value>,
        key: &MarkedYaml<'_>,
        member: &MarkedYaml<'_>,
    ) {
        if self.is_decorated(key) {
            return;
        }
        let place = self.text.place(key);
        let YamlData::Value(Scalar::String(name)) = &key.data else {
            let source = self.text.of(key).trim();
            let help = if matches!(key.data, YamlData::Value(_)) {
                format!("write '{source}'")
            } else {
                "a key is one string".to_owned()
            };
            let message = format!("the key `{source}` is not a string");
            return self.refuse(Code::YamlNonStringKey, message, place, &help);
        };
        if name == "<<" {
            let help = "write the members out, or use `$ref` where the contract takes it";
            return self.refuse(
                Code::YamlMergeKey,
                "merge keys are refused".to_owned(),
                place,
                help,
            );
        }
        let value = self.within(name, |this| this.node(member, Some(place)));
        object.insert(name.to_string(), value);
    }

    fn scalar(&mut self, node: &MarkedYaml<'_>, scalar: &Scalar<'_>) -> Value {
        match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(boolean) => Value::Bool(*boolean),
            Scalar::String(text) => Value::String(text.to_string()),
            Scalar::Integer(_) | Scalar::FloatingPoint(_) => {
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
                self.refuse(Code::YamlNumber, message, self.text.place(node), &help);
                Value::Null
            }
        }
    }

    /// Refuses anchors, aliases and tags. They begin a node's span, which no plain value can do with
    /// these characters; only the text of a block scalar can, and then the value begins so too.
    fn is_decorated(&mut self, node: &MarkedYaml<'_>) -> bool {
        let source = self.text.of(node);
        let Some(mark) = source.chars().next() else {
            return false;
        };
        let own_text =
            matches!(&node.data, YamlData::Value(Scalar::String(text)) if text.starts_with(mark));
        let (code, message, help) = match mark {
            '&' | '*' if !own_text => {
                let help =
                    "write the value where it is used, or use `$ref` where the contract takes it";
                (Code::YamlAnchor, "anchors and aliases are refused", help)
            }
            '!' if !own_text => (
                Code::YamlTag,
                "tags are refused",
                "quote what shall be a string",
            ),
            _ => return false,
        };
        let place = self.text.place(node);
        let length = source
            .find(char::is_whitespace)
            .unwrap_or(source.len())
            .clamp(1, place.length);
        self.refuse(code, message.to_owned(), Place { length, ..place }, help);
        true
    }

    fn nested(&mut self, node: &MarkedYaml<'_>, walk: impl FnOnce(&mut Self)) {
        if self.depth == self.max_depth {
            let message = format!("values nest deeper than {} levels", self.max_depth);
            return self.refuse(
                Code::TooDeep,
                message,
                self.text.place(node),
                "flatten the document",
            );
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
