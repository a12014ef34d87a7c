//! Strict JSON (RFC 8259), read as events: what stands in a text, one value after the other, without a
//! tree. Numbers are lexemes and texts are literals, both slices of the input: nothing is allocated,
//! rounded or replaced before somebody asks for it.
//!
//! [`read`] hands the text's value to a visitor, which asks arrays for items and objects for members. What
//! it leaves unread is passed over, and checked as strictly as the rest. What only some readers forbid
//! (equal names, depth, lone surrogates, large numbers) is theirs.
//!
//! ```
//! use grammar::json::{SyntaxError, Value, read};
//!
//! let names = read(r#"{"a": [1, {"x": 2}], "b": null}"#, |event| {
//!     let mut names = Vec::new();
//!     if let Value::Object(mut members) = event.value {
//!         while let Some((name, _)) = members.next_member()? {
//!             names.push(name.decode().text);
//!         }
//!     }
//!     Ok::<_, SyntaxError>(names)
//! });
//! assert_eq!(names.unwrap(), ["a", "b"]);
//! ```

mod error;
mod literal;
mod nesting;
mod scanner;
mod write;

pub use error::{Expected, SyntaxError};
pub use literal::{Decoded, Literal, LoneSurrogates};
pub use write::write_string;

use scanner::{Scanner, Start};

/// A value that the reader has come to.
#[derive(Debug)]
pub struct Event<'r, 't> {
    /// Where its first byte stands, in bytes from the start of the text.
    pub offset: usize,
    /// The value, or the beginning of one.
    pub value: Value<'r, 't>,
}

/// A value of JSON. One that has parts is read as its parts are asked for.
#[derive(Debug)]
pub enum Value<'r, 't> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The number as it is written (section 6).
    Number(&'t str),
    /// A text.
    String(Literal<'t>),
    /// An array, behind its `[`.
    Array(Items<'r, 't>),
    /// An object, behind its `{`.
    Object(Members<'r, 't>),
}

/// The items of an array that are still to be read.
#[derive(Debug)]
pub struct Items<'r, 't>(Parts<'r, 't>);

/// The members of an object that are still to be read. Their names may be equal.
#[derive(Debug)]
pub struct Members<'r, 't>(Parts<'r, 't>);

/// Reads a whole text: its value goes to `visit`, and nothing but white space may follow it.
///
/// # Errors
/// What `visit` returns, at once. Otherwise a [`SyntaxError`] anywhere in the text, also in what `visit`
/// did not read; so a visitor that wants the text judged to its end puts its own findings into `Ok`.
pub fn read<'t, T, E: From<SyntaxError>>(
    text: &'t str,
    visit: impl FnOnce(Event<'_, 't>) -> Result<T, E>,
) -> Result<T, E> {
    let mut scanner = Scanner::new(text);
    let read = visit(event(&mut scanner)?)?;
    scanner.finish()?;
    Ok(read)
}

impl<'t> Items<'_, 't> {
    /// The next item; `None` behind the last one. Parts of the item before that were not read are passed
    /// over.
    ///
    /// # Errors
    /// The text is not JSON here. What follows cannot be read.
    pub fn next_item(&mut self) -> Result<Option<Event<'_, 't>>, SyntaxError> {
        if self.0.are_left()? && self.0.scanner.next_item()? {
            return event(self.0.scanner).map(Some);
        }
        Ok(None)
    }
}

impl<'t> Members<'_, 't> {
    /// The next member's name and value; `None` behind the last one. Parts of the value before that were
    /// not read are passed over.
    ///
    /// # Errors
    /// The text is not JSON here. What follows cannot be read.
    pub fn next_member(&mut self) -> Result<Option<(Literal<'t>, Event<'_, 't>)>, SyntaxError> {
        if !self.0.are_left()? {
            return Ok(None);
        }
        match self.0.scanner.next_name()? {
            Some(name) => Ok(Some((name, event(self.0.scanner)?))),
            None => Ok(None),
        }
    }
}

/// What an array or object holds of the text.
#[derive(Debug)]
struct Parts<'r, 't> {
    scanner: &'r mut Scanner<'t>,
    /// How many arrays and objects are open while this one is read.
    depth: usize,
}

impl Parts<'_, '_> {
    /// Passes over what was left unread within, and says whether this one is still open.
    fn are_left(&mut self) -> Result<bool, SyntaxError> {
        self.scanner.close_above(self.depth)?;
        Ok(self.scanner.depth() == self.depth)
    }
}

fn event<'r, 't>(scanner: &'r mut Scanner<'t>) -> Result<Event<'r, 't>, SyntaxError> {
    let (offset, start) = scanner.start()?;
    let depth = scanner.depth();
    let value = match start {
        Start::Null => Value::Null,
        Start::Bool(flag) => Value::Bool(flag),
        Start::Number(lexeme) => Value::Number(lexeme),
        Start::String(literal) => Value::String(literal),
        Start::Array => Value::Array(Items(Parts { scanner, depth })),
        Start::Object => Value::Object(Members(Parts { scanner, depth })),
    };
    Ok(Event { offset, value })
}
