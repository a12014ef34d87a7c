//! JSON (RFC 8259) with exact number lexemes. serde_json's own values turn a 30-digit id into a
//! float and keep the last of two equal keys, so structure and numbers are read here; string
//! literals are left to serde_json.

use grammar::pointer::{self, Node};

use super::AnswerLimits;
use crate::mismatch::{Limit, Mismatch, excerpt_around};

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
    let mut reader = Reader {
        text,
        position: 0,
        nodes: 0,
        limits,
    };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.position < text.len() {
        return Err(reader.wrong("the end of the JSON text", "more after it"));
    }
    Ok(value)
}

struct Reader<'t> {
    text: &'t str,
    position: usize,
    nodes: usize,
    limits: &'t AnswerLimits,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.position += usize::from(there);
        there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn wrong(&self, expected: impl Into<String>, found: &str) -> Mismatch {
        let found = format!("{found} (byte {})", self.position);
        self.around(Mismatch::new(expected, found))
    }

    fn over(&self, limit: Limit, most: usize, what: &str) -> Mismatch {
        self.around(Mismatch::over(limit, most, what))
    }

    fn around(&self, mut mismatch: Mismatch) -> Mismatch {
        mismatch.excerpt = excerpt_around(self.text, self.position);
        mismatch
    }

    fn unexpected(&self, expected: &str) -> Mismatch {
        let found = if self.position < self.text.len() {
            "something else"
        } else {
            "the end of the answer"
        };
        self.wrong(expected, found)
    }

    fn value(&mut self, depth: usize) -> Result<Json, Mismatch> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.over(Limit::Values, self.limits.nodes, "values"));
        }
        self.blanks();
        match self.peek() {
            Some(b'{' | b'[') if depth >= self.limits.depth => {
                Err(self.over(Limit::Depth, self.limits.depth, "levels"))
            }
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json, Mismatch> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        for (word, value) in [
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("null", Json::Null),
        ] {
            if rest.starts_with(word) {
                self.position += word.len();
                return Ok(value);
            }
        }
        Err(self.unexpected("a JSON value"))
    }

    fn array(&mut self, depth: usize) -> Result<Json, Mismatch> {
        self.position += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Json::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Mismatch> {
        self.position += 1;
        let mut members: Vec<(String, Json)> = Vec::new();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a member's name"));
            }
            let key = self.string()?;
            self.blanks();
            if !self.eat(b':') {
                return Err(self.unexpected("`:`"));
            }
            let value = self.value(depth)?;
            members.push((key, value));
            self.blanks();
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        // Readers disagree on which of two equal keys counts, so neither does.
        let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        if keys.is_sorted_by(|before, after| before < after) {
            Ok(Json::Object(members))
        } else {
            Err(self.wrong("members with different names", "one name twice"))
        }
    }

    fn string(&mut self) -> Result<String, Mismatch> {
        let start = self.position;
        self.position += 1;
        loop {
            match self.peek() {
                None => return Err(self.unexpected("the end of a string")),
                Some(b'"') => break,
                Some(b'\\') => self.position += 2,
                Some(_) => self.position += 1,
            }
        }
        self.position += 1;
        let literal = self.taken(start)?;
        serde_json::from_str(literal).map_err(|_| {
            self.wrong(
                "a JSON string",
                "a control character, a bad escape or half a surrogate pair",
            )
        })
    }

    fn number(&mut self) -> Result<String, Mismatch> {
        let start = self.position;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        self.taken(start).map(str::to_owned)
    }

    fn digits(&mut self) -> Result<(), Mismatch> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected("a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        Ok(())
    }

    /// What was read since `start`: a string literal or a number, both of which end at an ASCII
    /// character.
    fn taken(&self, start: usize) -> Result<&'t str, Mismatch> {
        let taken = self.text.get(start..self.position).unwrap_or_default();
        if taken.len() > self.limits.text {
            return Err(self.over(Limit::Text, self.limits.text, "bytes in one value"));
        }
        Ok(taken)
    }
}
