//! The decoder, which builds nothing of a document, against one that first makes a tree of all of it:
//! the same values, counts and mismatches, whatever the shape and the document.

mod documents;
mod json;
mod outcome;
mod scalar;
mod xml;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use translate::{AnswerLimits, Document, Encoding, Mismatch, Shape, decode};

use documents::any_shape;
use json::Json;
use outcome::{Counts, Decoded, excerpt, mismatch};

fn ours(
    encoding: Encoding,
    text: &str,
    at: &[Vec<String>],
    shape: &Shape,
) -> Result<Decoded, Mismatch> {
    let limits = AnswerLimits::default();
    let document = Document::of(encoding, None, text.as_bytes(), &limits)?;
    let decoded = decode(&document, at, shape)?;
    Ok(Decoded {
        text: decoded.json.into_string(),
        counts: Counts {
            unknown: decoded.unknown_fields,
            lenient: decoded.lenient_values,
        },
    })
}

fn check(encoding: Encoding, text: &str) -> Result<(), Mismatch> {
    let limits = AnswerLimits::default();
    Document::of(encoding, None, text.as_bytes(), &limits)?.check()
}

/// The first of the places that exists, and what stands there.
fn first<T>(at: &[Vec<String>], find: impl Fn(&[String]) -> Option<T>) -> Option<(&[String], T)> {
    let mut found = at
        .iter()
        .filter_map(|path| Some((path.as_slice(), find(path)?)));
    match at {
        [] => find(&[]).map(|found| (&[][..], found)),
        _ => found.next(),
    }
}

fn nowhere(at: &[Vec<String>], found: &str) -> Mismatch {
    let places: Vec<String> = at
        .iter()
        .map(|path| format!("`{}`", path.join("/")))
        .collect();
    mismatch(
        if at.is_empty() {
            "``".to_owned()
        } else {
            places.join(" or ")
        },
        found,
    )
}

fn told<T: ToString>(
    text: &str,
    path: &[String],
    result: Result<T, Mismatch>,
    counts: Counts,
) -> Result<Decoded, Mismatch> {
    match result {
        Ok(value) => Ok(Decoded {
            text: value.to_string(),
            counts,
        }),
        Err(mut mismatch) => {
            mismatch.at = grammar::pointer::of(path) + &mismatch.at;
            if mismatch.excerpt.is_empty() {
                mismatch.excerpt = excerpt(text);
            }
            Err(mismatch)
        }
    }
}

fn json_by_tree(text: &str, at: &[Vec<String>], shape: &Shape) -> Result<Decoded, Mismatch> {
    let root = json::parse(text).unwrap();
    let find = |path: &[String]| {
        path.iter()
            .try_fold(&root, |value, name| value.member(name))
    };
    let mut counts = Counts::default();
    let Some((path, found)) = first(at, find) else {
        return told::<String>(text, &[], Err(nowhere(at, "no such member")), counts);
    };
    let value = json::value(found, shape, &mut counts);
    told(text, path, value, counts)
}

fn xml_by_tree(text: &str, at: &[Vec<String>], shape: &Shape) -> Result<Decoded, Mismatch> {
    let root = xml::tree(roxmltree::Document::parse(text).unwrap().root_element());
    let find = |path: &[String]| Some(root.at_path(path)).filter(|found| !found.is_empty());
    let mut counts = Counts::default();
    let Some((path, found)) = first(at, find) else {
        let found = "another root, no such element or another namespace";
        return told::<String>(text, &[], Err(nowhere(at, found)), counts);
    };
    let value = match found.as_slice() {
        [element] => xml::whole(element, shape, None, &mut counts),
        _ => Err(xml::repeated(shape)),
    };
    told(text, path, value, counts)
}

/// Whether a name stands twice in one object.
fn has_twice(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.iter().any(has_twice),
        Json::Object(members) => {
            let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.windows(2).any(|pair| pair[0] == pair[1])
                || members.iter().any(|(_, member)| has_twice(member))
        }
        _ => false,
    }
}

fn places() -> impl Strategy<Value = Vec<Vec<String>>> {
    let path = prop_oneof![
        2 => Just("r"), 2 => Just("r/a"), 1 => Just("r/b"), 1 => Just("r/a/w0"), 1 => Just("x"), 1 => Just(""),
    ];
    let path = path.prop_map(crate::shapes::path);
    prop_oneof![2 => Just(Vec::new()), 3 => proptest::collection::vec(path, 1..4)]
}

