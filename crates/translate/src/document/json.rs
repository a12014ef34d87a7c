//! JSON (RFC 8259) of an answer as it is read: the events of `grammar::json`, held to the limits. Numbers are
//! their lexemes, since serde_json's own values turn a 30-digit id into a float, and two equal names are
//! refused, of which it would keep the last.

mod names;
mod refusal;

use std::borrow::Cow;

use grammar::json::{self, Event, Literal};
use grammar::number::is_integer;

use super::AnswerLimits;
use crate::mismatch::{Limit, Mismatch};
use names::Names;

pub(crate) use refusal::Refusal;

/// A value that the reader has come to. The parts of an array or object must be read to their end, or be
/// passed: what is left unread is not held to the limits.
pub(crate) enum Json<'r, 't> {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(&'t str),
    /// Borrowed where it holds no escapes: such a text is spelt here as JSON spells it.
    String(Cow<'t, str>),
    Array(Items<'r, 't>),
    Object(Members<'r, 't>),
}

/// The items of an array that are still to be read.
pub(crate) struct Items<'r, 't> {
    items: json::Items<'r, 't>,
    checks: &'r mut Checks<'t>,
    depth: usize,
}

/// The members of an object that are still to be read.
pub(crate) struct Members<'r, 't> {
    members: json::Members<'r, 't>,
    checks: &'r mut Checks<'t>,
    depth: usize,
    /// Where the object stands.
    offset: usize,
    /// Where its names begin among those that are kept.
    names: usize,
}

/// What is known of a whole text while it is read.
struct Checks<'t> {
    limits: AnswerLimits,
    nodes: usize,
    names: Names<'t>,
}

/// Reads a whole text. An error tells the byte, not the path, whose names would be the vendor's.
pub(crate) fn read<'t, T>(
    text: &'t str,
    limits: &AnswerLimits,
    visit: impl FnOnce(Json<'_, 't>) -> Result<T, Refusal>,
) -> Result<T, Mismatch> {
    let mut checks = Checks {
        limits: *limits,
        nodes: 0,
        names: Names::default(),
    };
    json::read(text, |event| visit(checks.value(event, 0)?))
        .map_err(|refusal: Refusal| refusal.mismatch(text))
}

impl<'t> Json<'_, 't> {
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

    /// Reads all of it, for what can be said of it in few words.
    pub(crate) fn pass(self) -> Result<Passed<'t>, Refusal> {
        let words = self.words();
        let mut passed = Passed {
            words,
            text: None,
            parts: 0,
            integral: true,
        };
        match self {
            Self::Null => {}
            Self::Bool(flag) => {
                passed.integral = false;
                passed.text = Some(if flag { "true" } else { "false" }.into());
            }
            Self::Number(lexeme) => {
                passed.integral = is_integer(lexeme);
                passed.text = Some(lexeme.into());
            }
            Self::String(text) => passed.text = Some(text),
            Self::Array(mut items) => {
                while let Some(item) = items.next_item()? {
                    passed.parts += 1;
                    passed.integral &= item.pass()?.integral;
                }
            }
            Self::Object(mut members) => {
                while let Some((_, member)) = members.next_member(|_| None)? {
                    passed.parts += 1;
                    member.pass()?;
                }
            }
        }
        Ok(passed)
    }
}

/// What a value was that nobody builds.
pub(crate) struct Passed<'t> {
    pub(crate) words: &'static str,
    /// A scalar's text: a string itself, a number's lexeme, `true` or `false`.
    pub(crate) text: Option<Cow<'t, str>>,
    /// How many items or members it has.
    pub(crate) parts: usize,
    /// Neither a boolean nor a number with a fraction or an exponent, nor an array that holds one.
    pub(crate) integral: bool,
}

impl<'t> Items<'_, 't> {
    pub(crate) fn next_item(&mut self) -> Result<Option<Json<'_, 't>>, Refusal> {
        match self.items.next_item()? {
            Some(event) => self.checks.value(event, self.depth).map(Some),
            None => Ok(None),
        }
    }
}

impl<'t> Members<'_, 't> {
    /// The next member. `field` is told the name and says under which number the reader knows it; the reader
    /// itself sees to it that such a name does not come twice (`is_twice`), here the others are compared.
    /// `None` must be read: behind the last member it shows whether two names are equal.
    pub(crate) fn next_member(
        &mut self,
        field: impl FnOnce(&Cow<'t, str>) -> Option<usize>,
    ) -> Result<Option<(Option<usize>, Json<'_, 't>)>, Refusal> {
        let is_twice = self.is_twice();
        let Some((name, event)) = self.members.next_member()? else {
            return match self.checks.names.close(self.names) {
                true => Err(is_twice),
                false => Ok(None),
            };
        };
        let name = self.checks.string(name, event.offset)?;
        let field = field(&name);
        if field.is_none() {
            self.checks.names.push(name);
        }
        Ok(Some((field, self.checks.value(event, self.depth)?)))
    }

    /// Why an object is refused in which a name came twice: readers disagree on which of the two counts, so
    /// neither does.
    pub(crate) const fn is_twice(&self) -> Refusal {
        Refusal::NameTwice {
            offset: self.offset,
        }
    }
}

impl<'t> Checks<'t> {
    /// `depth` is the number of arrays and objects around the value.
    fn value<'r>(
        &'r mut self,
        event: Event<'r, 't>,
        depth: usize,
    ) -> Result<Json<'r, 't>, Refusal> {
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
            json::Value::Number(lexeme) => Ok(Json::Number(lexeme)),
            json::Value::String(literal) => self.string(literal, offset).map(Json::String),
            json::Value::Array(items) => Ok(Json::Array(Items {
                items,
                checks: self,
                depth: depth + 1,
            })),
            json::Value::Object(members) => Ok(Json::Object(Members {
                names: self.names.open(),
                members,
                checks: self,
                depth: depth + 1,
                offset,
            })),
        }
    }

    fn string(&self, literal: Literal<'t>, offset: usize) -> Result<Cow<'t, str>, Refusal> {
        const QUOTES: usize = 2;
        let most = self.limits.text;
        if literal.raw().len() + QUOTES > most {
            return Err(Refusal::Over {
                limit: Limit::Text,
                most,
                offset,
            });
        }
        if !literal.is_escaped() {
            return Ok(Cow::Borrowed(literal.raw()));
        }
        let decoded = literal.decode();
        match decoded.lone {
            None => Ok(decoded.text),
            Some(_) => Err(Refusal::LoneSurrogate { offset }),
        }
    }
}
