//! JSON to unified JSON, written as it is read.

use std::borrow::Cow;

use super::output::{OpenObject, Output, Wrong, inside, null};
use super::required::Required;
use super::scalar::{self, Raw};
use crate::document::AnswerLimits;
use crate::document::json::{self, Items, Json, Members, Passed, Refusal};
use crate::mismatch::Mismatch;
use crate::shape::{Array, Field, Kind, Map, Object, Shape, WireType};
use grammar::number::is_integer;
use grammar::xml::is_blank;

/// Writes what stands at a path of members. `None`: there is nothing; otherwise what is wrong with it, if
/// anything is.
pub(super) fn at(
    text: &str,
    limits: &AnswerLimits,
    path: &[String],
    (shape, required): (&Shape, Required),
    out: &mut Output,
) -> Result<Option<Option<Wrong>>, Mismatch> {
    let mut decoder = Decoder {
        out,
        integral: true,
    };
    json::read(text, limits, |json| {
        decoder.seek(json, path, shape, required)
    })
}

struct Decoder<'o> {
    out: &'o mut Output,
    /// No item that was read is of a type that the wire type of its field excludes.
    integral: bool,
}

/// What became of a value that may say nothing.
enum Present<'t> {
    Written,
    Null,
    /// Empty in the language of some vendor. In a box, since it is rare and large.
    Empty(Box<Passed<'t>>),
    Wrong(Wrong),
}

impl Present<'_> {
    fn of(wrong: Option<Wrong>) -> Self {
        match wrong {
            None => Self::Written,
            Some(wrong) => Self::Wrong(wrong),
        }
    }
}

impl<'t> Decoder<'_> {
    fn seek(
        &mut self,
        json: Json<'_, 't>,
        path: &[String],
        shape: &Shape,
        required: Required,
    ) -> Result<Option<Option<Wrong>>, Refusal> {
        let Some((name, rest)) = path.split_first() else {
            return self.value(json, shape, required).map(Some);
        };
        let mut found = None;
        match json {
            Json::Object(mut members) => {
                let mut is_it = false;
                while let Some((_, member)) = members.next_member(|key| {
                    is_it = **key == **name;
                    None
                })? {
                    if is_it {
                        found = self.seek(member, rest, shape, required)?;
                    } else {
                        member.pass()?;
                    }
                }
            }
            other => {
                other.pass()?;
            }
        }
        Ok(found)
    }

    /// A value that must be there: the whole, a required field, an item.
    fn value(
        &mut self,
        json: Json<'_, 't>,
        shape: &Shape,
        required: Required,
    ) -> Result<Option<Wrong>, Refusal> {
        Ok(match self.present(json, shape, required, None)? {
            Present::Written => None,
            Present::Wrong(wrong) => Some(wrong),
            Present::Null => self.stand_in(&NULL, shape, required),
            Present::Empty(passed) => self.stand_in(&passed, shape, required),
        })
    }

