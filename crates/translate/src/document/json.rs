//! JSON (RFC 8259) with exact number lexemes: serde_json's own values turn a 30-digit id into a float and
//! keep the last of two equal keys.

mod refusal;

use grammar::json::{self, Event, Items, Literal, Members};
use grammar::pointer::{self, Node};

use super::AnswerLimits;
use crate::mismatch::{Limit, Mismatch};
use refusal::Refusal;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    /// Keys differ from each other.
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) const fn words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find_map(|(key, value)| (key == name).then_some(value)),
            _ => None,
        }
    }

    /// A scalar's text: a string itself, a number's lexeme, `true` or `false`.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Number(text) => Some(text),
            Self::Bool(flag) => Some(if *flag { "true" } else { "false" }),
            _ => None,
        }
    }
}

impl Node for Json {
    fn child(&self, token: &str) -> Option<&Self> {
        match self {
            Self::Array(items) => items.get(pointer::index(token)?),
            _ => self.member(token),
        }
    }
}

/// Reads a whole text. An error tells the byte, not the path, whose names would be the vendor's.
pub(crate) fn parse(text: &str, limits: &AnswerLimits) -> Result<Json, Mismatch> {
    let mut builder = Builder { nodes: 0, limits };
    json::read(text, |event| builder.value(event, 0)).map_err(|refusal| refusal.mismatch(text))
}

struct Builder<'l> {
    nodes: usize,
    limits: &'l AnswerLimits,
}

impl Builder<'_> {
    /// `depth` is the number of arrays and objects around the value.
    fn value(&mut self, event: Event<'_, '_>, depth: usize) -> Result<Json, Refusal> {
        let Event { offset, value } = event;
        let over = |limit, most| Refusal::Over {
            limit,
            most,
            offset,
        };
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(over(Limit::Values, self.limits.nodes));
        }
        match value {
            json::Value::Array(_) | json::Value::Object(_) if depth >= self.limits.depth => {
                Err(over(Limit::Depth, self.limits.depth))
            }
            json::Value::Null => Ok(Json::Null),
            json::Value::Bool(flag) => Ok(Json::Bool(flag)),
            json::Value::Number(lexeme) if lexeme.len() > self.limits.text => {
                Err(over(Limit::Text, self.limits.text))
            }
            json::Value::Number(lexeme) => Ok(Json::Number(lexeme.to_owned())),
            json::Value::String(literal) => self.string(literal, offset).map(Json::String),
            json::Value::Array(items) => self.array(items, depth + 1),
            json::Value::Object(members) => self.object(members, offset, depth + 1),
        }
    }

    fn array(&mut self, mut items: Items<'_, '_>, depth: usize) -> Result<Json, Refusal> {
        let mut array = Vec::new();
        while let Some(event) = items.next_item()? {
            array.push(self.value(event, depth)?);
        }
        Ok(Json::Array(array))
    }

    /// `offset` is where the object stands.
    fn object(
        &mut self,
        mut members: Members<'_, '_>,
        offset: usize,
        depth: usize,
    ) -> Result<Json, Refusal> {
        let mut object: Vec<(String, Json)> = Vec::new();
        while let Some((name, event)) = members.next_member()? {
            let name = self.string(name, event.offset)?;
            object.push((name, self.value(event, depth)?));
        }
        // Readers disagree on which of two equal names counts, so neither does.
        if has_name_twice(&object) {
            return Err(Refusal::NameTwice { offset });
        }
        Ok(Json::Object(object))
    }

    fn string(&self, literal: Literal<'_>, offset: usize) -> Result<String, Refusal> {
        const QUOTES: usize = 2;
        let most = self.limits.text;
        if literal.raw().len() + QUOTES > most {
            return Err(Refusal::Over {
                limit: Limit::Text,
                most,
                offset,
            });
        }
        let decoded = literal.decode();
        match decoded.lone {
            None => Ok(decoded.text.into_owned()),
            Some(_) => Err(Refusal::LoneSurrogate { offset }),
        }
    }
}

/// A few names are compared each with each; of many, whose number is the vendor's, that would be
/// quadratic.
fn has_name_twice(members: &[(String, Json)]) -> bool {
    const FEW: usize = 8;
    let names = members.iter().map(|(name, _)| name.as_str());
    if members.len() <= FEW {
        return (1..)
            .zip(names.clone())
            .any(|(next, name)| names.clone().skip(next).any(|other| other == name));
    }
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    !names.is_sorted_by(|before, after| before < after)
}