/// A place of damage, what kind, and a character.
type Damage = Option<(prop::sample::Index, u8, char)>;

fn damage() -> impl Strategy<Value = Damage> {
    let characters: Vec<char> = "<>&;/'\"=![]{}:, \\x1".chars().collect();
    let one = (
        any::<prop::sample::Index>(),
        0..2u8,
        prop::sample::select(characters),
    );
    prop::option::weighted(0.2, one)
}

fn damaged(text: &str, damage: &Damage) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if let Some((place, kind, character)) = damage {
        let place = place.index(characters.len());
        match kind {
            0 => drop(characters.remove(place)),
            _ => characters.insert(place, *character),
        }
    }
    characters.into_iter().collect()
}

fn with(
    document: fn(&Shape) -> BoxedStrategy<String>,
    xml: bool,
) -> BoxedStrategy<(Shape, String)> {
    any_shape(xml)
        .prop_flat_map(move |shape| {
            let text = document(&shape);
            (Just(shape), text)
        })
        .boxed()
}

fn json_document(shape: &Shape) -> BoxedStrategy<String> {
    let wrap = prop_oneof![
        3 => Just(("", "")),
        1 => Just(("{\"r\":", "}")),
        1 => Just(("{\"z\":[{}],\"r\":{\"y\":{},\"a\":", ",\"z\":1}}")),
        1 => Just(("{\"r\":{\"\\u0061\":{\"w0\":1},\"b\":", "}}")),
    ];
    (wrap, documents::json(shape))
        .prop_map(|((before, behind), text)| format!(" {before}{text}{behind}\n"))
        .boxed()
}

fn xml_document(shape: &Shape) -> BoxedStrategy<String> {
    let inner = prop_oneof![
        3 => documents::xml("r", "r", shape).prop_map(|text| text.replacen("<r", "<r@", 1)),
        2 => documents::xml("a", "a", shape).prop_map(|text| format!("<r@> {text}</r>")),
        1 => (documents::xml("a", "a", shape), documents::xml("b", "b", shape))
            .prop_map(|(a, b)| format!("<r@>{b}<z/>{a}</r>")),
        1 => (documents::xml("a", "a", shape), documents::xml("a", "a", shape))
            .prop_map(|(a, b)| format!("<r@>{a}{b}</r>")),
    ];
    let declared =
        prop_oneof![3 => Just(""), 1 => Just(" xmlns='urn:one'"), 1 => Just(" xmlns='urn:two'")];
    (inner, declared)
        .prop_map(|(text, declared)| {
            let declared = format!(
                "{declared} xmlns:p='urn:one' xmlns:q='urn:two' \
                 xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
            );
            match text.contains("<r@") {
                true => text.replacen("<r@", &format!("<r{declared}"), 1),
                // The root has a prefix.
                false => format!("<r{declared}>{text}</r>"),
            }
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_decoded_as_from_a_tree(
        (shape, text) in with(json_document, false),
        at in places(),
        damage in damage(),
    ) {
        let text = damaged(&text, &damage);
        let checked = check(Encoding::Json, &text);
        let decoded = ours(Encoding::Json, &text, &at, &shape);
        let theirs = serde_json::from_str::<IgnoredAny>(&text);
        match checked {
            Err(mismatch) => {
                // What is wrong with the document as such goes before all else.
                prop_assert_eq!(decoded, Err(mismatch), "{}", text);
                let is_stricter = json::parse(&text).is_ok_and(|tree| has_twice(&tree)) || text.contains("\\ud8");
                prop_assert!(theirs.is_err() || is_stricter, "{}", text);
            }
            Ok(()) => {
                prop_assert!(theirs.is_ok(), "{}", text);
                prop_assert!(!has_twice(&json::parse(&text).unwrap()), "{}", text);
                prop_assert_eq!(decoded, json_by_tree(&text, &at, &shape), "{}", text);
            }
        }
    }

    #[test]
    fn xml_is_decoded_as_from_a_tree(
        (shape, text) in with(xml_document, true),
        at in places(),
        damage in damage(),
    ) {
        let text = damaged(&text, &damage);
        let decoded = ours(Encoding::Xml, &text, &at, &shape);
        match check(Encoding::Xml, &text) {
            Err(mismatch) => prop_assert_eq!(decoded, Err(mismatch), "{}", text),
            Ok(()) => prop_assert_eq!(decoded, xml_by_tree(&text, &at, &shape), "{}", text),
        }
    }
}
