//! The same of JSON.

use grammar::number::is_integer;

use super::findings::{Findings, Guess};
use crate::decode::scalar::{Raw, of_json};
use crate::document::AnswerLimits;
use crate::document::json::{self, Items, Json, Members, Refusal};
use crate::mismatch::Mismatch;
use crate::shape::{Kind, Object, Shape};

pub(super) fn examine(
    text: &str,
    limits: &AnswerLimits,
    path: &[String],
    shape: &Shape,
    findings: &mut Findings<'_>,
) -> Result<(), Mismatch> {
    json::read(text, limits, |json| seek(json, path, shape, findings))
}

fn seek(
    json: Json<'_, '_>,
    path: &[String],
    shape: &Shape,
    findings: &mut Findings<'_>,
) -> Result<(), Refusal> {
    let Some((name, rest)) = path.split_first() else {
        return value(json, shape, findings);
    };
    match json {
        Json::Object(mut members) => {
            let mut is_it = false;
            while let Some((_, member)) = members.next_member(|key| {
                is_it = **key == **name;
                None
            })? {
                match is_it {
                    true => seek(member, rest, shape, findings)?,
                    false => drop(member.pass()?),
                }
            }
            Ok(())
        }
        other => other.pass().map(drop),
    }
}

fn value(json: Json<'_, '_>, shape: &Shape, findings: &mut Findings<'_>) -> Result<(), Refusal> {
    match (&shape.kind, json) {
        (_, Json::Null) => Ok(()),
        (Kind::Object(object), Json::Object(members)) => self::object(members, object, findings),
        (Kind::Array(array), Json::Array(items)) => {
            let length = findings.enter("*");
            let result = self::items(items, &array.items, findings);
            findings.leave(length);
            result
        }
        (Kind::Map(map), Json::Object(mut members)) => {
            let length = findings.enter("*");
            while let Some((_, member)) = members.next_member(|_| None)? {
                value(member, &map.values, findings)?;
            }
            findings.leave(length);
            Ok(())
        }
        (Kind::Object(_) | Kind::Array(_) | Kind::Map(_), json) => {
            let guess = guess(json, 0)?;
            // What is empty says nothing in the language of some vendor.
            let empty = match &guess {
                Guess::Array(None) | Guess::Word(None) => true,
                Guess::Object(members) => members.is_empty(),
                _ => false,
            };
            if !empty {
                findings.changed(guess);
            }
            Ok(())
        }
        (kind, Json::String(text)) => {
            let read = of_json(kind, Raw::String(&text));
            match read {
                Some(read) if read.is_exact() => findings.text(&text),
                Some(read) if read.says_nothing() => {}
                _ => findings.changed(Guess::String),
            }
            Ok(())
        }
        (kind, Json::Number(lexeme)) => {
            let exact = of_json(kind, Raw::Number(lexeme)).is_some_and(|read| read.is_exact());
            if !exact {
                findings.changed(number(lexeme));
            }
            Ok(())
        }
        (kind, Json::Bool(flag)) => {
            let exact = of_json(kind, Raw::Bool(flag)).is_some_and(|read| read.is_exact());
            if !exact {
                findings.changed(Guess::Boolean);
            }
            Ok(())
        }
        (_, json) => {
            let guess = guess(json, 0)?;
            findings.changed(guess);
            Ok(())
        }
    }
}

fn items(
    mut items: Items<'_, '_>,
    shape: &Shape,
    findings: &mut Findings<'_>,
) -> Result<(), Refusal> {
    while let Some(item) = items.next_item()? {
        value(item, shape, findings)?;
    }
    Ok(())
}

fn object(
    mut members: Members<'_, '_>,
    object: &Object,
    findings: &mut Findings<'_>,
) -> Result<(), Refusal> {
    let mut seen = vec![false; object.fields.len()];
    let mut unknown = String::new();
    while let Some((field, json)) = members.next_member(|name| {
        let field = object.fields.iter().position(|field| field.wire == **name);
        if field.is_none() {
            unknown.clear();
            unknown.push_str(name);
        }
        field
    })? {
        let known = field.and_then(|index| Some((index, object.fields.get(index)?)));
        let Some((index, field)) = known else {
            match findings.is_new(&unknown) {
                true => {
                    let guess = guess(json, 0)?;
                    findings.unknown(&unknown, guess);
                }
                false => drop(json.pass()?),
            }
            continue;
        };
        if let Some(seen) = seen.get_mut(index) {
            *seen = true;
        }
        let length = findings.enter(&field.name);
        match json {
            Json::Null if field.required && !field.shape.nullable => findings.changed(Guess::Null),
            json => value(json, &field.shape, findings)?,
        }
        findings.leave(length);
    }
    for (field, seen) in object.fields.iter().zip(seen) {
        if field.required && !field.shape.nullable && !seen {
            findings.missing(&field.name);
        }
    }
    Ok(())
}

/// What a value looks like, read to its end.
fn guess(json: Json<'_, '_>, depth: usize) -> Result<Guess, Refusal> {
    Ok(match json {
        Json::Null => Guess::Null,
        Json::Bool(_) => Guess::Boolean,
        Json::Number(lexeme) => number(lexeme),
        Json::String(text) if text.trim().is_empty() && depth == 0 => Guess::Word(None),
        Json::String(_) => Guess::String,
        Json::Array(mut items) => {
            let mut first = None;
            while let Some(item) = items.next_item()? {
                match first {
                    None | Some(Guess::Null) => first = Some(guess(item, depth + 1)?),
                    Some(_) => drop(item.pass()?),
                }
            }
            Guess::Array(first.map(Box::new))
        }
        Json::Object(members) if Guess::is_deep(depth) => {
            Json::Object(members).pass()?;
            Guess::Object(Vec::new())
        }
        Json::Object(mut members) => {
            let mut known = Vec::new();
            let mut name = String::new();
            while let Some((_, member)) = members.next_member(|key| {
                name.clear();
                name.push_str(key);
                None
            })? {
                let guess = guess(member, depth + 1)?;
                Guess::add(&mut known, &name, depth, guess);
            }
            Guess::Object(known)
        }
    })
}

fn number(lexeme: &str) -> Guess {
    match is_integer(lexeme) {
        true => Guess::Integer,
        false => Guess::Number,
    }
}