    /// `Null` and `Empty` are absence: null, or what is empty in the language of some vendor (`""`, `[]`, `{}`) where
    /// the shape has no such value. `wire_type` is the field's.
    fn present(
        &mut self,
        json: Json<'_, 't>,
        shape: &Shape,
        required: Required,
        wire_type: Option<WireType>,
    ) -> Result<Present<'t>, Refusal> {
        match (&shape.kind, json) {
            (Kind::Object(object), Json::Object(members)) => self.object(members, object, required),
            (Kind::Array(array), Json::Array(items)) => {
                self.array(items, array, wire_type).map(Present::of)
            }
            (Kind::Map(map), Json::Object(members)) => self.map(members, map).map(Present::of),
            (Kind::String { date_time: false }, Json::String(text)) => {
                match text {
                    Cow::Borrowed(text) => self.out.literal(text),
                    Cow::Owned(text) => self.out.string(&text),
                }
                Ok(Present::Written)
            }
            (kind, Json::String(text)) => Ok(self.other(kind, string(text), required)),
            (kind, Json::Number(lexeme)) => Ok(self.scalar(kind, Raw::Number(lexeme))),
            (kind, Json::Bool(flag)) => Ok(self.scalar(kind, Raw::Bool(flag))),
            (_, Json::Null) => Ok(Present::Null),
            (kind, json) => {
                let passed = json.pass()?;
                self.integral &= passed.integral || wire_type.is_none();
                Ok(self.other(kind, passed, required))
            }
        }
    }

    /// A value of another type than the shape's, or a string, that was read already.
    fn other(&mut self, kind: &Kind, passed: Passed<'t>, required: Required) -> Present<'t> {
        match (kind, is_empty(&passed), &passed.text) {
            (Kind::Object(object), true, _) => {
                self.out.counts.lenient += 1;
                match required == Required::Now && needs(object) {
                    true => Present::Empty(Box::new(passed)),
                    false => Present::of(self.empty_object(object, required)),
                }
            }
            (Kind::Array(_), true, _) => {
                self.out.counts.lenient += 1;
                self.out.text.push_str("[]");
                Present::Written
            }
            (Kind::Map(_), true, _) => {
                self.out.counts.lenient += 1;
                self.out.text.push_str("{}");
                Present::Written
            }
            (_, _, Some(text)) => match scalar::of_json(kind, Raw::String(text)) {
                Some(read) => match read.counted(&mut self.out.counts) {
                    Some(value) => {
                        value.write(&mut self.out.text);
                        Present::Written
                    }
                    None => Present::Empty(Box::new(passed)),
                },
                None => Present::Wrong(wrong(kind, passed.words, text)),
            },
            (_, _, None) => Present::Wrong(wrong(kind, passed.words, "")),
        }
    }

    /// A number or a truth value.
    fn scalar(&mut self, kind: &Kind, raw: Raw<'_>) -> Present<'t> {
        let read = scalar::of_json(kind, raw);
        match read.and_then(|read| read.counted(&mut self.out.counts)) {
            Some(value) => {
                value.write(&mut self.out.text);
                Present::Written
            }
            None => Present::Wrong(match raw {
                Raw::Number(lexeme) => wrong(kind, "a number", lexeme),
                Raw::Bool(flag) => wrong(kind, "a boolean", if flag { "true" } else { "false" }),
                Raw::String(text) => wrong(kind, "a string", text),
            }),
        }
    }

    /// What must be there becomes of a value that says nothing.
    fn stand_in(
        &mut self,
        passed: &Passed<'_>,
        shape: &Shape,
        required: Required,
    ) -> Option<Wrong> {
        let stand_in = match &shape.kind {
            _ if shape.nullable => "null",
            // Neither a list nor a map can be missing by halves: null has no entries.
            Kind::Array(_) => {
                self.out.counts.lenient += 1;
                "[]"
            }
            Kind::Map(_) => {
                self.out.counts.lenient += 1;
                "{}"
            }
            // Tells which member is missing.
            Kind::Object(object) if passed.words == "an object" => {
                return self.empty_object(object, required);
            }
            kind => {
                let excerpt = passed.text.as_deref().unwrap_or_default();
                return Some(wrong(kind, passed.words, excerpt));
            }
        };
        self.out.text.push_str(stand_in);
        None
    }

    fn empty_object(&mut self, object: &Object, required: Required) -> Option<Wrong> {
        let open = self.out.open(object, required);
        self.out.close(open, |_| None)
    }

    fn object(
        &mut self,
        mut members: Members<'_, 't>,
        object: &Object,
        required: Required,
    ) -> Result<Present<'t>, Refusal> {
        let start = self.out.text.len();
        let mut open = self.out.open(object, required);
        let (mut parts, mut known, mut twice) = (0_usize, 0_usize, false);
        while let Some((field, json)) =
            members.next_member(|name| open.find(|field| field.wire == **name))?
        {
            parts += 1;
            match field.and_then(|index| Some((index, open.field(index)?))) {
                Some((index, _)) if self.out.see(&open, index) => {
                    twice = true;
                    json.pass()?;
                }
                Some((index, field)) => {
                    known += 1;
                    self.member(json, &mut open, (index, field))?;
                }
                None => {
                    json.pass()?;
                }
            }
        }
        if twice {
            return Err(members.is_twice());
        }
        if parts == 0 && required == Required::Now && needs(object) {
            self.out.counts.lenient += 1;
            self.out.close(open, |_| None);
            self.out.text.truncate(start);
            return Ok(Present::Empty(Box::new(Passed {
                words: "an object",
                text: None,
                parts,
                integral: true,
            })));
        }
        self.out.counts.unknown += parts - known;
        Ok(Present::of(self.out.close(open, |_| None)))
    }

    fn member(
        &mut self,
        json: Json<'_, 't>,
        open: &mut OpenObject<'_>,
        (index, field): (usize, &Field),
    ) -> Result<(), Refusal> {
        if let Some(wrong) = not_of_wire(field, &json) {
            open.is_wrong(index, inside(wrong, &field.wire));
            return Ok(());
        }
        let required = open.requires();
        let start = self.out.begin_member(open, &field.name);
        let around = std::mem::replace(&mut self.integral, true);
        let mut present = self.present(json, &field.shape, required, field.wire_type)?;
        if !std::mem::replace(&mut self.integral, around) {
            present = Present::Wrong(wrong(&field.shape.kind, "an array", ""));
        }
        let must = field.required && required == Required::Now;
        let result = match present {
            Present::Null if must => self.stand_in(&NULL, &field.shape, required),
            Present::Empty(passed) if must => self.stand_in(&passed, &field.shape, required),
            Present::Null | Present::Empty(_) => match null(field) {
                Some(null) => {
                    self.out.text.push_str(null);
                    None
                }
                None => {
                    self.out.lacks |= field.required;
                    self.out.drop_member(start);
                    return Ok(());
                }
            },
            Present::Written => None,
            Present::Wrong(wrong) => Some(wrong),
        };
        match result {
            None => self.out.end_member(open, index, start),
            Some(wrong) => {
                self.out.drop_member(start);
                open.is_wrong(index, inside(wrong, &field.wire));
            }
        }
        Ok(())
    }

    fn array(
        &mut self,
        mut items: Items<'_, 't>,
        array: &Array,
        wire_type: Option<WireType>,
    ) -> Result<Option<Wrong>, Refusal> {
        let mut result: Option<Wrong> = None;
        let mut index = 0_usize;
        self.out.text.push('[');
        while let Some(json) = items.next_item()? {
            if result.is_some() {
                self.integral &= json.pass()?.integral || wire_type.is_none();
                continue;
            }
            if index > 0 {
                self.out.text.push(',');
            }
            self.integral &= wire_type.is_none() || is_integral(&json);
            let present = self.present(json, &array.items, Required::Now, wire_type)?;
            let wrong = match present {
                Present::Written => None,
                Present::Wrong(wrong) => Some(wrong),
                Present::Null => self.stand_in(&NULL, &array.items, Required::Now),
                Present::Empty(passed) => self.stand_in(&passed, &array.items, Required::Now),
            };
            result = wrong.map(|wrong| inside(wrong, &index.to_string()));
            index += 1;
        }
        self.out.text.push(']');
        Ok(result)
    }

    /// A map's entries. One that says nothing is absent.
    fn map(&mut self, mut members: Members<'_, 't>, map: &Map) -> Result<Option<Wrong>, Refusal> {
        let mut result: Option<Wrong> = None;
        let mut key: Cow<'t, str> = Cow::default();
        let mut is_first = true;
        self.out.text.push('{');
        while let Some((_, json)) = members.next_member(|name| {
            key.clone_from(name);
            None
        })? {
            if result.is_some() {
                json.pass()?;
                continue;
            }
            let start = self.out.text.len();
            if !is_first {
                self.out.text.push(',');
            }
            match &key {
                Cow::Borrowed(key) => self.out.literal(key),
                Cow::Owned(key) => self.out.string(key),
            }
            self.out.text.push(':');
            match self.present(json, &map.values, Required::Now, None)? {
                Present::Written => is_first = false,
                Present::Null | Present::Empty(_) if map.values.nullable => {
                    is_first = false;
                    self.out.text.push_str("null");
                }
                Present::Null => {
                    self.out.counts.lenient += 1;
                    self.out.drop_member(start);
                }
                Present::Empty(_) => self.out.drop_member(start),
                Present::Wrong(wrong) => result = Some(inside(wrong, &key)),
            }
        }
        self.out.text.push('}');
        Ok(result)
    }
}

