//! The grammar itself: one step of it at a time, without recursion.

use super::nesting::Nesting;
use super::{Expected, Literal, SyntaxError, literal};
use crate::number;

/// A place in a text. Between two steps it stands behind an opening bracket, behind a value, or at the
/// start.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    /// Offset of the next byte.
    at: usize,
    /// The last byte read is an opening bracket.
    fresh: bool,
    nesting: Nesting,
}

/// What a value starts with: all of it, but for arrays and objects, which are open behind it.
#[derive(Debug)]
pub(super) enum Start<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    String(Literal<'t>),
    Array,
    Object,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            fresh: false,
            nesting: Nesting::default(),
        }
    }

    /// How many arrays and objects are open.
    pub(super) const fn depth(&self) -> usize {
        self.nesting.depth()
    }

    /// Reads the start of a value, where one must stand.
    pub(super) fn start(&mut self) -> Result<(usize, Start<'t>), SyntaxError> {
        let next = self.peek();
        let offset = self.at;
        let fresh = std::mem::take(&mut self.fresh);
        let start = match next {
            Some(b'"') => Start::String(self.literal()?),
            Some(b'{') => self.open(Start::Object),
            Some(b'[') => self.open(Start::Array),
            Some(b'-' | b'0'..=b'9') => Start::Number(self.number()?),
            Some(b't') => self.word("true", Start::Bool(true))?,
            Some(b'f') => self.word("false", Start::Bool(false))?,
            Some(b'n') => self.word("null", Start::Null)?,
            _ if fresh => return Err(self.wrong(Expected::FirstItem)),
            _ => return Err(self.wrong(Expected::Value)),
        };
        Ok((offset, start))
    }

    /// In an array: whether an item follows, which `start` reads. Otherwise the array is closed.
    pub(super) fn next_item(&mut self) -> Result<bool, SyntaxError> {
        match self.peek() {
            Some(b']') => {
                self.close();
                Ok(false)
            }
            _ if self.fresh => Ok(true),
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.wrong(Expected::NextItem)),
        }
    }

    /// In an object: the name of the member that follows, whose value `start` reads. `None`: the object is
    /// closed.
    pub(super) fn next_name(&mut self) -> Result<Option<Literal<'t>>, SyntaxError> {
        match self.peek() {
            Some(b'}') => {
                self.close();
                return Ok(None);
            }
            _ if self.fresh => self.fresh = false,
            Some(b',') => self.at += 1,
            _ => return Err(self.wrong(Expected::NextMember)),
        }
        if self.peek() != Some(b'"') {
            return Err(self.wrong(Expected::Name));
        }
        let name = self.literal()?;
        if self.peek() != Some(b':') {
            return Err(self.wrong(Expected::Colon));
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Passes over the rest of every array and object that is open beyond `depth`.
    pub(super) fn close_above(&mut self, depth: usize) -> Result<(), SyntaxError> {
        while self.depth() > depth {
            let follows = if self.nesting.is_object() {
                self.next_name()?.is_some()
            } else {
                self.next_item()?
            };
            if follows {
                self.start()?;
            }
        }
        Ok(())
    }

    /// Passes over the rest of the value; nothing may follow it.
    pub(super) fn finish(mut self) -> Result<(), SyntaxError> {
        self.close_above(0)?;
        match self.peek() {
            Some(_) => Err(self.wrong(Expected::End)),
            None => Ok(()),
        }
    }

    fn open(&mut self, start: Start<'t>) -> Start<'t> {
        self.at += 1;
        self.fresh = true;
        self.nesting.open(matches!(start, Start::Object));
        start
    }

    fn close(&mut self) {
        self.at += 1;
        self.fresh = false;
        self.nesting.close();
    }

    /// The next byte that is not white space (RFC 8259 section 2).
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    /// Reads a literal; the opening quote is the next byte.
    fn literal(&mut self) -> Result<Literal<'t>, SyntaxError> {
        match literal::scan(self.text, self.at + 1) {
            Ok((literal, behind)) => {
                self.at = behind;
                Ok(literal)
            }
            Err(SyntaxError { offset, expected }) => {
                self.at = offset;
                Err(self.wrong(expected))
            }
        }
    }

    fn number(&mut self) -> Result<&'t str, SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match number::json_prefix(rest) {
            Ok(lexeme) => {
                self.at += lexeme.len();
                Ok(lexeme)
            }
            Err(length) => {
                self.at += length;
                let digit = rest.as_bytes().get(length).is_some_and(u8::is_ascii_digit);
                Err(self.wrong(if digit {
                    Expected::NoLeadingZero
                } else {
                    Expected::Digit
                }))
            }
        }
    }

    fn word(&mut self, word: &str, start: Start<'t>) -> Result<Start<'t>, SyntaxError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let same = word.bytes().zip(rest).take_while(|(a, b)| a == *b).count();
        self.at += same;
        if same == word.len() {
            Ok(start)
        } else {
            Err(self.wrong(Expected::Word))
        }
    }

    /// The error at the next byte. Whoever reads on all the same finds the text at its end.
    fn wrong(&mut self, expected: Expected) -> SyntaxError {
        let offset = std::mem::replace(&mut self.at, self.text.len());
        SyntaxError { offset, expected }
    }
}
