//! The tree that a schema is read into, and how a pointer finds its way in it.

use grammar::Pointer;
use translate::{FormStyle, WireType, XmlPlace};

use crate::code::Code;
use crate::source::Node;

#[derive(Debug, Clone)]
pub(crate) struct Schema<'a> {
    /// Where the type is written, behind every reference.
    pub(crate) node: Node<'a>,
    pub(crate) kind: SchemaKind<'a>,
    /// The type is `[T, "null"]`.
    pub(crate) nullable: bool,
    pub(crate) read_only: bool,
    /// Checked, not translated: bounds, `enum`, `if` and so on, in the order of the text.
    pub(crate) checks: Vec<Check<'a>>,
    pub(crate) wire: Wire,
    /// `x-extensible-enum`: the texts that are known; others pass.
    pub(crate) known_texts: Vec<String>,
    /// `example`, the entries of `examples`, `default`: its own, and those that it shows of a part.
    pub(crate) examples: Vec<Example<'a>>,
}

#[derive(Debug, Clone)]
pub(crate) enum SchemaKind<'a> {
    Broken,
    String { date_time: bool },
    Integer,
    Number,
    Boolean,
    Object(Object<'a>),
    Array(Box<Schema<'a>>),
    Map(Box<Schema<'a>>),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Object<'a> {
    pub(crate) properties: Vec<Property<'a>>,
    /// `additionalProperties: false`.
    pub(crate) closed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Property<'a> {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// Where the property itself stands, before any reference.
    pub(crate) node: Node<'a>,
    pub(crate) schema: Schema<'a>,
}

#[derive(Debug, Clone)]
pub(crate) struct Example<'a> {
    /// The word that it stands under.
    pub(crate) word: &'static str,
    pub(crate) node: Node<'a>,
}

#[derive(Debug, Clone)]
pub(crate) struct Check<'a> {
    pub(crate) word: &'static str,
    pub(crate) node: Node<'a>,
}

/// What the extensions and `xml` say of the place a schema stands in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire {
    pub(crate) name: Option<String>,
    pub(crate) form: Option<FormStyle>,
    pub(crate) wire_type: Option<WireType>,
    pub(crate) xml: XmlPlace,
    /// `xml.name`, which stands on `items` only.
    pub(crate) item_name: Option<String>,
    /// `x-sensitive: true`: the value is personal.
    pub(crate) sensitive: bool,
}

impl<'a> Schema<'a> {
    pub(crate) fn broken(node: &Node<'a>) -> Self {
        Self {
            node: node.clone(),
            kind: SchemaKind::Broken,
            nullable: false,
            read_only: false,
            checks: Vec::new(),
            wire: Wire::default(),
            known_texts: Vec::new(),
            examples: Vec::new(),
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.kind, SchemaKind::Broken)
    }

    /// A string, number or boolean; also what is broken.
    pub(crate) fn is_scalar(&self) -> bool {
        !matches!(
            self.kind,
            SchemaKind::Object(_) | SchemaKind::Array(_) | SchemaKind::Map(_)
        )
    }

    /// The name of the type in a message.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            SchemaKind::Broken => "unreadable",
            SchemaKind::String { .. } => "string",
            SchemaKind::Integer => "integer",
            SchemaKind::Number => "number",
            SchemaKind::Boolean => "boolean",
            SchemaKind::Object(_) => "object",
            SchemaKind::Array(_) => "array",
            SchemaKind::Map(_) => "map",
        }
    }

    /// Whether values of `self` are values of `other` as far as types go: the same type at every
    /// field that both have, and nowhere an integer for a string.
    pub(crate) fn fits(&self, other: &Schema<'_>) -> bool {
        match (&self.kind, &other.kind) {
            (SchemaKind::Broken, _) | (_, SchemaKind::Broken) => true,
            (SchemaKind::String { .. }, SchemaKind::String { .. })
            | (SchemaKind::Integer, SchemaKind::Integer | SchemaKind::Number)
            | (SchemaKind::Number, SchemaKind::Number)
            | (SchemaKind::Boolean, SchemaKind::Boolean) => !self.nullable || other.nullable,
            (SchemaKind::Array(own), SchemaKind::Array(others))
            | (SchemaKind::Map(own), SchemaKind::Map(others)) => own.fits(others),
            (SchemaKind::Object(own), SchemaKind::Object(others)) => {
                own.properties.iter().all(|property| {
                    others
                        .property(&property.name)
                        .is_none_or(|other| property.schema.fits(&other.schema))
                })
            }
            _ => false,
        }
    }

    /// The value of a check word.
    pub(crate) fn check(&self, word: &str) -> Option<&Check<'a>> {
        self.checks.iter().find(|check| check.word == word)
    }

    /// The field that a pointer names, and whether it is surely there: each step of the way is
    /// required. Steps lead through objects only. `Err`: the step that leads nowhere, and the names
    /// that are there.
    pub(crate) fn find(&self, pointer: &Pointer) -> Result<(&Schema<'a>, bool), Missing<'_>> {
        self.find_tokens(pointer.tokens())
    }

    fn find_tokens(&self, tokens: &[String]) -> Result<(&Schema<'a>, bool), Missing<'_>> {
        let Some((token, rest)) = tokens.split_first() else {
            return Ok((self, true));
        };
        let object = match &self.kind {
            SchemaKind::Broken => return Ok((self, true)),
            SchemaKind::Object(object) => object,
            _ => {
                return Err(Missing {
                    token: token.clone(),
                    known: Vec::new(),
                });
            }
        };
        let Some(property) = object.property(token) else {
            let known = object
                .properties
                .iter()
                .map(|property| property.name.as_str())
                .collect();
            return Err(Missing {
                token: token.clone(),
                known,
            });
        };
        let (found, certain) = property.schema.find_tokens(rest)?;
        // A caller may not send what is read-only, so it is never surely there.
        Ok((
            found,
            certain && property.required && !property.schema.read_only,
        ))
    }

    /// [`find`](Self::find) for a pointer that stands in the document at `node`; reported if it
    /// leads nowhere.
    pub(crate) fn field(
        &self,
        pointer: &Pointer,
        node: &Node<'_>,
        of: &str,
    ) -> Option<(&Schema<'a>, bool)> {
        match self.find(pointer) {
            Ok(found) => Some(found),
            Err(missing) => {
                let token = missing.token;
                node.report_unknown(
                    Code::UnknownField,
                    format!("{of} has no field `{token}`"),
                    &token,
                    missing.known.iter().copied(),
                );
                None
            }
        }
    }
}

/// A step of a pointer that leads nowhere.
#[derive(Debug)]
pub(crate) struct Missing<'s> {
    token: String,
    known: Vec<&'s str>,
}

impl<'a> Object<'a> {
    pub(crate) fn property(&self, name: &str) -> Option<&Property<'a>> {
        self.properties
            .iter()
            .find(|property| property.name == name)
    }
}