const NULL: Passed<'static> = Passed {
    words: "null",
    text: None,
    parts: 0,
    integral: true,
};

fn string(text: Cow<'_, str>) -> Passed<'_> {
    Passed {
        words: "a string",
        text: Some(text),
        parts: 0,
        integral: true,
    }
}

fn wrong(kind: &Kind, words: &str, excerpt: &str) -> Wrong {
    Box::new(Mismatch::new(kind.words(), words).with_excerpt(excerpt))
}

/// How scripts and converters spell "nothing in it": PHP knows one empty array for lists and maps, and
/// what turns XML into JSON makes a text of an empty element.
fn is_empty(passed: &Passed<'_>) -> bool {
    match &passed.text {
        Some(text) => is_blank(text),
        None => passed.parts == 0,
    }
}

/// Whether an object without members would lack something.
fn needs(object: &Object) -> bool {
    object
        .fields
        .iter()
        .any(|field| field.required && !field.shape.nullable)
}

/// Where the contract tells the vendor's own type, a value of a third one means nothing certain.
fn not_of_wire(field: &Field, json: &Json<'_, '_>) -> Option<Wrong> {
    field.wire_type?;
    match json {
        Json::Number(lexeme) if !is_integral(json) => {
            Some(wrong(&field.shape.kind, json.words(), lexeme))
        }
        Json::Bool(flag) => {
            let excerpt = if *flag { "true" } else { "false" };
            Some(wrong(&field.shape.kind, json.words(), excerpt))
        }
        _ => None,
    }
}

fn is_integral(json: &Json<'_, '_>) -> bool {
    match json {
        Json::Number(lexeme) => is_integer(lexeme),
        Json::Bool(_) => false,
        _ => true,
    }
}
